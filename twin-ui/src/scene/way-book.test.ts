import type { VehicleView } from "@baton/orchestrator/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MergedVehicle } from "../feed/merge.ts";
import { type Polyline, polylineOf } from "./geometry/polyline.ts";
import { NO_WAYS, newWays, WayBook, type WayList } from "./way-book.ts";

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
    const [way] = book.of([vehicle("one", ["a", "unheard-of", "b"], ["c"])]).all;
    expect(way?.granted?.lengthM).toBe(40);
    expect(way?.planned?.lengthM).toBe(20);
    expect(book.of([vehicle("one", [], [])]).all[0]?.granted).toBeUndefined();
  });

  it("are the same objects while the edges are, whatever else a vehicle tells", () => {
    const book = new WayBook(roads);
    const before = book.of([vehicle("one", ["a"], ["b"]), vehicle("two", ["c"], [])]);
    expect(book.of([vehicle("one", ["a"], ["b"]), vehicle("two", ["c"], [])])).toBe(before);
    const after = book.of([vehicle("one", ["a", "b"], []), vehicle("two", ["c"], [])]);
    expect(after).not.toBe(before);
    expect(after.all[0]).not.toBe(before.all[0]);
    expect(after.all[1]).toBe(before.all[1]);
  });

  it("keep the granted line when only the plan is another", () => {
    const book = new WayBook(roads);
    const [before] = book.of([vehicle("one", ["a"], ["b"])]).all;
    const [after] = book.of([vehicle("one", ["a"], ["b", "c"])]).all;
    expect(after?.granted).toBe(before?.granted);
    expect(after?.planned).not.toBe(before?.planned);
  });

  it("know a fleet from another of the same size", () => {
    const book = new WayBook(roads);
    book.of([vehicle("one", ["a"], [])]);
    expect(book.of([vehicle("two", ["a"], [])]).all[0]?.vehicleId).toBe("two");
  });

  it("are known as they are to whoever takes only what is new, whatever of it was missed", () => {
    const edges = fc.subarray(["a", "b", "c"]);
    const fleet = fc.dictionary(fc.constantFrom("one", "two", "three"), edges, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(fc.record({ fleet, isMissed: fc.boolean() }), { minLength: 1 }), (told) => {
        const book = new WayBook(roads);
        const drawn = new Map<string, number>();
        let seen: WayList = NO_WAYS;
        for (const { fleet: edgesOf, isMissed } of told) {
          const list = book.of(Object.entries(edgesOf).map(([id, granted]) => vehicle(id, granted, [])));
          if (isMissed) continue;
          for (const { vehicleId, granted } of newWays(seen, list))
            drawn.set(vehicleId, granted?.lengthM ?? 0);
          seen = list;
          for (const [vehicleId, lengthM] of drawn)
            expect(lengthM).toBe((edgesOf[vehicleId] ?? []).length * 20);
          for (const vehicleId of Object.keys(edgesOf)) expect(drawn.has(vehicleId)).toBe(true);
        }
      }),
    );
  });

  it("are told anew only where they are", () => {
    const book = new WayBook(roads);
    const before = book.of([vehicle("one", ["a"], []), vehicle("two", ["b"], [])]);
    const after = book.of([vehicle("one", ["a"], []), vehicle("two", ["c"], [])]);
    expect(newWays(before, after).map(({ vehicleId }) => vehicleId)).toEqual(["two"]);
  });
});
