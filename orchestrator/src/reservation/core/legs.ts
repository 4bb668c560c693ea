import type { NodeId } from "@baton/maps";
import type { LegRequest } from "../port.ts";
import { isGranted } from "./claims.ts";
import { floatAt } from "./int-arrays.ts";
import { isRest } from "./queue.ts";
import { at, type Run, row } from "./runs.ts";
import { BEGUN, ENDLESS } from "./ticks.ts";
import {
  type Leg,
  numberAt,
  runOfLeg,
  type Stop,
  type VehicleRecord,
  type Visit,
  type Way,
} from "./vehicle.ts";
import type { Zone } from "./zone.ts";

const FOR_GOOD_M = Number.POSITIVE_INFINITY;
const NO_VISITS: readonly Visit[] = [];

/** The way over these runs. */
export function wayOver(zone: Zone, runs: readonly Run[]): Way {
  const moves: number[] = [];
  const moveEndM: number[] = [];
  const poseAtM = [0];
  let alongM = 0;
  for (const run of runs) {
    for (const move of run.moves) {
      alongM += floatAt(zone.network.moves.lengthM, move);
      moves.push(move);
      moveEndM.push(alongM);
    }
    // The very number at which the run's last move ends: a sum of other parts may be another one, and the vehicle beyond its way.
    poseAtM.push(alongM);
  }
  return { runs, moves, moveEndM, poseAtM };
}

/** A leg over these runs, nothing of it granted yet, its visits not made yet. */
export function createLeg(
  zone: Zone,
  request: LegRequest,
  startPose: number,
  runs: readonly Run[],
  stops: readonly Stop[],
): Leg {
  const end = runs[runs.length - 1]?.to ?? startPose;
  const through = request.partnerStretch?.throughNodeId;
  const overLine = through !== undefined && end === zone.network.poseIndex(through);
  const goal = overLine ? end : zone.network.poseIndex(request.toNodeId);
  if (goal === undefined) throw new Error(`bug: leg ${request.legId} leads to a place that is not there`);
  const { moves, moveEndM, poseAtM } = wayOver(zone, runs);
  // One object with all fields in it (those of a spread would lie apart), first what every tick looks at.
  return {
    completed: false,
    cut: !isRest(zone, goal, end) || stops.some((stop) => stop.beforeRun === ENDLESS),
    overLine,
    grantedRuns: 0,
    atPose: -1,
    progressM: 0,
    runs,
    poseAtM,
    stops,
    etaTick: zone.tick,
    reachedMoves: 0,
    moveEndM,
    clearAnnounced: false,
    entryTick: runs.map(() => zone.tick),
    startsAt: runs.map(() => NO_VISITS),
    endsAt: runs.map(() => NO_VISITS),
    moves,
    request,
    goal,
    confirmedRuns: -1,
    startPose,
    orderedAs: undefined,
    revision: 0,
  };
}

/** A visit without end by a body that is there. */
export function createStay(vehicle: VehicleRecord, block: number): Visit {
  return createVisit(vehicle, block, -1, ENDLESS, BEGUN);
}

/** All visits are made here, so that the engine sees one kind of object. */
function createVisit(
  vehicle: VehicleRecord,
  block: number,
  first: number,
  last: number,
  startTick: number,
): Visit {
  const visit: Visit = {
    vehicle,
    block,
    first,
    last,
    enterTicks: 0,
    leaveTicks: ENDLESS,
    clearAtM: FOR_GOOD_M,
    startTick,
    clearTick: ENDLESS,
    before: undefined,
    behind: undefined,
  };
  return visit;
}

/**
 * Makes the visits of a leg from run `fromRun` on. What the vehicle holds where it stands (or will stand when it
 * begins that run) becomes the beginning of those visits. A block that a run leaves for good and a later run
 * needs again is visited twice: in between it is free.
 * Returns the visits that are new, in the order of their first run; they are in no queue yet.
 */
export function makeVisits(vehicle: VehicleRecord, leg: Leg, fromRun = 0): Visit[] {
  const open = new Map<number, Visit>();
  for (const visit of vehicle.visits) if (visit.last === ENDLESS) open.set(visit.block, visit);
  const made: Visit[] = [];
  // Lists of a run are cut to size from these: one that grows keeps room for many more, and a leg has two a run for as long as it lasts.
  const starting: Visit[] = [];
  const ending: Visit[] = [];
  for (let k = fromRun; k < leg.runs.length; k++) {
    const run = runOfLeg(leg, k);
    let starts = 0;
    let ends = 0;
    for (let i = 0; i < run.blocks.length; i++) {
      const block = numberAt(run.blocks, i);
      let visit = open.get(block);
      if (visit === undefined) {
        visit = createVisit(vehicle, block, k, k, ENDLESS);
        visit.enterTicks = numberAt(run.enterTicks, i);
        open.set(block, visit);
        starting[starts++] = visit;
        made.push(visit);
      }
      visit.last = k;
      const clearAtM = numberAt(run.clearAtM, i);
      if (clearAtM === FOR_GOOD_M) continue;
      visit.clearAtM = numberAt(leg.poseAtM, k) + clearAtM;
      visit.leaveTicks = numberAt(run.clearTicks, i);
      ending[ends++] = visit;
      open.delete(block);
    }
    leg.startsAt[k] = starting.slice(0, starts);
    leg.endsAt[k] = ending.slice(0, ends);
  }
  for (const visit of open.values()) visit.last = ENDLESS;
  vehicle.visits.push(...made);
  return made;
}

/** Where block `block` is left in run `run`, in ticks after passing the run's start. */
export function clearTicksIn({ blocks, clearTicks }: Run, block: number): number {
  const place = blocks.indexOf(block);
  if (place < 0) throw new Error(`bug: block ${block} is no ground of the run`);
  return clearTicks[place] ?? ENDLESS;
}

/** Pose `k` of the leg's path. */
export function poseOfPath(leg: Leg, k: number): number {
  return k === 0 ? leg.startPose : runOfLeg(leg, k - 1).to;
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
    const stay = createStay(visit.vehicle, visit.block);
    zone.claims.replace(visit, stay);
    return stay;
  });
}

/** Grants the body's ground at a pose to a vehicle that has nothing yet. */
export function occupy(zone: Zone, vehicle: VehicleRecord): void {
  for (const block of row(zone.network.poses.blocks, vehicle.pose)) {
    const visit = createStay(vehicle, block);
    zone.claims.insert(visit);
    zone.claims.hold(block, vehicle);
    vehicle.visits.push(visit);
  }
}
