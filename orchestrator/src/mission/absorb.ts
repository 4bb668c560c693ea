import type { NodeId } from "@baton/maps";
import type { DeviceReport } from "../gate/port.ts";
import type { HandoffEvent } from "../handoff/port.ts";
import type { LegId, ReservationEvent } from "../reservation/port.ts";
import { byVehicle, byVisit, type MissionContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";
import { absorbKept, absorbTurn, absorbYield } from "./exchange.ts";
import { canBeRecalled, isRecalledByWitness } from "./having-back.ts";
import { legOf } from "./ids.ts";
import { absorbPerson } from "./person-acts.ts";
import type { Procedure } from "./procedure.ts";
import type { HandoffState, Leg, VisitSeen } from "./records.ts";

/**
 * Takes in what an event says, whatever step the mission is in: nothing that comes early is lost, and what comes
 * twice changes nothing. Returns the very same context when the event adds nothing to it.
 */
export function absorb(context: MissionContext, event: MissionEvent, procedure: Procedure): MissionContext {
  const next = absorbed(context, event, procedure);
  return next === context
    ? context
    : { ...next, nowMs: Math.max(context.nowMs, event.atMs), spareId: event.spareId };
}

function absorbed(context: MissionContext, event: MissionEvent, procedure: Procedure): MissionContext {
  switch (event.type) {
    case "report":
      return absorbReport(context, event.report);
    case "road":
      return absorbTurn(context, event) ?? absorbRoad(context, event.event);
    case "handoff":
      return absorbHandoff(context, event.event, event.atMs, procedure);
    case "crane":
      return absorbCrane(context, event);
    case "visit":
      return absorbVisit(context, event);
    case "vehicle":
      return absorbVehicle(context, event);
    case "assigned":
      return absorbAssignment(context, event);
    case "yields":
      return absorbYield(context, event);
    case "keeps":
      return absorbKept(context, event.atMs);
    case "called":
      return context.calledAtMs === undefined ? { ...context, calledAtMs: event.atMs } : context;
    case "reslotted":
      return mayBeReslotted(context) ? { ...context, slot: event.slot } : context;
    case "recall":
      return absorbRecall(context, event);
    case "divert":
    case "pass-again":
    case "reseal":
    case "read":
    case "paper":
    case "refuse":
    case "withdraw":
    case "towed":
      return absorbPerson(context, event, procedure);
    case "delivered":
      return context.outbox.some((effect) => event.effectIds.includes(effect.effectId))
        ? {
            ...context,
            outbox: context.outbox.filter((effect) => !event.effectIds.includes(effect.effectId)),
          }
        : context;
    case "devices":
      return sameNames(context.downDevices ?? [], event.down)
        ? context
        : { ...context, downDevices: [...event.down] };
    case "prioritised":
      return absorbPriority(context, event.priority);
    case "tick":
      return event.atMs > context.nowMs ? { ...context } : context;
    // What an operator says counts only in `held`; the machine's transitions see to it.
    case "resume":
    case "override":
    case "return":
      return { ...context };
  }
}

function absorbRecall(
  context: MissionContext,
  { account, atMs }: Extract<MissionEvent, { type: "recall" }>,
): MissionContext {
  if (!canBeRecalled(context)) return context;
  if (!isRecalledByWitness(context)) return { ...context };
  return { ...context, withdrawal: { account, reason: "called back", atMs } };
}

/** While its truck has not been called. */
export const mayBeReslotted = ({ slot, calledAtMs, status }: MissionContext): boolean =>
  slot !== undefined && calledAtMs === undefined && (status === "running" || status === "held");

export function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, at) => name === others[at]);
}

function absorbReport(context: MissionContext, report: DeviceReport): MissionContext {
  const job = context.jobs[report.jobId];
  if (job === undefined || job.state !== "asked" || job.deviceId !== report.deviceId) return context;
  const { outcome } = report;
  if (outcome.status === "accepted") return context;
  const next =
    outcome.status === "done"
      ? ({ ...job, state: "done", result: outcome.result } as const)
      : ({ ...job, state: "failed", failure: { code: outcome.code, detail: outcome.detail } } as const);
  return { ...context, jobs: { ...context.jobs, [report.jobId]: next } };
}

function absorbAssignment(
  context: MissionContext,
  event: Extract<MissionEvent, { type: "assigned" }>,
): MissionContext {
  const places = { ...event.places, ...context.places };
  const vehicle = context.vehicle ?? event.vehicle;
  const { lane } = event;
  // Its bay decides by which lane it goes, once.
  if (lane !== undefined && context.places.buffer === undefined)
    return {
      ...context,
      places: { ...places, ...lane.places },
      ...(byVehicle(context) === undefined ? {} : { line: lane.line }),
    };
  if (vehicle === context.vehicle && Object.keys(places).length === Object.keys(context.places).length)
    return context;
  return { ...context, places, ...(vehicle === undefined ? {} : { vehicle }) };
}

function absorbCrane(
  context: MissionContext,
  { handoffId, phase }: Extract<MissionEvent, { type: "crane" }>,
): MissionContext {
  const { handoff } = context;
  // Once it is handed over the crane's work for it is done, and the vehicle below has left for all it knows.
  if (handoff?.handoffId !== handoffId || handoff.switched || handoff.crane === phase) return context;
  return { ...context, handoff: { ...handoff, crane: phase } };
}

function absorbVisit(
  context: MissionContext,
  { handoffId, seen }: Extract<MissionEvent, { type: "visit" }>,
): MissionContext {
  const { handoff, visit } = context;
  if (handoff?.handoffId !== handoffId) return context;
  const { entered, isOver, isKept } = visit ?? NO_VISIT;
  const isSame = visit !== undefined && sameNames(entered, seen.entered);
  if (isSame && isOver === seen.isOver && isKept === seen.isKept) return context;
  return {
    ...context,
    visit: { ...seen, entered: [...seen.entered], isAtPad: visit?.isAtPad ?? false },
  };
}

const NO_VISIT: VisitSeen = { entered: [], isOver: false, isKept: false, isAtPad: false };

function absorbVehicle(
  context: MissionContext,
  { isAtPad, ...event }: Extract<MissionEvent, { type: "vehicle" }>,
): MissionContext {
  const { visit = NO_VISIT } = context;
  return absorbMotion(
    isAtPad === true && !visit.isAtPad ? { ...context, visit: { ...visit, isAtPad: true } } : context,
    event,
  );
}

function absorbMotion(
  context: MissionContext,
  {
    loadIds,
    batteryPct,
    beyondLine,
    rollsToLine,
  }: Omit<Extract<MissionEvent, { type: "vehicle" }>, "isAtPad">,
): MissionContext {
  if (rollsToLine === true && context.rollsToLine !== true && context.bound === "outbound")
    return absorbLoad({ ...context, rollsToLine: true }, { loadIds, batteryPct, beyondLine });
  return absorbLoad(context, { loadIds, batteryPct, beyondLine });
}

function absorbLoad(
  context: MissionContext,
  {
    loadIds,
    batteryPct,
    beyondLine,
  }: Pick<Extract<MissionEvent, { type: "vehicle" }>, "loadIds" | "batteryPct" | "beyondLine">,
): MissionContext {
  const { vehicle, handoff } = context;
  if (vehicle === undefined || context.clearOfGround) return context;
  // The partner drives it on while this side may be away: whoever was not there to see it leave takes its own word.
  if (beyondLine && context.bound === "outbound" && handoff?.switched === true)
    return { ...context, clearOfGround: true };
  const sameLoads =
    vehicle.loadIds.length === loadIds.length && loadIds.every((loadId) => vehicle.loadIds.includes(loadId));
  // The battery goes into the manifest; a write for every tenth of a per cent would be noise.
  if (sameLoads && Math.abs(vehicle.batteryPct - batteryPct) < 5) return context;
  return { ...context, vehicle: { ...vehicle, loadIds: [...loadIds], batteryPct } };
}

/** Legs that are asked for again after a restart are asked for with the new priority. */
function absorbPriority(context: MissionContext, priority: number): MissionContext {
  const { consignment } = context;
  if (consignment === undefined || consignment.priority === priority) return context;
  const outbox = context.outbox.map((effect) =>
    effect.kind === "requestLeg" ? { ...effect, leg: { ...effect.leg, priority } } : effect,
  );
  return { ...context, consignment: { ...consignment, priority }, outbox };
}

function absorbRoad(context: MissionContext, event: ReservationEvent): MissionContext {
  if (event.kind === "trouble" || event.vehicleId !== context.vehicle?.vehicleId) return context;
  switch (event.kind) {
    case "admitted":
      if (context.admission?.state === "admitted" || context.bound === "outbound") return context;
      return { ...context, admission: { state: "admitted", detail: "" } };
    case "admissionRefused":
      if (context.admission !== undefined || context.bound === "outbound") return context;
      return {
        ...context,
        admission: {
          state: "refused",
          detail: `${event.reason}${event.heldBy === undefined ? "" : ` by ${event.heldBy}`}`,
        },
      };
    case "clearOfGround":
      // After a restart this may be told before the word that the witness has switched.
      return context.bound === "outbound" &&
        legOf(context, "guard-exit")?.overLine === true &&
        !context.clearOfGround
        ? { ...context, clearOfGround: true }
        : context;
    case "legRefused":
      return onLeg(context, event.legId, (leg) =>
        leg.state === "requested" ? { ...leg, state: "refused", refusal: event.reason } : leg,
      );
    case "granted":
      // A first grant is withheld until the whole first stretch is free, so any grant beyond the start is that stretch.
      return onLeg(context, event.legId, (leg) => {
        const next = leg.granted || event.throughNodeId === leg.fromNodeId ? leg : { ...leg, granted: true };
        const beyondNodeId = byVehicle(context)?.beyondNodeId;
        const isOver = context.bound === "outbound" && event.throughNodeId === beyondNodeId;
        return isOver && next.overLine !== true ? { ...next, overLine: true } : next;
      });
    case "reached":
      return onLeg(context, event.legId, (leg) => arrived(context, leg, event.nodeId));
    case "waitingAt":
      return onLeg(context, event.legId, (leg) => {
        const there = arrived(context, leg, event.nodeId);
        return there.stoodAt.includes(event.nodeId)
          ? there
          : { ...there, stoodAt: [...there.stoodAt, event.nodeId] };
      });
    case "legCompleted":
      return onLeg(context, event.legId, (leg) =>
        leg.state === "completed" ? leg : { ...arrived(context, leg, event.nodeId), state: "completed" },
      );
    case "legPlanned":
    case "legWaiting":
    case "legAbandoned":
      return context;
  }
}

function onLeg(context: MissionContext, legId: LegId, change: (leg: Leg) => Leg): MissionContext {
  const leg = context.legs[legId];
  if (leg === undefined) return context;
  const next = change(leg);
  return next === leg ? context : { ...context, legs: { ...context.legs, [legId]: next } };
}

function arrived(context: MissionContext, leg: Leg, nodeId: NodeId): Leg {
  const left = leg.left || nodeId !== leg.fromNodeId;
  const isNew = matters(context, nodeId) && !leg.reached.includes(nodeId);
  if (left === leg.left && !isNew) return leg;
  return { ...leg, left, reached: isNew ? [...leg.reached, nodeId] : leg.reached };
}

/** A leg has dozens of nodes; only those at which something happens are kept, and written to the store. */
function matters(context: MissionContext, nodeId: NodeId): boolean {
  const { places } = context;
  const line = byVehicle(context);
  if (nodeId === line?.holdNodeId || nodeId === line?.beyondNodeId) return true;
  if (nodeId === byVisit(context)?.holdNodeId) return true;
  return Object.values(places).some((place) => place.nodeId === nodeId || place.beginNodeId === nodeId);
}

const PHASES: readonly HandoffState["phase"][] = [
  "offered",
  "accepted",
  "ready",
  "going",
  "switched",
  "concluded",
];

function absorbHandoff(
  context: MissionContext,
  event: HandoffEvent,
  atMs: number,
  procedure: Procedure,
): MissionContext {
  const { handoff } = context;
  if (event.kind === "trouble" || event.kind === "offered") return context;
  if (handoff === undefined || event.handoffId !== handoff.handoffId) return context;
  switch (event.kind) {
    case "accepted": {
      const { returnLoad } = event;
      return forward(context, returnLoad === undefined ? handoff : { ...handoff, returnLoad }, event.kind);
    }
    case "going":
      return forward(context, handoff, event.kind);
    case "ready":
      return forward({ ...context, manifest: event.manifest }, handoff, "ready", context);
    case "switched":
      return handoff.switched
        ? context
        : { ...context, handoff: { ...handoff, phase: "switched", switched: true } };
    case "concluded":
      return handoff.concluded
        ? context
        : {
            ...context,
            handoff: {
              ...handoff,
              phase: "concluded",
              switched: true,
              concluded: true,
              recordHash: event.recordHash,
            },
          };
    case "declined":
    case "ended": {
      // Once the witness has switched nothing ends early any more: a late word of it changes nothing.
      if (handoff.switched || handoff.phase === "over") return context;
      const overReason = event.kind === "declined" ? event.code : `${event.how} ${event.reason}`.trim();
      const isClosed = event.kind === "declined" && event.code === "border-closed";
      const againAtMs = atMs + Math.max(procedure.offerAgainMs, isClosed ? CLOSED_AGAIN_MS : 0);
      const over = { ...context, handoff: { ...handoff, phase: "over", overReason, againAtMs } } as const;
      return withoutPad(over);
    }
  }
}

/** Who has not set out for the pad leaves it to others until it may offer again: the partner may have something for it. */
function withoutPad(context: MissionContext): MissionContext {
  if (context.bound === "inbound" || legOf(context, "guard-exit") !== undefined) return context;
  const { pad: _others, ...places } = context.places;
  return { ...context, places };
}

/** A border that is closed is not asked every few seconds, all night long. */
const CLOSED_AGAIN_MS = 300_000;

/** The conversation only goes forward: a repeated or late message changes nothing. */
function forward(
  context: MissionContext,
  handoff: HandoffState,
  phase: "accepted" | "ready" | "going",
  unchanged: MissionContext = context,
): MissionContext {
  if (handoff.phase === "over" || PHASES.indexOf(handoff.phase) >= PHASES.indexOf(phase)) return unchanged;
  return { ...context, handoff: { ...handoff, phase } };
}
