import { type CoreSettings, DEFAULT_SETTINGS } from "../../orchestrator/src/reservation/core/kinematics.ts";
import { type Random, seededRandom } from "../../sim/src/random/seeded.ts";
import { layoutNames } from "./layouts/place.ts";

/** How rough the world is. Probabilities are a tick (and a vehicle, where it is about vehicles); 0 for never. */
export interface Weather {
  /** Each edge is driven at 1 / (1 .. slowest) of its speed. */
  readonly slowest: number;
  readonly stops: number;
  readonly stopMs: number;
  readonly failures: number;
  readonly closures: number;
  readonly lostReports: number;
  readonly repeatedReports: number;
  readonly lateReports: number;
  /** Reports far off any way the vehicle could be on. */
  readonly wildReports: number;
  /** Nothing is heard of a vehicle for some time, while it drives on. */
  readonly silences: number;
  readonly lateOrders: number;
  readonly newLeaders: number;
  readonly ledgerFaults: number;
  readonly withdrawals: number;
  readonly priorities: number;
  /** A vehicle is sent elsewhere on its way. */
  readonly turns: number;
}

export const FAIR_WEATHER: Weather = {
  slowest: 5,
  stops: 0,
  stopMs: 0,
  failures: 0,
  closures: 0,
  lostReports: 0,
  repeatedReports: 0,
  lateReports: 0,
  wildReports: 0,
  silences: 0,
  lateOrders: 0,
  newLeaders: 0,
  ledgerFaults: 0,
  withdrawals: 0,
  priorities: 0,
  turns: 0,
};

export interface TrialPlan {
  readonly seed: number;
  readonly layout: string;
  readonly vehicles: number;
  readonly tickMs: number;
  readonly settings: Partial<Omit<CoreSettings, "kinematics" | "tickMs">>;
  readonly storm: Weather;
  readonly stormTicks: number;
  /** Fair weather in which new legs go on being asked for. */
  readonly busyTicks: number;
  readonly cycles: number;
  /** Ticks between two reports of a vehicle. */
  readonly reportEvery: number;
}

/** What may be left out of the weather, while something is not built yet or one thing is looked for. */
export type Fault = keyof Omit<Weather, "slowest" | "stopMs">;

export interface PlanOptions {
  readonly layout?: string | undefined;
  readonly without?: readonly Fault[];
  /** A short storm and no more, for many trials in little time. */
  readonly brief?: boolean;
  readonly bays: (layout: string) => Promise<number>;
}

const FULL = { stormTicks: 1500, busyTicks: 800, cycles: 2 };
const BRIEF = { stormTicks: 600, busyTicks: 100, cycles: 1 };

/** Everything about the trial with this number follows from the number (and the layout, where one is asked for). */
export async function planTrial(seed: number, options: PlanOptions): Promise<TrialPlan> {
  const random = seededRandom("trial", String(seed));
  const names = layoutNames();
  const drawn = random.integer(100) < 82 ? random.pick(names.slice(0, -2)) : random.pick(names.slice(-2));
  const layout = options.layout ?? drawn;
  const bays = await options.bays(layout);
  const most = Math.min(bays - 2, 25);
  const fill = 0.5 + 0.5 * random.next();
  const weather = storm(random);
  const without = Object.fromEntries((options.without ?? []).map((fault) => [fault, 0]));
  const plan: Omit<TrialPlan, "storm"> = {
    seed,
    layout,
    vehicles: Math.max(2, Math.round(most * fill)),
    tickMs: random.pick([200, 200, 500, 1000]),
    settings: {
      roundTripMs: random.pick([600, 600, 2500]),
      grantAhead: random.chance(0.2) ? "next-run" : "braking-distance",
      improvement: { ...DEFAULT_SETTINGS.improvement, expansionsPerTick: random.pick([0, 200]) },
    },
    ...(options.brief === true ? BRIEF : FULL),
    reportEvery: random.pick([1, 1, 2, 5]),
  };
  // Drawn last, so that all else of a trial is what it was before there were any.
  const turns = random.chance(0.55) ? 0.01 * (0.3 + 1.4 * random.next()) : 0;
  return { ...plan, storm: { ...weather, turns, ...without } };
}

/** Each kind of trouble is there in about half of the trials, so that each pair meets often. */
function storm(random: Random): Omit<Weather, "turns"> {
  const sometimes = (probability: number): number =>
    random.chance(0.55) ? probability * (0.3 + 1.4 * random.next()) : 0;
  return {
    slowest: random.pick([1, 2, 5]),
    stops: sometimes(0.002),
    stopMs: random.pick([30_000, 120_000]),
    failures: sometimes(0.0004),
    closures: sometimes(0.002),
    lostReports: sometimes(0.2),
    repeatedReports: sometimes(0.1),
    lateReports: sometimes(0.15),
    wildReports: sometimes(0.005),
    silences: sometimes(0.001),
    lateOrders: sometimes(0.3),
    newLeaders: sometimes(0.004),
    ledgerFaults: sometimes(0.01),
    withdrawals: sometimes(0.2),
    priorities: sometimes(0.004),
  };
}
