import { msOf } from "../wire/standard.ts";
import type { VehicleStatus } from "../wire/vehicle-status.ts";

/** What is known of the order in which a vehicle's statuses were written. */
export interface Freshness {
  readonly sequence: number;
  readonly atMs: number;
  /** Statuses dropped one after another, each later than the one before: the sign of a restart with an old clock. */
  readonly dropped: { readonly sequence: number; readonly count: number } | undefined;
}

/** After this many later and later statuses in a row the sender has started again, whatever its clock says. */
const DROPS_BEFORE_RESTART = 3;

/** Whether a status is newer than what was seen: by its count or, since that starts again with the vehicle, by its time. */
export function judgeFreshness(
  known: Freshness | undefined,
  { sequence, header }: Pick<VehicleStatus, "sequence" | "header">,
): { readonly fresh: boolean; readonly known: Freshness } {
  const atMs = msOf(header.stamp);
  const seen: Freshness = { sequence, atMs, dropped: undefined };
  if (known === undefined || sequence > known.sequence || atMs > known.atMs)
    return { fresh: true, known: seen };
  const rising = known.dropped !== undefined && sequence > known.dropped.sequence;
  const count = rising ? (known.dropped?.count ?? 0) + 1 : 1;
  if (count >= DROPS_BEFORE_RESTART) return { fresh: true, known: seen };
  return { fresh: false, known: { ...known, dropped: { sequence, count } } };
}
