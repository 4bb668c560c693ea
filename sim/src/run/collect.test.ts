import type { Side } from "@baton/maps";
import type { MissionView } from "@baton/orchestrator/contract";
import type { HandoffEvent } from "@baton/orchestrator/rooms";
import { Compile } from "typebox/compile";
import { beforeAll, describe, expect, it } from "vitest";
import { type LoadedScenario, loadScenario } from "../scenario/load.ts";
import { vehiclesOf } from "../scenario/world.ts";
import type { Vehicle } from "../vehicle/vehicle.ts";
import { activityIndex } from "./activity.ts";
import { type Collector, type CollectorOptions, createCollector } from "./collect.ts";
import { type Activity, RunRecord } from "./record.ts";
import { findingsIn } from "./safety.ts";

let loaded: LoadedScenario;
beforeAll(async () => {
  loaded = await loadScenario("first-look");
});

const HOLD = "vn.hold-line-1";

/** A world of two vehicles that are put where a test wants them. */
class TwoVehicles {
  readonly collector: Collector;
  readonly beginMs: number;
  readonly #states: Vehicle[];
  #second = 0;

  constructor(
    { scenario, site }: LoadedScenario,
    countFromS = 0,
    lineCranes: NonNullable<CollectorOptions["lineCranes"]> = [],
  ) {
    this.beginMs = scenario.startsAtMs;
    const two = vehiclesOf(scenario, site, this.beginMs).slice(0, 2);
    this.#states = two.map(({ fresh }, at) => ({
      ...fresh,
      deck: undefined,
      charging: false,
      pose: { xM: at * 500, yM: 1_000, headingRad: 0 },
    }));
    this.collector = createCollector({
      scenario,
      site,
      beginMs: this.beginMs,
      countFromMs: this.beginMs + countFromS * 1000,
      endMs: this.beginMs + 7_200_000,
      lineCranes,
      vehicles: two.map(({ model }, at) => ({ model, now: () => this.state(at) })),
    });
    this.ids = two.map(({ model }) => model.vehicleId);
  }

  readonly ids: readonly string[];

  state(at: number): Vehicle {
    const state = this.#states[at];
    if (state === undefined) throw new RangeError("there are two vehicles");
    return state;
  }

  put(at: number, change: Partial<Vehicle>): void {
    this.#states[at] = { ...this.state(at), ...change };
  }

  get atMs(): number {
    return this.beginMs + this.#second * 1000;
  }

  seconds(count: number, each?: (atMs: number) => void): void {
    for (let at = 0; at < count; at++) {
      this.#second += 1;
      each?.(this.atMs);
      this.collector.second(this.atMs);
    }
  }

  mission(change: Partial<MissionView> & Pick<MissionView, "missionId" | "step">, side: Side = "vn"): void {
    const view: MissionView = {
      orderId: "o",
      side,
      direction: "export",
      bound: side === "vn" ? "outbound" : "inbound",
      containerNo: "MSCU6639870",
      stepSinceMs: this.atMs,
      status: "running",
      steps: [],
      timeline: [],
      ...change,
    };
    this.collector.mission(side, view, this.atMs);
  }

  record(): RunRecord {
    return this.collector.record({
      endMs: this.atMs,
      hash: "h",
      cost: { wallMs: 0, cpuMs: 0, events: 0, ticks: 0 },
    });
  }
}

const busyS = (record: RunRecord, activity: Activity): number =>
  record.samples.reduce((total, one) => total + (one.activityS[activityIndex(activity)] ?? 0), 0);

describe("the collector", () => {
  it("leaves a record that is one", () => {
    const world = new TwoVehicles(loaded);
    world.seconds(120);
    expect(Compile(RunRecord).Check(world.record())).toBe(true);
  });

  it("samples each minute what every vehicle was busy with, second by second", () => {
    const world = new TwoVehicles(loaded);
    world.put(0, { speedMps: 3, deck: "MSCU6639870" });
    world.seconds(90);
    world.put(0, { speedMps: 0, charging: true });
    world.seconds(30);
    const record = world.record();
    expect(record.samples).toHaveLength(2);
    expect(busyS(record, "driving-loaded")).toBe(90);
    expect(busyS(record, "charging")).toBe(30);
    expect(busyS(record, "waiting-in-lane")).toBe(120);
  });

  it("counts a vehicle as stopped while its mission is held", () => {
    const world = new TwoVehicles(loaded);
    const vehicleId = world.ids[0] ?? "";
    const held = { code: "weight", detail: "" };
    world.mission({ missionId: "m", step: "weigh", vehicleId, status: "held", held });
    world.seconds(60);
    world.mission({ missionId: "m", step: "weigh", vehicleId });
    world.seconds(60);
    const record = world.record();
    expect(busyS(record, "stopped")).toBe(60);
    expect(record.missions[0]?.holds).toEqual([
      { code: "weight", fromMs: world.beginMs, untilMs: world.beginMs + 60_000 },
    ]);
  });

  it("adds up metres by whether there was a container on deck", () => {
    const world = new TwoVehicles(loaded);
    const drive = (): void => {
      const { pose } = world.state(0);
      world.put(0, { speedMps: 4, pose: { ...pose, xM: pose.xM + 4 } });
    };
    world.seconds(30, drive);
    world.put(0, { deck: "MSCU6639870" });
    world.seconds(30, drive);
    const record = world.record();
    expect(record.samples.reduce((total, one) => total + one.emptyM, 0)).toBeCloseTo(29 * 4, 6);
    expect(record.samples.reduce((total, one) => total + one.loadedM, 0)).toBeCloseTo(30 * 4, 6);
  });

  it("tells from a timeline when each step was entered, those passed at once included", () => {
    const world = new TwoVehicles(loaded);
    world.mission({ missionId: "m", step: "register-order" });
    const { beginMs } = world;
    world.seconds(10);
    world.mission({
      missionId: "m",
      step: "assign-vehicle",
      timeline: [
        { step: "register-order", atMs: beginMs + 4_000 },
        { step: "admit-truck", atMs: beginMs + 9_000 },
      ],
    });
    expect(world.record().missions[0]?.steps).toEqual([
      { step: "register-order", atMs: beginMs },
      { step: "admit-truck", atMs: beginMs + 4_000 },
      { step: "assign-vehicle", atMs: beginMs + 9_000 },
    ]);
  });

  it("sees from a timeline what vehicles were called off and changed, and that the container waited once more", () => {
    const world = new TwoVehicles(loaded);
    world.mission({ missionId: "m", step: "assign-vehicle" });
    const { beginMs } = world;
    world.seconds(10);
    const timeline = (["vehicle-called-off", "vehicle-left", "vehicle"] as const).map((code, i) => ({
      step: code === "vehicle-left" ? ("drive-to-crane" as const) : ("assign-vehicle" as const),
      atMs: beginMs + (i + 1) * 1_000,
      evidenceParts: { code, reference: `sim.vn-0${i}` },
    }));
    world.mission({ missionId: "m", step: "drive-to-crane", timeline });
    const [run] = world.record().missions;
    expect(run?.calledOffMs).toEqual([beginMs + 1_000]);
    expect(run?.vehicleLeftMs).toEqual([beginMs + 2_000]);
    expect(run?.steps.map(({ step }) => step)).toEqual([
      "assign-vehicle",
      "drive-to-crane",
      "assign-vehicle",
      "drive-to-crane",
    ]);
  });

  it("sees a hand-off through from offer to the tail past the hold node", () => {
    const world = new TwoVehicles(loaded);
    const { site } = loaded;
    const hold = site.file.sides.vn.stations.find(({ stationId }) => stationId === HOLD)?.at;
    if (hold === undefined) throw new Error(`the mini site has ${HOLD}`);
    const { collector } = world;
    const handoffId = "h1" as Parameters<Collector["handoff"]>[1] extends { handoffId: infer Id }
      ? Id
      : never;
    const vehicleId = world.ids[0] ?? "";
    const tell = (side: Side, event: object): void =>
      collector.handoff(side, event as HandoffEvent, world.atMs);
    const manifest = { container: { containerNo: "BTNU0000017" } };
    tell("cn", { kind: "offered", offer: { handoffId, direction: "export", vehicleId, manifest } });
    world.seconds(5);
    tell("cn", { kind: "ready", handoffId });
    world.seconds(1);
    tell("vn", { kind: "going", handoffId });
    tell("cn", { kind: "switched", handoffId, vehicleId, epoch: 1 });
    world.put(0, { speedMps: 4, pose: { ...hold } });
    world.seconds(12, () => {
      const { pose } = world.state(0);
      world.put(0, { pose: { ...pose, xM: pose.xM + 4 } });
    });
    tell("vn", { kind: "concluded", handoffId, recordHash: "" });
    const { beginMs } = world;
    expect(world.record().handoffs).toEqual([
      {
        handoffId,
        direction: "export",
        vehicleId,
        offeredMs: beginMs,
        readyMs: beginMs + 5_000,
        goMs: beginMs + 6_000,
        switchedMs: beginMs + 6_000,
        clearMs: beginMs + 13_000,
        hasStood: true,
        ended: "done",
      },
    ]);
  });

  it("counts a station as used while a vehicle is in it, once however many are", () => {
    const world = new TwoVehicles(loaded);
    const portal = loaded.site.file.sides.vn.stations.find(({ kind }) => kind === "portal");
    if (portal === undefined) throw new Error("the mini site has a portal");
    world.put(0, { pose: portal.at });
    world.seconds(60);
    expect(world.record().samples[0]?.sides.vn.busyS[portal.stationId]).toBe(60);
  });

  it("keeps heat only from when it counts", () => {
    const world = new TwoVehicles(loaded, 60);
    world.put(0, { pose: { xM: 2.5, yM: 2.5, headingRad: 0 } });
    world.seconds(90);
    const here = world.record().heat.find(([column, row]) => column === 0 && row === 0);
    expect(here?.[2]).toBe(31);
  });
});

describe("the independent eye", () => {
  it("sees bodies that overlap, and tells of a pair once", () => {
    const world = new TwoVehicles(loaded);
    world.put(1, { pose: { xM: 2, yM: 1_001, headingRad: 0.2 } });
    world.seconds(10);
    expect(world.record().safety.overlaps).toEqual([
      { atMs: world.beginMs + 1_000, first: world.ids[0], second: world.ids[1] },
    ]);
  });

  it("sees who is below what a crane carries over the line, but not who stands at its pads or drives beside its way", () => {
    const pads = { from: { xM: -65, yM: 0 }, to: { xM: 65, yM: 0 } };
    let path: typeof pads | undefined;
    const world = new TwoVehicles(loaded, 0, [
      { deviceId: "line-crane-1", carries: () => undefined, travelsOver: () => path },
    ]);
    const below = { pose: { xM: -44.5, yM: 0, headingRad: Math.PI / 2 } };
    const seen = () => world.record().safety.underLoad;
    world.put(0, below);
    world.seconds(10);
    expect(seen()).toEqual([]);
    path = pads;
    world.put(0, { pose: { xM: -65, yM: 0, headingRad: Math.PI / 2 } });
    world.put(1, { pose: { xM: -40, yM: -13, headingRad: 0 } });
    world.seconds(10);
    expect(seen()).toEqual([]);
    world.put(0, below);
    world.seconds(5);
    expect(seen()).toEqual([
      { atMs: world.beginMs + 21_000, vehicleId: world.ids[0], craneId: "line-crane-1" },
    ]);
    expect(findingsIn(world.record().safety)).toBe(1);
  });

  it("calls a vehicle stuck that has stood for long with a way to go, and not one that waits for a verdict", () => {
    const world = new TwoVehicles(loaded);
    world.mission({ missionId: "m1", step: "drive-to-hold", vehicleId: world.ids[0] ?? "" });
    world.mission({
      missionId: "m2",
      step: "verdict",
      vehicleId: world.ids[1] ?? "",
      containerNo: "TCLU4265727",
    });
    world.put(0, { deck: "MSCU6639870" });
    world.put(1, { deck: "TCLU4265727" });
    world.seconds(1_260);
    expect(world.record().safety.stuck.map(({ vehicleId }) => vehicleId)).toEqual([world.ids[0]]);
  });

  it("misses a container that is on no deck, on two, or known to nobody beyond the line", () => {
    const world = new TwoVehicles(loaded);
    world.mission({ missionId: "m1", step: "scan", vehicleId: world.ids[0] ?? "" });
    world.seconds(1);
    expect(world.record().safety.unaccounted.map(({ containerNo }) => containerNo)).toEqual(["MSCU6639870"]);
    world.put(0, { deck: "MSCU6639870" });
    expect(world.record().safety.unaccounted).toEqual([]);
    world.put(1, { deck: "MSCU6639870" });
    expect(world.record().safety.unaccounted).toHaveLength(1);
    world.put(0, { deck: undefined });
    world.put(1, { deck: undefined });
    world.mission({ missionId: "m1", step: "close", status: "done" });
    expect(world.record().safety.unaccounted[0]?.detail).toContain("cn has no mission for it");
    world.mission({ missionId: "m9", step: "unload" }, "cn");
    expect(world.record().safety.unaccounted).toEqual([]);
  });
});
