import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { siteDirectory } from "./files.ts";

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-maps-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function maps(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
  });
}

describe("the maps command", () => {
  it("checks a sound site and says what is in it", async () => {
    const { code, out } = await maps("check", siteDirectory("mini"));
    expect(code).toBe(0);
    expect(out).toMatch(/vn: \d+ stop poses \(21 endpoints\)/);
  });

  it("refuses a broken LIF file with file, place and what to do", async () => {
    await cp(siteDirectory("mini"), join(folder, "broken"), { recursive: true });
    const file = join(folder, "broken", "vn.lif.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"startNodeId": "vn.out.hold"', '"startNodeId": "vn.out.hld"'));
    for (const path of [join(folder, "broken"), file]) {
      const { code, err } = await maps("check", path);
      expect(code).toBe(1);
      expect(err).toContain(`${file} at /layouts/0/edges/`);
      expect(err).toContain('there is no node "vn.out.hld" (lif.unknown-node)');
      expect(err).toContain("Name a node of the same layout");
      expect(err).not.toContain("    at ");
    }
  });

  it("refuses what is not JSON, and what is not there", async () => {
    const file = join(folder, "half.json");
    await writeFile(file, '{"metaInformation": {');
    expect(await maps("check", file)).toMatchObject({
      code: 1,
      err: expect.stringContaining("file.not-json"),
    });
    const missing = await maps("check", join(folder, "nowhere"));
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("file.unreadable") });
  });

  it("draws a site", async () => {
    const file = join(folder, "mini.svg");
    expect((await maps("draw", siteDirectory("mini"), "--out", file)).code).toBe(0);
    const svg = await readFile(file, "utf8");
    expect(svg).toMatch(/^<svg xmlns=/);
    for (const word of ["VIỆT NAM", "中国", "scanner", "hold", "vn.out.hold", "cn.crane-1"]) {
      expect(svg).toContain(word);
    }
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("draws fenced ground with the vehicles whose it is", async () => {
    const fenced = join(folder, "fenced");
    await cp(siteDirectory("mini"), fenced, { recursive: true });
    const site = JSON.parse(await readFile(join(fenced, "site.json"), "utf8"));
    const outline = [
      { xM: -460, yM: 290 },
      { xM: -300, yM: 290 },
      { xM: -300, yM: 350 },
    ];
    site.fences = [{ fenceId: "shed", side: "vn", outline, vehicleIds: ["maker.7"] }];
    await writeFile(join(fenced, "site.json"), JSON.stringify(site));
    const file = join(folder, "fenced.svg");
    expect(await maps("draw", fenced, "--out", file)).toMatchObject({ code: 0, err: "" });
    const svg = await readFile(file, "utf8");
    expect(svg).toContain("M-460 -290L-300 -290L-300 -350Z");
    expect(svg).toContain("shed: maker.7");
    expect(svg).toContain("fenced ground");
  });

  it("generates a site with other lanes, which checks out", async () => {
    const out = join(folder, "twelve");
    const made = await maps("generate", "--site", "mini", "--lanes", "12", "--unmanned", "1", "--out", out);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect((await maps("check", out)).code).toBe(0);
  });

  it("says what it cannot do", async () => {
    expect(await maps("generate", "--site", "atlantis")).toMatchObject({
      code: 1,
      err: expect.stringContaining("1119-1120"),
    });
    expect(await maps("generate", "--site", "mini", "--lanes", "9", "--out", folder)).toMatchObject({
      code: 1,
    });
    expect((await maps()).code).toBe(1);
    expect((await maps("frobnicate")).code).toBe(1);
  });
});
