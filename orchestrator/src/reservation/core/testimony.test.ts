import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, VehicleClassId } from "@baton/maps";
import { expect, test } from "vitest";
import type { Account, LegId } from "../port.ts";
import { ring, singleTrack } from "../testing/layouts.ts";
import { CARRIER } from "../testing/traffic.ts";
import { createZone } from "./create-zone.ts";
import { DEFAULT_SETTINGS } from "./kinematics.ts";
import { restore } from "./restore.ts";
import { at } from "./runs.ts";
import { storeVehicle } from "./store.ts";
import type { StoredItinerary, StoredProgress } from "./stored.ts";
import { type Remembered, testimonyOf } from "./testimony.ts";
import { runTick } from "./tick.ts";

const CAR = "car" as VehicleId;
const LEG = "leg" as LegId;

const onRing = worldOf(ring(8));
const onTrack = worldOf(singleTrack(4, 4));

function worldOf({ network }: ReturnType<typeof ring>) {
  return { network, settings: { ...DEFAULT_SETTINGS, kinematics: CARRIER } };
}

/** A leg as the ledger still has it. */
function remembered(
  nodes: readonly string[],
  granted: number,
  stops: StoredItinerary["stops"] = [],
): Remembered {
  const runs = nodes.slice(1).map((node, i) => [`${nodes[i]}>${node}` as never]);
  const itinerary: StoredItinerary = {
    version: 1,
    legId: LEG,
    via: [],
    toNodeId: at(nodes, nodes.length - 1) as NodeId,
    actionsAtEnd: [],
    commandedBy: "us",
    startNodeId: at(nodes, 0) as NodeId,
    runs,
    entryTicks: runs.map(() => 0),
    stops,
  };
  const leg: StoredProgress = {
    itinerary: 1,
    priority: 0,
    proceeded: stops.map(() => false),
    grantedRuns: granted,
    progressM: 0,
    reachedMoves: 0,
    completed: false,
    revision: 1,
  };
  const vehicle = {
    version: 1,
    vehicleClassId: "carrier" as VehicleClassId,
    nodeId: itinerary.startNodeId,
    leg,
  };
  return { vehicle, itinerary };
}

/** What it says, standing at a node with so much before it. */
function standingAt(world: typeof onRing, node: string, more: Partial<Account> = {}): Account {
  const { poses, poseIndex } = world.network;
  const pose = poseIndex(node as NodeId) ?? -1;
  return {
    vehicleId: CAR,
    pose: { xM: at(poses.xM, pose), yM: at(poses.yM, pose), headingRad: at(poses.headingRad, pose) },
    legId: LEG,
    lastNodeId: node as NodeId,
    releasedEdgeIds: [],
    releasedNodeIds: [],
    isOrderDone: false,
    confirmedProbe: true,
    ...more,
  };
}

test("a vehicle that went on along a way that the ledger lost holds the ground where it is, and must not go on by itself", () => {
  const known = remembered(["bay0", "r1", "r2", "r3", "bay3"], 1);
  const cut = { ...known, itinerary: remembered(["bay0", "r1"], 1).itinerary };
  const said = testimonyOf(onRing, standingAt(onRing, "r2"), cut);
  expect([...(said?.needs ?? [])]).toEqual([onRing.network.blockIndex("r2" as never)]);
  expect(said?.vehicle).toMatchObject({ nodeId: "r2" });
  expect(said?.vehicle.leg).toBeUndefined();
  expect(said?.stuck).toContain("lost its leg leg");
});

test("a vehicle that stands at an endpoint with nothing left of its order has finished a leg that the ledger lost", () => {
  const said = testimonyOf(onRing, standingAt(onRing, "bay3", { isOrderDone: true }), undefined);
  expect(said).toMatchObject({ vehicle: { nodeId: "bay3" } });
  expect(said?.stuck).toBeUndefined();
});

test("a vehicle that went aside, and whose leg was lost meanwhile, needs a new leg: its order goes on under no other", () => {
  const { network, settings } = onRing;
  const known = remembered(["bay0", "r1", "r2", "r3", "bay3"], 1);
  const said = testimonyOf(onRing, standingAt(onRing, "bay1", { isOrderDone: true }), known);
  expect(said).toMatchObject({ vehicle: { nodeId: "bay1", spentLegId: LEG } });
  const zone = createZone(network, settings);
  const grants = new Map([...(said?.needs ?? [])].map((block) => [at(network.blocks.ids, block), CAR]));
  const vehicles = new Map(said === undefined ? [] : [[CAR, said.vehicle]]);
  restore(zone, {
    lastTick: 1,
    grants,
    vehicles,
    itineraries: new Map(),
    closures: new Map(),
    orders: new Map(),
  });
  const ask = (tick: number, legId: string, toNodeId: string) => {
    const request = {
      legId: legId as LegId,
      vehicleId: CAR,
      via: [],
      toNodeId: toNodeId as NodeId,
      actionsAtEnd: [],
      priority: 0,
      commandedBy: "us" as const,
    };
    return runTick(zone, { tick, commands: [{ kind: "requestLeg", request }], observations: [] }).events;
  };
  expect(ask(2, LEG, "bay3")).toEqual([
    { kind: "legRefused", vehicleId: CAR, legId: LEG, reason: "order-lost" },
  ]);
  expect(ask(3, LEG, "bay1")).toContainEqual({
    kind: "legCompleted",
    vehicleId: CAR,
    legId: LEG,
    nodeId: "bay1",
  });
  expect(ask(4, "another", "bay3")).toContainEqual(expect.objectContaining({ kind: "legPlanned" }));
  expect(storeVehicle(zone, zone.vehicles.get(CAR) ?? expect.unreachable()).spentLegId).toBeUndefined();
});

test("a vehicle on the road with nothing left of its order has not: its way was being planned again", () => {
  const said = testimonyOf(onRing, standingAt(onRing, "r3", { isOrderDone: true }), undefined);
  expect(said?.stuck).toContain("lost its leg");
});

test("a stop beyond which a vehicle is released to drive is one from which it may proceed", () => {
  const stop = { nodeId: "wOut" as NodeId, beforeRun: 1, dwellTicks: 10 };
  const known = remembered(["bayW0", "wOut", "east1", "east2"], 1, [stop]);
  const beyond = standingAt(onTrack, "wOut", {
    releasedEdgeIds: ["wOut>east1" as never],
    releasedNodeIds: ["east1" as NodeId],
  });
  expect(testimonyOf(onTrack, beyond, known)?.vehicle.leg).toMatchObject({
    grantedRuns: 2,
    proceeded: [true],
  });
  expect(testimonyOf(onTrack, standingAt(onTrack, "wOut"), known)?.vehicle.leg).toMatchObject({
    grantedRuns: 1,
    proceeded: [false],
  });
});
