import type { Side } from "@baton/maps";
import type { AlarmKpiView, AlarmView } from "../contract/index.ts";
import { AlarmLoad } from "./alarm-load.ts";
import {
  type AlarmRecord,
  acknowledged,
  aged,
  cleared,
  raised,
  restored,
  shelved,
  suppressed,
  unshelved,
} from "./alarm-state.ts";
import type { AlarmActs, Alarms } from "./port.ts";

/** Returned alarms beyond this many are dropped, oldest first; standing ones never are. */
const MAX_RETURNED = 500;
/** What else came during a flood is one alarm, so that the few that matter can be seen. */
const FLOOD_ALARM = "alarms.flood";
/** A cause that is not reported again so long after a restart has gone meanwhile. */
const REMEMBERED_MS = 60_000;

export interface AlarmBook extends Alarms, AlarmActs {
  /** In the order in which they were raised, newest last. */
  list(): readonly AlarmView[];
  kpi(): AlarmKpiView;
  /** Lets time do its part: shelves end, what chattered returns. To be called about once a second. */
  look(): void;
  /** Takes up what was kept of alarms before a restart: who had seen, shelved or suppressed which. */
  remember(kept: readonly AlarmView[]): void;
}

export interface AlarmBookOptions {
  readonly side: Side;
  readonly nowMs: () => number;
  readonly onChange: (alarm: AlarmView) => void;
  /** An alarm of before a restart whose cause is not there any more. */
  readonly onForgotten?: (alarm: AlarmView) => void;
}

/** The alarms of one side. What became of one is in `alarm-state.ts`; how many come in `alarm-load.ts`. */
export function createAlarmBook({ side, nowMs, onChange, onForgotten }: AlarmBookOptions): AlarmBook {
  const book = new Map<string, AlarmRecord>();
  const load = new AlarmLoad(nowMs());
  /** Marks that people put on alarms before a restart, until the cause is reported again. */
  const remembered = new Map<string, AlarmView>();
  let forgetAtMs = Number.POSITIVE_INFINITY;

  const put = (record: AlarmRecord): void => {
    book.set(record.view.alarmId, record);
    onChange(record.view);
  };

  /** Puts down what is new; alarms that are as they were are told to nobody. */
  const change = (alarmId: string, next: (before: AlarmRecord) => AlarmRecord): AlarmRecord | undefined => {
    const before = book.get(alarmId);
    if (before === undefined) return undefined;
    const after = next(before);
    if (after.view !== before.view) put(after);
    else if (after !== before) book.set(alarmId, after);
    return after;
  };

  const trim = (): void => {
    let surplus = [...book.values()].filter(({ view }) => view.state === "returned").length - MAX_RETURNED;
    for (const [alarmId, { view }] of book) {
      if (surplus <= 0) return;
      if (view.state === "returned") {
        book.delete(alarmId);
        surplus--;
      }
    }
  };

  /** An alarm that stood before a restart and stands again is the same alarm: nobody has to see it twice. */
  const asRemembered = (record: AlarmRecord): AlarmRecord => {
    const kept = remembered.get(record.view.alarmId);
    if (kept === undefined) return record;
    remembered.delete(record.view.alarmId);
    const { acknowledged: seen, shelved: shelf, outOfService } = kept;
    return {
      ...record,
      view: {
        ...record.view,
        raisedAtMs: kept.raisedAtMs,
        ...(seen === undefined ? {} : { acknowledged: seen, state: "acknowledged" }),
        ...(shelf === undefined ? {} : { shelved: shelf }),
        ...(outOfService === undefined ? {} : { outOfService }),
      },
    };
  };

  /** What stood before the restart and is not there any more ended while nobody looked: it is for the journal alone. */
  const forget = (atMs: number): void => {
    for (const view of remembered.values()) onForgotten?.({ ...view, state: "returned", returnedAtMs: atMs });
    remembered.clear();
    forgetAtMs = Number.POSITIVE_INFINITY;
  };

  const lookAtFlood = (): void => {
    const flood = book.get(FLOOD_ALARM);
    if (!load.isFlood()) {
      if (flood?.isCausePresent === true) put(cleared(flood, nowMs()));
    } else if (flood?.isCausePresent !== true) {
      const alarm = {
        alarmId: FLOOD_ALARM,
        code: FLOOD_ALARM,
        detail: "ten alarms or more within ten minutes: look at critical ones first",
        priority: "high",
      } as const;
      put(raised(side, flood, alarm, nowMs()));
    }
  };

  return {
    raise(alarm) {
      const before = book.get(alarm.alarmId);
      const after = raised(side, before, alarm, nowMs());
      if (after === before) return;
      const isNew = before === undefined || before.view.state === "returned";
      // Deleted first, so that a cause that comes again goes to the end of the book, where new alarms are.
      if (isNew) book.delete(alarm.alarmId);
      const record = isNew ? asRemembered(after) : after;
      put(record);
      if (isNew && record.view.outOfService === undefined) load.raised(alarm.code, nowMs());
      lookAtFlood();
    },
    clear(alarmId) {
      change(alarmId, (before) => cleared(before, nowMs()));
      trim();
    },
    acknowledge(alarmId, by) {
      const before = book.get(alarmId)?.view;
      if (before === undefined) return "unknown";
      change(alarmId, (record) => acknowledged(record, by, nowMs()));
      if (before.acknowledged === undefined) load.acknowledged(nowMs() - before.raisedAtMs);
      return "acknowledged";
    },
    shelve(alarmId, by, untilMs, reason) {
      const before = book.get(alarmId);
      if (before === undefined) return "unknown";
      const { outcome, record } = shelved(before, { by, untilMs, reason }, nowMs());
      if (outcome === "shelved") put(record);
      return outcome;
    },
    unshelve(alarmId) {
      if (book.get(alarmId)?.view.shelved === undefined) return book.has(alarmId) ? "not-shelved" : "unknown";
      change(alarmId, unshelved);
      return "unshelved";
    },
    suppress(alarmId, by, reason) {
      return change(alarmId, (before) => suppressed(before, by, reason, nowMs())) === undefined
        ? "unknown"
        : "suppressed";
    },
    restore(alarmId) {
      if (book.get(alarmId)?.view.outOfService === undefined)
        return book.has(alarmId) ? "not-suppressed" : "unknown";
      change(alarmId, restored);
      return "restored";
    },
    list: () => [...book.values()].map(({ view }) => view),
    kpi: () =>
      load.kpi(
        [...book.values()].map(({ view }) => view),
        nowMs(),
      ),
    look() {
      const atMs = nowMs();
      for (const alarmId of [...book.keys()]) change(alarmId, (before) => aged(before, atMs));
      load.look(atMs);
      lookAtFlood();
      if (atMs >= forgetAtMs) forget(atMs);
    },
    remember(kept) {
      for (const view of kept)
        if (view.state !== "returned" && !book.has(view.alarmId)) remembered.set(view.alarmId, view);
      forgetAtMs = nowMs() + REMEMBERED_MS;
    },
  };
}
