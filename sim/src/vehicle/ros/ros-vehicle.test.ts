import {
  type ActionId,
  createRos2Adapter,
  type DriveOrder,
  type FleetEvent,
  type FleetOrderId,
  manualClock,
  memoryGraph,
  type NetworkConditions,
  type VehicleId,
} from "@baton/fleet-adapter";
import type { EdgeId, NodeId, Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../../process/log.ts";
import { processMemory } from "../../process/memory.ts";
import { seededRandom } from "../../random/seeded.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { exampleModel, START_MS, vehicleAt } from "../example-vehicle.ts";
import type { VehicleModel } from "../vehicle.ts";
import { RosVehicleRunner } from "./ros-runner.ts";

let scenario: Scenario;
let site: Site;
let fenced: Site;
/** A way of the layout: nodes joined by edges, with a bend in it. */
let way: { readonly nodeIds: string[]; readonly edgeIds: string[] };

beforeAll(async () => {
  ({ scenario, site } = await loadScenario("pilot"));
  way = longestWay(site, "vn");
  const outline = [
    { xM: -9_000, yM: -2_000 },
    { xM: 0, yM: -2_000 },
    { xM: 0, yM: 2_000 },
    { xM: -9_000, yM: 2_000 },
  ];
  const fences = [{ fenceId: "all", side: "vn" as const, outline, vehicleIds: [VEHICLE] }];
  fenced = { ...site, file: { ...site.file, fences } };
});

/** A way of ten edges, one of them a bend. */
function longestWay(of: Site, side: "vn" | "cn"): typeof way {
  const [layout] = of.lif[side].layouts;
  const edges = layout?.edges ?? [];
  for (const first of edges) {
    const edgeIds = [first.edgeId];
    const nodeIds = [first.startNodeId, first.endNodeId];
    let hasBend = false;
    while (edgeIds.length < 10) {
      const at = nodeIds.at(-1);
      const next = edges.find((edge) => edge.startNodeId === at && !nodeIds.includes(edge.endNodeId));
      if (next === undefined) break;
      hasBend ||= next.vehicleTypeEdgeProperties.some((one) => one.trajectory !== undefined);
      edgeIds.push(next.edgeId);
      nodeIds.push(next.endNodeId);
    }
    if (edgeIds.length === 10 && hasBend) return { nodeIds, edgeIds };
  }
  throw new Error("the site has no such way");
}

const VEHICLE = "sim.vn-01" as VehicleId;

interface BenchOptions {
  readonly network?: NetworkConditions;
  readonly driftM?: (atMs: number) => number;
  readonly more?: Partial<VehicleModel>;
  /** All of vn's ground is fenced, for this vehicle. */
  readonly isFenced?: boolean;
}

/** A simulated ROS vehicle and both sides' adapters, each on its side's graph in memory. */
function bench({ network, driftM, more, isFenced = false }: BenchOptions = {}) {
  const on = isFenced ? fenced : site;
  const clock = manualClock(START_MS);
  const graphOf = (side: string) =>
    memoryGraph({
      timers: clock,
      random: seededRandom("ros", side),
      ...(network === undefined ? {} : { network }),
    });
  const graphs = { vn: graphOf("vn"), cn: graphOf("cn") };
  const memory = processMemory();
  const model = { ...exampleModel(scenario, site), vehicleId: VEHICLE, serialNumber: "vn-01", ...more };
  const start = way.nodeIds[0] ?? "";
  const startRunner = () =>
    new RosVehicleRunner({
      model,
      fresh: vehicleAt(site, "vn", start),
      graphs,
      memory,
      log: silentLog,
      nowMs: () => clock.nowMs(),
      show: () => undefined,
      ...(driftM === undefined ? {} : { driftM }),
    });
  let runner = startRunner();
  clock.every(100, () => runner.tick(clock.nowMs()));
  const events: FleetEvent[] = [];
  const open = (side: "vn" | "cn") =>
    createRos2Adapter({
      openRos: graphs[side].openRos,
      side,
      site: on,
      clock,
      timers: clock,
      log: silentLog,
    });
  let vn = open("vn");
  const cn = open("cn");
  const begin = (): void => {
    vn.subscribe((event) => events.push(event));
    void vn.start();
    clock.advance(1_500);
  };
  void cn.start();
  begin();
  const drive = (orderId: string, revision: number, released: number, picksAtEnd = false): void => {
    const order: DriveOrder = {
      orderId: orderId as FleetOrderId,
      revision,
      nodes: way.nodeIds.map((nodeId, index) => ({
        nodeId: nodeId as NodeId,
        released: index < released,
        actions:
          picksAtEnd && index === way.nodeIds.length - 1
            ? [{ actionId: "pick-1" as ActionId, kind: "pick", loadId: "CSQU3054383", stationId: "crane-1" }]
            : [],
      })),
      edges: way.edgeIds.map((edgeId, index) => ({
        edgeId: edgeId as EdgeId,
        released: index + 1 < released,
        maxSpeedMps: 2.5,
      })),
    };
    vn.drive(VEHICLE, order);
  };
  /** Lets time pass until something is so; throws when that takes longer than ten minutes. */
  const until = (isSo: () => boolean): void => {
    for (let i = 0; i < 6_000; i += 1) {
      if (isSo()) return;
      clock.advance(100);
    }
    throw new Error("it never came to that");
  };
  return {
    clock,
    graphs,
    events,
    drive,
    until,
    vn: () => vn,
    cn,
    runner: () => runner,
    restartAdapter: async (): Promise<void> => {
      await vn.stop();
      vn = open("vn");
      begin();
    },
    restartVehicle: async (): Promise<void> => {
      await runner.stop();
      runner = startRunner();
    },
    state: () => vn.vehicles().get(VEHICLE)?.state,
    told: <K extends FleetEvent["kind"]>(kind: K): Extract<FleetEvent, { kind: K }>[] =>
      events.filter((event): event is Extract<FleetEvent, { kind: K }> => event.kind === kind),
  };
}

const END = 11;

describe("a simulated ROS 2 vehicle and the adapter", () => {
  it("is announced, found, and known with all that the port tells", () => {
    const at = bench();
    expect(at.vn().vehicles().get(VEHICLE)).toMatchObject({
      connection: "online",
      factsheet: { manufacturer: "sim", serialNumber: "vn-01" },
      state: { batteryPct: 90, lastNodeId: way.nodeIds[0], control: { authority: "vn", epoch: 0 } },
    });
    // The other side sees the same vehicle in the same place, through its own map.
    const pose = at.state()?.pose;
    const seen = at.cn.vehicles().get(VEHICLE)?.state;
    expect(seen?.pose?.xM).toBeCloseTo(pose?.xM ?? Number.NaN, 3);
    expect(seen?.pose?.headingRad).toBeCloseTo(pose?.headingRad ?? Number.NaN, 6);
    expect(seen?.control?.authority).toBe("vn");
  });

  it("drives a way with bends to its end, and its base is extended before it slows down", () => {
    const at = bench();
    at.drive("leg-1", 0, 5);
    at.until(() => (at.state()?.speedMps ?? 0) > 2.4);
    let slowestMps = 10;
    let released = 5;
    at.until(() => {
      const state = at.state();
      if (state === undefined) return false;
      if (released < END && state.nodesAhead <= 3) at.drive("leg-1", released, ++released);
      if (released < END) slowestMps = Math.min(slowestMps, at.runner().vehicle.speedMps);
      return at.told("orderEnded").length > 0;
    });
    expect(slowestMps).toBeGreaterThan(2);
    expect(at.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect(at.told("trouble")).toEqual([]);
    expect(at.state()?.lastNodeId).toBe(way.nodeIds.at(-1));
  });

  it("never holds more than was released, on a network that loses, delays and mixes up", () => {
    const at = bench({
      network: { latencyMs: { min: 5, max: 400 }, lossShare: 0.2, duplicateShare: 0, reorderShare: 0 },
    });
    at.drive("leg-1", 0, 3);
    let released = 3;
    at.until(() => {
      const held = at.runner().vehicle.order?.nodes.filter((node) => node.released) ?? [];
      expect(held.map((node) => node.nodeId)).toEqual(way.nodeIds.slice(0, held.length));
      expect(held.length).toBeLessThanOrEqual(released);
      if (released < END && (at.state()?.nodesAhead ?? 9) <= 1) at.drive("leg-1", released, ++released);
      return at.told("orderEnded").length > 0;
    });
    expect(at.state()?.lastNodeId).toBe(way.nodeIds.at(-1));
  });

  it("drives on what it holds while the link is cut, and takes the rest when it is back", () => {
    const at = bench();
    at.drive("leg-1", 0, 4);
    at.until(() => (at.state()?.speedMps ?? 0) > 1);
    at.graphs.vn.cut();
    at.drive("leg-1", 1, END);
    at.clock.advance(120_000);
    expect(at.runner().vehicle.lastNode?.nodeId).toBe(way.nodeIds[3]);
    expect(at.runner().vehicle.speedMps).toBe(0);
    at.graphs.vn.mend();
    at.until(() => at.told("orderEnded").length > 0);
    expect(at.state()?.lastNodeId).toBe(way.nodeIds.at(-1));
  });

  it("is cancelled, comes to stand inside its base, and takes another order", () => {
    const at = bench();
    at.drive("leg-1", 0, 8);
    at.until(() => (at.state()?.speedMps ?? 0) > 2);
    at.vn().cancel(VEHICLE);
    at.until(() => at.told("orderEnded").length > 0);
    expect(at.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(at.runner().vehicle.speedMps).toBe(0);
    const stoodAt = at.state()?.lastNodeId ?? "";
    const index = way.nodeIds.indexOf(stoodAt);
    expect(index).toBeGreaterThan(0);
    expect(index).toBeLessThan(8);
  });

  it("is taken over by a fleet control that has just started, in the middle of its way", async () => {
    const at = bench();
    at.drive("leg-1", 0, 5);
    at.until(() => (at.state()?.speedMps ?? 0) > 2);
    await at.restartAdapter();
    expect(at.state()).toMatchObject({ orderId: "leg-1", plannedAhead: 1 });
    expect(at.state()?.releasedEdgeIds.length).toBeGreaterThan(0);
    at.drive("leg-1", 0, END);
    at.until(() => at.told("orderEnded").length > 0);
    expect(at.state()?.lastNodeId).toBe(way.nodeIds.at(-1));
    expect(at.told("trouble")).toEqual([]);
  });

  it("goes on where it was when its own computer starts again", async () => {
    const at = bench();
    at.drive("leg-1", 0, END);
    at.until(() => (at.state()?.speedMps ?? 0) > 2);
    await at.restartVehicle();
    at.until(() => at.told("orderEnded").length > 0);
    expect(at.told("orderEnded")).toMatchObject([{ how: "finished" }]);
  });

  it("stops for either side, and goes on when both have lifted their stop", () => {
    const at = bench();
    at.drive("leg-1", 0, END);
    at.until(() => (at.state()?.speedMps ?? 0) > 2);
    at.cn.instruct(VEHICLE, { kind: "pause", actionId: "cn-stop" as ActionId });
    at.until(() => at.runner().vehicle.speedMps === 0);
    at.vn().instruct(VEHICLE, { kind: "resume", actionId: "vn-go" as ActionId });
    at.clock.advance(5_000);
    expect(at.runner().vehicle.speedMps).toBe(0);
    expect(at.state()?.pausedBy).toEqual(["cn"]);
    at.cn.instruct(VEHICLE, { kind: "resume", actionId: "cn-go" as ActionId });
    at.until(() => at.told("orderEnded").length > 0);
  });

  it("is handed over when it stands and has nothing to do, and then hears the other side only", () => {
    const at = bench();
    const transfer = (id: string) =>
      at.vn().instruct(VEHICLE, {
        kind: "transferControl",
        actionId: id as ActionId,
        from: "vn",
        expectedEpoch: 0,
        to: "cn",
        handoffId: "h-1",
      });
    at.drive("leg-1", 0, 3);
    at.until(() => (at.state()?.speedMps ?? 0) > 1);
    transfer("too-early");
    at.clock.advance(1_000);
    expect(at.told("actionChanged").at(-1)).toMatchObject({ actionId: "too-early", status: "failed" });
    at.vn().cancel(VEHICLE);
    at.until(() => at.told("orderEnded").length > 0);
    transfer("now");
    at.clock.advance(1_000);
    expect(at.told("actionChanged").at(-1)).toMatchObject({ actionId: "now", status: "finished" });
    expect(at.cn.vehicles().get(VEHICLE)?.state?.control).toEqual({
      authority: "cn",
      epoch: 1,
      handoffId: "h-1",
    });
    at.drive("leg-2", 0, END);
    at.clock.advance(30_000);
    expect(at.runner().vehicle.speedMps).toBe(0);
  });

  it("that drifts off its path stops by itself, is a trouble and off the path for all to see, until a person clears it", () => {
    const at = bench({ driftM: (atMs) => Math.max(0, (atMs - START_MS - 10_000) / 20_000) });
    at.drive("leg-1", 0, END);
    at.until(() => at.told("trouble").length > 0);
    expect(at.told("trouble")[0]).toMatchObject({ code: "vehicle-error" });
    at.clock.advance(20_000);
    expect(at.runner().vehicle.speedMps).toBe(0);
    expect(at.state()?.errors).toMatchObject([{ type: "offPath", fatal: true }]);
    const truth = at.runner().vehicle.pose;
    const shown = at.state()?.pose;
    expect(Math.hypot(truth.xM - (shown?.xM ?? 0), truth.yM - (shown?.yM ?? 0))).toBeGreaterThan(0.5);
    expect(at.told("orderEnded")).toEqual([]);
  });

  it("that falls silent is told as broken; a graph that is away says nothing about its vehicles", async () => {
    const at = bench();
    at.graphs.vn.cut();
    at.clock.advance(20_000);
    at.graphs.vn.mend();
    at.clock.advance(2_000);
    expect(at.told("connection").map(({ connection }) => connection)).toEqual(["online"]);
    await at.runner().stop();
    at.clock.advance(10_000);
    expect(at.told("connection").at(-1)).toMatchObject({ connection: "broken" });
  });

  it("whose odometry is in a frame of its own is where tf puts it, all along its way", () => {
    const at = bench({ more: { hasOwnOdometry: true } });
    at.drive("leg-1", 0, END);
    let worstM = 0;
    at.until(() => {
      const { pose } = at.runner().vehicle;
      const shown = at.state()?.pose;
      // Told five times a second at the most: a vehicle at 2.5 m/s is half a metre on by then.
      worstM = Math.max(worstM, Math.hypot(pose.xM - (shown?.xM ?? 0), pose.yM - (shown?.yM ?? 0)));
      return at.told("orderEnded").length > 0;
    });
    expect(worstM).toBeLessThan(3);
    const { pose } = at.runner().vehicle;
    expect(at.state()?.pose?.xM).toBeCloseTo(pose.xM, 1);
    expect(at.state()?.pose?.headingRad).toBeCloseTo(pose.headingRad, 2);
    expect(at.told("trouble")).toEqual([]);
  });

  it("that plans its own way comes through all nodes to the end, on ground beside the roads", () => {
    const at = bench({ isFenced: true, more: { plansOwnWay: true } });
    at.drive("leg-1", 0, 4);
    const passed = new Set<string>();
    let released = 4;
    at.until(() => {
      passed.add(at.runner().vehicle.lastNode?.nodeId ?? "");
      if (released < END && (at.state()?.nodesAhead ?? 9) <= 2) at.drive("leg-1", released, ++released);
      return at.told("orderEnded").length > 0;
    });
    expect(at.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect([...passed]).toEqual(way.nodeIds);
    expect(at.told("trouble")).toEqual([]);
  });

  it("that plans its own way is given up on the way, and takes the next order from there", () => {
    const at = bench({ isFenced: true, more: { plansOwnWay: true } });
    at.drive("leg-1", 0, END);
    at.until(() => (at.state()?.speedMps ?? 0) > 2);
    at.vn().cancel(VEHICLE);
    at.until(() => at.told("orderEnded").length > 0);
    expect(at.told("orderEnded")).toMatchObject([{ how: "cancelled" }]);
    expect(at.runner().vehicle.speedMps).toBe(0);
  });

  it("that plans its own way is not let loose on ground that is not fenced for it", () => {
    const at = bench({ more: { plansOwnWay: true } });
    at.drive("leg-1", 0, END);
    at.clock.advance(30_000);
    expect(at.told("trouble")).toMatchObject([{ code: "order-refused" }]);
    expect(at.runner().vehicle.speedMps).toBe(0);
    expect(at.vn().vehicles().get(VEHICLE)?.factsheet?.shortcomings).toHaveLength(1);
  });

  it("that plans its own way and comes out of its fence stops by itself, and a person is told", () => {
    const at = bench({
      isFenced: true,
      more: { plansOwnWay: true },
      driftM: (atMs) => (atMs > START_MS + 20_000 ? 20_000 : 5),
    });
    at.drive("leg-1", 0, END);
    at.until(() => at.told("trouble").length > 0);
    expect(at.clock.nowMs()).toBeGreaterThan(START_MS + 20_000);
    expect(at.told("trouble")[0]).toMatchObject({ code: "vehicle-error" });
    at.clock.advance(20_000);
    expect(at.runner().vehicle.speedMps).toBe(0);
    expect(at.state()?.errors).toMatchObject([{ type: "offPath", fatal: true }]);
  });
});
