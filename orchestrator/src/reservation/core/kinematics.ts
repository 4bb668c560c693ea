import type { EdgeId } from "@baton/maps";

/** How a vehicle class moves. All figures are upper limits of what it does in normal driving. */
export interface Kinematics {
  readonly maxSpeedMps: number;
  readonly accelerationMps2: number;
  readonly brakingMps2: number;
  /** Length of the body; only for showing, the ground itself is in the network's blocks. */
  readonly lengthM: number;
}

/** What the core needs to know of the world besides the network. Fixed for the life of a zone. */
export interface CoreSettings {
  readonly tickMs: number;
  readonly kinematics: Kinematics;
  /** From a grant until the vehicle acts on it, plus from its report until it counts. */
  readonly roundTripMs: number;
  /** How far a reported position may be ahead of the true one; held back when ground is released. */
  readonly positionUncertaintyM: number;
  /** A vehicle that stands this near to a stop pose of its way stands *at* it. Must be below the layout's safety margin. */
  readonly standToleranceM: number;
  /** A report farther than this from the way is not believed. */
  readonly offPathM: number;
  /**
   * Search effort, in expanded states, distances that are found for the first time included: no further plan is begun in a
   * tick that has spent so much (a crowd is spread).
   */
  readonly expansionsPerTick: number;
  /** A plan that takes more is given up and tried again later. */
  readonly expansionsPerPlan: number;
  /** A request that waits becomes more urgent by one in this time (see `urgency.ts`). */
  readonly ageingMs: number;
  /** No plan reaches further ahead than this. */
  readonly planHorizonTicks: number;
  /** How far ahead grants reach: what a vehicle needs not to brake, or the next run only, once it is at its beginning. */
  readonly grantAhead: "braking-distance" | "next-run";
  readonly cost: CostSettings;
  readonly switching: SwitchingSettings;
  readonly improvement: ImprovementSettings;
  /**
   * Vehicles move all at once, a cell a tick, as the public benchmarks' agents do: a place is needed from the moment of
   * arriving there, not from setting out. Never true where vehicles have bodies.
   */
  readonly simultaneousMoves: boolean;
}

/** What a plan avoids besides being late; counted in ticks of lateness that it is worth. Plans stay valid whatever is here. */
export interface CostSettings {
  /** For each time that the vehicle has to wait on the way. */
  readonly stopTicks: number;
  /** For driving over an edge. */
  readonly edgeTicks: ReadonlyMap<EdgeId, number>;
}

/** How the order of claims may change where nothing is granted yet. */
export interface SwitchingSettings {
  /** Who is ready goes before who is not there yet, where that closes no circle. */
  readonly jump: boolean;
  /** A search for a jump that looks at more claims than this is given up. */
  readonly jumpSearchCap: number;
  /** A tick that others are held up by counts so many ticks gained; 0: whoever is ready may go. */
  readonly jumpCostWeight: number;
  /** A leg that was jumped this often is not jumped again: no starvation. */
  readonly mostTimesJumped: number;
  /** So many of those that wait longest are planned again in a tick; 0 for none. */
  readonly replansPerTick: number;
  readonly replanAfterMs: number;
  readonly replanCoolDownMs: number;
}

/** Large-neighbourhood search in what is left of a tick (Li et al. 2021). */
export interface ImprovementSettings {
  /** Search effort a tick, in expanded states; 0 for none. */
  readonly expansionsPerTick: number;
  /** How many itineraries may be taken back and planned again together. */
  readonly neighbourhood: number;
  /** An itinerary that takes more to plan is not worth it. */
  readonly expansionsPerPlan: number;
  /** Of the random choices: the same seed, the same choices. */
  readonly seed: number;
}

export const DEFAULT_SETTINGS: Omit<CoreSettings, "kinematics"> = {
  tickMs: 200,
  roundTripMs: 600,
  positionUncertaintyM: 0.1,
  standToleranceM: 0.5,
  offPathM: 1.5,
  expansionsPerTick: 500,
  expansionsPerPlan: 20_000,
  ageingMs: 60_000,
  planHorizonTicks: 36_000,
  grantAhead: "braking-distance",
  cost: { stopTicks: 0, edgeTicks: new Map() },
  switching: {
    jump: true,
    jumpSearchCap: 400,
    jumpCostWeight: 1,
    mostTimesJumped: 20,
    replansPerTick: 20,
    replanAfterMs: 10_000,
    replanCoolDownMs: 10_000,
  },
  improvement: { expansionsPerTick: 0, neighbourhood: 12, expansionsPerPlan: 4000, seed: 1 },
  simultaneousMoves: false,
};

/** At or below this speed a vehicle stands. */
export const STANDING_MPS = 0.05;

/** Extra ticks that a start from standing costs against passing at `speedMps`. */
export function startTicks(settings: CoreSettings, speedMps: number): number {
  return Math.ceil((speedMps / (2 * settings.kinematics.accelerationMps2) / settings.tickMs) * 1000);
}

/** Extra ticks that a stop costs against passing at `speedMps`. */
export function stopTicks(settings: CoreSettings, speedMps: number): number {
  return Math.ceil((speedMps / (2 * settings.kinematics.brakingMps2) / settings.tickMs) * 1000);
}

/**
 * How far ahead of the reference point the grants of a vehicle at `speedMps` must reach so that it need not brake:
 * braking distance, and what it drives in a round trip and two ticks.
 */
export function lookaheadM(settings: CoreSettings, speedMps: number): number {
  const delayS = (settings.roundTripMs + 2 * settings.tickMs) / 1000;
  return (speedMps * speedMps) / (2 * settings.kinematics.brakingMps2) + speedMps * delayS;
}
