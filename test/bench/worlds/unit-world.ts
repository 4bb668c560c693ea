import type { Network } from "@baton/maps";
import { createZone } from "../../../orchestrator/src/reservation/core/create-zone.ts";
import { improve } from "../../../orchestrator/src/reservation/core/improve.ts";
import {
  type CoreSettings,
  DEFAULT_SETTINGS,
} from "../../../orchestrator/src/reservation/core/kinematics.ts";
import { standStill } from "../../../orchestrator/src/reservation/core/legs.ts";
import { planPending } from "../../../orchestrator/src/reservation/core/planning.ts";
import { obey } from "../../../orchestrator/src/reservation/core/requests.ts";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import type { Leg, VehicleRecord } from "../../../orchestrator/src/reservation/core/vehicle.ts";
import type { Zone } from "../../../orchestrator/src/reservation/core/zone.ts";
import { legNamed, vehicleNamed } from "../names.ts";
import { Stopwatch, type Timing } from "../stopwatch.ts";

/** An errand: places to pass, and the pose to come to; how many goals of the benchmark it stands for. */
export interface Errand {
  readonly via: readonly number[];
  readonly goal: number;
  readonly goals: number;
}

/** Who decides where agents go next. Goals of errands must differ from each other at every moment. */
export interface Errands {
  /** Where the agents begin, one pose each. */
  readonly starts: readonly number[];
  next(agent: number, pose: number): Errand;
}

export interface UnitPlan {
  readonly network: Network;
  readonly errands: Errands;
  readonly ticks: number;
  readonly settings: CoreSettings;
}

export interface UnitResult {
  readonly goalsATick: number;
  /** Planning and improvement, a tick, in real milliseconds; the first tick is one of them. */
  readonly plan: Timing;
  readonly firstTickMs: number;
  /** How often an agent found no way when it asked, and went on standing. */
  readonly failedPlans: number;
  /** How many neighbourhoods were planned again to the better, a tick. */
  readonly improvedATick: number;
  /** What nobody reaches: agents over the mean shortest way between places of an errand, in ticks. */
  readonly boundATick: number;
}

/** Agents of the public benchmarks: a cell a tick, all at once, exactly as planned. Efforts a tick in expanded states. */
export function unitSettings(improvementExpansions: number, planningExpansions = 8000): CoreSettings {
  return {
    ...DEFAULT_SETTINGS,
    tickMs: 1000,
    roundTripMs: 0,
    positionUncertaintyM: 0,
    kinematics: {
      maxSpeedMps: 1,
      accelerationMps2: Number.POSITIVE_INFINITY,
      brakingMps2: Number.POSITIVE_INFINITY,
      lengthM: 1,
    },
    expansionsPerTick: planningExpansions,
    simultaneousMoves: true,
    improvement: { ...DEFAULT_SETTINGS.improvement, expansionsPerTick: improvementExpansions },
  };
}

/**
 * Lifelong path finding with the core's planner alone: no reports, no grants, no ledger, since agents do exactly as
 * planned. What a plan has behind it is taken out of the queues as time goes by, errands that are over are followed by
 * new ones in the same tick.
 */
export function runUnitWorld(plan: UnitPlan): UnitResult {
  const { network, errands } = plan;
  const zone = createZone(network, plan.settings);
  zone.originTick = 1;
  const agents = errands.starts.map((pose, i) => admitted(zone, network, pose, i));
  const goalsOf = new Array<number>(agents.length).fill(0);
  const errandsOf = new Array<number>(agents.length).fill(0);
  let finished = 0;
  let failedPlans = 0;
  let improved = 0;
  let wayTicks = 0;
  let goalsAsked = 0;

  const ask = (index: number): void => {
    const agent = at(agents, index);
    const errand = errands.next(index, agent.pose);
    goalsOf[index] = errand.goals;
    goalsAsked += errand.goals;
    let here = agent.pose;
    for (const place of [...errand.via, errand.goal]) {
      wayTicks += zone.distances.to(place).from(here);
      here = place;
    }
    errandsOf[index] = at(errandsOf, index) + 1;
    obey(zone, {
      kind: "requestLeg",
      request: {
        legId: legNamed(`${agent.vehicleId}/${at(errandsOf, index)}`),
        vehicleId: agent.vehicleId,
        via: errand.via.map((pose) => ({ nodeId: at(network.poses.nodeIds, pose), expectedDwellMs: 0 })),
        toNodeId: at(network.poses.nodeIds, errand.goal),
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
      },
    });
  };

  const watch = new Stopwatch();
  let firstTickMs = 0;
  for (let tick = 1; tick <= plan.ticks; tick++) {
    zone.tick = tick;
    zone.events = [];
    agents.forEach((agent, index) => {
      const leg = agent.leg;
      if (leg === undefined) {
        if (tick === 1) ask(index);
        return;
      }
      if (leg.completed) return;
      move(zone, agent, leg);
      if (leg.grantedRuns < leg.runs.length) return;
      finished += at(goalsOf, index);
      standStill(zone, agent, poseAtEnd(leg));
      leg.completed = true;
      ask(index);
    });
    watch.begin();
    planPending(zone);
    improved += improve(zone);
    const tookMs = watch.end();
    if (tick === 1) firstTickMs = tookMs;
    for (const event of zone.events) {
      if (event.kind === "legWaiting") failedPlans++;
      if (event.kind === "legRefused") throw new Error(`${event.legId} refused: ${event.reason}`);
    }
    zone.changed.clear();
    zone.claims.takeChanges();
  }
  return {
    goalsATick: finished / plan.ticks,
    plan: watch.timing(),
    firstTickMs,
    failedPlans,
    improvedATick: improved / plan.ticks,
    boundATick: (agents.length * goalsAsked) / wayTicks,
  };
}

function admitted(zone: Zone, network: Network, pose: number, index: number): VehicleRecord {
  const vehicleId = vehicleNamed(`a${index}`);
  obey(zone, {
    kind: "admit",
    admission: {
      vehicleId,
      vehicleClassId: network.vehicleClassId,
      nodeId: at(network.poses.nodeIds, pose),
    },
  });
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined) throw new Error(`agent ${index} has no place to begin at`);
  vehicle.located = true;
  return vehicle;
}

function poseAtEnd(leg: Leg): number {
  return leg.runs.at(-1)?.to ?? leg.startPose;
}

/** A tick's time has gone by: what the plan had for it has happened, and what lies behind is free. */
function move(zone: Zone, agent: VehicleRecord, leg: Leg): void {
  while (leg.grantedRuns < leg.runs.length && at(leg.entryTick, leg.grantedRuns) < zone.tick)
    leg.grantedRuns++;
  leg.confirmedRuns = leg.grantedRuns;
  leg.progressM = at(leg.poseAtM, leg.grantedRuns);
  leg.atPose = leg.grantedRuns;
  for (const stop of leg.stops) stop.proceeded ||= stop.beforeRun < leg.grantedRuns;
  const kept = agent.visits.filter((visit) => visit.clearTick > zone.tick);
  if (kept.length === agent.visits.length) return;
  for (const visit of agent.visits) if (visit.clearTick <= zone.tick) zone.claims.remove(visit);
  agent.visits = kept;
}
