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
const network = compileNetwork(site, "vn", vehicleClassId);
const view = siteViewOf(site, "vn", network, [], []);

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

it("has fenced ground of both sides, and its own side's zones in the site's frame", () => {
  expect(view).not.toHaveProperty("fences");
  expect(view).not.toHaveProperty("zones");
  const outline = [
    { xM: 300, yM: 290 },
    { xM: 460, yM: 290 },
    { xM: 460, yM: 350 },
  ];
  const fences = [{ fenceId: "shed", side: "cn" as const, outline, vehicleIds: ["maker.7"] }];
  const turned = { dxM: 100, dyM: 5, rotationRad: Math.PI / 2 };
  const file = {
    ...site.file,
    fences,
    sides: { ...site.file.sides, vn: { ...site.file.sides.vn, mapToSite: turned } },
  };
  const vertices = [
    { xM: 0, yM: 0 },
    { xM: 10, yM: 0 },
    { xM: 10, yM: 4 },
  ];
  const zones = [{ kind: "SPEED_LIMIT" as const, zoneId: "slow", maxSpeedMps: 2, vertices }];
  const withAreas = siteViewOf(
    { ...site, file },
    "vn",
    network,
    [{ zoneSetId: "set", mapId: "vn", zones }],
    [],
  );
  expect(withAreas.fences).toEqual([
    { fenceId: "shed", side: "cn", vehicleIds: ["maker.7"], xM: [300, 460, 460], yM: [290, 290, 350] },
  ]);
  expect(withAreas.zones).toEqual([
    { zoneId: "slow", kind: "SPEED_LIMIT", maxSpeedMps: 2, xM: [100, 100, 96], yM: [5, 15, 15] },
  ]);
});

it("says when each side is open, and what the crossing is to carry", () => {
  const { hours, targets } = view;
  expect(hours?.map(({ side, timeZone }) => [side, timeZone])).toEqual([
    ["vn", "Asia/Ho_Chi_Minh"],
    ["cn", "Asia/Shanghai"],
  ]);
  expect(targets).toEqual(TARGETS);
});
