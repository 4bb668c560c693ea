import Type, { type Static } from "typebox";
import { EvidenceParts } from "../evidence.ts";
import { DirectionSchema, HandoverMode, SideSchema } from "./words.ts";

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
