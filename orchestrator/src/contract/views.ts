import Type, { type Static } from "typebox";
import { EvidenceParts } from "./evidence.ts";

/**
 * The API's words, as JSON Schema: what the REST API answers and what the feed's control frames carry.
 * Imports nothing but the schema library, so that any client can build against it.
 */

const SideSchema = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);
const DirectionSchema = Type.Union([Type.Literal("export"), Type.Literal("import")]);

/** The steps of a mission, in the order of gate procedure `mission/procedures`; names are stable. */
export const STEPS = [
  "register-order",
  "admit-truck",
  "assign-vehicle",
  "drive-to-crane",
  "load",
  "arm-seal",
  "identify",
  "weigh",
  "scan",
  "drive-to-buffer",
  "verdict",
  "quarantine",
  "decision",
  "inspection",
  "offer",
  "guard-exit",
  "drive-to-hold",
  "handoff",
  "cross",
  "accept",
  "guard-entry",
  "drive-to-yard",
  "unload",
  "close",
] as const;
export const Step = Type.Enum([...STEPS]);
export type Step = (typeof STEPS)[number];

export const TransportOrderRequest = Type.Object({
  /** The customer's own number; posting it again changes nothing. */
  orderId: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" }),
  direction: DirectionSchema,
  containerNo: Type.String({ description: "ISO 6346, check digit verified" }),
  sizeType: Type.String({ minLength: 4, maxLength: 4, default: "45G1" }),
  declaredGrossKg: Type.Number({ exclusiveMinimum: 0, maximum: 60_000 }),
  goodsSummary: Type.String({ minLength: 1, maxLength: 256 }),
  declarationNo: Type.String({ minLength: 1, maxLength: 32 }),
  channel: Type.Union([Type.Literal("green"), Type.Literal("yellow"), Type.Literal("red")]),
  truckPlate: Type.String({ minLength: 1, maxLength: 32 }),
  sealNo: Type.String({ minLength: 1, maxLength: 32 }),
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 9, default: 0 })),
  /** When it is to be over the line, ms UTC. */
  dueAtMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** The goods spoil: it does not wait for a cheaper vehicle. */
  perishable: Type.Optional(Type.Boolean({ default: false })),
  /** Where it is to cross the line, of the site's hand-off points; chosen by the site's own rule when not given. */
  handoffPointId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});
export type TransportOrderRequest = Static<typeof TransportOrderRequest>;

/** What a person can do about a mission as it is now, beside what can be done about any. */
export const MISSION_ACTS = [
  /** To be inspected, whatever customs decide. */
  "divert",
  /** Through the lane once more, to be weighed or scanned again. */
  "reweigh",
  "rescan",
  /** To say which new seal is on it. */
  "reseal",
  /** To say what stands on the truck, or on container and vehicle: no device has. */
  "read-truck",
  "read-vehicle",
  /** The same against what a device has read. */
  "reread-truck",
  "reread-vehicle",
  /** An agency's system does not answer: its yes on a document. */
  "paper-customs",
  "paper-border-guard",
  "paper-quarantine",
  "refuse",
  /** Back from the way to the line, while it is certain that the partner does not have it. */
  "recall",
  /** To want the hand-off back although the partner may have it. */
  "withdraw",
  /** To say that a vehicle of ours that failed on the partner's ground was towed off it: the visit ends. */
  "towed",
] as const;
export type MissionActName = (typeof MISSION_ACTS)[number];

/** Why a container cannot be had back now, where one might expect that it can. */
export const BACK_BARS = [
  /** It is on its way through the lane: from its bay it can be called back. */
  "before-bay",
  /** Wanted back already: what holds it has not said yet whose it is. */
  "asked-back",
  /** Only by force now. */
  "partner-may-have-it",
  /** The crane at the line has hold of it: it is set down on the other side. */
  "crane-has-it",
  /** It is the partner's. */
  "over-the-line",
  /** On this site no way leads from the line back to the yard. */
  "no-way-back",
] as const;
export type BackBar = (typeof BACK_BARS)[number];

/** Why a container, or the vehicle that brings it, is not taken. */
export const REFUSAL_CODES = [
  "documents",
  "wrong-container",
  "seal",
  "damage",
  "weight",
  "dangerous-goods",
  "prohibited-goods",
  "vehicle-unfit",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What changes hands at the line. */
const HandoverMode = Type.Enum(["control-passes", "host-grants", "container-transfers"]);

/** A step that is done. */
export const TimelineEntry = Type.Object({
  step: Step,
  atMs: Type.Number(),
  /** By what it was done, in English; missing where nothing but the vehicle's arrival says so. */
  evidence: Type.Optional(Type.String()),
  /** The same in parts; missing as well in records of before evidence was told in parts. */
  evidenceParts: Type.Optional(EvidenceParts),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

export const MissionView = Type.Object({
  missionId: Type.String(),
  orderId: Type.String(),
  side: SideSchema,
  direction: DirectionSchema,
  bound: Type.Union([Type.Literal("outbound"), Type.Literal("inbound")]),
  containerNo: Type.Optional(Type.String()),
  vehicleId: Type.Optional(Type.String()),
  handoffId: Type.Optional(Type.String()),
  /** Where it crosses the line, and what changes hands there. */
  handoffPointId: Type.Optional(Type.String()),
  mode: Type.Optional(HandoverMode),
  /** The slot at the border that it has. */
  slot: Type.Optional(Type.Object({ fromMs: Type.Number(), toMs: Type.Number() })),
  /** Outbound: what the partner means to send back on the vehicle. Inbound: what this side does. */
  returnLoad: Type.Optional(Type.Object({ orderId: Type.String(), containerNo: Type.String() })),
  step: Step,
  stepSinceMs: Type.Number(),
  status: Type.Union([
    Type.Literal("running"),
    Type.Literal("held"),
    Type.Literal("done"),
    Type.Literal("returned"),
  ]),
  /** Why it is held: a stable code with parameters, translated by whoever shows it. */
  held: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
  /** Acts that are possible now; missing: none. */
  acts: Type.Optional(Type.Array(Type.Enum([...MISSION_ACTS]))),
  /** Outbound and under way: why it cannot be called back, or wanted back by force, when it cannot. */
  backBarred: Type.Optional(Type.Enum([...BACK_BARS])),
  steps: Type.Array(Step),
  timeline: Type.Array(TimelineEntry),
});
export type MissionView = Static<typeof MissionView>;

/** What an alarm is about in this case, for a text in the reader's language. Each is there when it says something. */
export const AlarmFacts = Type.Partial(
  Type.Object({
    /** Which of several causes of the same code, in one word. */
    cause: Type.String(),
    containerNo: Type.String(),
    /** What was on board before and what is now; empty: nothing. */
    loadsBefore: Type.String(),
    loadsNow: Type.String(),
    deviceId: Type.String(),
    /** Places by their names in the layout. */
    place: Type.String(),
    /** The step of the mission. */
    step: Type.String(),
    seconds: Type.Number(),
    /** Site frame. */
    xM: Type.Number(),
    yM: Type.Number(),
    /** The side that commands the vehicle. */
    commands: SideSchema,
    /** As a person, a vehicle or a device said it, in no language of ours. */
    said: Type.String(),
  }),
);
export type AlarmFacts = Static<typeof AlarmFacts>;

export const AlarmView = Type.Object({
  alarmId: Type.String(),
  side: SideSchema,
  /** Stable code, e.g. `mission.held`; texts live with whoever shows it. */
  code: Type.String(),
  /** In English, for logs, and for codes that have no text. */
  detail: Type.String(),
  facts: Type.Optional(AlarmFacts),
  /** The detail in other languages, by ISO 639-1 code, where whoever told of it has them. */
  translations: Type.Optional(Type.Record(Type.String(), Type.String())),
  priority: Type.Union([
    Type.Literal("critical"),
    Type.Literal("high"),
    Type.Literal("medium"),
    Type.Literal("low"),
  ]),
  /** After ISA-18.2; `returned` is over, seen or not. Shelved and out of service stand beside it. */
  state: Type.Union([Type.Literal("unacknowledged"), Type.Literal("acknowledged"), Type.Literal("returned")]),
  raisedAtMs: Type.Number(),
  returnedAtMs: Type.Optional(Type.Number()),
  /** How often the cause came since this orchestrator began. */
  occurrences: Type.Integer({ minimum: 1 }),
  /** The cause comes and goes: it is shown as standing until it has been quiet for a minute. */
  isChattering: Type.Optional(Type.Boolean()),
  acknowledged: Type.Optional(Type.Object({ by: Type.String(), atMs: Type.Number() })),
  shelved: Type.Optional(Type.Object({ by: Type.String(), untilMs: Type.Number(), reason: Type.String() })),
  outOfService: Type.Optional(
    Type.Object({ by: Type.String(), sinceMs: Type.Number(), reason: Type.String() }),
  ),
  vehicleId: Type.Optional(Type.String()),
  missionId: Type.Optional(Type.String()),
  stationId: Type.Optional(Type.String()),
});
export type AlarmView = Static<typeof AlarmView>;

/** How many alarms come to whoever is on duty, after EEMUA 191; `sinceMs` to `atMs`, at most a day. */
export const AlarmKpiView = Type.Object({
  sinceMs: Type.Number(),
  atMs: Type.Number(),
  inTenMinutes: Type.Integer(),
  meanPerTenMinutes: Type.Number(),
  mostInTenMinutes: Type.Integer(),
  targetPerTenMinutes: Type.Number(),
  /** Ten or more in ten minutes; lasts until fewer than five came. */
  floodSinceMs: Type.Optional(Type.Number()),
  floods: Type.Integer(),
  /** From raised to acknowledged. */
  meanAnswerMs: Type.Optional(Type.Number()),
  standing: Type.Integer(),
  unacknowledged: Type.Integer(),
  shelved: Type.Integer(),
  outOfService: Type.Integer(),
  chattering: Type.Integer(),
  mostFrequent: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() })),
});
export type AlarmKpiView = Static<typeof AlarmKpiView>;

/** One link of the chain of who waits for whom: `vehicleId` needs `blockId`, which `heldBy` holds or has claimed before. */
export const ChainLinkView = Type.Object({
  vehicleId: Type.String(),
  blockId: Type.String(),
  heldBy: Type.String(),
  how: Type.Union([
    Type.Literal("held"),
    Type.Literal("claimed-before"),
    Type.Literal("endpoint-taken"),
    Type.Literal("queued-before"),
  ]),
  /** When the block is expected to be free; missing when that cannot be told. */
  projectedFreeAtMs: Type.Optional(Type.Number()),
});
export type ChainLinkView = Static<typeof ChainLinkView>;

/** What the vehicle at the head of a chain does or lacks. */
export const CHAIN_HEADS = [
  "drives",
  "at-rest",
  "waits-for-proceed",
  "waits-for-a-plan",
  "has-failed",
  "is-not-located",
  "ground-closed",
] as const;

/** Why a vehicle stands or waits: the chain from it to the vehicle that has to move first, empty when none is in its way. */
export const ExplanationView = Type.Object({
  vehicleId: Type.String(),
  legId: Type.Optional(Type.String()),
  chain: Type.Array(ChainLinkView),
  head: Type.Object({ vehicleId: Type.String(), because: Type.Enum([...CHAIN_HEADS]) }),
});
export type ExplanationView = Static<typeof ExplanationView>;

/** How a vehicle is driven, in the words of VDA 5050 3.0. */
const OperatingMode = Type.Enum([
  "automatic",
  "intervened",
  "semiautomatic",
  "manual",
  "service",
  "teach-in",
  "startup",
]);

/** Of the way that a vehicle has planned itself; what lies beyond is not shown. */
export const MAX_WAY_POINTS = 100;

export const VehicleView = Type.Object({
  vehicleId: Type.String(),
  /** The vehicle's place in pose frames; stable while the orchestrator runs. */
  slot: Type.Integer({ minimum: 0 }),
  connection: Type.Enum(["online", "offline", "broken", "asleep"]),
  authority: Type.Optional(SideSchema),
  epoch: Type.Optional(Type.Integer()),
  batteryPct: Type.Number(),
  charging: Type.Boolean(),
  loadIds: Type.Array(Type.String()),
  missionId: Type.Optional(Type.String()),
  /** Missing before it has reported, as is the next. */
  operatingMode: Type.Optional(OperatingMode),
  /** It knows where it is, on a map of this side's. */
  isLocalised: Type.Optional(Type.Boolean()),
  lastReportAtMs: Type.Number(),
  /** Edges of this side's layout, granted (solid) and planned (dashed), in driving order. */
  grantedEdgeIds: Type.Array(Type.String()),
  plannedEdgeIds: Type.Array(Type.String()),
  waitingFor: Type.Optional(Type.Object({ blockId: Type.String(), heldBy: Type.String() })),
  /** Why it waits, when it does; looked at once a second, times to the second. */
  explanation: Type.Optional(Type.Pick(ExplanationView, ["chain", "head"])),
  /** Sides whose stop request it obeys: it stands until each of them has lifted its own. Missing when there are none. */
  stoppedBy: Type.Optional(Type.Array(SideSchema)),
  /**
   * The way that the vehicle itself says it will drive, site frame, both lists as long: where it turns, and where the way
   * ends; it begins at the vehicle. Missing for one that tells none.
   */
  plannedWay: Type.Optional(
    Type.Object({
      xM: Type.Array(Type.Number(), { maxItems: MAX_WAY_POINTS }),
      yM: Type.Array(Type.Number(), { maxItems: MAX_WAY_POINTS }),
    }),
  ),
  /** Why a person has marked it as failed: it does not drive on by itself, and others are planned around it. */
  failed: Type.Optional(Type.String()),
});
export type VehicleView = Static<typeof VehicleView>;

/** Why a mission or a vehicle is not on its way. `facts` explain the code: counts, ids, and instants in ms UTC (`...Ms`). */
const WaitingReason = {
  code: Type.String(),
  facts: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
};
export const WaitingReasonsView = Type.Object({
  missions: Type.Array(Type.Object({ missionId: Type.String(), ...WaitingReason })),
  vehicles: Type.Array(Type.Object({ vehicleId: Type.String(), ...WaitingReason })),
});
export type WaitingReasonsView = Static<typeof WaitingReasonsView>;

const HandoffHolder = Type.Union([Type.Literal("giver"), Type.Literal("taker")]);
const ResolutionWord = Type.Object({ holder: HandoffHolder, account: Type.String(), reason: Type.String() });

export const HandoffView = Type.Object({
  handoffId: Type.String(),
  role: HandoffHolder,
  phase: Type.String(),
  vehicleId: Type.String(),
  containerNo: Type.Optional(Type.String()),
  /** Where it happens, and what changes hands there. */
  handoffPointId: Type.Optional(Type.String()),
  mode: Type.Optional(HandoverMode),
  sinceMs: Type.Number(),
  /** Whom the vehicle's control register (or the crane's custody register) names, as this side heard last. */
  register: Type.Optional(Type.Object({ authority: SideSchema, epoch: Type.Integer() })),
  /** Until when `go` can be said, ms UTC; missing once this side has said or heard it. */
  goByMs: Type.Optional(Type.Number()),
  /**
   * While the hand-off waits for its witness, or the partner's people have spoken: who holds a vehicle that is lost, by
   * the word of each side's people, and what this side's may say now.
   */
  resolution: Type.Optional(
    Type.Object({
      maySay: Type.Array(HandoffHolder),
      ours: Type.Optional(ResolutionWord),
      theirs: Type.Optional(ResolutionWord),
    }),
  ),
});
export type HandoffView = Static<typeof HandoffView>;

const SpreaderPlaceFields = {
  /** Along the road, site frame. */
  alongM: Type.Number({ minimum: -10_000, maximum: 10_000 }),
  /** Over the ground. */
  heightM: Type.Number({ minimum: 0, maximum: 100 }),
};
const SpreaderPlace = Type.Object(SpreaderPlaceFields);
export type SpreaderPlace = Static<typeof SpreaderPlace>;

/**
 * Where the spreader of a crane at the line is, as the crane itself says, and the stops of its course, at an even pace from each
 * to the next; \`inMs\` from when it said so. Without a course it stands.
 */
export const SpreaderReport = Type.Object({
  ...SpreaderPlaceFields,
  course: Type.Optional(
    Type.Array(
      Type.Object({ ...SpreaderPlaceFields, inMs: Type.Number({ minimum: 0, maximum: 3_600_000 }) }),
      { maxItems: 8 },
    ),
  ),
});
export type SpreaderReport = Static<typeof SpreaderReport>;

/** A crane at the line, as it told of itself last. */
export const LineCraneView = Type.Object({
  deviceId: Type.String(),
  /** The stations of its pads. */
  padStationIds: Type.Object({ vn: Type.String(), cn: Type.String() }),
  /** Absent before it was heard. */
  phase: Type.Optional(
    Type.Enum([
      "free",
      "presented",
      "lowering",
      "engaged",
      "lifting",
      "hanging",
      "landing",
      "landed",
      "releasing",
    ]),
  ),
  /** Whose the container below it is; of a free one, whose the last was. */
  holder: Type.Optional(SideSchema),
  containerNo: Type.Optional(Type.String()),
  /** False: it is not heard, or says that something has stopped it. */
  isFit: Type.Boolean(),
  /** Since when it has been missed: what it told before is old. Absent while it is heard, and before it was at all. */
  silentSinceMs: Type.Optional(Type.Number()),
  /** Where its spreader was, at an instant of this side's clock; missing when it does not say so. */
  spreader: Type.Optional(Type.Object({ atMs: Type.Number(), at: SpreaderReport })),
});
export type LineCraneView = Static<typeof LineCraneView>;

/** What the borderline looks like from one side. */
export const BorderlineView = Type.Object({
  side: SideSchema,
  partner: Type.Union([Type.Literal("online"), Type.Literal("silent")]),
  lastPartnerMessageAtMs: Type.Optional(Type.Number()),
  handoffs: Type.Array(HandoffView),
  /** Absent where the site has none. */
  lineCranes: Type.Optional(Type.Array(LineCraneView)),
});
export type BorderlineView = Static<typeof BorderlineView>;

/** Who may sign in on a side, as what, and for what that account answers. */
export const AccountView = Type.Object({
  name: Type.String(),
  role: Type.String(),
  agency: Type.String(),
  responsibility: Type.Optional(Type.String()),
});
export type AccountView = Static<typeof AccountView>;

/** One custody record, signed by both sides: general JSON serialisation of a JWS (RFC 7515) and what it says. */
export const CustodyRecordView = Type.Object({
  handoffId: Type.String(),
  /** SHA-256 of the record as it is kept; the next record of the chain carries it. */
  hash: Type.String(),
  signatures: Type.Integer(),
  jws: Type.Unknown(),
});
export type CustodyRecordView = Static<typeof CustodyRecordView>;

/** An act that lowers a barrier of safety or law, asked for by one account and waiting for another. */
export const ProposalView = Type.Object({
  proposalId: Type.String(),
  permission: Type.String(),
  act: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  askedAtMs: Type.Number(),
  expiresAtMs: Type.Number(),
});
export type ProposalView = Static<typeof ProposalView>;

/** Who asks, and what that account may do; for what it may not, who may. */
export const MeView = Type.Object({
  name: Type.String(),
  role: Type.String(),
  agency: Type.String(),
  responsibility: Type.Optional(Type.String()),
  permissions: Type.Array(
    Type.Object({
      permission: Type.String(),
      isAllowed: Type.Boolean(),
      /** Roles that have it. */
      roles: Type.Array(Type.String()),
      /** It takes a second account to agree. */
      isFourEyes: Type.Boolean(),
    }),
  ),
});
export type MeView = Static<typeof MeView>;

const InMs = Type.Number({ minimum: 0, maximum: 3_600_000 });
const OpenShare = Type.Number({ minimum: 0, maximum: 1 });
const HoistPlace = {
  acrossM: Type.Number({ minimum: -100, maximum: 100 }),
  heightM: Type.Number({ minimum: 0, maximum: 100 }),
};

/**
 * Where a device's moving part is, as the device itself says: measured, not what somebody has granted or asked for. `course` is
 * where it is going to at an even pace, and how long that takes from then on; without one it stands.
 */
export const DevicePosition = Type.Union([
  /** A barrier's arm: 0 is down, across the lane; 1 is up. */
  Type.Object({
    kind: Type.Literal("barrier"),
    openShare: OpenShare,
    course: Type.Optional(Type.Object({ openShare: OpenShare, inMs: InMs })),
  }),
  /**
   * A crane's spreader, in the frame of its station: to the left of the middle of a vehicle that stands there, and over the ground;
   * and the container that hangs under it.
   */
  Type.Object({
    kind: Type.Literal("hoist"),
    ...HoistPlace,
    containerNo: Type.Optional(Type.String({ minLength: 11, maxLength: 11 })),
    course: Type.Optional(Type.Object({ ...HoistPlace, inMs: InMs })),
  }),
]);
export type DevicePosition = Static<typeof DevicePosition>;

/** A device of this side, or an agency's system, as it was heard last. */
export const DeviceView = Type.Object({
  deviceId: Type.String(),
  side: SideSchema,
  /** Where it is; missing for one that stands at no station. */
  stationId: Type.Optional(Type.String()),
  /** `unheard`: it has said neither that it is there nor that it is not. `busy`: it works on at least one job. */
  state: Type.Enum(["unheard", "away", "ready", "busy"]),
  /** Since when, ms UTC, on this side's clock; missing before it was heard. */
  sinceMs: Type.Optional(Type.Number()),
  /** Where its moving part was, at an instant of this side's clock; missing when it has none, or has never said. */
  position: Type.Optional(Type.Object({ atMs: Type.Number(), at: DevicePosition })),
});
export type DeviceView = Static<typeof DeviceView>;

/** Ground out of use, named by the edges that lead over it. */
export const ClosureView = Type.Object({
  closureId: Type.String(),
  edgeIds: Type.Array(Type.String()),
  reason: Type.String(),
});
export type ClosureView = Static<typeof ClosureView>;

/** Kinds of stations that dispatch gives out one by one: each can be taken out of use by itself. What a lane leads through is closed with its ground. */
export const CLOSABLE_STATIONS = ["crane", "buffer", "inspection-dock", "parking", "charger"] as const;

/** A station out of use: nobody is sent there. */
export const StationClosureView = Type.Object({
  stationId: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  sinceMs: Type.Number(),
});
export type StationClosureView = Static<typeof StationClosureView>;

/** A piece of road as the twin draws it: the centre line in the site frame, sampled about every metre on curves. */
export const RoadView = Type.Object({
  edgeId: Type.String(),
  /** In whose layout it is; the strip at the line is in both, under names of each side's own. */
  side: SideSchema,
  xM: Type.Array(Type.Number()),
  yM: Type.Array(Type.Number()),
  /** Blocks of the ground that is swept on it, numbered by side: of roads that share one, only one vehicle has it. */
  blocks: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
});

/** The corners of a piece of ground, site frame; both lists as long. */
const Outline = { xM: Type.Array(Type.Number()), yM: Type.Array(Type.Number()) };

/** Fenced ground: one vehicle's at a time, whole, of those that have their place there. */
export const FenceView = Type.Object({
  fenceId: Type.String(),
  side: SideSchema,
  vehicleIds: Type.Array(Type.String()),
  ...Outline,
});

/** Ground for which this side's vehicles of VDA 5050 3.0 have a rule of their own (section 6.4.1). */
export const ZoneView = Type.Object({
  zoneId: Type.String(),
  kind: Type.Enum(["RELEASE", "BLOCKED", "LINE_GUIDED", "SPEED_LIMIT"]),
  maxSpeedMps: Type.Optional(Type.Number()),
  ...Outline,
});

const BandSchema = Type.Object({ from: Type.Number(), to: Type.Number() });

/** When a side is open: hours of the week in its local time (0 = Sunday), and that time's offset from UTC. */
export const SideHoursView = Type.Object({
  side: SideSchema,
  timeZone: Type.String(),
  utcOffsetMinutes: Type.Integer(),
  openingHours: Type.Array(Type.Object({ weekday: Type.Integer(), from: Type.String(), to: Type.String() })),
});
export type SideHoursView = Static<typeof SideHoursView>;

/** What the crossing is to carry in a year. */
export const TargetView = Type.Object({
  year: Type.Integer(),
  vehiclesADay: BandSchema,
  unmannedAnHourADirection: BandSchema,
  source: Type.String(),
});
export type TargetView = Static<typeof TargetView>;

/** Everything static about a crossing, as one side sees it. `GET /api/v1/site`. */
export const SiteView = Type.Object({
  siteId: Type.String(),
  side: SideSchema,
  name: Type.Object({ vi: Type.String(), zh: Type.String(), en: Type.String() }),
  lanes: Type.Array(
    Type.Object({
      laneId: Type.String(),
      side: SideSchema,
      direction: DirectionSchema,
      kind: Type.Union([Type.Literal("unmanned"), Type.Literal("manned")]),
      widthM: Type.Number(),
      xM: Type.Array(Type.Number()),
      yM: Type.Array(Type.Number()),
    }),
  ),
  stations: Type.Array(
    Type.Object({
      stationId: Type.String(),
      side: SideSchema,
      kind: Type.String(),
      bound: Type.String(),
      xM: Type.Number(),
      yM: Type.Number(),
      headingRad: Type.Number(),
      lengthM: Type.Number(),
      widthM: Type.Number(),
      heightM: Type.Number(),
    }),
  ),
  roads: Type.Array(RoadView),
  /** Of both sides; missing where there are none. */
  fences: Type.Optional(Type.Array(FenceView)),
  /** Of this side alone, which is who tells its vehicles of them; missing where there are none. */
  zones: Type.Optional(Type.Array(ZoneView)),
  vehicleClasses: Type.Array(
    Type.Object({
      vehicleClassId: Type.String(),
      lengthM: Type.Number(),
      widthM: Type.Number(),
      heightM: Type.Number(),
    }),
  ),
  hours: Type.Optional(Type.Array(SideHoursView)),
  targets: Type.Optional(Type.Array(TargetView)),
  /** Feeds that a viewer of this site may connect to: this side's own first. */
  feeds: Type.Array(Type.Object({ side: SideSchema, url: Type.String() })),
});
export type SiteView = Static<typeof SiteView>;
