import type { Side } from "@baton/maps";
import Type, { type Static, type TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { BODIES, HandoffIdText, type Message, SideName, stepOf } from "./core/messages.ts";
import { GroundReport, PageSwitch, VisitReport } from "./core/visit/reports.ts";
import type { HandoffId } from "./port.ts";

/**
 * The partner protocol on the wire: `POST {partnerUrl}/partner/v1/handoffs/{handoffId}/messages` with one envelope as
 * JSON, signed (`signatures.ts`). Answered by 202 with an `Acknowledgement` once the message is kept for good, or by
 * problem details (RFC 9457, `problems.ts`). Members that are not known are left unread, so that a version can add some.
 */
export const MAX_BODY_BYTES = 256 * 1024;

const header = {
  /** The same for every sending of one message; another message never has it. */
  messageId: Type.String({ minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9._:-]+$" }),
  handoffId: HandoffIdText,
  from: SideName,
  to: SideName,
  sentAtMs: Type.Number(),
};
const EnvelopeHeader = Type.Object({ ...header, type: Type.String({ maxLength: 64 }), body: Type.Unknown() });

function envelope<Kind extends string, Body extends TSchema>(type: Kind, body: Body) {
  return Type.Object({ ...header, type: Type.Literal(type), body });
}

/** Every message of the protocol, in its envelope: the schema that the API's description is made from. */
export const Envelope = Type.Union([
  envelope("offer", BODIES.offer),
  envelope("accept", BODIES.accept),
  envelope("decline", BODIES.decline),
  envelope("ready", BODIES.ready),
  envelope("go", BODIES.go),
  envelope("withdraw", BODIES.withdraw),
  envelope("revoke", BODIES.revoke),
  envelope("revoke-request", BODIES["revoke-request"]),
  envelope("switched", BODIES.switched),
  envelope("receipt", BODIES.receipt),
  envelope("countersign", BODIES.countersign),
  envelope("resolution", BODIES.resolution),
]);
export type Envelope = Static<typeof Envelope>;

/** What the sides of a visit by the host's grants tell each other, besides its hand-offs. Any number of times, in any order. */
const VISIT_BODIES = { ground: GroundReport, visit: VisitReport, "page-switch": PageSwitch } as const;
export const VisitEnvelope = Type.Union([
  envelope("ground", VISIT_BODIES.ground),
  envelope("visit", VISIT_BODIES.visit),
  envelope("page-switch", VISIT_BODIES["page-switch"]),
]);
export type VisitEnvelope = Static<typeof VisitEnvelope>;
export type VisitMessage = {
  [Kind in keyof typeof VISIT_BODIES]: {
    readonly type: Kind;
    readonly body: Static<(typeof VISIT_BODIES)[Kind]>;
  };
}[keyof typeof VISIT_BODIES];

/** How many vehicles with nothing aboard the one who answers has a use for now; none when it does not say. A forecast, no promise. */
const forecast = { vehiclesWanted: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })) };

export const Acknowledgement = Type.Object({
  messageId: Type.String(),
  duplicate: Type.Boolean(),
  ...forecast,
});
export type Acknowledgement = Static<typeof Acknowledgement>;

/**
 * A sign of life, asked for at `POST {partnerUrl}/partner/v1/heartbeat` and given back by 200 with the same the other way
 * round. What it proves is in its signature: whose it is, and when it was made.
 */
export const Heartbeat = Type.Object({ from: SideName, to: SideName, ...forecast });
export type Heartbeat = Static<typeof Heartbeat>;

const forecastCheck = Compile(Type.Object(forecast));
const heartbeatCheck = Compile(Heartbeat);
const headerCheck = Compile(EnvelopeHeader);
const envelopeCheck = Compile(Envelope);
const visitCheck = Compile(VisitEnvelope);
const bodyChecks: ReadonlyMap<string, Explains> = new Map(
  Object.entries<TSchema>({ ...BODIES, ...VISIT_BODIES }).map(([type, schema]) => [type, Compile(schema)]),
);

export type EnvelopeReading =
  | { readonly ok: true; readonly envelope: Envelope | VisitEnvelope }
  | {
      readonly ok: false;
      readonly code: "invalid-message" | "unknown-message-type";
      readonly detail: string;
    };

/** Undefined when the bytes of a request are no heartbeat. */
export function readHeartbeat(bytes: Uint8Array): Heartbeat | undefined {
  const value = jsonOf(bytes);
  return heartbeatCheck.Check(value) ? value : undefined;
}

/** How many vehicles with nothing aboard the partner has a use for, from any answer of its; 0 when it says nothing of it. */
export function readVehiclesWanted(answer: unknown): number {
  return forecastCheck.Check(answer) ? (answer.vehiclesWanted ?? 0) : 0;
}

/** Reads an envelope from the bytes of a request. */
export function readEnvelope(bytes: Uint8Array): EnvelopeReading {
  const value = jsonOf(bytes);
  if (value === undefined) return { ok: false, code: "invalid-message", detail: "the body is not JSON" };
  if (!headerCheck.Check(value))
    return { ok: false, code: "invalid-message", detail: firstError(headerCheck, value) };
  const bodyCheck = bodyChecks.get(value.type);
  if (bodyCheck === undefined) return { ok: false, code: "unknown-message-type", detail: value.type };
  if (envelopeCheck.Check(value) || visitCheck.Check(value)) return { ok: true, envelope: value };
  return { ok: false, code: "invalid-message", detail: `/body${firstError(bodyCheck, value.body)}` };
}

/** The id follows from the hand-off and the step, so that repeating the step repeats the message. */
export function messageIdOf(handoffId: HandoffId, step: string): string {
  return `${handoffId}.${step}`;
}

/** A message of ours. */
export function sealEnvelope(
  handoffId: HandoffId,
  from: Side,
  to: Side,
  message: Message,
  nowMs: number,
): Envelope {
  return {
    messageId: messageIdOf(handoffId, stepOf(message)),
    handoffId,
    from,
    to,
    sentAtMs: nowMs,
    ...message,
  };
}

export function isAboutVisit(envelope: Envelope | VisitEnvelope): envelope is VisitEnvelope {
  return envelope.type in VISIT_BODIES;
}

/** A message of ours about a visit. */
export function sealVisitEnvelope(
  handoffId: HandoffId,
  from: Side,
  to: Side,
  step: string,
  message: VisitMessage,
  nowMs: number,
): VisitEnvelope {
  return { messageId: messageIdOf(handoffId, step), handoffId, from, to, sentAtMs: nowMs, ...message };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

interface Explains {
  Errors(value: unknown): Iterable<{ readonly instancePath: string; readonly message: string }>;
}

function firstError(check: Explains, value: unknown): string {
  const [first] = check.Errors(value);
  return first === undefined ? "" : `${first.instancePath} ${first.message}`;
}
