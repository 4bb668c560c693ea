import type { Observation, ReservationEvent } from "../port.ts";
import { isAtEnd, settle } from "./announce.ts";
import { type TickChange, takeChange } from "./change.ts";
import { grantAhead } from "./grant.ts";
import { improve } from "./improve.ts";
import { checkInvariants } from "./invariants.ts";
import { nodeOf, poseOfPath, standStill } from "./legs.ts";
import { planPending } from "./planning.ts";
import { locate } from "./progress.ts";
import { releaseBehind } from "./release.ts";
import { replanWaiting } from "./replan-waiting.ts";
import { obey } from "./requests.ts";
import { raise, retime } from "./retime.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Command, Zone } from "./zone.ts";

/** What came in since the last tick. */
export interface TickInput {
  readonly tick: number;
  readonly commands: readonly Command[];
  readonly observations: readonly Observation[];
}

export interface TickOutcome {
  readonly change: TickChange;
  /** To be told once the change is committed. */
  readonly events: readonly ReservationEvent[];
  readonly planned: number;
  /** How often someone went before others that were planned earlier. */
  readonly jumps: number;
  /** How many were planned again because they waited long, and arrive sooner for it. */
  readonly replans: number;
  /** How often a few were planned again together, and arrive sooner for it in sum. */
  readonly improved: number;
}

/**
 * One tick: ingest, release, re-time, plan, plan again what waits, choose grants (with jumps). Pure but for the zone
 * that it moves on: no clock, no I/O, the same zone and input give the same outcome. The caller commits the change before it tells anyone, and starts
 * no further tick until the ledger has it.
 */
export function runTick(zone: Zone, input: TickInput): TickOutcome {
  if (zone.originTick === 0 && zone.tick === 0) zone.originTick = input.tick - 1;
  const tick = input.tick - zone.originTick;
  if (tick <= zone.tick) throw new Error(`bug: tick ${tick} after ${zone.tick}`);
  zone.tick = tick;
  zone.events = [];
  // Reports first: what is asked is judged by where vehicles are, not by where they were.
  const unknown = ingest(zone, input.observations);
  // What plans at once needs times of the present orders, and the jumps of the last tick have changed these.
  if (input.commands.some((command) => command.kind !== "requestLeg" && command.kind !== "proceed"))
    raise(zone);
  for (const command of input.commands) obey(zone, command);
  if (unknown.length > 0) ingest(zone, unknown);
  for (const vehicle of zone.vehicles.values()) {
    releaseBehind(zone, vehicle);
    settle(zone, vehicle);
    completeLeg(zone, vehicle);
  }
  retime(zone);
  const planned = planPending(zone);
  const replans = replanWaiting(zone);
  const improved = improve(zone);
  const jumps = grantAll(zone);
  checkInvariants(zone);
  return { change: takeChange(zone), events: zone.events, planned, jumps, replans, improved };
}

/** Takes in the first report of each vehicle; returns those of vehicles that are not admitted. */
function ingest(zone: Zone, observations: readonly Observation[]): Observation[] {
  const unknown: Observation[] = [];
  for (const observation of observations) {
    const vehicle = zone.vehicles.get(observation.vehicleId);
    if (vehicle === undefined) unknown.push(observation);
    else if (vehicle.seenTick < zone.tick) {
      vehicle.seenTick = zone.tick;
      locate(zone, vehicle, observation);
    }
  }
  return unknown;
}

/** To be called when the ledger has confirmed the last outcome. */
export function confirmTick(zone: Zone): void {
  for (const vehicle of zone.vehicles.values()) {
    if (vehicle.leg !== undefined) vehicle.leg.confirmedRuns = vehicle.leg.grantedRuns;
  }
}

/** Grants what can be granted; who is ready may jump for it. Returns how many jumps that took. */
function grantAll(zone: Zone): number {
  let jumps = 0;
  const mayJump = zone.settings.switching.jump;
  for (const vehicle of zone.vehicles.values())
    while (grantAhead(zone, vehicle) && mayJump && zone.jumps.tryJump(zone, vehicle)) jumps++;
  return jumps;
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
