import type { Zone } from "./zone.ts";

/** Something that is to be planned: how urgent it was when asked, and since when it waits. */
export interface Waiting {
  readonly priority: number;
  readonly sinceTick: number;
}

/**
 * How urgent a request is by now: its priority, and one more for every `ageingMs` that it has waited.
 *
 * So nobody starves: of two requests whose priorities differ by d, the less urgent one is planned first once it has
 * waited d * ageingMs longer. With priorities from 0 to P, a request that has waited w is preceded at most by those
 * made until P * ageingMs after it, however many are made later; and a place that it waits for is kept from those
 * behind it (see `planPending`).
 */
export function urgencyOf(zone: Zone, { priority, sinceTick }: Waiting): number {
  return priority + ((zone.tick - sinceTick) * zone.settings.tickMs) / zone.settings.ageingMs;
}
