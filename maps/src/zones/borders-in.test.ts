import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkFile } from "../check-file.ts";
import { loadSite, siteDirectory } from "../files.ts";
import { vehicleClassIdOf } from "../ids.ts";
import type { SiteFile } from "../layout/site-file.ts";
import { compileNetwork } from "../network/compile.ts";
import { bordersIn } from "./borders-in.ts";
import { partition } from "./partition.ts";

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The site `mini` in a folder of its own, with these zones and borders on the Vietnamese side. */
async function miniWith(
  zones: readonly { zoneId: string; nodeId: string }[],
  borders: readonly string[],
): Promise<string> {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site mini is in order");
  const { file, lif } = loaded.site;
  const folder = await mkdtemp(join(tmpdir(), "baton-zones-"));
  made.push(folder);
  const [whole] = file.zones.filter((zone) => zone.side === "vn");
  const changed: SiteFile = {
    ...file,
    zones: [
      ...zones.map((zone) => ({ fromXM: whole?.fromXM ?? 0, toXM: 0, side: "vn" as const, ...zone })),
      ...file.zones.filter((zone) => zone.side !== "vn"),
    ],
    borders: borders.map((placeNodeId) => ({ side: "vn" as const, placeNodeId })),
  };
  await writeFile(join(folder, "site.json"), JSON.stringify(changed));
  for (const side of ["vn", "cn"] as const)
    await writeFile(join(folder, file.sides[side].lifFile), JSON.stringify(lif[side]));
  return folder;
}

const YARD = { zoneId: "vn.yard", nodeId: "vn.yard.crane-1" };
const GATE = { zoneId: "vn.gate", nodeId: "vn.out.portal" };

describe("a site file that divides a side into a yard and a gate", () => {
  test("is in order when vehicles go over at two places, and gives each block to one zone", async () => {
    const folder = await miniWith([YARD, GATE], ["vn.yard.depart.2", "vn.yard.arrive.1"]);
    expect((await checkFile(folder)).problems).toEqual([]);
    const loaded = await loadSite(folder);
    const site = loaded.ok ? loaded.site : undefined;
    const borders = site && bordersIn(site, "vn");
    if (site === undefined || borders === undefined) throw new Error("not divided");
    const vehicleClassId = vehicleClassIdOf(site.file.vehicleClasses[0]?.vehicleClassId ?? "");
    const { network, places } = partition(compileNetwork(site, "vn", vehicleClassId), borders);
    expect(new Set(network.blocks.zone)).toEqual(new Set([0, 1]));
    expect(places.map(({ from, to }) => `${from} > ${to}`).sort()).toEqual([
      "vn.gate > vn.yard",
      "vn.yard > vn.gate",
    ]);
    expect(bordersIn(site, "cn")).toBeUndefined();
  });

  test("is refused with the roads that join the two where a border is missing", async () => {
    const folder = await miniWith([YARD, GATE], ["vn.yard.depart.2"]);
    const { problems } = await checkFile(folder);
    expect(problems).toMatchObject([{ code: "site.border", path: "/borders" }]);
    expect(problems[0]?.message).toMatch(/joined by roads without a border|cuts nothing/);
  });
});
