import type { VehicleId } from "@baton/fleet-adapter";
import type { Closure, ClosureId } from "../port.ts";
import { isGranted } from "./claims.ts";
import { at, row } from "./runs.ts";
import { withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Takes ground out of use. What is granted stays granted; legs that were to lead over it are cut where their grants
 * end, to be planned again. A vehicle that stands on closed ground may leave it, and nobody comes onto it.
 */
export function close(zone: Zone, closure: Closure): void {
  if (zone.closures.has(closure.closureId)) return;
  zone.closures.set(closure.closureId, closure);
  const blocks = blocksOf(zone, closure);
  for (const block of blocks) zone.closedCount[block] = at(zone.closedCount, block) + 1;
  redraw(zone);
  for (const block of blocks) {
    const planned = at(zone.claims.queues, block).filter((visit) => !isGranted(visit));
    for (const { vehicle } of planned) withdraw(zone, vehicle);
  }
}

export function open(zone: Zone, closureId: ClosureId): void {
  const closure = zone.closures.get(closureId);
  if (closure === undefined) return;
  zone.closures.delete(closureId);
  for (const block of blocksOf(zone, closure)) zone.closedCount[block] = at(zone.closedCount, block) - 1;
  redraw(zone);
  tryAllAgain(zone);
}

/**
 * The vehicle will not drive on by itself: what is not granted is given up, and all it holds is in everybody's way
 * without end, since it may stand anywhere within. Its reports still free what lies behind it.
 */
export function fail(zone: Zone, vehicleId: VehicleId, reason: string): void {
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined || vehicle.failed !== undefined) return;
  withdraw(zone, vehicle);
  vehicle.failed = reason;
  zone.changed.add(vehicleId);
  keepForGood(zone, vehicle);
}

/** All that a failed vehicle holds has no end that could be told. */
export function keepForGood(zone: Zone, vehicle: VehicleRecord): void {
  for (const visit of vehicle.visits) {
    if (visit.clearTick === ENDLESS) continue;
    visit.clearTick = ENDLESS;
    zone.claims.markBehind(visit);
  }
}

/** It is as any other vehicle again; what is left of its leg is planned from where its grants end. */
export function recover(zone: Zone, vehicleId: VehicleId): void {
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined || vehicle.failed === undefined) return;
  vehicle.failed = undefined;
  zone.changed.add(vehicleId);
  // Times are told anew from its next projection on.
  vehicle.timing.leg = undefined;
  const { leg } = vehicle;
  for (const visit of vehicle.visits) {
    if (leg === undefined || leg.completed || visit.last >= leg.runs.length) continue;
    visit.clearTick = zone.tick + 1;
    zone.claims.markBehind(visit);
  }
  tryAllAgain(zone);
}

/**
 * Cuts legs that have no time of arrival any more, since they are planned behind a stay that became endless: a
 * vehicle that has failed or was cut itself, or whose leg was taken back. To be called when all is timed anew.
 */
export function cutStranded(zone: Zone): void {
  for (const vehicle of zone.vehicles.values()) {
    const { leg } = vehicle;
    if (leg === undefined || leg.completed || leg.cut || leg.etaTick < ENDLESS) continue;
    withdraw(zone, vehicle);
  }
}

/** Whoever found no way need not wait for its next turn: something that was in the way is gone. */
export function tryAllAgain(zone: Zone): void {
  for (const cut of zone.cuts.values()) cut.notBeforeTick = zone.tick;
  for (const pending of zone.pending.values()) pending.notBeforeTick = zone.tick;
}

/** What is to be kept over a change of leader. */
export function closuresOf(zone: Zone): readonly Closure[] {
  return [...zone.closures.values()];
}

/** Puts back what `closuresOf` gave. Legs need no cutting: that was done before they were stored. */
export function restoreClosures(zone: Zone, closures: Iterable<Closure>): void {
  for (const closure of closures) {
    zone.closures.set(closure.closureId, closure);
    for (const block of blocksOf(zone, closure)) zone.closedCount[block] = at(zone.closedCount, block) + 1;
  }
  redraw(zone);
}

/** Every block of the swept ground of the named edges; edges of another side's layout are not ours to close. */
function blocksOf(zone: Zone, { edgeIds }: Closure): ReadonlySet<number> {
  const blocks = new Set<number>();
  for (const edgeId of edgeIds) {
    const move = zone.network.moveIndex(edgeId);
    if (move !== undefined) for (const block of row(zone.network.moves.blocks, move)) blocks.add(block);
  }
  return blocks;
}

/** Which runs are shut, and with them how far it is to everywhere. */
function redraw(zone: Zone): void {
  zone.table.runs.forEach((run, index) => {
    zone.shutRuns[index] = run.blocks.some((block) => at(zone.closedCount, block) > 0) ? 1 : 0;
  });
  zone.distances.drop();
}
