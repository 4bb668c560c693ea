import type { NodeId } from "@baton/maps";
import type { LegRequest } from "../port.ts";
import { isGranted } from "./claims.ts";
import { at, type Run, row } from "./runs.ts";
import { BEGUN, ENDLESS } from "./ticks.ts";
import type { Leg, Stop, VehicleRecord, Visit } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

const FOR_GOOD_M = Number.POSITIVE_INFINITY;

/** A leg over these runs, nothing of it granted yet, its visits not made yet. */
export function createLeg(
  zone: Zone,
  request: LegRequest,
  startPose: number,
  runs: readonly Run[],
  stops: readonly Stop[],
): Leg {
  const moves = runs.flatMap((run) => run.moves);
  const moveEndM: number[] = [];
  let alongM = 0;
  for (const move of moves) {
    alongM += at(zone.network.moves.lengthM, move);
    moveEndM.push(alongM);
  }
  const poseAtM = [0];
  for (const run of runs) poseAtM.push(at(poseAtM, poseAtM.length - 1) + run.lengthM);
  return {
    request,
    startPose,
    runs,
    moves,
    moveEndM,
    poseAtM,
    stops,
    startsAt: runs.map(() => []),
    endsAt: runs.map(() => []),
    entryTick: runs.map(() => zone.tick),
    etaTick: zone.tick,
    grantedRuns: 0,
    confirmedRuns: -1,
    progressM: 0,
    atPose: -1,
    reachedMoves: 0,
    completed: false,
    clearAnnounced: false,
    revision: 0,
  };
}

/**
 * Makes the visits of a leg. What the vehicle holds where it stands becomes the beginning of the leg's visits.
 * A block that a run leaves for good and a later run needs again is visited twice: in between it is free.
 * Returns the visits that are new, in the order of their first run; they are in no queue yet.
 */
export function makeVisits(vehicle: VehicleRecord, leg: Leg): Visit[] {
  const open = new Map(vehicle.visits.map((visit) => [visit.block, visit]));
  const made: Visit[] = [];
  leg.runs.forEach((run, k) => {
    run.blocks.forEach((block, i) => {
      let visit = open.get(block);
      if (visit === undefined) {
        visit = {
          vehicle,
          block,
          first: k,
          last: k,
          clearAtM: FOR_GOOD_M,
          startTick: ENDLESS,
          clearTick: ENDLESS,
        };
        open.set(block, visit);
        at(leg.startsAt, k).push(visit);
        made.push(visit);
      }
      visit.last = k;
      const clearAtM = at(run.clearAtM, i);
      if (clearAtM === FOR_GOOD_M) return;
      visit.clearAtM = at(leg.poseAtM, k) + clearAtM;
      at(leg.endsAt, k).push(visit);
      open.delete(block);
    });
  });
  for (const visit of open.values()) visit.last = ENDLESS;
  vehicle.visits.push(...made);
  return made;
}

/** Where block `block` is left in run `run`, in ticks after passing the run's start. */
export function clearTicksIn(run: Run, block: number): number {
  return at(run.clearTicks, run.blocks.indexOf(block));
}

/** Pose `k` of the leg's path. */
export function poseOfPath(leg: Leg, k: number): number {
  return k === 0 ? leg.startPose : at(leg.runs, k - 1).to;
}

export function nodeOf(zone: Zone, pose: number): NodeId {
  return at(zone.network.poses.nodeIds, pose);
}

/** Ends a leg where the vehicle stands: all that is left are the visits of its body, without end. */
export function standStill(zone: Zone, vehicle: VehicleRecord, pose: number): void {
  vehicle.pose = pose;
  vehicle.visits = vehicle.visits.map((visit) => {
    if (visit.last !== ENDLESS || !isGranted(visit)) {
      throw new Error(
        `bug: ${vehicle.vehicleId} stands with a visit to block ${visit.block} that is not its body's`,
      );
    }
    const stay: Visit = { ...visit, first: -1, startTick: BEGUN, clearTick: ENDLESS };
    zone.claims.replace(visit, stay);
    return stay;
  });
}

/** Grants the body's ground at a pose to a vehicle that has nothing yet. */
export function occupy(zone: Zone, vehicle: VehicleRecord): void {
  for (const block of row(zone.network.poses.blocks, vehicle.pose)) {
    const visit: Visit = {
      vehicle,
      block,
      first: -1,
      last: ENDLESS,
      clearAtM: FOR_GOOD_M,
      startTick: BEGUN,
      clearTick: ENDLESS,
    };
    zone.claims.insert(visit);
    zone.claims.hold(block, vehicle);
    vehicle.visits.push(visit);
  }
}
