import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { expectNothingLeft, startWithDeadlyWrite } from "./testing/killed-at-write.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

const FIRST = "sim.vn-01" as VehicleId;
const OTHER = "sim.vn-02" as VehicleId;

let sides: TwoSides;
beforeEach(async () => {
  sides = await withTwo();
});

/** Two vehicles here, the nearer of which stops as soon as it is on its way. */
async function withTwo(): Promise<TwoSides> {
  const made = await TwoSides.create();
  made.world.park(FIRST, "vn", "vn.parking-1");
  made.world.park(OTHER, "vn", "vn.parking-8");
  made.world.park("sim.cn-01", "cn", "cn.parking-1");
  made.world.halted.add(FIRST);
  return made;
}

const vn = () => sides.control("vn");
const mission = () => vn().views()[0];
const run = (done: () => boolean, maxSeconds?: number): Promise<boolean> =>
  sides.run(done, maxSeconds === undefined ? {} : { maxSeconds });
const isOnItsWay = () => mission()?.step === "drive-to-crane" && mission()?.vehicleId === FIRST;
const isRelieved = () => mission()?.vehicleId === OTHER;

/** A person marks it, and says later that it is back at work. */
const fail = (): void => void sides.world.failed.vn.add(FIRST);
function comesBack(): void {
  sides.world.failed.vn.delete(FIRST);
  sides.world.halted.delete(FIRST);
  sides.world.sayState(FIRST);
}

async function expectDelivered(...serials: readonly number[]): Promise<void> {
  expect(await run(() => sides.allDone(2 * serials.length)), sides.statuses().join("\n")).toBe(true);
  for (const serial of serials) {
    expect(sides.world.count(`lift ${containerNo(serial)} onto-vehicle`), `lifts of ${serial}`).toBe(1);
    expect(sides.world.count(`lift ${containerNo(serial)} off-vehicle`)).toBe(1);
  }
}

describe("a container whose vehicle fails on its way to the crane", () => {
  it("is given another one; the failed one goes to a place when it is back, and is sent to the next", async () => {
    await sides.startBoth();
    await vn().place(order(1, "vn"));
    expect(await run(isOnItsWay), sides.statuses().join("\n")).toBe(true);
    fail();
    expect(await run(isRelieved), sides.statuses().join("\n")).toBe(true);
    expect(vn().reasons().vehicles.get(FIRST)?.code).toBe("has-failed");
    await expectDelivered(1);
    const stillThere = sides.world.vehicles.get(FIRST)?.nodeId;
    comesBack();
    expect(await run(() => vn().reasons().vehicles.get(FIRST)?.code === "no-mission")).toBe(true);
    expect(sides.world.vehicles.get(FIRST)?.nodeId, "a place of its own").not.toBe(stillThere);
    sides.world.halted.add(OTHER);
    await vn().place(order(2, "vn"));
    await expectDelivered(1, 2);
  });

  it("is given another one although a person had chosen the first", async () => {
    sides.dispatch = { loadAheadShare: 0 };
    await sides.startBoth();
    for (const { stationId, kind } of sides.world.yards.vn.stations)
      if (kind === "buffer") await vn().closeStation({ stationId, reason: "works", by: "an" });
    await vn().place(order(1, "vn"));
    await run(() => mission()?.step === "assign-vehicle");
    expect(await vn().assign(mission()?.missionId ?? "", FIRST)).toEqual({ kind: "done" });
    expect(await run(isOnItsWay)).toBe(true);
    fail();
    expect(await run(isRelieved), sides.statuses().join("\n")).toBe(true);
  });

  it("keeps it when the road says that it may still come to the crane", async () => {
    await sides.startBoth();
    await vn().place(order(1, "vn"));
    expect(await run(isOnItsWay)).toBe(true);
    sides.world.canTurn = false;
    fail();
    await run(() => false, 120);
    expect(isOnItsWay()).toBe(true);
    comesBack();
    await expectDelivered(1);
  });

  it.each(["before", "after"] as const)(
    "is lifted once, whichever write its side's process dies at, %s the store has it",
    { timeout: 60_000 },
    async (when) => {
      let at = 0;
      for (let crashed = true; crashed; at++) {
        sides = await withTwo();
        const place = (): void =>
          void vn()
            .place(order(1, "vn"))
            .catch(() => {});
        let placed = false;
        const hasCrashed = await startWithDeadlyWrite(sides, { side: "vn", at, when }, async () => {
          if (placed) place();
        });
        placed = true;
        place();
        expect(await run(isOnItsWay), `${when} write ${at}`).toBe(true);
        fail();
        expect(await run(isRelieved, 300), `${when} write ${at}\n${sides.statuses().join("\n")}`).toBe(true);
        comesBack();
        await expectDelivered(1);
        await expectNothingLeft(sides, "vn", `${when} write ${at}`);
        crashed = hasCrashed();
      }
      expect(at).toBeGreaterThan(30);
    },
  );
});
