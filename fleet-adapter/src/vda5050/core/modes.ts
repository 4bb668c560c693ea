import type { Side } from "@baton/maps";
import type { Report } from "../model/report.ts";

/**
 * Who may tell a vehicle what, by its operating mode (VDA 5050 2.1 section 6.10.6; 3.0 section 6.6.6, table 10). A
 * vehicle that answers to the other side shows this one `SERVICE` (2.x) or `INTERVENED` (3.0): it may be stopped and
 * asked from here, and says itself what else it takes.
 */

const isElsewhere = (side: Side, { control }: Report): boolean =>
  control !== undefined && control.authority !== side;

/** Orders and updates: only in automatic modes, although 3.0 would let them wait in an `INTERVENED` vehicle: no ground is released to one that a person drives. */
export function mayOrder(side: Side, seen: Report): boolean {
  return !isElsewhere(side, seen) && isAutomatic(seen);
}

/** Instant actions. A stop goes out in every mode: anyone may stop, and a vehicle that does not listen is not harmed. */
export function mayInstruct(side: Side, seen: Report | undefined, kind: string): boolean {
  return seen === undefined || kind === "pause" || isElsewhere(side, seen) || isAutomatic(seen);
}

/** `cancelOrder`, which an `INTERVENED` vehicle takes as well. */
export function mayCancel(seen: Report): boolean {
  return isAutomatic(seen) || seen.operatingMode === "INTERVENED";
}

function isAutomatic({ operatingMode }: Report): boolean {
  return operatingMode === "AUTOMATIC" || operatingMode === "SEMIAUTOMATIC";
}
