/**
 * A message of a native client library as JSON would carry it, so that one set of schemas fits every transport: typed arrays become
 * arrays, 64-bit integers numbers, and what JSON has no number for (NaN, infinities) null, as rosbridge writes it.
 */
export function plainData(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainData);
  if (ArrayBuffer.isView(value)) return isIterable(value) ? Array.from(value, plainData) : null;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainData(field)]));
}

/** Typed arrays are, a `DataView` is not. */
function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}
