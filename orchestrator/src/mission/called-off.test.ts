import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { expectDeliveredOnce, parkedSides } from "./testing/deliveries.ts";
import { containerNo, order, type TwoSides } from "./testing/two-sides.ts";

const CAR = "sim.vn-01" as VehicleId;
let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

const first = () => sides.control("vn").views()[0];
const parkings = () => [...sides.world.happened.keys()].filter((what) => what.startsWith("leg park."));

/** To a charger that it does not need. */
async function onItsWay(): Promise<void> {
  await sides.startBoth();
  await sides.run(() => false, { maxSeconds: 10 });
  sides.world.halted.add(CAR);
  expect(await sides.control("vn").park(CAR, "charger")).toEqual({ kind: "done" });
  await sides.settle();
  expect(parkings()).toHaveLength(1);
}

/** With a container waiting at a crane. */
async function calledOff(): Promise<void> {
  await onItsWay();
  await sides.control("vn").place(order(1, "vn"));
  expect(await sides.run(() => first()?.step === "drive-to-crane"), sides.statuses().join("\n")).toBe(true);
  await sides.settle();
}

describe("a vehicle on its way to a place", () => {
  it("is given to a container that waits, and sent to it from where it is", async () => {
    await calledOff();
    expect(sides.world.count("turn")).toBe(1);
    sides.world.halted.delete(CAR);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
  });

  it("is left to its way when it has given up its order: it would turn nowhere", async () => {
    await onItsWay();
    sides.world.givenUp.add(CAR);
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => first()?.step === "drive-to-crane", { maxSeconds: 600 })).toBe(false);
    expect(sides.control("vn").reasons().vehicles.get(CAR)?.code).toBe("moving");
  });

  it("is not sent to that place again by a process that comes back, however far it has come since", async () => {
    await calledOff();
    sides.kill("vn");
    await sides.start("vn");
    await sides.run(() => false, { maxSeconds: 5 });
    sides.world.halted.delete(CAR);
    await sides.run(() => first()?.step === "load");
    sides.kill("vn");
    await sides.start("vn");
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
    expect(parkings()).toHaveLength(1);
    expect(sides.world.count("turn")).toBe(1);
  });
});
