import {
  type ActionId,
  createRos2Adapter,
  type DriveOrder,
  type FleetEvent,
  type FleetOrderId,
  manualClock,
  memoryGraph,
  type VehicleId,
} from "@baton/fleet-adapter";
import type { EdgeId, NodeId, Side, Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../../process/log.ts";
import { processMemory } from "../../process/memory.ts";
import { seededRandom } from "../../random/seeded.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { exampleModel, START_MS, vehicleAt } from "../example-vehicle.ts";
import { RosVehicleRunner } from "./ros-runner.ts";

const VEHICLE = "sim.vn-01" as VehicleId;
const WAY_TO_HOLD = ["vn.out.queue-1", "vn.out.hold"];
const TAKER_WAY = ["cn.in.partner-hold", "cn.in.strip-1", "cn.in.strip-2", "cn.in.strip-3"];

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("first-look"));
});

function orderOf(side: Side, orderId: string, nodeIds: readonly string[], released: number): DriveOrder {
  const edges = site.lif[side].layouts[0]?.edges ?? [];
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
      return { edgeId: found.edgeId as EdgeId, released: index + 1 < released, maxSpeedMps: 3 };
    }),
  };
}

/** A ROS vehicle that rolls to the hold line on the giver's order, and both sides' adapters. */
function rolling({ rollingHandoff = true } = {}) {
  const clock = manualClock(START_MS);
  const graphOf = (side: string) => memoryGraph({ timers: clock, random: seededRandom("rolling", side) });
  const graphs = { vn: graphOf("vn"), cn: graphOf("cn") };
  const runner = new RosVehicleRunner({
    model: { ...exampleModel(scenario, site), vehicleId: VEHICLE, serialNumber: "vn-01", rollingHandoff },
    fresh: vehicleAt(site, "vn", "vn.out.queue-1"),
    graphs,
    memory: processMemory(),
    log: silentLog,
    nowMs: () => clock.nowMs(),
    show: () => undefined,
  });
  clock.every(100, () => runner.tick(clock.nowMs()));
  const events: FleetEvent[] = [];
  const open = (side: Side) => {
    const adapter = createRos2Adapter({
      openRos: graphs[side].openRos,
      side,
      site,
      clock,
      timers: clock,
      log: silentLog,
    });
    adapter.subscribe((event) => events.push(event));
    void adapter.start();
    return adapter;
  };
  const fleets = { vn: open("vn"), cn: open("cn") };
  const until = (isSo: () => boolean): void => {
    for (let i = 0; i < 6_000; i += 1) {
      if (isSo()) return;
      clock.advance(100);
    }
    throw new Error("it never came to that");
  };
  clock.advance(1_500);
  fleets.vn.drive(VEHICLE, orderOf("vn", "ours", WAY_TO_HOLD, 2));
  until(() => runner.vehicle.speedMps > 1);
  const transfer = (more: { readonly baseEndsAtNodeId?: NodeId } = {}): void => {
    fleets.vn.instruct(VEHICLE, {
      kind: "transferControl",
      actionId: "t" as ActionId,
      from: "vn",
      expectedEpoch: runner.vehicle.register.epoch,
      to: "cn",
      handoffId: "h-1",
      ...more,
    });
    clock.advance(300);
  };
  return { clock, events, fleets, runner, until, transfer };
}

describe("a ROS vehicle that rolls to the line", () => {
  it("goes over to the taker's path without a stop, and the taker grants on before it slows down", () => {
    const { events, fleets, runner, until, transfer } = rolling();
    transfer({ baseEndsAtNodeId: "vn.out.hold" as NodeId });
    expect(runner.vehicle.register).toMatchObject({ authority: "cn", handoffId: "h-1" });
    expect(fleets.vn.vehicles().get(VEHICLE)?.state).toMatchObject({ nodesAhead: 0 });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "orderEnded", orderId: "ours", how: "finished" }),
    );
    fleets.cn.drive(VEHICLE, orderOf("cn", "theirs", TAKER_WAY, 2));
    until(() => fleets.cn.vehicles().get(VEHICLE)?.state?.orderId === "theirs");
    // All of the way is still before it, the first node too.
    expect(fleets.cn.vehicles().get(VEHICLE)?.state).toMatchObject({
      releasedNodeIds: TAKER_WAY.slice(0, 2),
      releasedEdgeIds: [expect.any(String)],
    });
    fleets.cn.drive(VEHICLE, orderOf("cn", "theirs", TAKER_WAY, 4));
    let slowestMps = Number.POSITIVE_INFINITY;
    until(() => {
      slowestMps = Math.min(slowestMps, runner.vehicle.speedMps);
      return runner.vehicle.lastNode?.nodeId === "cn.in.strip-1";
    });
    expect(slowestMps).toBeGreaterThan(1);
    until(() => events.some((event) => event.kind === "orderEnded" && event.orderId === "theirs"));
    expect(runner.vehicle.lastNode?.nodeId).toBe("cn.in.strip-3");
    expect(events.filter((event) => event.kind === "trouble")).toEqual([]);
  });

  it("stops at the end of what the giver granted when the taker says nothing", () => {
    const { runner, until, transfer } = rolling();
    transfer();
    until(() => runner.vehicle.speedMps === 0);
    expect(runner.vehicle.lastNode?.nodeId).toBe("vn.out.hold");
  });

  it("keeps its holder when its base ends elsewhere than the giver believes, or its maker does not allow it", () => {
    const elsewhere = rolling();
    elsewhere.transfer({ baseEndsAtNodeId: "vn.out.queue-1" as NodeId });
    expect(elsewhere.runner.vehicle.register.authority).toBe("vn");
    const forbidden = rolling({ rollingHandoff: false });
    expect(forbidden.fleets.vn.vehicles().get(VEHICLE)?.factsheet?.rollingHandoff).toBe(false);
    forbidden.transfer();
    expect(forbidden.runner.vehicle.register.authority).toBe("vn");
    expect(forbidden.events).toContainEqual(
      expect.objectContaining({ kind: "actionChanged", actionId: "t", status: "failed" }),
    );
  });
});
