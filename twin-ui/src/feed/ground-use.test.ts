import type { SiteView, VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { closureKind } from "./closure-kind.ts";
import { type GroundSight, GroundUse } from "./ground-use.ts";

const road = (edgeId: string, xM: number[], yM: number[], blocks?: number[]): SiteView["roads"][number] => ({
  edgeId,
  side: "vn",
  xM,
  yM,
  ...(blocks === undefined ? {} : { blocks }),
});

/** Two roads one after the other, one that crosses the second, one far away. */
const ROADS = [
  road("a", [0, 20], [0, 0], [1, 2]),
  road("b", [20, 40], [0, 0], [2, 3]),
  road("over-b", [30, 30], [-20, 20], [3, 4]),
  road("far", [500, 520], [0, 0], [9]),
];

const vehicle = (
  vehicleId: string,
  granted: string[],
  planned: string[] = [],
): GroundSight["vehicles"][number] => ({
  vehicleId,
  holder: "vn",
  containerNo: undefined,
  view: {
    vehicleId,
    slot: 0,
    connection: "online",
    batteryPct: 80,
    charging: false,
    loadIds: [],
    lastReportAtMs: 0,
    grantedEdgeIds: granted,
    plannedEdgeIds: planned,
  } satisfies VehicleView,
});

const sight = (part: Partial<GroundSight>): GroundSight => ({
  vehicles: [],
  closures: { vn: [], cn: [] },
  placeOf: () => undefined,
  ...part,
});

const uses = (ground: GroundUse) => ROADS.map((_, i) => ground.stateOf(i).use);

describe("the use of the ground", () => {
  it("is held where a vehicle is granted, claimed where it is planned, and shared where a held road's blocks are", () => {
    const ground = new GroundUse(ROADS);
    ground.look(sight({ vehicles: [vehicle("v", ["b"], ["far"])] }), 1_000);
    expect(uses(ground)).toEqual(["shared", "held", "shared", "claimed"]);
    expect(ground.stateOf(2).by).toBe("v");
  });

  it("has lasted since the same vehicle was first seen to have it, and begins anew with another one", () => {
    const ground = new GroundUse(ROADS);
    ground.look(sight({ vehicles: [vehicle("v", ["b"])] }), 1_000);
    ground.look(sight({ vehicles: [vehicle("v", ["b"])] }), 61_000);
    expect(ground.stateOf(1)).toEqual({ use: "held", by: "v", sinceMs: 1_000 });
    ground.look(sight({ vehicles: [vehicle("w", ["b"])] }), 62_000);
    expect(ground.stateOf(1)).toEqual({ use: "held", by: "w", sinceMs: 62_000 });
    ground.look(sight({}), 63_000);
    expect(uses(ground)).toEqual(["free", "free", "free", "free"]);
  });

  it("is rested on by a vehicle that stands without a leg, and held by one that has one, where it stands", () => {
    const ground = new GroundUse(ROADS);
    const placeOf = (vehicleId: string) => (vehicleId === "rests" ? { xM: 505, yM: 0.5 } : { xM: 2, yM: 0 });
    ground.look(sight({ vehicles: [vehicle("rests", []), vehicle("drives", ["b"])], placeOf }), 0);
    expect(ground.stateOf(3)).toMatchObject({ use: "rested", by: "rests" });
    expect(ground.stateOf(0)).toMatchObject({ use: "held", by: "drives" });
  });

  it("is only kept free, not closed, below a crane's load and for a vehicle of the partner", () => {
    expect(closureKind("loads-way:line-crane-1")).toEqual({ kind: "kept" });
    expect(closureKind("visitor:sim.cn-1:2")).toEqual({ kind: "kept" });
    expect(closureKind("vn.lane-2")).toEqual({ kind: "closed" });
  });

  it("is closed whoever has it, and a stray's where the orchestrator closed it for one", () => {
    const ground = new GroundUse(ROADS);
    const closures = {
      vn: [{ closureId: "works", edgeIds: ["b", "unknown"], reason: "works" }],
      cn: [{ closureId: "stray:sim.x-1:2", edgeIds: ["far"], reason: "nobody knows it" }],
    };
    ground.look(sight({ vehicles: [vehicle("v", ["b"])], closures }), 0);
    expect(ground.stateOf(1)).toMatchObject({ use: "closed", by: undefined });
    expect(ground.stateOf(3)).toMatchObject({ use: "stray", by: "sim.x-1" });
  });

  it("forgets what it knew when time runs backwards, as in a replay", () => {
    const ground = new GroundUse(ROADS);
    ground.look(sight({ vehicles: [vehicle("v", ["b"])] }), 90_000);
    ground.look(sight({ vehicles: [vehicle("v", ["b"])] }), 10_000);
    expect(ground.stateOf(1).sinceMs).toBe(10_000);
  });

  it("takes a road of which no blocks are told as ground of its own", () => {
    const bare = new GroundUse([road("a", [0, 9], [0, 0]), road("b", [9, 18], [0, 0])]);
    bare.look(sight({ vehicles: [vehicle("v", ["a"])] }), 0);
    expect(bare.stateOf(1).use).toBe("free");
  });
});
