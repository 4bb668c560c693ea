/** Milliseconds from one telling to the next, of a vehicle that moves and of one that stands. */
export interface Interval {
  readonly drivingMs: number;
  readonly standingMs: number;
}

/**
 * How often a vehicle says what has not changed by leaps. VDA 5050 2.1 asks for a state at least every 30 s, and on every
 * event that a fleet control has to know of (section 6.10); the rest is the vehicle's own choice.
 */
export interface Pace {
  /** States for the side that its control register names. */
  readonly holder: Interval;
  /** States for the other side. */
  readonly other: Interval;
  /** The world's sight of it. */
  readonly seen: Interval;
  /** This near to the line, and nearer, both sides are told as its holder is; metres. */
  readonly nearLineM: number;
}

const OFTEN: Interval = { drivingMs: 400, standingMs: 1_000 };

/** What a vehicle does as long as its model does not say otherwise: both sides hear everything. */
export const EAGER_PACE: Pace = {
  holder: OFTEN,
  other: OFTEN,
  seen: { drivingMs: 500, standingMs: 10_000 },
  nearLineM: Number.POSITIVE_INFINITY,
};

/**
 * What is enough for an orchestrator that ticks once a second: each node passed is told at once, each order answered, and
 * of what lies between a state every other tick, which is within the two ticks that it grants ahead.
 */
export const SPARING_PACE: Pace = {
  holder: { drivingMs: 2_000, standingMs: 30_000 },
  other: { drivingMs: 10_000, standingMs: 30_000 },
  seen: { drivingMs: 1_000, standingMs: 30_000 },
  nearLineM: 100,
};

/** What the contract of ROS 2 vehicles asks for, which know no last will: a sign of life every second or two, for both sides. */
export const LIVELY_PACE: Pace = {
  holder: { drivingMs: 1_000, standingMs: 2_000 },
  other: { drivingMs: 2_000, standingMs: 2_000 },
  seen: { drivingMs: 1_000, standingMs: 30_000 },
  nearLineM: 100,
};
