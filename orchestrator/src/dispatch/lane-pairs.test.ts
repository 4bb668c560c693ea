import type { EdgeId, NodeId, StationId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bayOfFreestPair, shutPairsOf } from "./lane-pairs.ts";
import { pairOf, type YardStation } from "./yard.ts";

function station(stationId: string, pair: number, more: Partial<YardStation> = {}): YardStation {
  return {
    stationId: stationId as StationId,
    kind: "buffer",
    bound: "outbound",
    ...(pair === 1 ? {} : { pair }),
    nodeId: stationId as NodeId,
    pose: undefined,
    beginNodeId: undefined,
    deviceIds: [],
    ...more,
  };
}

const bays = [
  ...["a", "b", "c", "d"].map((name) => station(`${name}-1`, 1)),
  ...["a", "b"].map((name) => station(`${name}-2`, 2)),
];

/** All free but these. */
const but = (...taken: readonly string[]) => ({
  isFree: ({ stationId }: YardStation): boolean => !taken.includes(stationId),
});

describe("the lane that the next container takes", () => {
  it("is the first while all are as free, and the one with the larger part of its bays free then", () => {
    expect(bayOfFreestPair(bays, but())?.stationId).toBe("a-1");
    expect(bayOfFreestPair(bays, but("a-1"))?.stationId).toBe("a-2");
    expect(bayOfFreestPair(bays, but("a-1", "a-2"))?.stationId).toBe("b-1");
  });

  it("is never one that is shut, and is the one that its order asks for, shut or not", () => {
    const shut = new Set([1]);
    expect(bayOfFreestPair(bays, { ...but("a-2"), shut })?.stationId).toBe("b-2");
    expect(bayOfFreestPair(bays, { ...but("a-2", "b-2"), shut })).toBeUndefined();
    expect(bayOfFreestPair(bays, { ...but("a-2"), shut, only: 1 })?.stationId).toBe("a-1");
    expect(bayOfFreestPair(bays, { ...but("a-2", "b-2"), only: 2 })).toBeUndefined();
  });

  it("has a free bay whenever any lane that is open has one", () => {
    fc.assert(
      fc.property(fc.subarray(bays), fc.subarray([1, 2]), (free, shut) => {
        const bay = bayOfFreestPair(bays, { isFree: (one) => free.includes(one), shut: new Set(shut) });
        const usable = free.filter((one) => !shut.includes(pairOf(one)));
        if (usable.length === 0) expect(bay).toBeUndefined();
        else expect(usable).toContain(bay);
      }),
    );
  });

  it("is shut by closed ground that leads to a station of its own, and by nothing of the other lane", () => {
    const edge = (name: string) => name as EdgeId;
    const yard = {
      stations: [
        station("portal-1", 1, { kind: "portal", edgeIds: [edge("to-portal-1")] }),
        station("portal-2", 2, { kind: "portal", edgeIds: [edge("to-portal-2")] }),
        station("entry-2", 2, { kind: "entry-gate", bound: "inbound", edgeIds: [edge("to-entry-2")] }),
        ...bays,
      ],
    };
    const none = { outbound: new Set(), inbound: new Set() };
    expect(shutPairsOf(yard, new Set([edge("elsewhere")]))).toEqual(none);
    expect(shutPairsOf(yard, new Set([edge("to-portal-1")]))).toEqual({ ...none, outbound: new Set([1]) });
    expect(shutPairsOf(yard, new Set([edge("to-portal-2"), edge("to-entry-2")]))).toEqual({
      outbound: new Set([2]),
      inbound: new Set([2]),
    });
  });
});
