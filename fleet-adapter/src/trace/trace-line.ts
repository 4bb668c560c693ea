import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { readJson } from "../link/json.ts";

/**
 * One message as somebody who listens to a broker took it down: a line of JSON in a trace file. `retain` is left out
 * where it cannot be known: an MQTT 3.1.1 broker clears it on the way to whoever listened already.
 */
export const TraceLine = Type.Object({
  /** When it was heard, ISO 8601, on the clock of whoever took it down. */
  time: Type.String({ format: "date-time" }),
  topic: Type.String(),
  /** As published: a recorder subscribes at QoS 2. */
  qos: Type.Integer({ minimum: 0, maximum: 2 }),
  retain: Type.Optional(Type.Boolean()),
  /** The text as it was on the wire; or the value that it stood for. */
  payload: Type.Unknown(),
});
export type TraceLine = Static<typeof TraceLine>;

export interface TraceEntry {
  /** From 1, as editors count. */
  readonly line: number;
  readonly heardAtMs: number;
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean | undefined;
  /** Undefined for a message that is not JSON; `flaw` says what it is. */
  readonly value: unknown;
  readonly flaw: string | undefined;
  readonly isEmpty: boolean;
}

/** A line of the file that is no line of a trace. */
export interface UnreadableLine {
  readonly line: number;
  readonly reason: string;
}

export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly unreadable: readonly UnreadableLine[];
}

const validator = Compile(TraceLine);

/** Reads the text of a trace file. Never throws; empty lines are passed over. */
export function readTrace(text: string): Trace {
  const entries: TraceEntry[] = [];
  const unreadable: UnreadableLine[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    if (row.trim() === "") continue;
    const line = index + 1;
    const json = readJson(row);
    if (!json.ok) unreadable.push({ line, reason: json.reason });
    else if (!validator.Check(json.value))
      unreadable.push({ line, reason: "is not { time, topic, qos, retain, payload }" });
    else entries.push(entryOf(line, json.value));
  }
  return { entries, unreadable };
}

export function entryOf(line: number, said: TraceLine): TraceEntry {
  const { topic, qos, retain, payload } = said;
  const about = { line, heardAtMs: Date.parse(said.time), topic, qos, retain };
  if (typeof payload !== "string") return { ...about, value: payload, flaw: undefined, isEmpty: false };
  if (payload === "") return { ...about, value: undefined, flaw: undefined, isEmpty: true };
  const json = readJson(payload);
  return json.ok
    ? { ...about, value: json.value, flaw: undefined, isEmpty: false }
    : { ...about, value: undefined, flaw: json.reason, isEmpty: false };
}
