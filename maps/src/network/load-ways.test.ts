import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkFile } from "../check-file.ts";
import { writeSite } from "../files.ts";
import { type GeneratedSite, generateSite } from "../generate/generate-site.ts";
import { MINI } from "../generate/sites/mini.ts";

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

type Point = GeneratedSite["siteFile"]["handoffPoints"][number];

/** What is wrong with the crossing with a crane at the line, its hand-off points changed. */
async function wrongWith(change: (point: Point) => Point): Promise<readonly string[]> {
  const pads = { value: 1, unit: "pads a side", source: "test" };
  const { siteFile, lif } = generateSite({ ...MINI, crossing: { ...MINI.crossing, transferPads: pads } });
  folder = await mkdtemp(join(tmpdir(), "baton-load-ways-"));
  await writeSite(folder, {
    siteFile: { ...siteFile, handoffPoints: siteFile.handoffPoints.map(change) },
    lif,
  });
  const { problems } = await checkFile(folder);
  return problems.map(({ code, path, message }) => `${code} ${path} ${message}`);
}

describe("the way of what a crane carries over the line", () => {
  it("is in order where every road below it can be closed", async () => {
    expect(await wrongWith((point) => point)).toEqual([]);
  });

  it("is refused where roads pass below it and the site names none to close, on both sides and in both directions", async () => {
    const wrong = await wrongWith((point) => {
      if (point.mode !== "container-transfers") return point;
      const { loadWay: _unsaid, ...rest } = point;
      return rest;
    });
    expect(wrong).toHaveLength(4);
    for (const [i, side] of (["vn", "vn", "cn", "cn"] as const).entries()) {
      expect(wrong[i]).toContain(`site.load-way /handoffPoints/${2 + (i % 2)}/loadWay`);
      expect(wrong[i]).toContain(`${side}.out.hold_in.strip-end`);
    }
  });

  it("is refused where what it names to be closed lies elsewhere", async () => {
    const wrong = await wrongWith((point) =>
      point.mode !== "container-transfers" || point.loadWay === undefined || point.direction === "import"
        ? point
        : { ...point, loadWay: { ...point.loadWay, giverEdgeId: "vn.out.to-pad_transfer-pad-1" } },
    );
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toContain("vn: below what line-crane-1 carries");
  });
});
