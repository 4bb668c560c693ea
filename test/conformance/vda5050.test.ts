import {
  type ActionId,
  chartOf,
  type DriveAction,
  type DriveOrder,
  type FleetOrderId,
  type Instruction,
  type VehicleId,
} from "@baton/fleet-adapter";
import { checkFactsheet, checkInstantActions, checkOrder, checkState } from "@baton/fleet-adapter/vda5050";
import { type EdgeId, type NodeId, SIDES, type Side, type Site } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { describe, expect, it } from "vitest";
import { CoreBench } from "../../fleet-adapter/src/vda5050/core/core-bench.ts";
import { headerCounter } from "../../fleet-adapter/src/vda5050/header-counter.ts";
import { factsheetMessage } from "../fleet/mqtt-vehicle.ts";
import { HAVE_SCHEMAS, official } from "./official.ts";

async function miniSite(): Promise<Site> {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site `mini` does not load");
  return loaded.site;
}

/** A way through the layout as long as it goes without a loop, with an action of each kind on it. */
function longWay(site: Site, side: Side, start: string): DriveOrder {
  const edges = site.lif[side].layouts.flatMap((layout) => layout.edges);
  const nodeIds = [start];
  const edgeIds: string[] = [];
  for (;;) {
    const next = edges.find(
      (edge) => edge.startNodeId === nodeIds.at(-1) && !nodeIds.includes(edge.endNodeId),
    );
    if (next === undefined) break;
    nodeIds.push(next.endNodeId);
    edgeIds.push(next.edgeId);
  }
  const actions: DriveAction[] = [
    { actionId: "pick-1" as ActionId, kind: "pick", loadId: "CSQU3054383", stationId: "crane-1" },
    { actionId: "drop-1" as ActionId, kind: "drop", loadId: "CSQU3054383", stationId: "crane-2" },
    { actionId: "charge-1" as ActionId, kind: "startCharging" },
  ];
  return {
    orderId: `leg-${start}` as FleetOrderId,
    revision: 0,
    nodes: nodeIds.map((nodeId, index) => ({
      nodeId: nodeId as NodeId,
      released: index < 2,
      actions: actions.slice(index, index + 1),
    })),
    edges: edgeIds.map((edgeId, index) => ({
      edgeId: edgeId as EdgeId,
      released: index < 1,
      maxSpeedMps: 4,
    })),
  };
}

function releasedUntil(order: DriveOrder, revision: number, last: number): DriveOrder {
  return {
    ...order,
    revision,
    nodes: order.nodes.map((node, index) => ({ ...node, released: index <= last })),
    edges: order.edges.map((edge, index) => ({ ...edge, released: index < last })),
  };
}

const INSTRUCTIONS: readonly Instruction[] = [
  { kind: "pause", actionId: "i-1" as ActionId },
  { kind: "resume", actionId: "i-2" as ActionId },
  { kind: "stopCharging", actionId: "i-3" as ActionId },
  { kind: "stateRequest", actionId: "i-4" as ActionId },
  { kind: "factsheetRequest", actionId: "i-5" as ActionId },
  {
    kind: "transferControl",
    actionId: "i-6" as ActionId,
    from: "vn",
    expectedEpoch: 1,
    to: "cn",
    handoffId: "h",
  },
];

describe.skipIf(!HAVE_SCHEMAS)("against the official schemas of VDA 5050 2.1.0", () => {
  const header = headerCounter(
    { nowMs: () => 1_790_000_000_123 },
    { manufacturer: "sim", serialNumber: "vn-01" },
  );

  it.each(SIDES)("every order and update over the whole layout of %s is one", async (side) => {
    const site = await miniSite();
    const validate = official("2.1", "order");
    const starts = site.lif[side].layouts.flatMap((layout) => layout.nodes.map((node) => node.nodeId));
    let withTrajectory = 0;
    for (const start of starts) {
      const order = longWay(site, side, start);
      const bench = new CoreBench(start, {
        vehicleId: "sim.vn-01" as VehicleId,
        side,
        chart: chartOf(site, side),
        orderBytes: () => 0,
      });
      bench.vehicle.control = { authority: side, epoch: 1, pausedBy: [] };
      bench.run({ kind: "drive", order });
      bench.report();
      for (let revision = 1; revision < order.nodes.length - 1; revision += 3) {
        const message: unknown = JSON.parse(JSON.stringify({ ...header("2.1.0"), ...bench.orders[0] }));
        expect(validate(message), JSON.stringify(validate.errors)).toBe(true);
        expect(checkOrder(message)).toMatchObject({ ok: true });
        withTrajectory += bench.orders[0]?.edges.filter((edge) => edge.trajectory !== undefined).length ?? 0;
        bench.arrive();
        bench.run({ kind: "drive", order: releasedUntil(order, revision, revision + 1) });
      }
      expect(bench.vehicle.refusals).toEqual([]);
      expect(bench.vehicle.violations).toEqual([]);
    }
    expect(withTrajectory).toBeGreaterThan(0);
  });

  it("every instant action is one", () => {
    const validate = official("2.1", "instantActions");
    const bench = new CoreBench();
    for (const instruction of INSTRUCTIONS) bench.run({ kind: "instruct", instruction });
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.report({ nodeStates: [{ nodeId: "b", sequenceId: 2, released: true }], orderId: "leg-0" });
    expect(new Set(bench.instants.map((action) => action.actionType))).toEqual(
      new Set([
        "startPause",
        "stopPause",
        "stopCharging",
        "stateRequest",
        "factsheetRequest",
        "transferControl",
        "cancelOrder",
      ]),
    );
    for (const action of bench.instants) {
      const message: unknown = JSON.parse(JSON.stringify({ ...header("2.1.0"), actions: [action] }));
      expect(validate(message), JSON.stringify(validate.errors)).toBe(true);
      expect(checkInstantActions(message)).toMatchObject({ ok: true });
    }
  });

  it("a state with the control register, and a factsheet, are valid by both the official schema and ours", () => {
    const bench = new CoreBench();
    const state: unknown = JSON.parse(JSON.stringify(bench.vehicle.state(1_790_000_000_123)));
    const validateState = official("2.1", "state");
    expect(validateState(state), JSON.stringify(validateState.errors)).toBe(true);
    expect(checkState(state)).toMatchObject({ ok: true });
    const factsheet: unknown = JSON.parse(factsheetMessage());
    const validateFactsheet = official("2.1", "factsheet");
    expect(validateFactsheet(factsheet), JSON.stringify(validateFactsheet.errors)).toBe(true);
    expect(checkFactsheet(factsheet)).toMatchObject({ ok: true });
  });
});
