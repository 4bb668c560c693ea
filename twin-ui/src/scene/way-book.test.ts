import type { VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import type { MergedVehicle } from "../feed/merge.ts";
import { type Polyline, polylineOf } from "./geometry/polyline.ts";
import { WayBook } from "./way-book.ts";

const roads = new Map<string, Polyline>();
for (const [id, from] of [
  ["a", 0],
  ["b", 20],
  ["c", 40],
] as const) {
  const line = polylineOf([from, from + 20], [-13, -13]);
  if (line !== undefined) roads.set(id, line);
}

function vehicle(vehicleId: string, grantedEdgeIds: string[], plannedEdgeIds: string[]): MergedVehicle {
  const view: VehicleView = {
    vehicleId,
    slot: 0,
    connection: "online",
    batteryPct: 80,
    charging: false,
    loadIds: [],
    lastReportAtMs: 0,
    grantedEdgeIds,
    plannedEdgeIds,
  };
  return { vehicleId, holder: "vn", view, containerNo: undefined };
}

describe("the ways of vehicles", () => {
  it("join their edges in driving order and leave out those that the site does not know", () => {
    const book = new WayBook(roads);
    const [way] = book.of([vehicle("one", ["a", "unheard-of", "b"], ["c"])]);
    expect(way?.granted?.lengthM).toBe(40);
    expect(way?.planned?.lengthM).toBe(20);
    expect(book.of([vehicle("one", [], [])])[0]?.granted).toBeUndefined();
  });

  it("are the same objects while the edges are, whatever else a vehicle tells", () => {
    const book = new WayBook(roads);
    const before = book.of([vehicle("one", ["a"], ["b"]), vehicle("two", ["c"], [])]);
    expect(book.of([vehicle("one", ["a"], ["b"]), vehicle("two", ["c"], [])])).toBe(before);
    const after = book.of([vehicle("one", ["a", "b"], []), vehicle("two", ["c"], [])]);
    expect(after).not.toBe(before);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it("keep the granted line when only the plan is another", () => {
    const book = new WayBook(roads);
    const [before] = book.of([vehicle("one", ["a"], ["b"])]);
    const [after] = book.of([vehicle("one", ["a"], ["b", "c"])]);
    expect(after?.granted).toBe(before?.granted);
    expect(after?.planned).not.toBe(before?.planned);
  });

  it("know a fleet from another of the same size", () => {
    const book = new WayBook(roads);
    book.of([vehicle("one", ["a"], [])]);
    expect(book.of([vehicle("two", ["a"], [])])[0]?.vehicleId).toBe("two");
  });
});
