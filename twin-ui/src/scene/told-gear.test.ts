import type { DeviceView } from "@baton/orchestrator/contract";
import { expect, it } from "vitest";
import { armShare, hookToldBy, isUnderWay, seenAtMs } from "./told-gear.ts";

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
