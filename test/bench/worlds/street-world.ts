import { setTimeout as wait } from "node:timers/promises";
import type { Network } from "@baton/maps";
import Type, { type Static } from "typebox";
import { SECONDS_A_BLOCK } from "../instances/lanes.ts";
import { drawn, hashed, streamOf } from "../instances/seeded.ts";
import { vehicleNamed } from "../names.ts";
import { Stopwatch, Timing } from "../stopwatch.ts";
import { StreetDistances } from "./street-distances.ts";
import { lastPose, type StreetEngine, type StreetVehicle } from "./street-vehicle.ts";

export interface StreetPlan {
  readonly network: Network;
  readonly bays: readonly number[];
  readonly vehicles: number;
  readonly seed: number;
  /** Of a stop of 5 to 30 s, a second and vehicle. */
  readonly stopProbability: number;
  readonly seconds: number;
  /** Which bays a vehicle may be sent to, by its present one; all when left out. */
  readonly nearby?: (bay: number) => readonly number[];
  /** Ticks before this second are not counted in `tickMs`. */
  readonly warmUpS?: number;
  /**
   * Ticks that count begin at least so far apart on the wall, as those of a site do. Without it they follow each other,
   * and what the runtime does between a site's ticks (garbage is marked) falls into them.
   */
  readonly paceMs?: number;
}

/** What a run came to; also the form in which runs are kept. */
export const StreetResult = Type.Object({
  missions: Type.Integer(),
  /** Seconds of all finished trips over what they take on empty streets. */
  tripOverFreeFlow: Type.Number(),
  /** What nobody reaches: missions if every trip took what it takes on empty streets. */
  boundMissions: Type.Number(),
  /** The longest time that a vehicle on a trip did not move. */
  longestStandS: Type.Number(),
  /** When the streets locked up for good, if they did; the run ends there. */
  gridlockAtS: Type.Optional(Type.Number()),
  /** Real time of the engine's decisions, one a second. */
  tick: Timing,
});
export type StreetResult = Static<typeof StreetResult>;

/** Nobody has moved for so long although someone wants to: more than any stop lasts. */
const DEADLOCK_S = 180;
const STUCK_CHECK_S = 20;
const MEAN_REST_S = 60;
const STOP_SALT = 1;
const STOP_LENGTH_SALT = 2;
const REST_SALT = 3;
const GOAL_SALT = 4;

/**
 * An hour of bay-to-bay traffic on one-way streets, in steps of a second. A vehicle that may drive takes exactly 4 s a
 * block; it stops for 5 to 30 s when a hash of (vehicle, second) says so, whoever steers it; it rests 30 to 90 s in a bay
 * and then goes to a bay that nobody holds or is on the way to.
 */
export async function driveStreets(
  plan: StreetPlan,
  engineFor: (vehicles: readonly StreetVehicle[], distances: StreetDistances) => StreetEngine,
): Promise<StreetResult> {
  const { network, seed } = plan;
  const moveTo = network.moves.to;
  const distances = new StreetDistances(network);
  const taken = new Uint8Array(network.poses.count);
  const vehicles = drawn(plan.bays, plan.vehicles, streamOf(seed)).map((bay, index): StreetVehicle => {
    taken[bay] = 1;
    return {
      index,
      vehicleId: vehicleNamed(`v${index}`),
      pose: bay,
      path: [],
      granted: 0,
      edge: 0,
      secondsIn: 0,
      goal: -1,
      trips: 0,
      tripFromS: 0,
      freeFlowS: 0,
      restsUntilS: 1 + Math.floor(90 * hashed(seed ^ REST_SALT, index, 0)),
      stoppedUntilS: 0,
      lastMovedS: 0,
    };
  });
  if (vehicles.length < plan.vehicles)
    throw new Error(`${plan.vehicles} vehicles on ${plan.bays.length} bays`);
  const engine = engineFor(vehicles, distances);
  let missions = 0;
  let tripS = 0;
  let freeFlowS = 0;
  let longestStandS = 0;
  let gridlockAtS: number | undefined;
  let lastMoveS = 0;
  const watch = new Stopwatch();
  let nextTickAtMs = 0;

  for (let nowS = 1; nowS <= plan.seconds && gridlockAtS === undefined; nowS++) {
    let wanting = 0;
    for (const vehicle of vehicles) {
      if (hashed(seed ^ STOP_SALT, vehicle.index, nowS) < plan.stopProbability) {
        const lastsS = 5 + Math.floor(26 * hashed(seed ^ STOP_LENGTH_SALT, vehicle.index, nowS));
        vehicle.stoppedUntilS = Math.max(vehicle.stoppedUntilS, nowS + lastsS);
      }
      if (vehicle.goal < 0) continue;
      wanting++;
      if (drive(vehicle, nowS)) {
        lastMoveS = nowS;
        if (vehicle.edge === 1 && vehicle.secondsIn === 0) taken[vehicle.pose] = 0;
      }
      longestStandS = Math.max(longestStandS, nowS - vehicle.lastMovedS);
      // A way may lead through the goal first, where others are to pass by it before the vehicle can stay there.
      if (vehicle.edge < vehicle.path.length || lastPose(vehicle, moveTo) !== vehicle.goal) continue;
      missions++;
      tripS += nowS - vehicle.tripFromS;
      freeFlowS += vehicle.freeFlowS;
      vehicle.pose = vehicle.goal;
      vehicle.goal = -1;
      vehicle.trips++;
      vehicle.restsUntilS =
        nowS + 30 + Math.floor(61 * hashed(seed ^ REST_SALT, vehicle.index, vehicle.trips));
    }
    for (const vehicle of vehicles) {
      if (vehicle.goal >= 0 || nowS < vehicle.restsUntilS) continue;
      const goal = drawGoal(vehicle, plan.nearby?.(vehicle.pose) ?? plan.bays, taken, seed);
      if (goal === undefined) continue;
      taken[goal] = 1;
      Object.assign(vehicle, { goal, path: [], granted: 0, edge: 0, secondsIn: 0 });
      vehicle.tripFromS = nowS;
      vehicle.lastMovedS = nowS;
      vehicle.freeFlowS = SECONDS_A_BLOCK * distances.between(vehicle.pose, goal);
      engine.depart(vehicle);
    }
    const counted = nowS > (plan.warmUpS ?? 0);
    if (counted && plan.paceMs !== undefined) {
      await wait(Math.max(0, nextTickAtMs - performance.now()));
      nextTickAtMs = performance.now() + plan.paceMs;
    }
    watch.begin();
    const decided = engine.decide(nowS);
    if (decided !== undefined) await decided;
    watch.end(counted);
    if (wanting === 0) lastMoveS = nowS;
    if (nowS - lastMoveS >= DEADLOCK_S) gridlockAtS = nowS;
    if (nowS % STUCK_CHECK_S === 0 && engine.countStuck() > 0) gridlockAtS = nowS;
  }
  return {
    missions,
    tripOverFreeFlow: freeFlowS === 0 ? 0 : tripS / freeFlowS,
    boundMissions: missions === 0 ? 0 : (plan.vehicles * plan.seconds) / (freeFlowS / missions + MEAN_REST_S),
    longestStandS,
    ...(gridlockAtS === undefined ? {} : { gridlockAtS }),
    tick: watch.timing(),
  };
}

/** One second of one vehicle; whether it moved. */
function drive(vehicle: StreetVehicle, nowS: number): boolean {
  if (nowS < vehicle.stoppedUntilS || vehicle.edge >= vehicle.granted) return false;
  vehicle.lastMovedS = nowS;
  vehicle.secondsIn++;
  if (vehicle.secondsIn === SECONDS_A_BLOCK) {
    vehicle.secondsIn = 0;
    vehicle.edge++;
  }
  return true;
}

function drawGoal(
  vehicle: StreetVehicle,
  bays: readonly number[],
  taken: Uint8Array,
  seed: number,
): number | undefined {
  const free = bays.filter((bay) => taken[bay] === 0);
  return free[Math.floor(free.length * hashed(seed ^ GOAL_SALT, vehicle.index, vehicle.trips))];
}
