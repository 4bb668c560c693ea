import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSite, siteDirectory } from "../../maps/src/files.ts";
import { loadScenario } from "../../sim/src/index.ts";
import { siteFolderFor } from "./site-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-site-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the site that a demo's orchestrators read", () => {
  it("is the scenario's own when the scenario changes nothing of it", async () => {
    expect(await siteFolderFor(await loadScenario("pilot"), folder)).toBe(siteDirectory("1119-1120"));
  });

  it("is what vehicles and devices have when the scenario changes it", async () => {
    for (const name of ["target-2030-1119", "container-transfer-1119"]) {
      const loaded = await loadScenario(name);
      const read = await loadSite(await siteFolderFor(loaded, folder));
      expect(read).toMatchObject({ ok: true, site: { siteId: loaded.scenario.siteId } });
      if (!read.ok) continue;
      expect(read.site.file).toEqual(loaded.site.file);
      expect(read.site.lif).toEqual(loaded.site.lif);
    }
  });
});
