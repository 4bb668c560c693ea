import type { VehicleId } from "@baton/fleet-adapter";
import type { DeviceId, HandoffPointId, NodeId, StationId, VehicleClassId } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Step } from "../contract/index.ts";
import { DeviceResult, type JobId } from "../gate/port.ts";
import type { HandoffId } from "../handoff/port.ts";
import { TRANSFER_PHASES } from "../handoff/transfer-port.ts";
import type { LegId } from "../reservation/port.ts";

export const SideName = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);
/** Of anything that has a name. */
export const Id = Type.String({ minLength: 1, maxLength: 256 });

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
export const PassingLine = Type.Object({
  mode: Type.Optional(Type.Literal("control-passes")),
  handoffPointId: Type.Unsafe<HandoffPointId>(Id),
  holdNodeId: Type.Unsafe<NodeId>(Id),
  beyondNodeId: Type.Unsafe<NodeId>(Id),
  /** Chainage of the hold node, site frame: a vehicle that rolls to it is known by its distance. */
  holdXM: Type.Optional(Type.Number()),
});
export type PassingLine = Static<typeof PassingLine>;

/** Where a crane sets the container over, and this side's vehicle stands under it on its pad. */
export const TransferLine = Type.Object({
  mode: Type.Literal("container-transfers"),
  handoffPointId: Type.Unsafe<HandoffPointId>(Id),
  deviceId: Id,
  padNodeId: Type.Unsafe<NodeId>(Id),
  padStationId: Type.Unsafe<StationId>(Id),
});
export type TransferLine = Static<typeof TransferLine>;

/** Where a vehicle goes over the line and back, driven by its home all the time: to the host's exchange pad, by the host's grants. */
export const VisitLine = Type.Object({
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
export type VisitLine = Static<typeof VisitLine>;

export const Line = Type.Union([PassingLine, TransferLine, VisitLine]);

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

export const Held = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  step: Step,
  /** A named account may accept it as it is. */
  overridable: Type.Boolean(),
  /** Which of the devices of a step that asks two. */
  part: Type.Optional(Type.String()),
});
