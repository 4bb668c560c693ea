import {
  type ActionId,
  createRos2Adapter,
  type DriveOrder,
  type FleetEvent,
  type FleetOrderId,
  type OpenRos,
  rclnodejs,
  rosbridge,
  type VehicleId,
  type VehicleState,
  wallClock,
} from "@baton/fleet-adapter";
import { type EdgeId, type NodeId, nodePoseInSite, type Side, type Site } from "@baton/maps";
import { afterEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../sim/src/process/log.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { exampleModel, vehicleAt } from "../../sim/src/vehicle/example-vehicle.ts";
import { ownDomains, rosbridgeServer, startRosbridgeServer, startVehicle, whyNoRos } from "./real-ros.ts";

/**
 * The example vehicle in Python, a process on a real ROS 2, driven by the adapter: over rclnodejs, and over roslib through
 * rosbridge_suite. Needs a sourced ROS 2 with baton_interfaces, and rclnodejs in `BATON_RCLNODEJS_DIR` (docs/ros2.md).
 */

const VEHICLE = "example.agv-07" as VehicleId;
const PATIENCE = { timeout: 40_000, interval: 50 };
const WAY_TO_HOLD = ["vn.out.queue-1", "vn.out.hold"];
const TAKER_WAY = ["cn.in.partner-hold", "cn.in.strip-1", "cn.in.strip-2", "cn.in.strip-3"];

const missing = await whyNoRos();
const installedIn = process.env.BATON_RCLNODEJS_DIR;
const bridge = await rosbridgeServer();
const noNode = missing ?? (installedIn === undefined ? "BATON_RCLNODEJS_DIR names no rclnodejs" : undefined);
const noBridge =
  missing ?? (bridge === undefined ? "rosbridge_server is in no sourced workspace" : undefined);

const clock = wallClock({ speed: 1 });
const domains = ownDomains();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const { scenario, site } = await loadScenario("first-look");

function orderOf(
  on: Site,
  side: Side,
  orderId: string,
  nodeIds: readonly string[],
  released: number,
): DriveOrder {
  const edges = on.lif[side].layouts[0]?.edges ?? [];
  return {
    orderId: orderId as FleetOrderId,
    revision: released,
    nodes: nodeIds.map((nodeId, index) => ({
      nodeId: nodeId as NodeId,
      released: index < released,
      actions: [],
    })),
    edges: nodeIds.slice(1).map((endNodeId, index) => {
      const found = edges.find((edge) => edge.startNodeId === nodeIds[index] && edge.endNodeId === endNodeId);
      if (found === undefined) throw new Error(`no edge leads from ${nodeIds[index]} to ${endNodeId}`);
      return { edgeId: found.edgeId as EdgeId, released: index + 1 < released, maxSpeedMps: 6 };
    }),
  };
}

/** All of vn's ground is fenced for the vehicle of these tests. */
const fenced: Site = {
  ...site,
  file: {
    ...site.file,
    fences: [
      {
        fenceId: "all",
        side: "vn",
        outline: [
          { xM: -2_000, yM: -1_000 },
          { xM: 0, yM: -1_000 },
          { xM: 0, yM: 1_000 },
          { xM: -2_000, yM: 1_000 },
        ],
        vehicleIds: [VEHICLE],
      },
    ],
  },
};

async function vehicle(more: object = {}) {
  const model = exampleModel(scenario, site);
  const start = vehicleAt(site, "vn", WAY_TO_HOLD[0] ?? "").pose;
  const ofSide = (side: Side) => {
    const { mapId, mapToSite } = model.frames[side];
    return {
      domain_id: domains[side],
      map_id: mapId,
      map_in_site: { x_m: mapToSite.dxM, y_m: mapToSite.dyM, heading_rad: mapToSite.rotationRad },
    };
  };
  const started = await startVehicle({
    manufacturer: "example",
    serial_number: "agv-07",
    namespace: "/agv_07",
    length_m: 15,
    width_m: 3,
    max_load_kg: 40_000,
    max_speed_mps: 6,
    acceleration_mps2: 1,
    path_margin_m: 0.5,
    work_s: 0.5,
    start: {
      authority: "vn",
      x_m: start.xM,
      y_m: start.yM,
      heading_rad: start.headingRad,
      node: { vn: WAY_TO_HOLD[0] },
    },
    sides: { vn: ofSide("vn"), cn: ofSide("cn") },
    border_nodes: [{ vn: "vn.out.hold", cn: "cn.in.partner-hold" }],
    ...more,
  });
  stops.push(() => started.remove());
  return started;
}

const onGraph = (side: Side): OpenRos =>
  rclnodejs({ domainId: domains[side], ...(installedIn === undefined ? {} : { installedIn }) });

async function fleet(side: Side, openRos: OpenRos, on = site) {
  const adapter = createRos2Adapter({ openRos, side, site: on, clock, timers: clock, log: silentLog });
  const events: FleetEvent[] = [];
  adapter.subscribe((event) => events.push(event));
  stops.push(() => adapter.stop());
  await adapter.start();
  const state = (): VehicleState | undefined => adapter.vehicles().get(VEHICLE)?.state;
  const until = (isSo: (now: VehicleState) => boolean, what: string): Promise<void> =>
    vi.waitFor(() => {
      const now = state();
      expect(now !== undefined && isSo(now), `${what}; it is ${JSON.stringify(now)}`).toBe(true);
    }, PATIENCE);
  return { adapter, events, state, until };
}

type Fleet = Awaited<ReturnType<typeof fleet>>;
const ends = ({ events }: Fleet) =>
  events.flatMap((event) => (event.kind === "orderEnded" ? [event.how] : []));
const connectionOf = ({ adapter }: Fleet) => adapter.vehicles().get(VEHICLE)?.connection;
const troubles = ({ events }: Fleet): readonly FleetEvent[] =>
  events.filter((event) => event.kind === "trouble");

/** What every transport has to carry: a granted path, a stop and its lifting, the end, and the register's change. */
async function drivesAndIsHandedOver(vn: Fleet, cn: Fleet): Promise<void> {
  await vn.until(({ pose }) => pose !== undefined, "it is found, with its pose");
  await cn.until(({ control }) => control?.authority === "vn", "the other side sees who holds it");
  vn.adapter.drive(VEHICLE, orderOf(site, "vn", "ours", WAY_TO_HOLD, 2));
  await vn.until(({ driving, nodesAhead }) => driving && nodesAhead === 1, "it drives on what was granted");
  cn.adapter.instruct(VEHICLE, { kind: "pause", actionId: "stop" as ActionId });
  await vn.until(({ driving, pausedBy }) => !driving && pausedBy.includes("cn"), "either side stops it");
  cn.adapter.instruct(VEHICLE, { kind: "resume", actionId: "go" as ActionId });
  await vi.waitFor(() => expect(ends(vn)).toEqual(["finished"]), PATIENCE);
  expect(vn.state()).toMatchObject({ lastNodeId: "vn.out.hold", nodesAhead: 0, driving: false });
  vn.adapter.instruct(VEHICLE, {
    kind: "transferControl",
    actionId: "hand-over" as ActionId,
    from: "vn",
    expectedEpoch: 0,
    to: "cn",
    handoffId: "h-1",
  });
  await cn.until(({ control }) => control?.authority === "cn" && control.epoch === 1, "the taker holds it");
  cn.adapter.drive(VEHICLE, orderOf(site, "cn", "theirs", TAKER_WAY, TAKER_WAY.length));
  await cn.until(
    ({ orderId, nodesAhead }) => orderId === "theirs" && nodesAhead < 3,
    "it drives for the taker",
  );
  expect([...troubles(vn), ...troubles(cn)]).toEqual([]);
  expect(vn.adapter.invalidMessages() + cn.adapter.invalidMessages()).toBe(0);
}

describe.skipIf(noNode !== undefined)(
  `the example vehicle over rclnodejs${noNode ? `: ${noNode}` : ""}`,
  () => {
    it("drives a granted path, is stopped by either side, and is handed over", async () => {
      const started = await vehicle();
      const vn = await fleet("vn", onGraph("vn"));
      const cn = await fleet("cn", onGraph("cn"));
      await drivesAndIsHandedOver(vn, cn).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${started.said()}`);
      });
    }, 120_000);

    it("is handed over rolling, and goes on for the taker without a stop", async () => {
      await vehicle();
      const vn = await fleet("vn", onGraph("vn"));
      const cn = await fleet("cn", onGraph("cn"));
      await vn.until(({ pose }) => pose !== undefined, "it is found");
      expect(vn.adapter.vehicles().get(VEHICLE)?.factsheet?.rollingHandoff).toBe(true);
      vn.adapter.drive(VEHICLE, orderOf(site, "vn", "ours", WAY_TO_HOLD, 2));
      await vn.until(({ speedMps }) => speedMps > 1, "it rolls");
      vn.adapter.instruct(VEHICLE, {
        kind: "transferControl",
        actionId: "hand-over" as ActionId,
        from: "vn",
        expectedEpoch: 0,
        to: "cn",
        handoffId: "h-1",
        baseEndsAtNodeId: "vn.out.hold" as NodeId,
      });
      await cn.until(({ control }) => control?.authority === "cn", "the taker holds it");
      cn.adapter.drive(VEHICLE, orderOf(site, "cn", "theirs", TAKER_WAY, TAKER_WAY.length));
      await cn.until(({ nodesAhead }) => nodesAhead === TAKER_WAY.length, "all of the taker's way is ahead");
      await cn.until(({ lastNodeId }) => lastNodeId === "cn.in.strip-1", "it is over the line");
      const slowest = Math.min(
        ...cn.events.flatMap((event) =>
          event.kind === "state" && event.state.orderId === "theirs" ? [event.state.speedMps] : [],
        ),
      );
      expect(slowest).toBeGreaterThan(0.5);
      expect([...troubles(vn), ...troubles(cn)]).toEqual([]);
    }, 120_000);

    it("finds its own way inside its fence, beside one that follows a path and says by tf where it is", async () => {
      const own = await vehicle({ plans_own_way: true });
      const second = "example.agv-08" as VehicleId;
      await vehicle({
        serial_number: "agv-08",
        namespace: "/agv_08",
        odom_in_map: { x_m: 70, y_m: -20, heading_rad: 0.6 },
      });
      const vn = await fleet("vn", onGraph("vn"), fenced);
      const secondState = () => vn.adapter.vehicles().get(second)?.state;
      await vn.until(({ pose }) => pose !== undefined, "the one is found");
      await vi.waitFor(() => expect(secondState()?.pose).toBeDefined(), PATIENCE);
      for (const [index, vehicleId] of [VEHICLE, second].entries()) {
        vn.adapter.drive(vehicleId, orderOf(site, "vn", `leg-${index}`, WAY_TO_HOLD, 2));
      }
      await vi
        .waitFor(() => expect(ends(vn)).toEqual(["finished", "finished"]), PATIENCE)
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\n${own.said()}`);
        });
      const hold = nodePoseInSite(site, "vn", "vn.out.hold");
      for (const state of [vn.state(), secondState()]) {
        expect(state?.lastNodeId).toBe("vn.out.hold");
        expect(state?.pose?.xM).toBeCloseTo(hold?.xM ?? Number.NaN, 0);
        expect(state?.pose?.yM).toBeCloseTo(hold?.yM ?? Number.NaN, 0);
      }
      expect(troubles(vn)).toEqual([]);
    }, 120_000);

    it("is taken over by a fleet control that has just started, from what the vehicle says alone", async () => {
      await vehicle();
      const first = await fleet("vn", onGraph("vn"));
      await first.until(({ pose }) => pose !== undefined, "it is found");
      const order = orderOf(site, "vn", "ours", WAY_TO_HOLD, 2);
      first.adapter.drive(VEHICLE, order);
      await first.until(({ driving }) => driving, "it drives");
      await first.adapter.stop();
      const second = await fleet("vn", onGraph("vn"));
      await second.until(({ orderId }) => orderId === "ours", "its order is known from its status");
      second.adapter.drive(VEHICLE, order);
      await vi.waitFor(() => expect(ends(second)).toEqual(["finished"]), PATIENCE);
      expect(troubles(second)).toEqual([]);
    }, 120_000);

    it("keeps its register, its order and its latches when its computer dies, and is sent the path again", async () => {
      const started = await vehicle();
      const vn = await fleet("vn", onGraph("vn"));
      await vn.until(({ pose }) => pose !== undefined, "it is found");
      vn.adapter.drive(VEHICLE, orderOf(site, "vn", "ours", WAY_TO_HOLD, 2));
      await vn.until(({ driving }) => driving, "it drives");
      vn.adapter.instruct(VEHICLE, { kind: "pause", actionId: "stop" as ActionId });
      await vn.until(({ driving, pausedBy }) => !driving && pausedBy.includes("vn"), "it is stopped");
      await started.kill("SIGKILL");
      await vi.waitFor(() => expect(connectionOf(vn)).toBe("broken"), PATIENCE);
      await started.restart();
      await vi.waitFor(() => expect(connectionOf(vn)).toBe("online"), PATIENCE);
      await vn.until(({ pausedBy, nodesAhead }) => pausedBy.includes("vn") && nodesAhead === 1, "it is back");
      vn.adapter.instruct(VEHICLE, { kind: "resume", actionId: "go" as ActionId });
      await vi.waitFor(() => expect(ends(vn)).toEqual(["finished"]), PATIENCE);
    }, 120_000);

    it("gives an order up where it stands, and takes the next one from there", async () => {
      await vehicle();
      const vn = await fleet("vn", onGraph("vn"));
      await vn.until(({ pose }) => pose !== undefined, "it is found");
      vn.adapter.drive(VEHICLE, orderOf(site, "vn", "first", WAY_TO_HOLD, 2));
      await vn.until(({ driving }) => driving, "it drives");
      vn.adapter.cancel(VEHICLE);
      await vi.waitFor(() => expect(ends(vn)).toEqual(["cancelled"]), PATIENCE);
      vn.adapter.drive(VEHICLE, orderOf(site, "vn", "second", WAY_TO_HOLD, 2));
      await vn.until(({ orderId, driving }) => orderId === "second" && driving, "it drives again");
      expect(troubles(vn)).toEqual([]);
    }, 120_000);
  },
);

describe.skipIf(noBridge !== undefined)(
  `the example vehicle over roslib and rosbridge_suite${noBridge ? `: ${noBridge}` : ""}`,
  () => {
    it("drives a granted path, is stopped by either side, and is handed over", async () => {
      const started = await vehicle();
      const servers = {
        vn: await startRosbridgeServer(bridge ?? "", domains.vn),
        cn: await startRosbridgeServer(bridge ?? "", domains.cn),
      };
      stops.push(
        () => servers.vn.kill("SIGKILL"),
        () => servers.cn.kill("SIGKILL"),
      );
      const vn = await fleet("vn", rosbridge({ url: servers.vn.url, openWithinMs: 30_000 }));
      const cn = await fleet("cn", rosbridge({ url: servers.cn.url, openWithinMs: 30_000 }));
      await drivesAndIsHandedOver(vn, cn).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${started.said()}\n${servers.vn.said()}`);
      });
    }, 120_000);
  },
);
