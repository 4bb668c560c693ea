import type { VehicleId } from "@baton/fleet-adapter";
import { containerLengthM } from "../dispatch/cost.ts";
import type { Coming, Demand, DispatchMission } from "../dispatch/view.ts";
import { stationOf } from "../dispatch/yard.ts";
import { heldStations } from "./begin.ts";
import { byCrane, byVisit, cargoOf, isEmptyRun, type MissionContext, priorityOf } from "./context.ts";
import type { DispatchSources } from "./dispatch-sources.ts";
import { comesToCrane } from "./exchange.ts";
import { jobIdOf, legOf } from "./ids.ts";
import { wantsDock } from "./steps/lane-steps.ts";
import { beforeCrane } from "./steps/yard-steps.ts";

/** A context is an object of its own: what it holds is worked out once. */
const heldBefore = new WeakMap<MissionContext, ReturnType<typeof heldStations>>();

export function heldBy(context: MissionContext): ReturnType<typeof heldStations> {
  const known = heldBefore.get(context);
  if (known !== undefined) return known;
  const held = heldStations(context, (step) => legOf(context, step)?.left === true);
  heldBefore.set(context, held);
  return held;
}

/** Which inbound vehicle is meant to load which outbound container. */
export function promisesOf(open: readonly MissionContext[]): ReadonlyMap<string, VehicleId> {
  const promised = new Map<string, VehicleId>();
  for (const { bound, returnMissionId, vehicle } of open) {
    if (bound === "inbound" && returnMissionId !== undefined && vehicle !== undefined)
      promised.set(returnMissionId, vehicle.vehicleId);
  }
  return promised;
}

/** A mission as dispatch is to see it. */
export function missionOf(
  context: MissionContext,
  promised: ReadonlyMap<string, VehicleId>,
  sources: DispatchSources,
): DispatchMission {
  const { missionId, status, step, slot, vehicle, places, stepSinceMs: sinceMs } = context;
  const priority = priorityOf(context);
  const other = { kind: "other", missionId } as const;
  if (isEmptyRun(context)) return other;
  if (context.bound === "outbound") {
    // Held or not, it is going to need a bay.
    if (vehicle !== undefined && places.buffer === undefined) {
      const isLoaded = status === "running" && (step === "arm-seal" || step === "identify");
      const pair = context.pairAsked === undefined ? {} : { pair: context.pairAsked };
      const coming = comingTo(context, promised, sources);
      const row = { kind: "wants-bay", missionId, priority, sinceMs, isLoaded, ...pair } as const;
      return coming === undefined ? row : { ...row, coming };
    }
    if (status === "running" && wantsDock(context)) {
      const bay = stationOf(sources.yard, places.buffer?.stationId ?? "");
      const pair = bay?.pair === undefined ? {} : { pair: bay.pair };
      return { kind: "wants-dock", missionId, priority, sinceMs, fromNodeId: places.buffer?.nodeId, ...pair };
    }
    if (status === "running" && wantsPad(context)) {
      const padStationId = byCrane(context)?.padStationId;
      const notBeforeMs = context.handoff?.againAtMs ?? 0;
      if (padStationId !== undefined)
        return { kind: "wants-pad", missionId, priority, sinceMs, padStationId, notBeforeMs };
    }
    if (status !== "running" || vehicle !== undefined) return other;
    const demand = demandOf(context);
    if (step === "assign-vehicle") {
      const begun = places.crane === undefined ? {} : { craneStationId: places.crane.stationId };
      return { ...demand, kind: "wants-vehicle", promisedTo: promised.get(missionId), ...begun };
    }
    if (slot === undefined || context.calledAtMs !== undefined)
      return { ...demand, kind: "on-its-way", promisedTo: promised.get(missionId) };
    return step === "admit-truck" ? { ...demand, kind: "wants-call", callFromMs: slot.callFromMs } : other;
  }
  // A visitor goes home: it is nobody's here to load.
  if (status !== "running" || step !== "unload" || vehicle === undefined || byVisit(context) !== undefined)
    return other;
  if (places.crane === undefined)
    return { kind: "wants-crane", missionId, priority, sinceMs, fromNodeId: beforeCrane(context)?.nodeId };
  const { vehicleId } = vehicle;
  const { stationId: craneStationId } = places.crane;
  return { kind: "unloading", missionId, vehicleId, craneStationId, freeAtMs: freeAtMs(context, sources) };
}

/** Its vehicle is on its way to the crane. */
function comingTo(
  context: MissionContext,
  promised: ReadonlyMap<string, VehicleId>,
  { rules }: DispatchSources,
): Coming | undefined {
  const { missionId, vehicle, places, vehiclesBefore = [], keptAtMs } = context;
  if (!comesToCrane(context) || vehicle === undefined || places.crane === undefined) return undefined;
  const { grossKg, loadLengthM } = demandOf(context);
  return {
    vehicleId: vehicle.vehicleId,
    craneStationId: places.crane.stationId,
    grossKg,
    loadLengthM,
    promisedTo: promised.get(missionId),
    changes: vehiclesBefore.length,
    notBeforeMs: keptAtMs === undefined ? 0 : keptAtMs + rules.exchangeAgainMs,
    ...(vehicle.byHand === true ? { byHand: true } : {}),
  };
}

/** It goes by the crane, and is to be offered from its bay. */
const wantsPad = (context: MissionContext): boolean =>
  context.step === "offer" && byCrane(context) !== undefined && context.places.pad === undefined;

function demandOf(context: MissionContext): Demand {
  const { missionId, stepSinceMs: sinceMs } = context;
  const { priority, dueAtMs, perishable, declaredGrossKg: grossKg, sizeType } = cargoOf(context);
  const loadLengthM = containerLengthM(sizeType);
  const demand = {
    missionId,
    priority,
    sinceMs,
    dueAtMs,
    perishable: perishable === true,
    grossKg,
    loadLengthM,
  };
  return context.pairAsked === undefined ? demand : { ...demand, pair: context.pairAsked };
}

/** When the container will be off the vehicle: the way to the crane as far as it is not driven, and the lift. */
export function freeAtMs(context: MissionContext, { nowMs, yard, rules }: DispatchSources): number {
  const job = context.jobs[jobIdOf(context, "unload")];
  if (job !== undefined) return Math.max(nowMs, job.askedAtMs + rules.liftMs);
  const from = beforeCrane(context)?.nodeId;
  const to = context.places.crane?.nodeId;
  const wayM = from === undefined || to === undefined ? 0 : (yard.wayM(from, to) ?? 0);
  const beganAtMs = context.stepSinceMs;
  return Math.max(nowMs, beganAtMs + (wayM / rules.paceMps) * 1_000) + rules.liftMs;
}
