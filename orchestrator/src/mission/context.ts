import type { VehicleId } from "@baton/fleet-adapter";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { Step, TimelineEntry } from "../contract/index.ts";
import { Fact } from "../gate/conditions.ts";
import { Manifest } from "../handoff/manifest.ts";
import type { LegId } from "../reservation/port.ts";
import type { MissionEffect } from "./effects.ts";
import {
  Consignment,
  Findings,
  HandoffState,
  HandReading,
  Held,
  Id,
  Job,
  Leg,
  Line,
  MissionVehicle,
  PaperRelease,
  type PassingLine,
  Places,
  SideName,
  type TransferLine,
  type VisitLine,
  VisitSeen,
} from "./records.ts";

const Count = Type.Integer({ minimum: 0 });

/** Above this a stored mission is not believed: something repeated that should not. */
const MAX_RECORDS = 1_000;

/** Everything a mission knows. Plain data: it is stored as it is, and nothing else of the mission is. */
export const MissionContext = Type.Object({
  contextVersion: Type.Literal(1),
  /** Without dots: leg, job and action ids are made of it with dots. */
  missionId: Type.String({ minLength: 1, maxLength: 64, pattern: "^[^.]+$" }),
  siteId: Type.String(),
  side: SideName,
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  bound: Type.Union([Type.Literal("outbound"), Type.Literal("inbound")]),
  procedureId: Type.String(),
  procedureVersion: Type.Integer(),
  createdAtMs: Type.Number(),
  /** The instant of the newest event that changed anything. */
  nowMs: Type.Number(),
  /** A fresh identifier for the next hand-off, brought by the newest event. */
  spareId: Type.String(),

  status: Type.Union([
    Type.Literal("running"),
    Type.Literal("held"),
    Type.Literal("done"),
    Type.Literal("returned"),
  ]),
  step: Step,
  stepSinceMs: Type.Number(),
  /** How often each step was tried; 1 when absent. */
  attempts: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  held: Type.Optional(Held),
  /** How often it was held so far: each time is an alarm of its own. */
  holdCount: Count,
  endedAtMs: Type.Optional(Type.Number()),
  returnReason: Type.Optional(Type.String()),

  /** What it carries; absent of a vehicle that goes over the line with nothing aboard (`carries: nothing` of its procedure). */
  consignment: Type.Optional(Consignment),
  /** Outbound, where slots are given out: its place in the border's time. */
  slot: Type.Optional(
    Type.Object({
      fromMs: Type.Number(),
      toMs: Type.Number(),
      /** From when on its truck may be called in. */
      callFromMs: Type.Number(),
    }),
  ),
  /** When its truck was called in. A mission without a slot needs no call. */
  calledAtMs: Type.Optional(Type.Number()),
  /** The side has docks in this bound: what is to be inspected leaves its bay for one. Absent: it is inspected in its bay. */
  hasDocks: Type.Optional(Type.Boolean()),
  /** Inbound, and not from over the line: the outbound mission whose container comes back to the yard. */
  bringsBack: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** Inbound: the outbound mission here that its vehicle is meant to load next. */
  returnMissionId: Type.Optional(Type.String()),
  places: Places,
  line: Line,
  /** Outbound, on a site where no way leads from the line back to the yard. */
  noWayBack: Type.Optional(Type.Boolean()),
  /** Outbound, where there are several pairs of lanes: the one that its order asks for. Absent: the one of the bay that it is given. */
  pairAsked: Type.Optional(Type.Integer({ minimum: 1 })),
  vehicle: Type.Optional(MissionVehicle),
  /** The leg that its vehicle is asked to drive instead of that to its crane, and since when (`exchange.ts`). */
  yielding: Type.Optional(Type.Object({ toLegId: Type.Unsafe<LegId>(Id), sinceMs: Type.Number() })),
  /** When it was last found that its vehicle could not be sent elsewhere. */
  keptAtMs: Type.Optional(Type.Number()),
  /** That were on their way to its crane and were sent elsewhere. */
  vehiclesBefore: Type.Optional(Type.Array(Type.Unsafe<VehicleId>(Id), { maxItems: MAX_RECORDS })),
  admission: Type.Optional(
    Type.Object({
      state: Type.Union([Type.Literal("admitted"), Type.Literal("refused")]),
      detail: Type.String(),
    }),
  ),
  clearOfGround: Type.Boolean(),
  /** Outbound: it rolls to the hold line, near enough to tell the partner, with enough way left to brake. */
  rollsToLine: Type.Optional(Type.Boolean()),

  jobs: Type.Record(Type.String(), Job, { maxProperties: MAX_RECORDS }),
  legs: Type.Record(Type.String(), Leg, { maxProperties: MAX_RECORDS }),
  /** Devices of the side that are away, in the order of their names; a vehicle is not sent through one of them. */
  downDevices: Type.Optional(Type.Array(Type.String(), { maxItems: MAX_RECORDS })),
  /** How often the leg of a step had to be asked for under a new id; 1 when absent. */
  legRounds: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  handoff: Type.Optional(HandoffState),
  visit: Type.Optional(VisitSeen),
  /** The partner's manifest, for an inbound mission: first as offered, then final. */
  manifest: Type.Optional(Manifest),
  facts: Type.Array(Fact, { maxItems: MAX_RECORDS }),
  findings: Findings,
  /** Steps that a person accepted as they were. */
  overrides: Type.Record(
    Type.String(),
    Type.Object({ account: Type.String(), code: Type.String(), atMs: Type.Number() }),
  ),
  /** What a person has had measured again by sending it through the lane once more: the newest time. */
  passedAgain: Type.Optional(
    Type.Object({
      what: Type.Union([Type.Literal("weigh"), Type.Literal("scan")]),
      account: Type.String(),
      atMs: Type.Number(),
    }),
  ),
  /** The seal that people have put on in place of the one it came with, or of one that they put on before. */
  resealed: Type.Optional(
    Type.Object({
      sealNo: Type.String({ minLength: 1, maxLength: 64 }),
      accounts: Type.Array(Type.String(), { minItems: 1 }),
      atMs: Type.Number(),
    }),
  ),
  /** Somebody has sent it to be inspected, whatever customs decide. */
  diverted: Type.Optional(Type.Object({ account: Type.String(), atMs: Type.Number() })),
  /** What a person has read by hand, by the step whose reader could not. */
  readings: Type.Optional(Type.Record(Type.String(), HandReading)),
  /** Steps whose agency was away, released on a document. */
  papers: Type.Optional(Type.Record(Type.String(), PaperRelease)),
  /** A person will not have it: the code that the partner and the customer are told. */
  refusal: Type.Optional(Type.Object({ code: Type.String(), account: Type.String(), atMs: Type.Number() })),
  /** A person wants the hand-off back, even after `go`: over when the witness has said which of the two it is. */
  withdrawal: Type.Optional(
    Type.Object({ account: Type.String(), reason: Type.String(), atMs: Type.Number() }),
  ),
  /** Two people have said that its vehicle, which failed on the host's ground, was towed off it. */
  towed: Type.Optional(
    Type.Object({ accounts: Type.Array(Type.String(), { minItems: 1 }), atMs: Type.Number() }),
  ),
  timeline: Type.Array(TimelineEntry),

  /** Ids of effects that were ever issued: none is issued twice. */
  issued: Type.Array(Type.String()),
  /** Issued and not answered yet, in order. Stored with the snapshot in one write. */
  outbox: Type.Array(
    Type.Unsafe<MissionEffect>(
      Type.Object({ effectId: Type.String({ minLength: 1 }), kind: Type.String({ minLength: 1 }) }),
    ),
  ),
});
export type MissionContext = Static<typeof MissionContext>;

const contextCheck = Compile(MissionContext);

export type ContextReading =
  | { readonly kind: "context"; readonly context: MissionContext }
  | { readonly kind: "invalid"; readonly detail: string };

/** Reads a stored mission back: what stands in the store was written by us, yet perhaps by another version of us. */
export function readContext(data: unknown): ContextReading {
  if (contextCheck.Check(data)) return { kind: "context", context: data };
  const error = contextCheck.Errors(data)[0];
  return {
    kind: "invalid",
    detail: error === undefined ? "no mission" : `${error.instancePath || "/"}: ${error.message}`,
  };
}

/**
 * Whether a mission has its vehicle for itself: outbound until it has left our ground, inbound, and where only the container
 * stays beyond the line, until that is off it and the vehicle is home. What is left to be written then needs no vehicle.
 */
export function hasVehicle(context: MissionContext): boolean {
  if (context.vehicle === undefined || isOver(context)) return false;
  if (context.bound === "inbound" || byVehicle(context) === undefined) return context.step !== "close";
  return !context.clearOfGround;
}

/** What says which way over the line a mission takes. */
type OnItsWay = Pick<MissionContext, "line" | "bound" | "side" | "vehicle">;

/**
 * Its way over the line. Who visits goes out from its home, and comes in to the other side: a guest that goes home passes for good,
 * and a container that comes back to the yard has not been over the line.
 */
export function lineOf({ line, bound, side, vehicle }: OnItsWay): MissionContext["line"] {
  if (line.mode !== "host-grants" || vehicle === undefined) return line;
  const visits = (vehicle.home === side) === (bound === "outbound");
  return visits ? line : (line.passing ?? line);
}

/** Its way over the line, where a crane sets the container over; undefined elsewhere. */
export function byCrane({ line }: Pick<MissionContext, "line">): TransferLine | undefined {
  return line.mode === "container-transfers" ? line : undefined;
}

/** Its way over the line, where the vehicle passes and stays; undefined elsewhere. */
export function byVehicle(context: OnItsWay): PassingLine | undefined {
  const line = lineOf(context);
  return line.mode === "container-transfers" || line.mode === "host-grants" ? undefined : line;
}

/** Its way over the line and back, where the vehicle's home drives it on the host's ground; undefined elsewhere. */
export function byVisit(context: OnItsWay): VisitLine | undefined {
  const line = lineOf(context);
  return line.mode === "host-grants" ? line : undefined;
}

/**
 * What a mission carries. To be asked of steps that only a container goes through: a procedure for vehicles without one has
 * none of them (`readProcedure`).
 */
export function cargoOf({ consignment, missionId, step }: MissionContext): Consignment {
  if (consignment === undefined) throw new Error(`mission ${missionId} carries nothing, and is at ${step}`);
  return consignment;
}

/** Whether its container is on its vehicle, as that reports; never where there is none. */
export const hasItAboard = ({
  vehicle,
  consignment,
}: Pick<MissionContext, "vehicle" | "consignment">): boolean =>
  consignment !== undefined && vehicle?.loadIds.includes(consignment.containerNo) === true;

/** A vehicle that goes over the line with nothing aboard, for its own sake. */
export const isEmptyRun = ({ consignment }: Pick<MissionContext, "consignment">): boolean =>
  consignment === undefined;

export const priorityOf = ({ consignment }: Pick<MissionContext, "consignment">): number =>
  consignment?.priority ?? 0;

/** What people and the record call the thing that is on its way: its container, or the vehicle without one. */
export const cargoName = ({ consignment, vehicle, missionId }: MissionContext): string =>
  consignment?.containerNo ?? vehicle?.vehicleId ?? missionId;

export const isOver = (context: MissionContext): boolean =>
  context.status === "done" || context.status === "returned";
