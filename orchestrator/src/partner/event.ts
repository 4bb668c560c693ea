import Type, { type Static } from "typebox";

/** A new event, before it has its place in the log. `eventId` is the same however often it is told. */
export interface EventDraft {
  readonly eventId: string;
  readonly type: EventType;
  /** What it is about: a hand-off id or a container number. */
  readonly subject: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a side tells its partner. Types end in their version; a type never changes its meaning. */
export const EVENT_TYPES = [
  "baton.handoff.offered.v1",
  "baton.handoff.accepted.v1",
  "baton.handoff.declined.v1",
  "baton.handoff.ready.v1",
  "baton.handoff.going.v1",
  "baton.handoff.switched.v1",
  "baton.handoff.concluded.v1",
  "baton.handoff.ended.v1",
  "baton.mission.step.v1",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A CloudEvent 1.0 in structured JSON, with the extension `sequence`: one more for each event of this side, no gaps. */
export const CloudEvent = Type.Object({
  specversion: Type.Literal("1.0"),
  id: Type.String({ minLength: 1 }),
  /** `/baton/{side}`. */
  source: Type.String({ minLength: 1 }),
  type: Type.Enum([...EVENT_TYPES]),
  subject: Type.String(),
  /** RFC 3339, UTC. */
  time: Type.String(),
  datacontenttype: Type.Literal("application/json"),
  /** The sequence number as a text of 16 digits, so that the order of texts is the order of events. */
  sequence: Type.String({ pattern: "^[0-9]{16}$" }),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type CloudEvent = Static<typeof CloudEvent>;

export const sequenceOf = (event: CloudEvent): number => Number(event.sequence);

export function cloudEvent(
  { eventId, type, subject, atMs, data }: EventDraft,
  side: string,
  sequence: number,
): CloudEvent {
  return {
    specversion: "1.0",
    id: eventId,
    source: `/baton/${side}`,
    type,
    subject,
    time: new Date(atMs).toISOString(),
    datacontenttype: "application/json",
    sequence: String(sequence).padStart(16, "0"),
    data: { ...data },
  };
}
