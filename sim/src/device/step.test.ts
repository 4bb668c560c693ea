import type { Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import type { Faults, Scenario } from "../scenario/scenario.ts";
import { devicesOf } from "../scenario/world.ts";
import type { WorldTruck, WorldVehicle } from "../world/channel.ts";
import { type Device, type DeviceEffect, type DeviceModel, freshDevice, type Job } from "./device.ts";
import { askDevice, idleUntilMs, tickDevice } from "./step.ts";
import { recallDevice, rememberDevice } from "./store.ts";

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("first-look"));
});

const BOX = "BTNU0000017";
const nowhere = { xM: 0, yM: 0 };

/** A device with the world around it, and the reports and lifts that came of it. */
class DeviceBench {
  device: Device = freshDevice;
  nowMs = 1_000_000;
  readonly vehicles = new Map<string, WorldVehicle>();
  readonly trucks = new Map<string, WorldTruck>();
  readonly effects: DeviceEffect[] = [];
  idleLooks = 0;
  readonly model: DeviceModel;

  constructor(deviceId: string, faults: Partial<Faults> = {}) {
    const model = devicesOf(scenario, site, "vn").find((one) => one.deviceId === deviceId);
    if (model === undefined) throw new Error(`no device ${deviceId}`);
    this.model = { ...model, faults: { ...model.faults, ...faults } };
  }

  ask(task: Job["task"], jobId = "j-1", vehicleId?: string): void {
    const job = {
      jobId,
      missionId: "m-1",
      sentAtMs: this.nowMs,
      task,
      ...(vehicleId === undefined ? {} : { vehicleId }),
    };
    const [device, effects] = askDevice(this.device, job, this.model, this.nowMs);
    this.device = device;
    this.effects.push(...effects);
  }

  run(ms: number): void {
    const around = { vehicles: this.vehicles, trucks: this.trucks, grossKg: () => 20_000 };
    for (let left = ms; left > 0; left -= 250) {
      this.nowMs += 250;
      const [device, effects] = tickDevice(this.device, this.model, around, this.nowMs);
      // Whatever is going on around it: who need not look finds nothing to do.
      if (this.nowMs < idleUntilMs(this.device, this.model)) {
        this.idleLooks += 1;
        expect(device).toBe(this.device);
        expect(effects).toEqual([]);
      }
      this.device = device;
      this.effects.push(...effects);
    }
  }

  stand(change: Partial<WorldVehicle> = {}): void {
    const { xM, yM } = this.model.place?.standsAt ?? nowhere;
    const vehicleId = change.vehicleId ?? "sim.vn-01";
    this.vehicles.set(vehicleId, {
      vehicleId,
      atMs: this.nowMs,
      xM,
      yM,
      headingRad: 0,
      speedMps: 0,
      locks: "closed",
      loadIds: [BOX],
      ...change,
    });
  }

  get outcomes() {
    return this.effects.flatMap((effect) => (effect.kind === "report" ? [effect.report.outcome] : []));
  }

  get result() {
    const last = this.outcomes.at(-1);
    return last?.status === "done" ? last.result : undefined;
  }

  get lifts() {
    return this.effects.flatMap((effect) => (effect.kind === "crane" ? [effect.crane] : []));
  }
}

describe("any device", () => {
  it("says at once that it works on a job, and once what it found", () => {
    const customs = new DeviceBench("vn.customs");
    customs.ask({ kind: "decide", containerNo: BOX, declarationNo: "d", verdict: "clear" });
    expect(customs.outcomes).toEqual([{ status: "accepted" }]);
    customs.run(10_000);
    expect(customs.outcomes).toHaveLength(2);
    expect(customs.result).toMatchObject({ kind: "decide", decision: "release" });
  });

  it("need not look while it works, nor before it is asked, and looks while it waits for somebody to come", () => {
    const customs = new DeviceBench("vn.customs");
    customs.run(1_000);
    expect(customs.idleLooks).toBe(4);
    customs.ask({ kind: "decide", containerNo: BOX, declarationNo: "d", verdict: "clear" });
    customs.run(1_000);
    expect(customs.idleLooks).toBeGreaterThan(4);
    const portal = new DeviceBench("vn.portal-1");
    portal.ask({ kind: "identify", containerNo: BOX });
    portal.run(1_000);
    expect(portal.idleLooks).toBe(0);
  });

  it("gives the same report again when the same job is asked again, also after a restart", () => {
    const scanner = new DeviceBench("vn.scanner-out");
    scanner.stand({ ...scanner.model.place?.extent?.at });
    const task = { kind: "scan", containerNo: BOX } as const;
    scanner.ask(task);
    scanner.run(60_000);
    const found = scanner.result;
    expect(found).toMatchObject({ kind: "scan" });
    scanner.ask(task);
    expect(scanner.result).toEqual(found);
    scanner.device = recallDevice(rememberDevice(scanner.device)) ?? freshDevice;
    scanner.vehicles.clear();
    scanner.ask(task);
    expect(scanner.result).toEqual(found);
    expect(scanner.device.jobs).toHaveLength(1);
  });

  it("goes on with a job after a restart as if there had been none", () => {
    const analyst = new DeviceBench("vn.analyst");
    analyst.ask({ kind: "judge-scan", containerNo: BOX, scanReference: "s" });
    analyst.run(1_000);
    analyst.device = recallDevice(rememberDevice(analyst.device)) ?? freshDevice;
    analyst.run(60_000);
    expect(analyst.result).toMatchObject({ kind: "judge-scan", verdict: "clear" });
  });

  it("writes down what it found before it tells", () => {
    const customs = new DeviceBench("vn.customs");
    customs.ask({ kind: "decide", containerNo: BOX, declarationNo: "d", verdict: "clear" });
    customs.run(10_000);
    expect(customs.effects.map((effect) => effect.kind)).toEqual([
      "persist",
      "report",
      "persist",
      "persist",
      "report",
    ]);
  });

  it("fails as often as the scenario says", () => {
    const portal = new DeviceBench("vn.portal-1", { deviceFails: 1 });
    portal.stand();
    portal.ask({ kind: "identify", containerNo: BOX });
    portal.run(20_000);
    expect(portal.outcomes.at(-1)).toMatchObject({ status: "failed", code: "device-fault" });
  });
});

describe("a portal", () => {
  it("reads what stands there, not what was expected", () => {
    const portal = new DeviceBench("vn.portal-1");
    portal.stand({ loadIds: ["BTNU9999999"] });
    portal.ask({ kind: "identify", containerNo: BOX });
    portal.run(20_000);
    expect(portal.result).toMatchObject({ containerNo: "BTNU9999999", vehicleId: "sim.vn-01" });
  });

  it("waits for the vehicle that the job is about", () => {
    const portal = new DeviceBench("vn.portal-1");
    portal.stand({ vehicleId: "sim.vn-02" });
    portal.ask({ kind: "identify", containerNo: BOX }, "j-1", "sim.vn-01");
    portal.run(20_000);
    expect(portal.outcomes).toEqual([{ status: "accepted" }]);
    portal.vehicles.clear();
    portal.stand({ speedMps: 1 });
    portal.run(20_000);
    expect(portal.result).toBeUndefined();
    portal.stand();
    portal.run(20_000);
    expect(portal.result).toMatchObject({ containerNo: BOX, vehicleId: "sim.vn-01" });
  });
});

describe("a weighbridge", () => {
  it("weighs a vehicle that passes over it, asked before or shortly after", () => {
    for (const asked of ["before", "after"]) {
      const scale = new DeviceBench("vn.weighbridge-1");
      const { at } = scale.model.place?.extent ?? { at: nowhere };
      const task = { kind: "weigh", containerNo: BOX } as const;
      scale.stand({ xM: at.xM - 60, yM: at.yM, speedMps: 2 });
      if (asked === "before") scale.ask(task, "j", "sim.vn-01");
      scale.run(10_000);
      expect(scale.result).toBeUndefined();
      scale.stand({ ...at, speedMps: 2 });
      scale.run(500);
      scale.stand({ xM: at.xM + 60, yM: at.yM, speedMps: 2 });
      scale.run(5_000);
      if (asked === "after") scale.ask(task, "j", "sim.vn-01");
      scale.run(5_000);
      const { result } = scale;
      if (result?.kind !== "weigh") throw new Error("not weighed");
      expect(Math.abs(result.grossKg - 20_000)).toBeLessThan(100);
    }
  });

  it("does not weigh what never passed", () => {
    const scale = new DeviceBench("vn.weighbridge-1");
    scale.ask({ kind: "weigh", containerNo: BOX }, "j", "sim.vn-01");
    scale.run(600_000);
    expect(scale.result).toBeUndefined();
  });

  it("comes to a vehicle that it was not there to see, once it has been wanted for ten minutes over all tries", () => {
    const scale = new DeviceBench("vn.weighbridge-1");
    const task = { kind: "weigh", containerNo: BOX } as const;
    scale.ask(task, "first", "sim.vn-01");
    scale.run(500_000);
    scale.stand({ loadIds: [BOX], speedMps: 0, xM: 4_000, yM: 0 });
    scale.ask(task, "second", "sim.vn-01");
    scale.run(90_000);
    expect(scale.result).toBeUndefined();
    scale.run(60_000);
    expect(scale.result).toMatchObject({ kind: "weigh" });
  });
});

describe("a crane", () => {
  const onto = { kind: "lift", containerNo: BOX, way: "onto-vehicle" } as const;
  const off = { kind: "lift", containerNo: BOX, way: "off-vehicle" } as const;

  it("lowers only onto an empty vehicle that stands there, and is done when the locks have closed", () => {
    const crane = new DeviceBench("vn.crane-1");
    crane.ask(onto);
    crane.run(60_000);
    crane.stand({ loadIds: [], locks: "open", speedMps: 0.4 });
    crane.run(60_000);
    expect(crane.lifts).toEqual([]);
    crane.stand({ loadIds: [], locks: "open" });
    crane.run(60_000);
    expect(crane.lifts[0]).toMatchObject({
      liftId: "j-1",
      vehicleId: "sim.vn-01",
      phase: "lowered",
      containerNo: BOX,
    });
    expect(crane.result).toBeUndefined();
    crane.stand({ locks: "moving" });
    crane.run(3_000);
    expect(crane.result).toBeUndefined();
    crane.stand({ locks: "closed" });
    crane.run(500);
    expect(crane.result).toEqual({ kind: "lift", landed: true, twistLocksClosed: true });
  });

  it("lifts off only when the locks are open, and is done when the container is off", () => {
    const crane = new DeviceBench("vn.crane-1");
    crane.stand({ locks: "closed" });
    crane.ask(off);
    crane.run(60_000);
    expect(crane.lifts).toEqual([]);
    crane.stand({ locks: "open" });
    crane.run(500);
    expect(crane.lifts[0]).toMatchObject({ phase: "lifted", way: "off-vehicle" });
    crane.stand({ locks: "open", loadIds: [] });
    crane.run(500);
    expect(crane.result).toMatchObject({ landed: true });
  });

  it("lifts once, however often it is asked", () => {
    const crane = new DeviceBench("vn.crane-1");
    crane.stand({ loadIds: [], locks: "open" });
    crane.ask(onto);
    crane.run(40_000);
    crane.ask(onto);
    crane.stand({ locks: "closed" });
    crane.run(500);
    crane.ask(onto);
    crane.run(60_000);
    expect(new Set(crane.lifts.map((lift) => lift.liftId))).toEqual(new Set(["j-1"]));
    expect(crane.outcomes.filter((outcome) => outcome.status === "done")).toHaveLength(2);
    const shown = crane.lifts.length;
    crane.run(60_000);
    expect(crane.lifts).toHaveLength(shown);
  });
});

describe("a truck gate", () => {
  const task = { kind: "admit-truck", containerNo: BOX, truckPlate: "29C-123.45" } as const;

  it("reads the container that is on the truck", () => {
    const gate = new DeviceBench("vn.truck-gate-1");
    gate.trucks.set("29C-123.45", { plate: "29C-123.45", containerNo: "BTNU9999999", grossKg: 1, atMs: 0 });
    gate.ask(task);
    gate.run(6_000);
    expect(gate.result).toMatchObject({ truckPlate: "29C-123.45", containerNo: "BTNU9999999" });
  });

  it("waits for a truck that has not come", () => {
    const gate = new DeviceBench("vn.truck-gate-1");
    gate.ask(task);
    gate.run(5_000);
    expect(gate.result).toBeUndefined();
    gate.run(60_000);
    expect(gate.result).toMatchObject({ containerNo: BOX });
  });
});
