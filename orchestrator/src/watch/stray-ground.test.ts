import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import type { Closure, ClosureId } from "../reservation/port.ts";
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
/** Whether what is asked of the ledger is decided. */
let ledgerAnswers: boolean;
let decided: (() => void)[];
beforeEach(() => {
  closures = [];
  admitted = false;
  ledgerAnswers = true;
  decided = [];
  start();
});

/** A process that starts, with the closures that stand. */
function start(isAtWork = true): void {
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
      decided: () => (ledgerAnswers ? Promise.resolve() : new Promise((resolve) => decided.push(resolve))),
    },
  });
  if (isAtWork) watch.begin();
}

const standing = (): string[] =>
  alarms.list().flatMap(({ state: is, code }) => (is === "returned" ? [] : [code]));
const report = async (
  pose: VehicleState["pose"],
  nowMs: number,
  control?: VehicleState["control"],
): Promise<void> => {
  // It says so again, as vehicles do: in between, what was asked of the ledger is decided.
  for (const atMs of [nowMs, nowMs]) {
    watch.look(state(pose, control), undefined, atMs);
    watch.settle();
    await Promise.resolve();
  }
};

describe("a vehicle that nobody knows", () => {
  it("has the roads past it closed and an alarm raised, until a person has opened them", async () => {
    await report(at(2), 0);
    await report(at(2), 20_000);
    expect(closures).toHaveLength(1);
    const over = closures[0]?.edgeIds ?? [];
    const touching = network.moves.edgeIds.filter((_, move) =>
      [network.moves.from[move], network.moves.to[move]].includes(2),
    );
    expect(over).toEqual(expect.arrayContaining(touching));
    expect(standing()).toEqual(["vehicle.stray"]);
    // It says the same again, and is gone, as far as anybody hears: the ground stays closed.
    await report(at(2), 30_000);
    watch.settle();
    expect(closures).toHaveLength(1);
    expect(standing()).toEqual(["vehicle.stray"]);
    closures = [];
    watch.settle();
    expect(standing()).toEqual([]);
    // The person has looked: the same report closes it no second time.
    await report(at(2), 40_000);
    expect(closures).toEqual([]);
  });

  it("that moves on has the ground closed where it goes, too; what it left stays closed", async () => {
    await report(at(0), 0);
    await report(at(0), 20_000);
    await report(at(4), 21_000);
    expect(closures).toHaveLength(2);
    expect(new Set(closures.map(({ closureId }) => closureId)).size).toBe(2);
  });

  it("is given the time that it takes to find its place, if it is ours", async () => {
    await report(at(2), 0);
    await report(at(2), 10_000);
    admitted = true;
    await report(at(2), 20_000);
    expect(closures).toEqual([]);
  });

  it("is refused no place by a ledger that is away", async () => {
    const ours = { authority: "vn", epoch: 1 } as const;
    ledgerAnswers = false;
    await report(at(2), 0, ours);
    await report(at(2), 20_000, ours);
    await report(at(2), 90_000, ours);
    expect(closures).toEqual([]);
    for (const resolve of decided) resolve();
    await report(at(2), 91_000, ours);
    expect(closures).toHaveLength(1);
  });

  it("is refused no place while nobody is at work yet who asks for one", async () => {
    const ours = { authority: "vn", epoch: 1 } as const;
    start(false);
    await report(at(2), 0, ours);
    await report(at(2), 90_000, ours);
    watch.begin();
    await report(at(2), 91_000, ours);
    expect(closures).toEqual([]);
  });

  it("comes home with time to find its place, although ground is still closed for it", async () => {
    await report(at(2), 0);
    await report(at(2), 20_000);
    admitted = true;
    await report(at(6), 30_000, { authority: "vn", epoch: 1 });
    admitted = false;
    await report(at(6), 90_000, { authority: "cn", epoch: 2 });
    await report(at(6), 100_000, { authority: "vn", epoch: 3 });
    expect(closures).toHaveLength(1);
    expect(standing()).toEqual(["vehicle.stray"]);
    closures = [];
    watch.settle();
    expect(standing()).toEqual([]);
  });

  it("is the partner's when its register says so", async () => {
    await report(at(2), 0, { authority: "cn", epoch: 1 });
    await report(at(2), 20_000, { authority: "cn", epoch: 1 });
    expect(closures).toEqual([]);
  });

  it("far from every road closes none", async () => {
    await report({ xM: 10_000, yM: 10_000, headingRad: 0 }, 0);
    await report({ xM: 10_000, yM: 10_000, headingRad: 0 }, 20_000);
    expect(closures).toEqual([]);
  });
});

describe("a vehicle of ours that reports a place off its way", () => {
  it("has the ground closed there at once, and keeps what it holds", async () => {
    admitted = true;
    await report(at(5), 0, { authority: "vn", epoch: 1 });
    expect(closures).toEqual([]);
    watch.offPath(STRANGER);
    await report(at(5), 1_000, { authority: "vn", epoch: 1 });
    expect(closures).toHaveLength(1);
    expect(standing()).toEqual(["vehicle.stray"]);
    watch.onPath(STRANGER);
    await report(at(5), 2_000, { authority: "vn", epoch: 1 });
    expect(closures).toHaveLength(1);
  });
});

describe("after a restart", () => {
  it("has its alarm until a person has opened its ground, and what it closes next has another name", async () => {
    await report(at(0), 0);
    await report(at(0), 20_000);
    start();
    expect(alarms.list()).toMatchObject([{ code: "vehicle.stray", vehicleId: STRANGER }]);
    expect(alarms.list()[0]?.detail).toContain("stray:acme.1:1");
    await report(at(0), 30_000);
    await report(at(0), 50_000);
    expect(closures).toHaveLength(1);
    await report(at(4), 51_000);
    expect(closures.map(({ closureId }) => closureId)).toEqual(["stray:acme.1:1", "stray:acme.1:2"]);
    closures = closures.slice(0, 1);
    watch.settle();
    expect(standing()).toEqual(["vehicle.stray"]);
    closures = [];
    watch.settle();
    expect(standing()).toEqual([]);
  });

  it("other ground that is closed is no stray's", () => {
    closures = [{ closureId: "works" as ClosureId, edgeIds: [], reason: "a hole in the road" }];
    start();
    expect(standing()).toEqual([]);
  });
});
