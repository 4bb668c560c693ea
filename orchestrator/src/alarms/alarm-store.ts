import type { Redis } from "ioredis";
import { Compile } from "typebox/compile";
import { AlarmView } from "../contract/index.ts";
import { fieldsOf } from "../redis/hash.ts";
import { answered } from "../redis/store-unreachable.ts";

/** So many changes are kept: some days of ordinary traffic. */
const MAX_JOURNAL = 20_000;
const MAX_READ = 1_000;
/** Alarms waiting to be written while Redis is away; beyond that the oldest changes are not written. */
const MAX_WAITING = 5_000;

/** An alarm as it was after something became of it. */
export interface JournalEntry {
  readonly atMs: number;
  readonly alarm: AlarmView;
}

/** Where alarms are kept across a restart, under the zone's tag: those that stand, and what became of each. */
export interface AlarmStore {
  /** To be written with the next `flush`. */
  note(alarm: AlarmView): void;
  /** Writes what was noted; what could not be written stays noted. */
  flush(): Promise<void>;
  /** Alarms that stood when this was written last. Throws `StoreUnreachable`. */
  standing(): Promise<readonly AlarmView[]>;
  /** Throws `StoreUnreachable`. */
  journal(fromMs: number, toMs: number): Promise<readonly JournalEntry[]>;
}

const alarmView = Compile(AlarmView);

export function createAlarmStore(options: {
  readonly redis: Pick<Redis, "multi" | "hgetall" | "lrange">;
  readonly zoneId: string;
  readonly nowMs: () => number;
}): AlarmStore {
  const { redis, nowMs } = options;
  const standingKey = `baton:{${options.zoneId}}:alarms`;
  const journalKey = `baton:{${options.zoneId}}:alarm-journal`;
  let waiting: JournalEntry[] = [];
  let isWriting = false;

  return {
    note(alarm) {
      waiting.push({ atMs: nowMs(), alarm });
      if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
    },
    async flush() {
      if (isWriting || waiting.length === 0) return;
      isWriting = true;
      const entries = waiting;
      waiting = [];
      const batch = redis.multi();
      for (const { alarm } of entries) {
        if (alarm.state === "returned") batch.hdel(standingKey, alarm.alarmId);
        else batch.hset(standingKey, alarm.alarmId, JSON.stringify(alarm));
      }
      batch.rpush(journalKey, ...entries.map((entry) => JSON.stringify(entry)));
      batch.ltrim(journalKey, -MAX_JOURNAL, -1);
      try {
        await answered(batch.exec());
      } catch {
        // Redis is away, which is an alarm of its own: what waits is written when it is back.
        waiting = [...entries, ...waiting].slice(-MAX_WAITING);
      } finally {
        isWriting = false;
      }
    },
    async standing() {
      const fields = await answered(fieldsOf(redis, standingKey));
      return fields.flatMap(([, text]) => {
        const view: unknown = JSON.parse(text);
        return alarmView.Check(view) ? [view] : [];
      });
    },
    async journal(fromMs, toMs) {
      const texts = await answered(redis.lrange(journalKey, 0, -1));
      const fitting: JournalEntry[] = [];
      for (let i = texts.length - 1; i >= 0 && fitting.length < MAX_READ; i--) {
        const entry = entryOf(texts[i] ?? "");
        if (entry !== undefined && entry.atMs >= fromMs && entry.atMs <= toMs) fitting.push(entry);
      }
      return fitting.reverse();
    },
  };
}

function entryOf(text: string): JournalEntry | undefined {
  const said: unknown = JSON.parse(text);
  if (typeof said !== "object" || said === null || !("atMs" in said) || !("alarm" in said)) return undefined;
  const { atMs, alarm } = said;
  return typeof atMs === "number" && alarmView.Check(alarm) ? { atMs, alarm } : undefined;
}
