import type { Protocol } from "../model/protocol.ts";
import type { TopicVersion } from "../wire/version.ts";
import type { Codec } from "./codec.ts";
import { v2_0 } from "./v2_0.ts";
import { v2_1 } from "./v2_1.ts";
import { v3_0 } from "./v3_0.ts";

export const CODECS: Readonly<Record<Protocol, Codec>> = { "2.0": v2_0, "2.1": v2_1, "3.0": v3_0 };

/** Of a vehicle that has said nothing yet. */
export const DEFAULT_CODEC: Codec = v2_1;

/**
 * The codec of a message: the topic names the major version, the header of a 2.x message the minor one. What says
 * nothing, or a version that came later, is read as the newest of its major version that is known: minor versions
 * only add (3.0 section 1).
 */
export function codecOfMessage(topicVersion: TopicVersion, message: unknown): Codec {
  if (topicVersion === "v3") return v3_0;
  return versionIn(message)?.startsWith("2.0") === true ? v2_0 : v2_1;
}

function versionIn(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null || !("version" in message)) return undefined;
  return typeof message.version === "string" ? message.version : undefined;
}
