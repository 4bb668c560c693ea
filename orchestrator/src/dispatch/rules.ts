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
  /** How long the partner is not asked again whether it has a use for an empty vehicle. */
  readonly emptyAgainMs: number;
  /** After so long in its bay a container is kept out for want of a place beyond the line, and not only for the moment. */
  readonly keptOutMs: number;
  /** A container's vehicle is changed for another one on its way only when that saves so much, seconds of empty driving. */
  readonly exchangeGainS: number;
  /** How often the vehicle of a container may be changed. */
  readonly exchangesAtMost: number;
  /** How long a vehicle that could not be sent elsewhere is not tried again. */
  readonly exchangeAgainMs: number;
  /** What a trip over the line takes of the battery. */
  readonly tripBatteryPct: number;
  readonly weights: CostWeights;
}

/**
 * What things are worth to dispatch, all in seconds of empty driving. A table, so that two figures can be compared
 * and changed without reading code; `dispatch/README.md` says where each comes from.
 */
export interface CostWeights {
  /** A second of driving empty. */
  readonly emptyTravel: number;
  /** A second for which a container with its truck waits for this vehicle. */
  readonly waiting: number;
  /** Each per cent by which the battery would be below `chargeBelowPct` after the trip. */
  readonly batteryPct: number;
  /** Each tonne that the vehicle could carry more than it has to: large ones are kept for large loads. */
  readonly spareTonne: number;
  /** Not to keep what the partner was promised. */
  readonly brokenPromise: number;
  /** What it is worth that a guest goes home: every outbound load takes its vehicle to the partner. */
  readonly guestGoesHome: number;
  /** What it is worth to serve any container at all: above every empty way of a site. */
  readonly serving: number;
  /** Each step of priority. */
  readonly priority: number;
  /** A container whose goods spoil. */
  readonly perishable: number;
  /** Each second that a container has waited. */
  readonly waited: number;
  /** Each second by which it is inside the last `deadlineHorizonS` before it is due, or late. */
  readonly deadline: number;
  readonly deadlineHorizonS: number;
}

const DEFAULT_WEIGHTS: CostWeights = {
  emptyTravel: 1,
  waiting: 0.3,
  batteryPct: 4,
  spareTonne: 0.5,
  brokenPromise: 120,
  guestGoesHome: 30,
  serving: 7_200,
  priority: 1_800,
  perishable: 900,
  waited: 1,
  deadline: 2,
  deadlineHorizonS: 3_600,
};

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
  emptyAgainMs: 300_000,
  keptOutMs: 900_000,
  exchangeGainS: 30,
  exchangesAtMost: 2,
  exchangeAgainMs: 30_000,
  tripBatteryPct: 6,
  weights: DEFAULT_WEIGHTS,
};
