import type { Leg } from "./vehicle.ts";

/** Whether the partner drives the vehicle at the end of this leg: it need not stop there, nor explain itself to us. */
export function isPartners(leg: Leg): boolean {
  return leg.request.commandedBy === "partner" || leg.overLine;
}

/** The run of the partner's stretch, which is a leg's last; `undefined` for a leg without one, or not that far yet. */
export function stretchRun(leg: Leg): number | undefined {
  if (!leg.overLine || leg.runs[leg.runs.length - 1]?.to !== leg.goal) return undefined;
  return leg.runs.length - 1;
}
