import type { Report } from "../model/report.ts";

/**
 * What is known of the order in which a vehicle's states were sent. `headerId` counts the messages of one
 * topic (VDA 5050 2.1 section 6.4) and starts again when the vehicle does.
 */
export interface Freshness {
  readonly headerId: number;
  readonly atMs: number;
  /** States dropped one after another, each later than the one before: the sign of a restart with an old clock. */
  readonly dropped: { readonly headerId: number; readonly count: number } | undefined;
}

/** After this many later and later states in a row the sender has started again, whatever its clock says. */
const DROPS_BEFORE_RESTART = 3;

/**
 * Whether a state is newer than what was seen, and what is known after it. A state is dropped when neither
 * its count nor its time is later than the last one's.
 */
export function judgeFreshness(
  known: Freshness | undefined,
  { headerId, atMs }: Pick<Report, "headerId" | "atMs">,
): { readonly fresh: boolean; readonly known: Freshness } {
  const seen: Freshness = { headerId, atMs, dropped: undefined };
  if (known === undefined || headerId > known.headerId || atMs > known.atMs) {
    return { fresh: true, known: seen };
  }
  const rising = known.dropped !== undefined && headerId > known.dropped.headerId;
  const count = rising ? (known.dropped?.count ?? 0) + 1 : 1;
  if (count >= DROPS_BEFORE_RESTART) return { fresh: true, known: seen };
  return { fresh: false, known: { ...known, dropped: { headerId, count } } };
}
