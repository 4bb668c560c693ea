import type { Redis } from "ioredis";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { readKept, redisScript } from "../redis/script.ts";
import { answered } from "../redis/store-unreachable.ts";
import { type CloudEvent, cloudEvent, EVENT_TYPES, type EventDraft } from "./event.ts";

const KEPT_EVENTS = 100_000;

const Draft = Compile(
  Type.Object({
    eventId: Type.String(),
    type: Type.Enum([...EVENT_TYPES]),
    subject: Type.String(),
    atMs: Type.Number(),
    data: Type.Record(Type.String(), Type.Unknown()),
  }),
);

const append = redisScript(new URL("./lua/append-event-3.lua", import.meta.url));

/** Events in the order in which they became known, each once. Both methods throw `StoreUnreachable`. */
export interface EventLog {
  /** Its sequence number; undefined when it is in the log already. */
  append(draft: EventDraft): Promise<number | undefined>;
  /** Events after a sequence number, oldest first. */
  after(sequence: number, count: number): Promise<readonly CloudEvent[]>;
  /** The sequence number of the oldest event that is kept, and of the newest; 1 and 0 when there is none. */
  extent(): Promise<{ readonly first: number; readonly last: number }>;
}

/** Keys `baton:{zone}:partner:` + `events` (stream) · `event-ids` (hash) · `sequence` (counter). */
export function createEventLog(options: {
  readonly redis: Redis;
  readonly zoneId: string;
  readonly side: string;
  /** How many events are kept. */
  readonly keep?: number;
}): EventLog {
  const { redis, side, keep = KEPT_EVENTS } = options;
  const key = (name: string): string => `baton:{${options.zoneId}}:partner:${name}`;
  const keys = { events: key("events"), ids: key("event-ids"), sequence: key("sequence") };
  const eventOf = ([entryId, fields]: [string, string[]]): CloudEvent =>
    cloudEvent(readKept(Draft, fields[3] ?? "", keys.events), side, Number(entryId.split("-")[0]));
  return {
    async append(draft) {
      const sequence = await answered(
        append(
          redis,
          [keys.events, keys.ids, keys.sequence],
          [draft.eventId, JSON.stringify(draft), String(keep)],
        ),
      );
      return sequence === 0 ? undefined : sequence;
    },
    async after(sequence, count) {
      const entries = await answered(redis.xrange(keys.events, `${sequence + 1}-0`, "+", "COUNT", count));
      return entries.map(eventOf);
    },
    async extent() {
      const [oldest, last] = await answered(
        Promise.all([redis.xrange(keys.events, "-", "+", "COUNT", 1), redis.get(keys.sequence)]),
      );
      const first = oldest[0]?.[0].split("-")[0];
      return { first: first === undefined ? Number(last ?? 0) + 1 : Number(first), last: Number(last ?? 0) };
    },
  };
}
