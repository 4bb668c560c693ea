import type { Direction, Side } from "@baton/maps";

/** One thing that bounds how many vehicles an hour a lane passes. */
export interface Limit {
  readonly limitId: string;
  readonly where: Side | "line" | "road";
  readonly what: string;
  /** How it follows. */
  readonly how: string;
  readonly serviceS?: number | undefined;
  /** From one vehicle to the next, besides the service, as the compiled network grants the road. */
  readonly exchangeS?: number | undefined;
  /** Vehicles an hour and direction with no pause, as the product works today. */
  readonly perHour: number;
  /** The same if followers moved up together with those ahead of them, or by service alone: what design can still win. */
  readonly atBestPerHour?: number | undefined;
  /** Whether it bounds the lane as it is; others are told for comparison. */
  readonly holds: boolean;
  /** All pairs of lanes use it: what is told is an even part. */
  readonly isShared?: boolean;
}

/** A day's number of vehicles of one direction, and how long the lane needs for it. */
export interface DayTarget {
  readonly scenarioId: string;
  readonly perDay: number;
  readonly hoursNeeded: number;
}

export interface LaneLimits {
  readonly direction: Direction;
  readonly laneIds: readonly string[];
  readonly limits: readonly Limit[];
  /** The one of those that hold that passes fewest. */
  readonly binds: Limit;
  readonly targets: readonly DayTarget[];
}

/** What was assumed beyond the site file and the service times. */
export interface Assumption {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

/** Vehicles an hour by all lanes of a direction together. */
export interface DirectionTotal {
  readonly direction: Direction;
  readonly perHour: number;
  /** The same with vehicles enough. */
  readonly withoutFleet: number;
}

export interface SiteLimits {
  readonly siteId: string;
  readonly scenarioId: string | undefined;
  readonly lanes: readonly LaneLimits[];
  readonly totals: readonly DirectionTotal[];
  /** A round trip loaded both ways without waiting, and what vehicles are needed by Little's law. */
  readonly fleet: {
    readonly roundTripS: number;
    /** Its parts: driving, and standing for lifts, gates, verdict, hand-over. */
    readonly drivingS: number;
    readonly dwellS: number;
    readonly lengthM: number;
    readonly availability: number;
    readonly count: number | undefined;
    /** Vehicles for as many an hour and direction as the lane that passes fewer can take, and for the gate's target of 51. */
    readonly neededAtBinding: number;
    readonly neededAt51: number;
  };
  readonly assumptions: readonly Assumption[];
}

export const perHourOf = (cycleS: number): number => 3600 / cycleS;

/** The limit that passes fewest of those that hold. */
export function bindingOf(limits: readonly Limit[]): Limit {
  const holding = limits.filter((limit) => limit.holds);
  const [first] = holding;
  if (first === undefined) throw new Error("a lane has limits");
  return holding.reduce((least, limit) => (limit.perHour < least.perHour ? limit : least), first);
}
