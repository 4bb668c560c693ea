import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import type { Closure } from "../reservation/port.ts";
import { ring } from "../reservation/testing/layouts.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { type StrayGround, strayGround } from "./stray-ground.ts";

const { network } = ring(8);
const LARGEST = { lengthM: 15, widthM: 3 };
const STRANGER = "acme.1" as VehicleId;

/** On the ring's node of that number, or beside it. */
function at(pose: number, offM = 0): VehicleState["pose"] {
  const { xM, yM, headingRad } = network.poses;
  return { xM: (xM[pose] ?? 0) + offM, yM: yM[pose] ?? 0, headingRad: headingRad[pose] ?? 0 };
}

function state(pose: VehicleState["pose"], control?: VehicleState["control"]): VehicleState {
  return standingVehicle(STRANGER, { pose, control });
}

let closures: Closure[];
let admitted: boolean;
let watch: StrayGround;
let alarms: ReturnType<typeof createAlarmBook>;
beforeEach(() => {
  closures = [];
  admitted = false;
  alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  watch = strayGround({
    side: "vn",
    network,
    body: LARGEST,
    alarms,
    reservation: {
      isAdmitted: () => admitted,
      close: (closure) => void closures.push(closure),
      outOfUse: () => ({ closures, failed: [] }),
    },
  });
});

const standing = (): string[] =>
  alarms.list().flatMap(({ state: is, code }) => (is === "returned" ? [] : [code]));
const report = (pose: VehicleState["pose"], nowMs: number, control?: VehicleState["control"]): void => {
  watch.look(state(pose, control), undefined, nowMs);
  watch.settle();
};

describe("a vehicle that nobody knows", () => {
  it("has the roads past it closed and an alarm raised, until a person has opened them", () => {
    report(at(2), 0);
    report(at(2), 20_000);
    expect(closures).toHaveLength(1);
    const over = closures[0]?.edgeIds ?? [];
    const touching = network.moves.edgeIds.filter((_, move) =>
      [network.moves.from[move], network.moves.to[move]].includes(2),
    );
    expect(over).toEqual(expect.arrayContaining(touching));
    expect(standing()).toEqual(["vehicle.stray"]);
    // It says the same again, and is gone, as far as anybody hears: the ground stays closed.
    report(at(2), 30_000);
    watch.settle();
    expect(closures).toHaveLength(1);
    expect(standing()).toEqual(["vehicle.stray"]);
    closures = [];
    watch.settle();
    expect(standing()).toEqual([]);
    // The person has looked: the same report closes it no second time.
    report(at(2), 40_000);
    expect(closures).toEqual([]);
  });

  it("that moves on has the ground closed where it goes, too; what it left stays closed", () => {
    report(at(0), 0);
    report(at(0), 20_000);
    report(at(4), 21_000);
    expect(closures).toHaveLength(2);
    expect(new Set(closures.map(({ closureId }) => closureId)).size).toBe(2);
  });

  it("is given the time that it takes to find its place, if it is ours", () => {
    report(at(2), 0);
    report(at(2), 10_000);
    admitted = true;
    report(at(2), 20_000);
    expect(closures).toEqual([]);
  });

  it("is the partner's when its register says so", () => {
    report(at(2), 0, { authority: "cn", epoch: 1 });
    report(at(2), 20_000, { authority: "cn", epoch: 1 });
    expect(closures).toEqual([]);
  });

  it("far from every road closes none", () => {
    report({ xM: 10_000, yM: 10_000, headingRad: 0 }, 0);
    report({ xM: 10_000, yM: 10_000, headingRad: 0 }, 20_000);
    expect(closures).toEqual([]);
  });
});

describe("a vehicle of ours that reports a place off its way", () => {
  it("has the ground closed there at once, and keeps what it holds", () => {
    admitted = true;
    report(at(5), 0, { authority: "vn", epoch: 1 });
    expect(closures).toEqual([]);
    watch.offPath(STRANGER);
    report(at(5), 1_000, { authority: "vn", epoch: 1 });
    expect(closures).toHaveLength(1);
    expect(standing()).toEqual(["vehicle.stray"]);
    watch.onPath(STRANGER);
    report(at(5), 2_000, { authority: "vn", epoch: 1 });
    expect(closures).toHaveLength(1);
  });
});
