import Type, { type Static } from "typebox";
import { SideSchema } from "./words.ts";

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
