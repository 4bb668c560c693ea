import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { DeviceId, HandoffPointId, NodeId, StationId, VehicleClassId } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { Step, TimelineEntry } from "../contract/index.ts";
import { Fact } from "../gate/conditions.ts";
import { DeviceResult, type JobId } from "../gate/port.ts";
import { Manifest } from "../handoff/manifest.ts";
import type { HandoffId } from "../handoff/port.ts";
import { TRANSFER_PHASES } from "../handoff/transfer-port.ts";
import type { LegId } from "../reservation/port.ts";
import type { MissionEffect } from "./effects.ts";

const SideName = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);
const Id = Type.String({ minLength: 1, maxLength: 256 });
const Count = Type.Integer({ minimum: 0 });

/** Above this a stored mission is not believed: something repeated that should not. */
const MAX_RECORDS = 1_000;

/** A station as a mission remembers it: what it needs of the layout stands in the mission itself. */
export const Place = Type.Object({
  stationId: Type.Unsafe<StationId>(Id),
  nodeId: Type.Optional(Type.Unsafe<NodeId>(Id)),
  /** For a drive-through: where the passage begins. */
  beginNodeId: Type.Optional(Type.Unsafe<NodeId>(Id)),
  deviceIds: Type.Array(Type.Unsafe<DeviceId>(Id)),
});
export type Place = Static<typeof Place>;

/** Every place on a mission's way; `crane` and `buffer` come with the assignment, the rest is the lane's. */
export const Places = Type.Object({
  truckGate: Type.Optional(Place),
  crane: Type.Optional(Place),
  portal: Type.Optional(Place),
  weighbridge: Type.Optional(Place),
  scanner: Type.Optional(Place),
  buffer: Type.Optional(Place),
  exitGate: Type.Optional(Place),
  entryGate: Type.Optional(Place),
  /** Inbound: the head of the queue before the cranes, where the yard has one. */
  yardQueue: Type.Optional(Place),
  /** Where the container is opened, when somebody asked for that; comes with an assignment of its own. */
  dock: Type.Optional(Place),
  /** Under the crane at the line, while it is this mission's: with the offer, until its vehicle has left it. */
  pad: Type.Optional(Place),
});
export type Places = Static<typeof Places>;

/** Where the vehicle passes the line. Missions of before there were other ways do not name the mode. */
const PassingLine = Type.Object({
  mode: Type.Optional(Type.Literal("control-passes")),
  handoffPointId: Type.Unsafe<HandoffPointId>(Id),
  holdNodeId: Type.Unsafe<NodeId>(Id),
  beyondNodeId: Type.Unsafe<NodeId>(Id),
  /** Chainage of the hold node, site frame: a vehicle that rolls to it is known by its distance. */
  holdXM: Type.Optional(Type.Number()),
});

/** Where a crane sets the container over, and this side's vehicle stands under it on its pad. */
const TransferLine = Type.Object({
  mode: Type.Literal("container-transfers"),
  handoffPointId: Type.Unsafe<HandoffPointId>(Id),
  deviceId: Id,
  padNodeId: Type.Unsafe<NodeId>(Id),
  padStationId: Type.Unsafe<StationId>(Id),
});

/** Where a vehicle goes over the line and back, driven by its home all the time: to the host's exchange pad, by the host's grants. */
const VisitLine = Type.Object({
  mode: Type.Literal("host-grants"),
  handoffPointId: Type.Unsafe<HandoffPointId>(Id),
  homePointId: Type.Unsafe<HandoffPointId>(Id),
  holdNodeId: Type.Unsafe<NodeId>(Id),
  padNodeId: Type.Unsafe<NodeId>(Id),
  /** A station of the host's, and where it is, site frame. */
  padStationId: Type.Unsafe<StationId>(Id),
  padXM: Type.Number(),
  padYM: Type.Number(),
  homeNodeId: Type.Unsafe<NodeId>(Id),
  inStretchId: Id,
  outStretchId: Id,
  /** The way of who does not visit. */
  passing: Type.Optional(PassingLine),
});

const Line = Type.Union([PassingLine, TransferLine, VisitLine]);

/** What was asked for: the customer's order, or what the partner's manifest says of it. */
export const Consignment = Type.Object({
  orderId: Type.String({ maxLength: 64 }),
  containerNo: Type.String({ minLength: 11, maxLength: 11 }),
  sizeType: Type.String(),
  declaredGrossKg: Type.Number(),
  goodsSummary: Type.String(),
  declarationNo: Type.String(),
  channel: Type.Union([Type.Literal("green"), Type.Literal("yellow"), Type.Literal("red")]),
  truckPlate: Type.String(),
  sealNo: Type.String(),
  priority: Type.Integer({ minimum: 0, maximum: 9 }),
  dueAtMs: Type.Optional(Type.Number()),
  perishable: Type.Optional(Type.Boolean()),
});
export type Consignment = Static<typeof Consignment>;

export const MissionVehicle = Type.Object({
  vehicleId: Type.Unsafe<VehicleId>(Id),
  vehicleClassId: Type.Unsafe<VehicleClassId>(Id),
  home: SideName,
  manufacturer: Type.String(),
  serialNumber: Type.String(),
  lengthM: Type.Number(),
  widthM: Type.Number(),
  batteryPct: Type.Number(),
  /** As the vehicle last reported. */
  loadIds: Type.Array(Type.String()),
  /** The leg that it drove when it was given to the mission, and from which it is sent to it on its way. */
  calledFrom: Type.Optional(Type.Unsafe<LegId>(Id)),
  /** A person has chosen it: dispatch sends it nowhere else. */
  byHand: Type.Optional(Type.Boolean()),
  /** From there it comes at once or not at all (`LegRequest.orNever`). */
  orNever: Type.Optional(Type.Boolean()),
});
export type MissionVehicle = Static<typeof MissionVehicle>;

/** A device job: when it was asked, until when it must be answered, and what came of it. */
export const Job = Type.Object({
  jobId: Type.Unsafe<JobId>(Id),
  deviceId: Type.Unsafe<DeviceId>(Id),
  step: Step,
  askedAtMs: Type.Number(),
  deadlineAtMs: Type.Number(),
  state: Type.Union([Type.Literal("asked"), Type.Literal("done"), Type.Literal("failed")]),
  result: Type.Optional(DeviceResult),
  failure: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
});
export type Job = Static<typeof Job>;

export const Leg = Type.Object({
  legId: Type.Unsafe<LegId>(Id),
  fromNodeId: Type.Optional(Type.Unsafe<NodeId>(Id)),
  /** `refused` by the reservation for good; a new request needs a new id. */
  state: Type.Union([Type.Literal("requested"), Type.Literal("completed"), Type.Literal("refused")]),
  refusal: Type.Optional(Type.String()),
  granted: Type.Boolean(),
  /** Our ground is its own as far as the partner's: it may be handed over. */
  overLine: Type.Optional(Type.Boolean()),
  /** The vehicle has left the place where the leg began. */
  left: Type.Boolean(),
  /** Of the nodes that matter to the mission, those that the vehicle has come to. */
  reached: Type.Array(Type.Unsafe<NodeId>(Id)),
  /** Where it stood and waited to be told to go on. */
  stoodAt: Type.Array(Type.Unsafe<NodeId>(Id)),
});
export type Leg = Static<typeof Leg>;

export const HandoffState = Type.Object({
  handoffId: Type.Unsafe<HandoffId>(Id),
  phase: Type.Union([
    Type.Literal("offered"),
    Type.Literal("accepted"),
    Type.Literal("ready"),
    Type.Literal("going"),
    Type.Literal("switched"),
    Type.Literal("concluded"),
    /** Declined, withdrawn, revoked or expired: the vehicle is still the giver's. */
    Type.Literal("over"),
  ]),
  /** Set once the witness has switched, whatever comes after. */
  switched: Type.Boolean(),
  concluded: Type.Boolean(),
  recordHash: Type.Optional(Type.String()),
  overReason: Type.Optional(Type.String()),
  /** What the vehicle is to carry back: as the partner has said to the giver, as this taker means to. */
  returnLoad: Type.Optional(
    Type.Object({ orderId: Type.String(), containerNo: Type.String(), expectedAtMs: Type.Number() }),
  ),
  /** What the crane at the line does for it. */
  crane: Type.Optional(Type.Enum([...TRANSFER_PHASES])),
  /** Giver, after it was over: when to offer again. */
  againAtMs: Type.Optional(Type.Number()),
});
export type HandoffState = Static<typeof HandoffState>;

/** A visit by the host's grants, as far as the mission has to know. */
export const VisitSeen = Type.Object({
  /** Home: stretches on which the vehicle may be, kept for good. */
  entered: Type.Array(Id),
  /** The vehicle is back on its home's ground, and stays; host: by its home's word. */
  isOver: Type.Boolean(),
  /** Host: the way to the pad is the visitor's. */
  isKept: Type.Boolean(),
  /** Host: it stands at the pad. */
  isAtPad: Type.Boolean(),
});
export type VisitSeen = Static<typeof VisitSeen>;

/** What the steps have found out, for the manifest and the view. */
export const Findings = Type.Object({
  pass: Type.Optional(Type.String()),
  sealNo: Type.Optional(Type.String()),
  sealState: Type.Optional(
    Type.Union([
      Type.Literal("armed"),
      Type.Literal("intact"),
      Type.Literal("dead"),
      Type.Literal("replaced"),
    ]),
  ),
  weighedGrossKg: Type.Optional(Type.Number()),
  scaleClass: Type.Optional(Type.String()),
  scanReference: Type.Optional(Type.String()),
  scanSha256: Type.Optional(Type.String()),
  verdict: Type.Optional(Type.Union([Type.Literal("clear"), Type.Literal("suspect")])),
  quarantine: Type.Optional(Type.Union([Type.Literal("not-listed"), Type.Literal("certified")])),
  decision: Type.Optional(
    Type.Union([Type.Literal("release"), Type.Literal("inspect"), Type.Literal("return")]),
  ),
});
export type Findings = Static<typeof Findings>;

/** In the form in which the reader would have said it. */
export const HandReading = Type.Object({
  account: Type.String(),
  atMs: Type.Number(),
  result: DeviceResult,
});

/** An agency's yes on paper, while its system was away: the document, and who vouches for it. */
export const PaperRelease = Type.Object({
  documentNo: Type.String({ minLength: 1, maxLength: 64 }),
  accounts: Type.Array(Type.String(), { minItems: 1 }),
  atMs: Type.Number(),
});
export type PaperRelease = Static<typeof PaperRelease>;

const Held = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  step: Step,
  /** A named account may accept it as it is. */
  overridable: Type.Boolean(),
  /** Which of the devices of a step that asks two. */
  part: Type.Optional(Type.String()),
});

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

/** `<mission>.<step>` for the first request; a leg that was refused for good is asked for again under a new id. */
export function legIdOf(context: MissionContext, step: Step): LegId {
  const round = context.legRounds[step] ?? 1;
  const id = `${context.missionId}.${step}`;
  return (round === 1 ? id : `${id}.${round}`) as LegId;
}

export function legOf(context: MissionContext, step: Step): Leg | undefined {
  return context.legs[legIdOf(context, step)];
}

export const attemptOf = (context: MissionContext, step: Step): number => context.attempts[step] ?? 1;

/** `<mission>.<step>.<attempt>`; a step that asks two devices names the second part. */
export function jobIdOf(context: MissionContext, step: Step, part?: string): JobId {
  return `${context.missionId}.${step}${part === undefined ? "" : `-${part}`}.${attemptOf(context, step)}` as JobId;
}

export function actionIdOf(context: MissionContext, step: Step, name: string): ActionId {
  return `${context.missionId}.${step}.${name}` as ActionId;
}

export const handoffIdFrom = (text: string): HandoffId => text as HandoffId;

/** The mission that a leg or a job is for, by its id; undefined for ids that no mission made. */
export function missionIdIn(id: string): string | undefined {
  const dot = id.indexOf(".");
  return dot <= 0 ? undefined : id.slice(0, dot);
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
export function byCrane({ line }: Pick<MissionContext, "line">): Static<typeof TransferLine> | undefined {
  return line.mode === "container-transfers" ? line : undefined;
}

/** Its way over the line, where the vehicle passes and stays; undefined elsewhere. */
export function byVehicle(context: OnItsWay): Static<typeof PassingLine> | undefined {
  const line = lineOf(context);
  return line.mode === "container-transfers" || line.mode === "host-grants" ? undefined : line;
}

/** Its way over the line and back, where the vehicle's home drives it on the host's ground; undefined elsewhere. */
export function byVisit(context: OnItsWay): Static<typeof VisitLine> | undefined {
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
