import type { DeviceView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { armShare, hookToldBy, isUnderWay, seenAtMs, spreaderToldBy } from "./told-gear.ts";

const raising = {
  atMs: 1_000,
  at: { kind: "barrier", openShare: 0.2, course: { openShare: 1, inMs: 1_600 } },
} as const;

it("an arm is drawn on the way that its gate has told, not before and not beyond", () => {
  expect([0, 1_000, 1_800, 2_600, 9_000].map((nowMs) => armShare(raising, nowMs)?.toFixed(3))).toEqual([
    "0.200",
    "0.200",
    "0.600",
    "1.000",
    "1.000",
  ]);
  expect([1_800, 2_600].map((nowMs) => isUnderWay(raising, nowMs))).toEqual([true, false]);
  expect(armShare({ atMs: 0, at: { kind: "barrier", openShare: 0 } }, 9_000)).toBe(0);
});

it("a hook carries what its crane says, and a course of no time is over", () => {
  const told = {
    atMs: 0,
    at: {
      kind: "hoist",
      acrossM: 3,
      heightM: 6,
      containerNo: "BTNU0000017",
      course: { acrossM: 3, heightM: 10, inMs: 4_000 },
    },
  } as const;
  expect(hookToldBy(told, 1_000)).toMatchObject({ acrossM: 3, heightM: 7, carrying: true });
  expect(
    hookToldBy({ ...told, at: { ...told.at, course: { ...told.at.course, inMs: 0 } } }, 0)?.heightM,
  ).toBe(10);
  expect(armShare(told, 0)).toBeUndefined();
});

it("what a device was doing when it went away is not drawn to its end", () => {
  const gate: DeviceView = { deviceId: "vn.exit-gate-1", side: "vn", state: "away", sinceMs: 1_800 };
  expect(armShare(raising, seenAtMs(gate, 60_000))).toBeCloseTo(0.6);
  expect(armShare(raising, seenAtMs({ ...gate, state: "ready" }, 60_000))).toBe(1);
});

describe("the spreader of a crane at the line", () => {
  const told = {
    atMs: 1_000,
    at: {
      alongM: -65,
      heightM: 10.4,
      course: [
        { alongM: 65, heightM: 10.4, inMs: 20_000 },
        { alongM: 65, heightM: 4.32, inMs: 24_000 },
      ],
    },
  };

  it("is drawn on its way from stop to stop, and no further than it has told", () => {
    expect(spreaderToldBy(told, 11_000)).toMatchObject({ alongM: 0, heightM: 10.4, isUnderWay: true });
    expect(spreaderToldBy(told, 23_000).heightM).toBeCloseTo(7.36, 6);
    expect(spreaderToldBy(told, 900_000)).toEqual({ alongM: 65, heightM: 4.32, isUnderWay: false });
  });

  it("stands where it said when it told of no course, whatever the clock says", () => {
    const standing = { atMs: 1_000, at: { alongM: 3, heightM: 8 } };
    expect(spreaderToldBy(standing, 0)).toEqual({ alongM: 3, heightM: 8, isUnderWay: false });
    expect(spreaderToldBy(told, 0)).toMatchObject({ alongM: -65, isUnderWay: true });
  });
});
