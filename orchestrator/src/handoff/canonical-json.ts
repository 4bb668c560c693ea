import { hash } from "node:crypto";

/**
 * JSON with the members of every object in order of their names and no white space, so that equal values have equal
 * bytes (in the manner of RFC 8785; our numbers are plain integers and short decimals, which ECMAScript writes as it asks).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** SHA-256 of a text, base64url. */
export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}
