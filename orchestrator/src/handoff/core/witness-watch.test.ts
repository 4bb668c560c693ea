import { expect, test } from "vitest";
import type { HandoffId } from "../port.ts";
import { WitnessWatch } from "./witness-watch.ts";

const witness = "sim.vn-01";
const awaited = { witness, register: "control register", witnessAfterMs: 20_000 };
const handoffId = "h-1" as HandoffId;
const SECOND = 1_000;

function watch() {
  const under = new WitnessWatch({ unheardAfterMs: 60 * SECOND });
  return {
    look: (atS: number, phase = "switching") => under.look({ handoffId, ...awaited, phase }, atS * SECOND),
    heard: (...atS: readonly number[]) => {
      for (const each of atS) under.heard(witness, each * SECOND);
    },
    forget: () => under.forget(handoffId),
  };
}

test("a vehicle that is heard for 20 s with its register unchanged is not switching", () => {
  const at = watch();
  at.look(0);
  at.heard(1, 10, 20);
  expect(at.look(20)).toBeUndefined();
  at.heard(21);
  expect(at.look(21)).toContain("has not changed its control register for 20 s");
});

test("the time before the vehicle is first heard does not count: its side was away, or it was", () => {
  const at = watch();
  at.look(0);
  expect(at.look(50)).toBeUndefined();
  at.heard(50, 51);
  expect(at.look(69)).toBeUndefined();
  at.heard(69);
  expect(at.look(69)).toBeUndefined();
  at.heard(70);
  expect(at.look(70)).toContain("has not changed");
});

test("time in which nothing is heard does not count either, but for so long only", () => {
  const at = watch();
  at.look(0);
  at.heard(1);
  expect(at.look(40)).toBeUndefined();
  expect(at.look(61)).toContain("has said nothing for 60 s");
});

test("a vehicle that comes back after a long silence is given its time again", () => {
  const at = watch();
  at.look(0);
  at.heard(1, 2, 90);
  expect(at.look(90)).toBeUndefined();
  at.heard(110);
  expect(at.look(110)).toContain("has not changed");
});

test("each step has its own patience, and one that is over has none", () => {
  const at = watch();
  at.look(0);
  at.heard(1, 15);
  at.look(15, "fencing");
  at.heard(16, 30);
  expect(at.look(30, "fencing")).toBeUndefined();
  at.heard(36);
  expect(at.look(36, "fencing")).toContain("has not changed");
  at.forget();
  expect(at.look(37, "fencing")).toBeUndefined();
});
