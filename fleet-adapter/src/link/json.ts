/** A value that was read or checked, or one sentence on why there is none. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** The value that a text or its UTF-8 bytes stand for as JSON. Never throws. */
export function readJson(text: Uint8Array | string): Checked<unknown> {
  try {
    const decoded = typeof text === "string" ? text : new TextDecoder("utf-8", { fatal: true }).decode(text);
    return { ok: true, value: JSON.parse(decoded) };
  } catch (error) {
    return { ok: false, reason: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
