/** A copy of an array with room for twice as much. */
export function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** The number at an index that is within bounds by construction. One array type only, so that it stays quick. */
export function intAt(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}
