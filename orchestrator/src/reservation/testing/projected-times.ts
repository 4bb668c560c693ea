import { startTicks, stopTicks } from "../core/kinematics.ts";
import { at } from "../core/runs.ts";
import { ENDLESS } from "../core/ticks.ts";
import type { Leg, VehicleRecord, Visit } from "../core/vehicle.ts";
import type { Zone } from "../core/zone.ts";

/**
 * All projected times of a zone once more, from scratch and recursively: from what is in progress, and the orders.
 * Returns what differs from the times that the zone keeps, in words. The zone's own way is incremental.
 */
export function wrongTimes(zone: Zone): string[] {
  const wrong: string[] = [];
  const known = new Map<string, { start: number; entered: number }>();

  const arrivalAt = (vehicle: VehicleRecord, leg: Leg, k: number): number => {
    if (k === vehicle.timing.next) return at(vehicle.timing.arrivalTick, k);
    return Math.min(ENDLESS, entry(vehicle, leg, k - 1).entered + at(leg.runs, k - 1).ticks);
  };
  const readyAt = (vehicle: VehicleRecord, leg: Leg, k: number): number => {
    const arrival = arrivalAt(vehicle, leg, k);
    const stop = leg.stops.find((candidate) => candidate.beforeRun === k && !candidate.proceeded);
    if (stop === undefined) return arrival;
    if (stop.waitingSinceTick !== undefined)
      return Math.max(arrival + 1, stop.waitingSinceTick + stop.dwellTicks);
    const stands = k === 0 || (vehicle.timing.standing && k === vehicle.timing.next);
    const braking = stands ? 0 : stopTicks(zone.settings, at(leg.runs, k - 1).entrySpeedMps);
    return Math.min(ENDLESS, arrival + braking + stop.dwellTicks);
  };
  const clearOf = (visit: Visit): number => {
    const { vehicle } = visit;
    const { leg } = vehicle;
    if (visit.last === ENDLESS) return ENDLESS;
    if (leg === undefined) throw new Error(`${vehicle.vehicleId} has a visit that ends, and no leg`);
    if (visit.last < vehicle.timing.next) return visit.clearTick;
    const run = at(leg.runs, visit.last);
    const inRun = at(run.clearTicks, run.blocks.indexOf(visit.block));
    return Math.min(ENDLESS, entry(vehicle, leg, visit.last).entered + inRun);
  };
  const entry = (vehicle: VehicleRecord, leg: Leg, k: number): { start: number; entered: number } => {
    const key = `${vehicle.vehicleId}#${k}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const { timing } = vehicle;
    const run = at(leg.runs, k);
    const arrival = arrivalAt(vehicle, leg, k);
    const waitsToBegin = timing.standing && k === timing.next;
    let start = readyAt(vehicle, leg, k);
    if (k >= leg.grantedRuns) {
      for (const visit of at(leg.startsAt, k)) {
        const queue = at(zone.claims.queues, visit.block);
        const others = queue.slice(0, queue.indexOf(visit)).filter((other) => other.vehicle !== vehicle);
        for (const other of others) {
          const enter = at(run.enterTicks, run.blocks.indexOf(visit.block));
          const clear = clearOf(other);
          start = Math.max(start, clear === ENDLESS ? ENDLESS : clear - enter);
        }
      }
    }
    if (waitsToBegin) start = Math.max(start, zone.tick);
    const startsUp = start > arrival || waitsToBegin ? startTicks(zone.settings, run.entrySpeedMps) : 0;
    const found = { start, entered: Math.min(ENDLESS, start + startsUp) };
    known.set(key, found);
    return found;
  };

  const compare = (what: string, kept: number | undefined, right: number): void => {
    if (kept !== right) wrong.push(`${what} is ${kept}, should be ${right}`);
  };
  for (const vehicle of zone.vehicles.values()) {
    const { leg, timing, vehicleId } = vehicle;
    if (leg === undefined || leg.completed) continue;
    for (let k = timing.next; k < leg.runs.length; k++) {
      compare(`entry of ${vehicleId}#${k}`, leg.entryTick[k], entry(vehicle, leg, k).start);
    }
    compare(`end of ${vehicleId}`, leg.etaTick, leg.cut ? ENDLESS : readyAt(vehicle, leg, leg.runs.length));
    for (const visit of vehicle.visits) {
      const name = `${vehicleId} on block ${visit.block}`;
      compare(`end of ${name}`, visit.clearTick, clearOf(visit));
      if (visit.first < leg.grantedRuns) compare(`begin of ${name}`, visit.startTick, -1);
      else {
        const run = at(leg.runs, visit.first);
        const enter = at(run.enterTicks, run.blocks.indexOf(visit.block));
        const start = entry(vehicle, leg, visit.first).start;
        compare(`begin of ${name}`, visit.startTick, Math.min(ENDLESS, start + enter));
      }
    }
  }
  return wrong;
}
