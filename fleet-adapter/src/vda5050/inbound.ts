import type { Checked } from "../link/json.ts";
import type { Payload } from "../link/payload.ts";
import type { VehicleAddress } from "../names.ts";
import type { Codec } from "./codec/codec.ts";
import { codecOfMessage } from "./codec/codecs.ts";
import type { VehicleSheet } from "./model/factsheet.ts";
import type { ConnectionNews, Report, Sender } from "./model/report.ts";
import { type ParsedTopic, parseTopic, type TopicVersion } from "./wire/index.ts";

/** A message of a vehicle that makes sense, with the version that it is written in, or why it makes none. */
export type Inbound =
  | {
      readonly kind: "connection";
      readonly from: ParsedTopic;
      readonly codec: Codec;
      readonly news: ConnectionNews;
    }
  | { readonly kind: "state"; readonly from: ParsedTopic; readonly codec: Codec; readonly report: Report }
  | {
      readonly kind: "factsheet";
      readonly from: ParsedTopic;
      readonly codec: Codec;
      readonly sheet: VehicleSheet;
    }
  /** A topic that is none of ours. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "invalid"; readonly from: ParsedTopic | undefined; readonly reason: string };

/** What topics were found to name: every message of a vehicle comes under one of three. Bound: MAX_KNOWN_TOPICS. */
const knownTopics = new Map<string, ParsedTopic>();
const MAX_KNOWN_TOPICS = 20_000;

function addressIn(topic: string): ParsedTopic | undefined {
  const known = knownTopics.get(topic);
  if (known !== undefined) return known;
  const parsed = parseTopic(topic);
  if (parsed === undefined) return undefined;
  if (knownTopics.size >= MAX_KNOWN_TOPICS) knownTopics.clear();
  knownTopics.set(topic, parsed);
  return parsed;
}

/** Reads one message. Never throws. Every field that is used further on has been checked here. */
export function readInbound(
  topic: string,
  payload: Payload,
  limits: {
    readonly interfaceNames: Readonly<Record<TopicVersion, string>>;
    readonly maxMessageBytes: number;
    /** The codec for a vehicle, given that of its version: it may have quirks. */
    readonly codecFor: (codec: Codec, vehicle: VehicleAddress) => Codec;
  },
): Inbound {
  const from = addressIn(topic);
  if (from === undefined) return { kind: "invalid", from, reason: "the topic names no vehicle of VDA 5050" };
  if (from.interfaceName !== limits.interfaceNames[from.topicVersion]) return { kind: "elsewhere" };
  if (from.manufacturer.includes(".")) {
    return {
      kind: "invalid",
      from: undefined,
      reason: "a manufacturer with a dot cannot be told from its serial number",
    };
  }
  const invalid = (reason: string): Inbound => ({ kind: "invalid", from, reason });
  if (payload.isEmpty) return { kind: "elsewhere" };
  const json = payload.json(limits.maxMessageBytes);
  if (!json.ok) return invalid(json.reason);
  const codec = limits.codecFor(codecOfMessage(from.topicVersion, json.value), from);
  const named = <T extends Sender>(checked: Checked<T>, accept: (message: T) => Inbound): Inbound => {
    if (!checked.ok) return invalid(checked.reason);
    const { manufacturer, serialNumber } = checked.value;
    if (manufacturer !== from.manufacturer || serialNumber !== from.serialNumber) {
      return invalid(`its header names ${manufacturer}/${serialNumber}`);
    }
    return accept(checked.value);
  };
  switch (from.subtopic) {
    case "connection":
      return named(codec.readConnection(json.value), (news) => ({ kind: "connection", from, codec, news }));
    case "state":
      return named(codec.readState(json.value), (report) => ({ kind: "state", from, codec, report }));
    case "factsheet":
      return named(codec.readFactsheet(json.value), (sheet) => ({ kind: "factsheet", from, codec, sheet }));
    default:
      return { kind: "elsewhere" };
  }
}
