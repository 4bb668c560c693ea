import { type Checked, readJson } from "./json.ts";

/** What a message carries, as its receiver finds it: bytes of anybody, or in memory the very object that was published. */
export interface Payload {
  /** A retained message is taken back with an empty one. */
  readonly isEmpty: boolean;
  /**
   * What it says, to be checked against a schema before it is believed; or one sentence on why it says nothing. Bytes
   * beyond `maxBytes` are refused unread; an object that never was bytes has none. Never throws.
   */
  json(maxBytes?: number): Checked<unknown>;
}

/** Text or bytes as they came over a wire: anything at all, so nothing of it is read before its length is known. */
export function wirePayload(content: Uint8Array | string): Payload {
  const lengthBytes = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  return {
    isEmpty: lengthBytes === 0,
    json: (maxBytes = Number.POSITIVE_INFINITY) =>
      lengthBytes > maxBytes
        ? { ok: false, reason: `has ${lengthBytes} bytes, more than ${maxBytes}` }
        : readJson(content),
  };
}

/** An object that its publisher handed over: one payload serves all its receivers, and no text is ever made of it. */
export function objectPayload(value: object): Payload {
  const read = { ok: true, value } as const;
  return { isEmpty: false, json: () => read };
}
