import type { GiverState } from "./giver-state.ts";
import type { TakerState } from "./taker.ts";

/**
 * The highest epoch of a vehicle's register that a side knows of for good, from its hand-offs of that vehicle. A state of
 * the vehicle that says less is an old one: after a restart it may come first, and `ready` must not be said on it.
 */
export function knownEpoch(machines: readonly (GiverState | TakerState)[]): number {
  let known = 0;
  for (const machine of machines) {
    if ("sinceEpoch" in machine && machine.sinceEpoch !== undefined)
      known = Math.max(known, machine.sinceEpoch);
    if ("epoch" in machine) known = Math.max(known, machine.epoch);
    if ("fencedEpoch" in machine && machine.fencedEpoch !== undefined)
      known = Math.max(known, machine.fencedEpoch);
  }
  return known;
}
