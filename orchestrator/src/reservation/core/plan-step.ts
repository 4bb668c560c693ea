import type { Run } from "./runs.ts";

/** One run of a plan: entered at `startTick`; everything in it comes `extraTicks` later than at the road's speed. */
export interface PlanStep {
  readonly run: Run;
  readonly startTick: number;
  readonly extraTicks: number;
}
