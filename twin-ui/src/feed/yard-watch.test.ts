import type { SiteView } from "@baton/orchestrator/contract";
import { expect, it } from "vitest";
import type { MergedVehicle } from "./merge.ts";
import { YardWatch } from "./yard-watch.ts";

const station = (stationId: string, kind: string, xM: number): SiteView["stations"][number] => ({
  stationId,
  side: "vn",
  kind,
  bound: "yard",
  xM,
  yM: 0,
  headingRad: 0,
  lengthM: 15,
  widthM: 4,
  heightM: 0,
});

const vehicle = (vehicleId: string, planned: string[] = []): MergedVehicle => ({
  vehicleId,
  holder: "vn",
  containerNo: "BTNU0000013",
  view: {
    vehicleId,
    slot: 0,
    connection: "online",
    batteryPct: 80,
    charging: false,
    loadIds: ["BTNU0000013"],
    lastReportAtMs: 0,
    grantedEdgeIds: [],
    plannedEdgeIds: planned,
  },
});

const WATCH = () =>
  new YardWatch([
    station("parking-1", "parking", 50),
    station("portal", "portal", 80),
    station("crane-1", "crane", 0),
  ]);

it("tells who stands in a place and who is on the way there, since when, cranes first", () => {
  const yard = WATCH();
  const sight = {
    vehicles: [vehicle("stands"), vehicle("comes", ["way-in"])],
    placeOf: (vehicleId: string) => (vehicleId === "stands" ? { xM: 1, yM: 1 } : { xM: 300, yM: 0 }),
    endOf: (edgeId: string) => (edgeId === "way-in" ? { xM: 50, yM: 0 } : undefined),
  };
  yard.look(sight, 1_000);
  yard.look(sight, 9_000);
  expect(
    yard.places.map(({ stationId, state, vehicleId, sinceMs }) => [stationId, state, vehicleId, sinceMs]),
  ).toEqual([
    ["crane-1", "occupied", "stands", 1_000],
    ["parking-1", "coming", "comes", 1_000],
  ]);
});

it("begins to count anew when a place is left, and when time runs backwards", () => {
  const yard = WATCH();
  const none = { placeOf: () => undefined, endOf: () => undefined };
  yard.look({ ...none, vehicles: [vehicle("v")], placeOf: () => ({ xM: 0, yM: 0 }) }, 5_000);
  yard.look({ ...none, vehicles: [vehicle("v")] }, 7_000);
  expect(yard.places[0]).toMatchObject({ state: "free", vehicleId: undefined, sinceMs: 7_000 });
  yard.look({ ...none, vehicles: [] }, 6_000);
  expect(yard.places[0]?.sinceMs).toBe(6_000);
});
