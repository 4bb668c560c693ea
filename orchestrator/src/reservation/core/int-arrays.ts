/** A copy of an array with room for twice as much. */
export function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/**
 * The number at an index that is within bounds by construction. One type of array only, as in all such functions here and in
 * `vehicle.ts`: the engine keeps what it learnt of a load with the line of the load, and a line that has seen more than
 * four types of arrays (`at` in `runs.ts`) looks each up anew, which takes ten times as long.
 */
export function intAt(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}

/** The same for what a network has in metres. */
export function floatAt(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
