/**
 * Inside the core a tick is a small whole number, counted from the zone's `originTick`: engines keep such numbers
 * in the object itself, where a fraction, an infinity or a tick since 1970 would be a box of its own. Outside
 * (ledger, stream, reports) ticks are absolute, `floor(timeMs / tickMs)`.
 */
export type Tick = number;

/** Never, or for ever. Beyond every horizon: 2^30 ticks of 50 ms are 20 months. */
export const ENDLESS = 2 ** 30 - 1;

/** Sooner than everything: the visit has begun. */
export const BEGUN = -1;

interface Clockwork {
  readonly originTick: number;
  readonly settings: { readonly tickMs: number };
}

/** Absolute tick of a tick of the core. */
export function absoluteTick(zone: Clockwork, tick: Tick): number {
  return zone.originTick + tick;
}

/** Milliseconds since 1970 of a tick of the core; `undefined` for one that cannot be told. */
export function msAt(zone: Clockwork, tick: Tick): number | undefined {
  return tick >= ENDLESS ? undefined : absoluteTick(zone, tick) * zone.settings.tickMs;
}
