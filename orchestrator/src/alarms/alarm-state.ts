import type { Side } from "@baton/maps";
import type { AlarmView } from "../contract/index.ts";
import type { AlarmRaise, ShelveOutcome } from "./port.ts";

/**
 * The states of an alarm after ANSI/ISA-18.2-2016, 5.2 (unacknowledged, acknowledged, returned to normal, shelved,
 * out of service), as functions of one alarm and an event. No clock: each event carries its time.
 */

/** A cause that comes so often within `CHATTER_WINDOW_MS` chatters: it stands on until it has been quiet as long. */
export const CHATTER_COUNT = 3;
export const CHATTER_WINDOW_MS = 60_000;
/** Nobody shelves for longer than a shift. */
export const MAX_SHELF_MS = 8 * 3_600_000;

/** One alarm with what is kept of it beyond what is shown. */
export interface AlarmRecord {
  readonly view: AlarmView;
  /** When it was raised, newest last; only those within the chatter window, at most `CHATTER_COUNT`. */
  readonly raisedAtMs: readonly number[];
  /** Whether the cause stands; a chattering alarm is shown as standing a while longer. */
  readonly isCausePresent: boolean;
  /** When the cause went away last. */
  readonly goneAtMs?: number;
}

const isStanding = ({ state }: AlarmView): boolean => state !== "returned";

/** The alarm after its cause was reported at `atMs`; the very same record when it stood already. */
export function raised(
  side: Side,
  before: AlarmRecord | undefined,
  alarm: AlarmRaise,
  atMs: number,
): AlarmRecord {
  if (before?.isCausePresent === true) return before;
  const recent = (before?.raisedAtMs ?? []).filter((each) => atMs - each < CHATTER_WINDOW_MS);
  const raisedAtMs = [...recent, atMs].slice(-CHATTER_COUNT);
  const isChattering = raisedAtMs.length === CHATTER_COUNT;
  const goesOn = before !== undefined && isStanding(before.view);
  const {
    acknowledged: _acknowledged,
    returnedAtMs: _returned,
    facts: _facts,
    translations: _translations,
    ...kept
  } = before?.view ?? {};
  const view: AlarmView = {
    ...kept,
    alarmId: alarm.alarmId,
    side,
    code: alarm.code,
    detail: alarm.detail,
    ...(alarm.facts === undefined ? {} : { facts: alarm.facts }),
    ...(alarm.translations === undefined ? {} : { translations: { ...alarm.translations } }),
    priority: alarm.priority,
    // One that chatters does not sound again each time: it was never shown as over.
    state: goesOn ? before.view.state : "unacknowledged",
    raisedAtMs: goesOn ? before.view.raisedAtMs : atMs,
    occurrences: (before?.view.occurrences ?? 0) + 1,
    ...(goesOn && before.view.acknowledged !== undefined ? { acknowledged: before.view.acknowledged } : {}),
    ...(isChattering ? { isChattering: true } : {}),
    ...(alarm.vehicleId === undefined ? {} : { vehicleId: alarm.vehicleId }),
    ...(alarm.missionId === undefined ? {} : { missionId: alarm.missionId }),
    ...(alarm.stationId === undefined ? {} : { stationId: alarm.stationId }),
  };
  return { view, raisedAtMs, isCausePresent: true };
}

/** The alarm after its cause went away; the very same record when it had already. */
export function cleared(before: AlarmRecord, atMs: number): AlarmRecord {
  if (!before.isCausePresent) return before;
  const gone = { ...before, isCausePresent: false, goneAtMs: atMs };
  return before.view.isChattering === true ? gone : returned(gone, atMs);
}

function returned(record: AlarmRecord, atMs: number): AlarmRecord {
  const { isChattering: _over, ...view } = record.view;
  return { ...record, view: { ...view, state: "returned", returnedAtMs: atMs } };
}

export function acknowledged(before: AlarmRecord, by: string, atMs: number): AlarmRecord {
  if (before.view.acknowledged !== undefined) return before;
  const state = before.view.state === "unacknowledged" ? "acknowledged" : before.view.state;
  return { ...before, view: { ...before.view, state, acknowledged: { by, atMs } } };
}

/** Of an alarm that stands; `untilMs` is at most `MAX_SHELF_MS` away. */
export function shelved(
  before: AlarmRecord,
  shelf: { readonly by: string; readonly untilMs: number; readonly reason: string },
  atMs: number,
): { readonly outcome: ShelveOutcome; readonly record: AlarmRecord } {
  if (!isStanding(before.view)) return { outcome: "over-already", record: before };
  if (shelf.untilMs <= atMs || shelf.untilMs - atMs > MAX_SHELF_MS)
    return { outcome: "too-long", record: before };
  return { outcome: "shelved", record: { ...before, view: { ...before.view, shelved: shelf } } };
}

/** Back from the shelf: it calls again as if it were new, since whoever put it there may be gone. */
export function unshelved(before: AlarmRecord): AlarmRecord {
  const { shelved: shelf, acknowledged: _seen, ...view } = before.view;
  if (shelf === undefined) return before;
  if (view.state === "returned") return { ...before, view };
  return { ...before, view: { ...view, state: "unacknowledged" } };
}

export function suppressed(before: AlarmRecord, by: string, reason: string, atMs: number): AlarmRecord {
  return { ...before, view: { ...before.view, outOfService: { by, reason, sinceMs: atMs } } };
}

export function restored(before: AlarmRecord): AlarmRecord {
  const { outOfService, ...view } = before.view;
  return outOfService === undefined ? before : { ...before, view };
}

/** What time alone does to an alarm: a shelf ends, one that chattered has been quiet. The very same record when nothing. */
export function aged(before: AlarmRecord, atMs: number): AlarmRecord {
  let record = before;
  const { shelved: shelf } = record.view;
  if (shelf !== undefined && shelf.untilMs <= atMs) record = unshelved(record);
  const { goneAtMs, isCausePresent } = record;
  const isQuiet = !isCausePresent && goneAtMs !== undefined && atMs - goneAtMs >= CHATTER_WINDOW_MS;
  if (record.view.isChattering === true && isQuiet) record = returned(record, goneAtMs);
  return record;
}

/** Whether it calls for a person now: what counts, sounds and is on the list by default. */
export const calls = ({ state, shelved: shelf, outOfService }: AlarmView): boolean =>
  state === "unacknowledged" && shelf === undefined && outOfService === undefined;
