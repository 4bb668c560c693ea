import type { CostWeights } from "./cost.ts";
import { DEFAULT_WEIGHTS } from "./cost.ts";

/** The figures that dispatch works with. Data: a side may set any of them. */
export interface DispatchRules {
  /** Below this a vehicle gets no mission. */
  readonly minBatteryPct: number;
  /** Below this an idle vehicle goes to a charger when one is free, wherever it stands. */
  readonly chargeBelowPct: number;
  /** Below this a vehicle that has to leave its place anyway goes to a charger rather than to a parking place. */
  readonly opportunityBelowPct: number;
  /** From here on a vehicle may be taken from its charger for a mission. */
  readonly takeFromChargerPct: number;
  /** From here on a vehicle at a charger makes room for one that needs it. */
  readonly chargedPct: number;
  /** How long a container may wait for a vehicle that is about to be free at a crane while an idle one would have to come. */
  readonly patienceMs: number;
  /** Of the cranes, rounded down and never all: how many may load containers for which no bay is free yet. */
  readonly loadAheadShare: number;
  /** Of the cranes, rounded up: how many must be free for an idle vehicle to stay at one. */
  readonly freeCranesShare: number;
  /** How many trucks may be called or in the yard for each crane. */
  readonly trucksACrane: number;
  /** How fast vehicles get on in a yard, turns and waiting included; to compare ways in seconds. */
  readonly paceMps: number;
  /** What a lift takes. */
  readonly liftMs: number;
  /** What a trip over the line takes of the battery. */
  readonly tripBatteryPct: number;
  readonly weights: CostWeights;
}

/** Sources: `dispatch/README.md`. */
export const DEFAULT_RULES: DispatchRules = {
  minBatteryPct: 30,
  chargeBelowPct: 45,
  opportunityBelowPct: 75,
  takeFromChargerPct: 60,
  chargedPct: 90,
  patienceMs: 300_000,
  loadAheadShare: 0.5,
  freeCranesShare: 0.34,
  trucksACrane: 4,
  paceMps: 4,
  liftMs: 164_000,
  tripBatteryPct: 6,
  weights: DEFAULT_WEIGHTS,
};
