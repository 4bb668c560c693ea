import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { parkedSides } from "./testing/deliveries.ts";
import { goodResult } from "./testing/fake-devices.ts";
import { containerNo, order, type TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("a suspect scan", () => {
  it("goes to inspection even when customs says release, and crosses when two officers released it", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "judge-scan"
        ? { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`inspect ${containerNo(1)} vn`)).toBe(1);
  });

  it("leaves its bay for a dock, and waits in the bay as long as every dock is taken", async () => {
    await sides.startBoth();
    sides.world.answer = (job) => {
      if (job.task.kind === "judge-scan")
        return { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } };
      // Nobody comes to open it.
      return job.task.kind === "inspect" ? undefined : { status: "done", result: goodResult(job) };
    };
    const docks = sides.world.yards.vn.stations.filter((one) => one.kind === "inspection-dock");
    for (const [i, { stationId }] of docks.entries())
      sides.world.park(`sim.in-the-way-${i}`, "vn", stationId);
    await sides.control("vn").place(order(1, "vn"));
    const kept = async () => (await sides.stores.vn.load()).missions[0]?.context;
    const vehicle = () => sides.world.vehicles.get("sim.vn-01" as VehicleId);
    expect(await sides.run(() => sides.control("vn").views()[0]?.step === "inspection")).toBe(true);
    await sides.run(() => false, { maxSeconds: 60 });
    expect((await kept())?.places.dock).toBeUndefined();
    expect(vehicle()?.nodeId).toBe((await kept())?.places.buffer?.nodeId);
    sides.world.vehicles.delete("sim.in-the-way-0" as VehicleId);
    await sides.run(() => false, { maxSeconds: 60 });
    expect(vehicle()?.nodeId).toBe(docks[0]?.nodeId);
    expect(sides.control("vn").reasons().missions.size).toBe(0);
  });

  const givenBack = async () => {
    await sides.startBoth();
    sides.world.answer = (job) => {
      if (job.task.kind === "judge-scan")
        return { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } };
      if (job.task.kind === "inspect")
        return {
          status: "done",
          result: { kind: "inspect", outcome: "return", officers: ["a", "b"], newSealNo: "" },
        };
      return { status: "done", result: goodResult(job) };
    };
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.control("vn").views()[0]?.status === "returned")).toBe(true);
    expect(sides.world.conversations.size).toBe(0);
    expect(sides.world.standing("vn")).toMatchObject([{ code: "mission.returned" }]);
  };
  const isBack = (): boolean => sides.control("vn").views()[1]?.status === "done";

  it("is given back when the inspection says so: brought to the yard and lifted off there, and the alarm is over", async () => {
    await givenBack();
    expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
    expect(sides.control("vn").views()).toHaveLength(2);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.loadIds).toEqual([]);
    await sides.settle();
    expect(sides.world.standing("vn")).toEqual([]);
    // Its vehicle is free for the next one.
    await sides.control("vn").place(order(2, "vn"));
    await sides.run(() => sides.control("vn").views()[2]?.status === "returned");
    expect(sides.control("vn").views()[2]?.vehicleId).toBe("sim.vn-01");
  });

  it("is brought back once, also when the process is killed right after it was given back", async () => {
    await givenBack();
    sides.kill("vn");
    await sides.start("vn");
    expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
    sides.kill("vn");
    await sides.start("vn");
    await sides.run(() => false, { maxSeconds: 30 });
    expect(
      sides
        .control("vn")
        .views()
        .map(({ status }) => status),
    ).toEqual(["returned", "done"]);
  });
});
