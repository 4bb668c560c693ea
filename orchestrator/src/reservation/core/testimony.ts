import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import { PoseKind } from "@baton/maps";
import type { Account, LegId } from "../port.ts";
import { isGranted } from "./claims.ts";
import type { CoreSettings } from "./kinematics.ts";
import { neededFrom } from "./needed-ground.ts";
import { at, row, standable } from "./runs.ts";
import { itineraryOf, storeVehicle } from "./store.ts";
import type { StoredItinerary, StoredProgress, StoredVehicle } from "./stored.ts";
import { cutAfter, movesOf, runsOver, runsThrough, wayInto } from "./told-way.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** What the ledger still has of a vehicle. */
export interface Remembered {
  readonly vehicle: StoredVehicle;
  readonly itinerary: StoredItinerary | undefined;
}

/** A vehicle's records as its own account makes them, and the ground that it needs by it. */
export interface Testimony extends Remembered {
  readonly needs: ReadonlySet<number>;
  /** Why it must not go on by itself, although it is known where it is. */
  readonly stuck?: string;
}

interface World {
  readonly network: Network;
  readonly settings: CoreSettings;
}

/** The leg of a vehicle whose own was lost with the ledger's newest ticks: as far as it is released, and no further. */
function rebuiltLegId(vehicleId: VehicleId, version: number): LegId {
  const text: string = `${REBUILT}${vehicleId}/${version}`;
  return text as LegId;
}

const REBUILT = "rebuilt/";

/** One that stands for a leg that was lost: nobody asked for it by this name, and nobody is told of it. */
export function isRebuiltLeg(legId: LegId): boolean {
  return legId.startsWith(REBUILT);
}

/**
 * Joins what the ledger remembers of a vehicle with what the vehicle says. The ground that it needs is all of the
 * released way, and what its tail has not left by the last node that it reached. `undefined` when the two do not
 * go together: then a person has to look.
 */
export function testimonyOf(
  world: World,
  account: Account,
  remembered: Remembered | undefined,
): Testimony | undefined {
  const released = movesOf(world.network, account.releasedEdgeIds);
  if (released === undefined) return undefined;
  const leg = remembered?.vehicle.leg;
  const itinerary = remembered?.itinerary;
  if (remembered !== undefined && leg !== undefined && itinerary !== undefined && !leg.completed) {
    const onLeg = (itinerary.orderedAs ?? itinerary.legId) === account.legId;
    const known = onLeg ? onKnownLeg(world, account, remembered, itinerary, leg, released) : undefined;
    if (known !== undefined) return known;
    // Planned, and the vehicle was not told of it yet.
    const hasLeft = leg.reachedMoves > 0 || leg.progressM > world.settings.standToleranceM;
    if (!onLeg && !hasLeft && released.length === 0 && isNear(world, account, itinerary.startNodeId)) {
      return withLeg(world, account, remembered.vehicle, itinerary, leg, 0);
    }
  }
  if (released.length > 0) return onLostLeg(world, account, remembered, released);
  return standing(world, account, remembered);
}

/**
 * It drives the leg that the ledger knows: along the same way, or, beyond some node, along one that was planned since.
 * `undefined` when it has gone on beyond a node of which the ledger has nothing.
 */
function onKnownLeg(
  world: World,
  account: Account,
  { vehicle }: Remembered,
  itinerary: StoredItinerary,
  leg: StoredProgress,
  released: readonly number[],
): Testimony | undefined {
  const { network } = world;
  const path = movesOf(network, itinerary.runs.flat());
  if (path === undefined) return undefined;
  const nodes = [
    itinerary.startNodeId,
    ...path.map((move) => at(network.poses.nodeIds, at(network.moves.to, move))),
  ];
  for (let p = leg.reachedMoves; p < nodes.length; p++) {
    if (nodes[p] !== account.lastNodeId) continue;
    if (!released.every((move, i) => move === path[p + i])) continue;
    const grantedRuns = Math.max(leg.grantedRuns, runsThrough(itinerary, p + released.length));
    const progress = { ...leg, grantedRuns, proceeded: proceededBefore(itinerary, leg, grantedRuns) };
    if (p === path.length && isDone(world, account, itinerary, progress))
      return atEnd(world, vehicle, itinerary, progress);
    return withLeg(world, account, vehicle, itinerary, progress, p);
  }
  if (released.length === 0 && isDone(world, account, itinerary, leg))
    return atEnd(world, vehicle, itinerary, leg);
  const parted = nodes.indexOf(account.lastNodeId, leg.reachedMoves);
  if (parted < 0) return undefined;
  const runs = runsOver(network, [...path.slice(0, parted), ...released]);
  if (runs === undefined) return undefined;
  const version = vehicle.version + 1;
  const known = cutAfter(
    { ...itinerary, version, runs, entryTicks: runs.map(() => -1) },
    runs.length,
    itinerary,
  );
  const progress = { ...leg, itinerary: version, grantedRuns: runs.length };
  return withLeg(world, account, { ...vehicle, version }, known, progress, parted);
}

/** Nothing is granted beyond a stop before the vehicle may proceed: so where it was released to go, it may. */
function proceededBefore(
  { stops }: StoredItinerary,
  { proceeded }: StoredProgress,
  grantedRuns: number,
): boolean[] {
  return proceeded.map((may, i) => may || at(stops, i).beforeRun < grantedRuns);
}

/** It stands where its leg leads to, with nothing left to drive or to wait for. */
function isDone(world: World, account: Account, itinerary: StoredItinerary, leg: StoredProgress): boolean {
  return (
    account.lastNodeId === itinerary.toNodeId &&
    isNear(world, account, itinerary.toNodeId) &&
    (account.isOrderDone || leg.proceeded.every((proceeded) => proceeded))
  );
}

function atEnd(
  { network }: World,
  vehicle: StoredVehicle,
  itinerary: StoredItinerary,
  leg: StoredProgress,
): Testimony | undefined {
  const pose = network.poseIndex(itinerary.toNodeId);
  if (pose === undefined) return undefined;
  return {
    vehicle: {
      ...vehicle,
      version: vehicle.version + 1,
      nodeId: itinerary.toNodeId,
      leg: {
        ...leg,
        proceeded: leg.proceeded.map(() => true),
        grantedRuns: itinerary.runs.length,
        reachedMoves: itinerary.runs.flat().length,
        completed: true,
      },
    },
    itinerary,
    needs: new Set(row(network.poses.blocks, pose)),
  };
}

/**
 * It drives a leg of which the ledger has nothing, so that its order cannot be gone on with: it is known as far as it
 * is released. Somebody has to take its order back where that ends, and to admit it there anew.
 */
function onLostLeg(
  world: World,
  account: Account,
  remembered: Remembered | undefined,
  released: readonly number[],
): Testimony | undefined {
  const { network } = world;
  const end = account.releasedNodeIds[account.releasedNodeIds.length - 1];
  const behind = wayInto(network, network.poseIndex(account.lastNodeId));
  const runs = behind && runsOver(network, [...behind, ...released]);
  if (end === undefined || behind === undefined || runs === undefined) return undefined;
  const first = at(network.moves.from, behind[0] ?? at(released, 0));
  const startNodeId = at(network.poses.nodeIds, first);
  const version = (remembered?.vehicle.version ?? 0) + 1;
  const itinerary: StoredItinerary = {
    version,
    legId: rebuiltLegId(account.vehicleId, version),
    via: [],
    toNodeId: end,
    actionsAtEnd: [],
    // It has its order already, and is told nothing more until it has a leg again.
    commandedBy: "partner",
    startNodeId,
    runs,
    entryTicks: runs.map(() => -1),
    stops: [],
  };
  const progress: StoredProgress = {
    itinerary: version,
    priority: 0,
    proceeded: [],
    grantedRuns: runs.length,
    progressM: 0,
    reachedMoves: 0,
    completed: false,
    revision: 0,
  };
  const vehicle = { ...recordOf(world, remembered, startNodeId), nodeId: startNodeId, version };
  const known = withLeg(world, account, vehicle, itinerary, progress, behind.length);
  return { ...known, stuck: legIsLost(account) };
}

/**
 * It stands, at the place that the ledger knows, or at one that it came to since. Where its order leads on from there,
 * and the ledger has lost the leg that this order was, the order cannot be gone on with.
 */
function standing(world: World, account: Account, remembered: Remembered | undefined): Testimony | undefined {
  const known = remembered?.vehicle.nodeId;
  const nodeId = known !== undefined && isNear(world, account, known) ? known : account.lastNodeId;
  const pose = world.network.poseIndex(nodeId);
  if (pose === undefined || !standable(world.network, pose) || !isNear(world, account, nodeId))
    return undefined;
  const needs = new Set(row(world.network.poses.blocks, pose));
  if (remembered !== undefined && nodeId === known && (remembered.vehicle.leg?.completed ?? true)) {
    return { ...remembered, needs };
  }
  const { leg: _over, spentLegId: _before, ...vehicle } = recordOf(world, remembered, nodeId);
  const stored = { ...vehicle, nodeId, version: vehicle.version + 1 };
  if (account.legId === undefined) return { vehicle: stored, itinerary: undefined, needs };
  // A leg ends at an endpoint: elsewhere an order that leads no further is one that was being planned again.
  const isOver = account.isOrderDone && at(world.network.poses.kind, pose) === PoseKind.endpoint;
  // It may have gone aside there (see `rescue.ts`), with its way still to be planned: the order does not tell.
  if (isOver) return { vehicle: { ...stored, spentLegId: account.legId }, itinerary: undefined, needs };
  return { vehicle: stored, itinerary: undefined, needs, stuck: legIsLost(account) };
}

function legIsLost({ legId }: Account): string {
  return `the ledger has lost its leg ${legId ?? ""}: when it stands, vouch for it as stands-idle, which cancels its order and admits it anew`;
}

/** Why what a vehicle says does not go with what it holds in the zone; `undefined` when it does. */
export function contradiction(zone: Zone, vehicle: VehicleRecord, account: Account): string | undefined {
  const holds = new Set(vehicle.visits.filter(isGranted).map((visit) => visit.block));
  const { leg } = vehicle;
  const remembered: Remembered = {
    vehicle: storeVehicle(zone, vehicle),
    itinerary: leg && itineraryOf(zone, vehicle, leg),
  };
  const testimony = testimonyOf(zone, account, remembered);
  if (testimony === undefined) return "where it says it is does not go with its leg";
  for (const block of testimony.needs) {
    if (!holds.has(block)) return `it needs ${at(zone.network.blocks.ids, block)}, which it does not hold`;
  }
  return undefined;
}

function recordOf(world: World, remembered: Remembered | undefined, nodeId: NodeId): StoredVehicle {
  return remembered?.vehicle ?? { version: 0, vehicleClassId: world.network.vehicleClassId, nodeId };
}

/** The records of a vehicle that has passed `passedMoves` of its leg, and may be some way into the next. */
function withLeg(
  world: World,
  account: Account,
  vehicle: StoredVehicle,
  itinerary: StoredItinerary,
  leg: StoredProgress,
  passedMoves: number,
): Testimony {
  const { network, settings } = world;
  const path = movesOf(network, itinerary.runs.flat()) ?? [];
  let passedM = 0;
  for (const move of path.slice(0, passedMoves)) passedM += at(network.moves.lengthM, move);
  const next = path[passedMoves];
  const place = next === undefined ? undefined : network.project(next, account.pose.xM, account.pose.yM);
  const alongM = place === undefined || place.offM > settings.offPathM ? 0 : place.alongM;
  const progressM = Math.max(leg.progressM, passedM, passedM + alongM - settings.positionUncertaintyM);
  const changed = progressM !== leg.progressM || vehicle.leg !== leg;
  const stored = changed ? { ...vehicle, version: vehicle.version + 1, leg: { ...leg, progressM } } : vehicle;
  return { vehicle: stored, itinerary, needs: neededFrom(world, itinerary, leg.grantedRuns, progressM) };
}

function isNear({ network, settings }: World, { pose }: Account, nodeId: NodeId): boolean {
  const index = network.poseIndex(nodeId);
  if (index === undefined) return false;
  const offM = Math.hypot(at(network.poses.xM, index) - pose.xM, at(network.poses.yM, index) - pose.yM);
  return offM <= settings.standToleranceM;
}
