import type { TopicVersion } from "../wire/version.ts";
import type { Codec } from "./codec.ts";
import { v2_1 } from "./v2_1.ts";

/** Of a vehicle that has said nothing yet. */
export const DEFAULT_CODEC: Codec = v2_1;

/**
 * The codec of a message: the topic names the major version, the header of a 2.x message the minor one. What says
 * nothing, or a 2.x that came after 2.1, is read as 2.1: minor versions only add.
 */
export function codecOfMessage(_topicVersion: TopicVersion, _message: unknown): Codec {
  return v2_1;
}
