import { compileNetwork, type VehicleClassId } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { expect, it } from "vitest";
import { siteViewOf } from "./site-view.ts";

const TARGETS = [
  {
    year: 2030,
    vehiclesADay: { from: 3000, to: 3500 },
    unmannedAnHourADirection: { from: 44, to: 51 },
    source: "test",
  },
];

const loaded = await loadSite(siteDirectory("mini"));
if (!loaded.ok) throw new Error("the site mini does not load");
const site = { ...loaded.site, file: { ...loaded.site.file, targets: TARGETS } };
const vehicleClassId = site.file.vehicleClasses[0]?.vehicleClassId as VehicleClassId;
const view = siteViewOf(site, "vn", compileNetwork(site, "vn", vehicleClassId), []);

it("tells of every road of both sides which ground it takes, and roads that follow each other share some", () => {
  const { roads } = view;
  for (const side of ["vn", "cn"] as const) {
    const ofSide = roads.filter((road) => road.side === side);
    expect(ofSide.length).toBeGreaterThan(100);
    for (const road of ofSide) expect(road.blocks?.length, road.edgeId).toBeGreaterThan(0);
    for (const road of ofSide) {
      const endXM = road.xM.at(-1);
      const endYM = road.yM.at(-1);
      const next = ofSide.find(({ xM, yM }) => xM[0] === endXM && yM[0] === endYM);
      if (next !== undefined)
        expect(
          next.blocks?.some((block) => road.blocks?.includes(block)),
          road.edgeId,
        ).toBe(true);
    }
  }
});

it("says when each side is open, and what the crossing is to carry", () => {
  const { hours, targets } = view;
  expect(hours?.map(({ side, timeZone }) => [side, timeZone])).toEqual([
    ["vn", "Asia/Ho_Chi_Minh"],
    ["cn", "Asia/Shanghai"],
  ]);
  expect(targets).toEqual(TARGETS);
});
