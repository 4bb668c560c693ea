import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MissionStore } from "./store.ts";
import { expectDeliveredOnce, parkedSides } from "./testing/deliveries.ts";
import { expectNothingLeft, startWithDeadlyWrite } from "./testing/killed-at-write.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("a process that is killed at any write", () => {
  /** Whether there was a write of that number to break off at. */
  const crashes = async (side: "vn" | "cn", at: number, when: "before" | "after"): Promise<boolean> => {
    sides = await TwoSides.create();
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    const crashed = await startWithDeadlyWrite(sides, { side, at, when }, async () => {
      if (side === "vn") await sides.control("vn").place(order(1, "vn"));
    });
    const placing = sides.control("vn").place(order(1, "vn"));
    placing.catch(() => {});
    const finished = await sides.run(() => sides.allDone(2));
    const what = `${side} ${when} write ${at}`;
    expect(finished, `${what}\n${sides.statuses().join("\n")}`).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
    await expectNothingLeft(sides, side, what);
    return crashed();
  };

  it.each([
    ["vn", "before"],
    ["vn", "after"],
    ["cn", "before"],
    ["cn", "after"],
  ] as const)("in %s, %s the store has it, loses and doubles nothing", async (side, when) => {
    let at = 0;
    while (await crashes(side, at, when)) at++;
    // Both missions are written dozens of times; each of these writes was the last one once.
    expect(at).toBeGreaterThan(side === "vn" ? 30 : 15);
  });
});

describe("a process that is killed as a mission ends", () => {
  it("confirms after its restart what it has taken back, and does not do so again", async () => {
    const inner = sides.stores.vn;
    let gone = false;
    let unconfirmed: readonly string[] = [];
    const endsWithTheMission: MissionStore = {
      ...inner,
      save: async (mission) => {
        const outcome = await inner.save(mission);
        if (mission.context.status !== "returned") return outcome;
        unconfirmed = mission.context.outbox.map((effect) => effect.kind);
        gone = true;
        return new Promise(() => {});
      },
    };
    await sides.start("cn");
    await sides.start("vn", endsWithTheMission);
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "guard-check" && job.deviceId.startsWith("vn")
        ? { status: "failed", code: "x", detail: "" }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    const held = () =>
      sides
        .control("vn")
        .views()
        .find((view) => view.status === "held");
    expect(await sides.run(() => held() !== undefined)).toBe(true);
    void sides
      .control("vn")
      .resume(held()?.missionId ?? "", "operator-1", "return")
      .catch(() => {});
    await vi.waitFor(() => expect(gone).toBe(true), WAIT);
    expect(unconfirmed).toContain("withdrawHandoff");
    sides.kill("vn");
    await sides.start("vn");
    await sides.settle();
    const left = async () => (await inner.load()).missions[0]?.context.outbox.map((effect) => effect.kind);
    // To go on from the gate is said again until the leg has ended, and what is not written down might still be lost.
    expect(await left()).toEqual(["withdrawHandoff", "abandonLeg", "proceed", "raiseAlarm"]);
    await vi.waitFor(async () => {
      sides.world.step();
      expect(await left()).toEqual(["proceed", "raiseAlarm"]);
    }, WAIT);
    const inbound = () => sides.control("cn").views()[0];
    expect(await sides.run(() => inbound()?.status === "returned"), sides.statuses().join("\n")).toBe(true);
  });
});
