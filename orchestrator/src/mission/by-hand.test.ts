import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

const HOUR_MS = 3_600_000;
let sides: TwoSides;

beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
});

const vn = () => sides.control("vn");
const first = () => vn().views()[0];
async function place(serial: number): Promise<string> {
  const placed = await vn().place(order(serial, "vn"));
  if (placed.kind !== "created") throw new Error("the order was not taken");
  return placed.missionId;
}

describe("a container called back on its way to the line", () => {
  it("goes to the yard again and is lifted off there, although customs would have let it go", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === "offer");
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "done" });
    expect(vn().view(missionId)?.status).toBe("returned");
    expect(await sides.run(() => vn().views()[1]?.status === "done"), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.loadIds).toEqual([]);
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: "returned at offer" });
  });

  it("is not called back when the partner has it", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(await vn().recall(missionId, "lan")).toMatchObject({ kind: "not-possible" });
    expect(await vn().recall("m-none", "lan")).toEqual({ kind: "unknown" });
  });

  it.each(["load", "weigh", "guard-exit"] as const)("is not called back at %s", async (step) => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === step);
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: `running at ${step}` });
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
  });
});

describe("another slot", () => {
  it("is given to a container whose truck was not called yet, and its truck comes for that one", async () => {
    sides = await TwoSides.create((ground) => ({
      ...ground,
      procedures: ground.procedures.map((each) =>
        each.slots === undefined ? each : { ...each, slots: { ...each.slots, perSlot: 1, callAheadMs: 0 } },
      ),
    }));
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    await place(1);
    const missionId = await place(2);
    const before = vn().view(missionId)?.slot;
    if (before === undefined) throw new Error("it has a slot");
    const fromMs = before.fromMs + 2 * HOUR_MS;
    expect(await vn().reslot(missionId, fromMs)).toEqual({ kind: "given", fromMs });
    expect(vn().view(missionId)?.slot?.fromMs).toBe(fromMs);
    await sides.run(() => vn().reasons().missions.get(missionId)?.code === "waits-for-slot", {
      maxSeconds: 60,
    });
    expect(vn().reasons().missions.get(missionId)?.facts).toEqual({ untilMs: fromMs });
    // Back again, since nobody else has taken it.
    expect(await vn().reslot(missionId, before.fromMs)).toEqual({ kind: "given", fromMs: before.fromMs });
  });

  it("is not given once the truck was called", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === "load");
    expect(await vn().reslot(missionId, 0)).toMatchObject({ kind: "not-possible" });
    expect(await vn().reslot("m-none", 0)).toEqual({ kind: "unknown" });
  });
});

describe("a vehicle sent by hand", () => {
  it("goes to a charger and charges there, or to a parking place", async () => {
    sides.world.park("sim.vn-02", "vn", "vn.parking-2");
    await sides.startBoth();
    await sides.run(() => false, { maxSeconds: 5 });
    expect(await vn().park("sim.vn-01", "charger")).toEqual({ kind: "done" });
    await sides.settle();
    const leg = [...sides.world.legs.vn.values()].find(({ request }) => request.vehicleId === "sim.vn-01");
    expect(leg?.request.toNodeId).toMatch(/charger/);
    expect(leg?.request.actionsAtEnd.map(({ kind }) => kind)).toEqual(["startCharging"]);
    expect(await vn().park("sim.vn-02", "parking")).toEqual({
      kind: "not-possible",
      why: "it stands there already",
    });
    expect(await vn().park("sim.nobody", "charger")).toEqual({ kind: "vehicle-unknown" });
  });

  it("is not sent away from what it does", async () => {
    await sides.startBoth();
    await place(1);
    await sides.run(() => first()?.step === "load");
    expect(await vn().park("sim.vn-01", "charger")).toEqual({ kind: "not-possible", why: "on-mission" });
  });
});

describe("a vehicle chosen by hand", () => {
  it("is refused for a container that does not wait for one, and for those that nobody knows", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    expect(await vn().assign(missionId, "sim.vn-01")).toEqual({
      kind: "not-possible",
      why: "the mission does not wait for a vehicle",
    });
    expect(await vn().assign(missionId, "sim.nobody")).toEqual({ kind: "vehicle-unknown" });
    expect(await vn().assign("m-none", "sim.vn-01")).toEqual({ kind: "unknown" });
  });
});
