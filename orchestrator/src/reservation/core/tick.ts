import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { Observation, ReservationEvent } from "../port.ts";
import { isAtEnd, settle } from "./announce.ts";
import { grantAhead } from "./grant.ts";
import { checkInvariants } from "./invariants.ts";
import { nodeOf, poseOfPath, standStill } from "./legs.ts";
import { planPending } from "./planning.ts";
import { locate } from "./progress.ts";
import { releaseBehind } from "./release.ts";
import { obey } from "./requests.ts";
import { retime } from "./retime.ts";
import { at } from "./runs.ts";
import { storeOrder, storeVehicle } from "./store.ts";
import type { StoredOrder, StoredVehicle } from "./stored.ts";
import { absoluteTick } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Command, Zone } from "./zone.ts";

/** What came in since the last tick. */
export interface TickInput {
  readonly tick: number;
  readonly commands: readonly Command[];
  readonly observations: readonly Observation[];
}

/** What a tick wants the ledger to make true, all or nothing. */
export interface TickChange {
  readonly tick: number;
  readonly releases: readonly BlocksOf[];
  readonly grants: readonly BlocksOf[];
  /** Changed records; `undefined` for a vehicle that is gone. */
  readonly vehicles: readonly { readonly vehicleId: VehicleId; readonly stored: StoredVehicle | undefined }[];
  readonly orders: readonly { readonly blockId: BlockId; readonly stored: StoredOrder }[];
}

export interface BlocksOf {
  readonly vehicleId: VehicleId;
  readonly blockIds: readonly BlockId[];
}

export interface TickOutcome {
  readonly change: TickChange;
  /** To be told once the change is committed. */
  readonly events: readonly ReservationEvent[];
  readonly planned: number;
}

/**
 * One tick: ingest, release, plan, choose grants. Pure but for the zone that it moves on: no clock, no I/O, the
 * same zone and input give the same outcome. The caller commits the change before it tells anyone, and starts
 * no further tick until the ledger has it.
 */
export function runTick(zone: Zone, input: TickInput): TickOutcome {
  if (zone.originTick === 0) zone.originTick = input.tick - 1;
  const tick = input.tick - zone.originTick;
  if (tick <= zone.tick) throw new Error(`bug: tick ${tick} after ${zone.tick}`);
  zone.tick = tick;
  zone.events = [];
  // Reports first: what is asked is judged by where vehicles are, not by where they were.
  const seen = new Set<VehicleId>();
  const ingest = (): void => {
    for (const observation of input.observations) {
      const vehicle = zone.vehicles.get(observation.vehicleId);
      if (vehicle === undefined || seen.has(observation.vehicleId)) continue;
      seen.add(observation.vehicleId);
      locate(zone, vehicle, observation);
    }
  };
  ingest();
  for (const command of input.commands) obey(zone, command);
  ingest();
  for (const vehicle of zone.vehicles.values()) {
    releaseBehind(zone, vehicle);
    settle(zone, vehicle);
    completeLeg(zone, vehicle);
  }
  retime(zone);
  const planned = planPending(zone);
  for (const vehicle of zone.vehicles.values()) grantAhead(zone, vehicle);
  checkInvariants(zone);
  return { change: takeChange(zone), events: zone.events, planned };
}

/** To be called when the ledger has confirmed the last outcome. */
export function confirmTick(zone: Zone): void {
  for (const vehicle of zone.vehicles.values()) {
    if (vehicle.leg !== undefined) vehicle.leg.confirmedRuns = vehicle.leg.grantedRuns;
  }
}

export function isEmptyChange(change: TickChange): boolean {
  return change.releases.length + change.grants.length + change.vehicles.length + change.orders.length === 0;
}

function completeLeg(zone: Zone, vehicle: VehicleRecord): void {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed || !isAtEnd(leg)) return;
  standStill(zone, vehicle, poseOfPath(leg, leg.runs.length));
  leg.completed = true;
  zone.changed.add(vehicle.vehicleId);
  const nodeId = nodeOf(zone, vehicle.pose);
  zone.events.push({ kind: "legCompleted", vehicleId: vehicle.vehicleId, legId: leg.request.legId, nodeId });
}

function takeChange(zone: Zone): TickChange {
  const { holders, reordered } = zone.claims.takeChanges();
  const releases = new Map<VehicleId, BlockId[]>();
  const grants = new Map<VehicleId, BlockId[]>();
  const note = (to: Map<VehicleId, BlockId[]>, vehicleId: VehicleId, blockId: BlockId): void => {
    const known = to.get(vehicleId);
    if (known === undefined) to.set(vehicleId, [blockId]);
    else known.push(blockId);
  };
  for (const { block, before, after } of holders) {
    const blockId = at(zone.network.blocks.ids, block);
    if (before?.vehicleId === after?.vehicleId) continue;
    if (before !== undefined) note(releases, before.vehicleId, blockId);
    if (after !== undefined) note(grants, after.vehicleId, blockId);
  }
  const vehicles = [...zone.changed].map((vehicleId) => {
    const vehicle = zone.vehicles.get(vehicleId);
    return { vehicleId, stored: vehicle === undefined ? undefined : storeVehicle(zone, vehicle) };
  });
  zone.changed.clear();
  const orders = reordered.map((block) => ({
    blockId: at(zone.network.blocks.ids, block),
    stored: storeOrder(zone, block),
  }));
  const list = (from: Map<VehicleId, BlockId[]>): BlocksOf[] =>
    [...from].map(([vehicleId, blockIds]) => ({ vehicleId, blockIds }));
  return {
    tick: absoluteTick(zone, zone.tick),
    releases: list(releases),
    grants: list(grants),
    vehicles,
    orders,
  };
}
