/** How a vehicle numbers and dates what it says: its count starts again when the vehicle does. */
export interface Stamp {
  readonly count: number;
  readonly atMs: number;
}

/** What is known of the order in which a vehicle's states were sent. */
export interface Freshness extends Stamp {
  /** States dropped one after another, each later than the one before: the sign of a restart with an old clock. */
  readonly dropped: { readonly count: number; readonly times: number } | undefined;
}

/** After this many later and later states in a row the sender has started again, whatever its clock says. */
const DROPS_BEFORE_RESTART = 3;

/**
 * Whether a state is newer than what was seen, and what is known after it. A state is dropped when neither
 * its count nor its time is later than the last one's. In VDA 5050 the count is `headerId`, one for each topic
 * (2.1 section 6.4); a ROS 2 vehicle counts its statuses.
 */
export function judgeFreshness(
  known: Freshness | undefined,
  { count, atMs }: Stamp,
): { readonly fresh: boolean; readonly known: Freshness } {
  const seen: Freshness = { count, atMs, dropped: undefined };
  if (known === undefined || count > known.count || atMs > known.atMs) return { fresh: true, known: seen };
  const rising = known.dropped !== undefined && count > known.dropped.count;
  const times = rising ? (known.dropped?.times ?? 0) + 1 : 1;
  if (times >= DROPS_BEFORE_RESTART) return { fresh: true, known: seen };
  return { fresh: false, known: { ...known, dropped: { count, times } } };
}
