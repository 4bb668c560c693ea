import type { VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import type { MergedVehicle } from "../feed/merge.ts";
import { type Polyline, polylineOf } from "./geometry/polyline.ts";
import { TriangleWriter } from "./geometry/ribbon.ts";
import { aheadOf, waysOf, writeClosed, writeGranted, writePlanned } from "./ribbons.ts";

const roads = new Map<string, Polyline>();
for (const [id, from] of [
  ["a", 0],
  ["b", 20],
  ["c", 40],
] as const) {
  const line = polylineOf([from, from + 20], [-13, -13]);
  if (line !== undefined) roads.set(id, line);
}

function vehicle(grantedEdgeIds: string[], plannedEdgeIds: string[]): MergedVehicle {
  const view: VehicleView = {
    vehicleId: "sim.a",
    slot: 0,
    connection: "online",
    batteryPct: 80,
    charging: false,
    loadIds: [],
    lastReportAtMs: 0,
    grantedEdgeIds,
    plannedEdgeIds,
  };
  return { vehicleId: "sim.a", holder: "vn", view, containerNo: undefined };
}

const xs = (writer: TriangleWriter): number[] =>
  Array.from({ length: writer.count }, (_, v) => writer.positions[v * 3] ?? 0);

describe("a vehicle's ribbons", () => {
  it("join its edges in driving order and leave out those that the site does not know", () => {
    const [way] = waysOf([vehicle(["a", "unheard-of", "b"], ["c"])], roads);
    expect(way?.granted?.lengthM).toBe(40);
    expect(way?.planned?.lengthM).toBe(20);
    expect(waysOf([vehicle([], [])], roads)[0]?.granted).toBeUndefined();
  });

  it("begin at its nose and end where the grant ends", () => {
    const [way] = waysOf([vehicle(["a", "b"], ["c"])], roads);
    const granted = new TriangleWriter();
    const planned = new TriangleWriter();
    if (way !== undefined) writeGranted(granted, way, { xM: 12, yM: -13 });
    if (way !== undefined) writePlanned(planned, way);
    expect(Math.min(...xs(granted))).toBeCloseTo(19.5, 4);
    expect(Math.max(...xs(granted))).toBeCloseTo(40, 4);
    expect(Math.min(...xs(planned))).toBeCloseTo(40, 4);
    expect(planned.count / 6).toBeGreaterThan(3);
  });

  it("are gone under a vehicle that has reached the end of its grant", () => {
    const [way] = waysOf([vehicle(["a"], [])], roads);
    const granted = new TriangleWriter();
    if (way !== undefined) writeGranted(granted, way, { xM: 20, yM: -13 });
    expect(granted.count).toBe(0);
  });

  it("are whole for a vehicle that is not on them", () => {
    const [way] = waysOf([vehicle(["a"], [])], roads);
    if (way?.granted === undefined) throw new Error("edge a is known");
    expect(aheadOf(way.granted, 5, 40)).toEqual({ fromM: 0, leftM: 20 });
  });
});

describe("closed ground", () => {
  it("is barred over each closed edge, once however many closures cover it", () => {
    const once = new TriangleWriter();
    writeClosed(once, ["a"], roads);
    expect(Math.min(...xs(once))).toBeCloseTo(0, 4);
    expect(Math.max(...xs(once))).toBeLessThanOrEqual(20);
    expect(once.count / 6).toBeGreaterThan(8);
    const twice = new TriangleWriter();
    writeClosed(twice, ["a", "a", "unheard-of"], roads);
    expect(twice.count).toBe(once.count);
    const none = new TriangleWriter();
    writeClosed(none, [], roads);
    expect(none.count).toBe(0);
  });
});
