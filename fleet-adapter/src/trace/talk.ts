import type { Static } from "typebox";
import {
  type Header,
  readHeader,
  readMessage,
  SUBTOPICS,
  type Subtopic,
  type TraceFactsheet,
  type TraceMessage,
  type TraceOrder,
  type TraceState,
} from "./messages.ts";
import type { TraceEntry } from "./trace-line.ts";
import { type Version, versionOf } from "./versions.ts";

/** One message between a fleet control and one vehicle, in the order in which a broker passed them on. */
export interface Heard {
  readonly line: number;
  readonly heardAtMs: number;
  readonly qos: number;
  readonly retain: boolean | undefined;
  readonly topic: Topic;
  readonly version: Version;
  readonly subtopic: Subtopic;
  readonly header: Static<typeof Header> | undefined;
  /** Undefined when it could not be read; `flaw` says why. */
  readonly message: TraceMessage | undefined;
  readonly flaw: string | undefined;
  /** Whether a message of this topic is missing before it, by the count in the header. */
  readonly isAfterGap: boolean;
  readonly before: Before;
}

/** What had been said before a message, newest of each kind. */
export interface Before {
  readonly state: At<TraceState> | undefined;
  readonly order: At<TraceOrder> | undefined;
  readonly factsheet: TraceFactsheet | undefined;
  readonly connection: At<string> | undefined;
}

export interface At<T> {
  readonly heard: Pick<Heard, "line" | "heardAtMs" | "isAfterGap">;
  readonly value: T;
}

export interface Topic {
  readonly interfaceName: string;
  readonly majorVersion: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** All that was said to and by one vehicle. */
export interface Talk {
  readonly vehicle: string;
  readonly heard: readonly Heard[];
}

interface Growing {
  readonly heard: Heard[];
  before: Before;
  readonly headerIds: Map<Subtopic, number>;
}

/** Sorts a trace by vehicle. Messages of other protocols, and empty ones that take retained messages back, are left out. */
export function talksOf(entries: readonly TraceEntry[]): readonly Talk[] {
  const talks = new Map<string, Growing>();
  for (const entry of entries) {
    const parsed = parse(entry.topic);
    if (parsed === undefined || entry.isEmpty) continue;
    const { topic, subtopic } = parsed;
    const vehicle = `${topic.manufacturer}/${topic.serialNumber}`;
    const talk: Growing = talks.get(vehicle) ?? { heard: [], before: NOTHING_YET, headerIds: new Map() };
    talks.set(vehicle, talk);
    const heard = hear(entry, topic, subtopic, talk.before, talk.headerIds.get(subtopic));
    if (heard === undefined) continue;
    talk.heard.push(heard);
    talk.before = after(talk.before, heard);
    if (heard.header !== undefined) talk.headerIds.set(subtopic, heard.header.headerId);
  }
  return [...talks].map(([vehicle, { heard }]) => ({ vehicle, heard }));
}

const NOTHING_YET: Before = {
  state: undefined,
  order: undefined,
  factsheet: undefined,
  connection: undefined,
};

function hear(
  entry: TraceEntry,
  topic: Topic,
  subtopic: Subtopic,
  before: Before,
  lastHeaderId: number | undefined,
): Heard | undefined {
  const { line, heardAtMs, qos, retain } = entry;
  const header = readHeader(entry.value);
  const version = versionOf(topic.majorVersion, header.ok ? header.value.version : undefined);
  if (version === undefined) return undefined;
  const message = readMessage(version, subtopic, entry.value);
  const flaw = entry.flaw ?? (!header.ok ? header.reason : !message.ok ? message.reason : undefined);
  return {
    line,
    heardAtMs,
    qos,
    retain,
    topic,
    version,
    subtopic,
    header: header.ok ? header.value : undefined,
    message: message.ok ? message.value : undefined,
    flaw,
    isAfterGap: header.ok && lastHeaderId !== undefined && header.value.headerId > lastHeaderId + 1,
    before,
  };
}

function after(before: Before, heard: Heard): Before {
  const { message } = heard;
  switch (message?.kind) {
    case "state":
      return { ...before, state: { heard, value: message.state } };
    case "order":
      return { ...before, order: { heard, value: message.order } };
    case "factsheet":
      return { ...before, factsheet: message.factsheet };
    case "connection":
      return { ...before, connection: { heard, value: message.connectionState } };
    default:
      return before;
  }
}

/** `<interfaceName>/<majorVersion>/<manufacturer>/<serialNumber>/<topic>`, where the interface name may have levels of its own. */
function parse(text: string): { readonly topic: Topic; readonly subtopic: Subtopic } | undefined {
  const parts = text.split("/");
  const subtopic = SUBTOPICS.find((name) => name === parts.at(-1));
  const [majorVersion, manufacturer, serialNumber] = parts.slice(-4, -1);
  if (subtopic === undefined || majorVersion === undefined || parts.length < 5) return undefined;
  if (manufacturer === undefined || serialNumber === undefined || !/^v\d+$/.test(majorVersion))
    return undefined;
  const interfaceName = parts.slice(0, -4).join("/");
  return { topic: { interfaceName, majorVersion, manufacturer, serialNumber }, subtopic };
}
