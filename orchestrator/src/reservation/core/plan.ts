import type { PlanStep } from "./plan-step.ts";
import type { Run } from "./runs.ts";
import type { Trial } from "./trial.ts";
import type { VehicleRecord } from "./vehicle.ts";

export interface PlanQuestion {
  readonly vehicle: VehicleRecord;
  /** Where the plan begins, when the vehicle is there, and how much slower a stop there is than passing: 0 when it stands. */
  readonly from: number;
  readonly fromTick: number;
  readonly standing: boolean;
  readonly stopTicks: number;
  /** Stops on the way, in driving order; one of no ticks is passed. */
  readonly vias: readonly { readonly pose: number; readonly dwellTicks: number }[];
  readonly goal: number;
  /** When given, the plan begins with this run and no other. */
  readonly firstRun: Run | undefined;
  readonly maxExpansions: number;
  /** A plan that arrives later is not asked for; `ENDLESS` when any is. */
  readonly latestArrivalTick: number;
  /** When given, claims are taken to be what they would be (see `trial.ts`). */
  readonly trial: Trial | undefined;
}

export type PlanAnswer =
  | {
      readonly kind: "found";
      readonly steps: readonly PlanStep[];
      readonly arrivalTick: number;
      /** For each stop: how many runs lead to it. */
      readonly viaAt: readonly number[];
      readonly expansions: number;
    }
  | { readonly kind: "none"; readonly expansions: number }
  | { readonly kind: "gave-up"; readonly expansions: number };

export type Found = Extract<PlanAnswer, { kind: "found" }>;
