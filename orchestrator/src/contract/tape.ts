/**
 * The tape's format: one entry after another, each a feed message as viewers got it with the time at which they got it.
 *
 *     f64 atMs · u32 length · u8[length] message        little-endian
 *
 * Times never go backwards within a file. A process that was killed leaves at most one entry that is cut short, at the end.
 */

export const ENTRY_HEADER_BYTES = 12;
/** No feed message is longer; a length beyond it means that the bytes are no tape. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface TapeEntry {
  readonly atMs: number;
  readonly message: Uint8Array;
}

export function encodeEntry(atMs: number, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ENTRY_HEADER_BYTES + message.byteLength);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, atMs, true);
  view.setUint32(8, message.byteLength, true);
  bytes.set(message, ENTRY_HEADER_BYTES);
  return bytes;
}

/** The whole entries of a tape, up to the first that is cut short or is none; messages are views into `bytes`. */
export function* entriesIn(bytes: Uint8Array): Generator<TapeEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + ENTRY_HEADER_BYTES <= bytes.byteLength) {
    const atMs = view.getFloat64(at, true);
    const length = view.getUint32(at + 8, true);
    const from = at + ENTRY_HEADER_BYTES;
    if (length > MAX_MESSAGE_BYTES || !Number.isFinite(atMs) || from + length > bytes.byteLength) return;
    yield { atMs, message: bytes.subarray(from, from + length) };
    at = from + length;
  }
}

/** How many bytes of a tape are whole entries: where a new process goes on writing. */
export function wholeBytes(bytes: Uint8Array): number {
  let whole = 0;
  for (const { message } of entriesIn(bytes)) whole += ENTRY_HEADER_BYTES + message.byteLength;
  return whole;
}
