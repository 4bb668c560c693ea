import { lookaheadM } from "../../../orchestrator/src/reservation/core/kinematics.ts";
import { atLeast, atMost, type BenchCase, figure, timing } from "../bench-case.ts";
import { LANES_SPEED_MPS, lanes } from "../instances/lanes.ts";
import { keptRuns } from "../kept-runs.ts";
import { type BenchOptions, seedsOf } from "../options.ts";
import { claimAhead } from "../peers/claim-ahead.ts";
import type { BenchRow } from "../report.ts";
import { lowerLimit95, meanOf } from "../statistics.ts";
import { batonStreets } from "../worlds/baton-streets.ts";
import { fixedOrderSettings, type GrantAhead, streetSettings } from "../worlds/settings.ts";
import { driveStreets, type StreetPlan, StreetResult } from "../worlds/street-world.ts";

interface LanesCase {
  readonly vehicles: number;
  readonly streets: number;
  readonly stopProbability: number;
  /** Trip over free flow that the design's sketch reached; bars of missions would depend on how long trips are. */
  readonly tripOverFreeFlow: number;
  readonly seeds: number;
  readonly minutes: number;
}

/** Bars of 800 vehicles are the sketch's missions as time a trip, at the 335 s of its free flow. */
const CASES: readonly LanesCase[] = [
  { vehicles: 150, streets: 12, stopProbability: 0.01, tripOverFreeFlow: 1.46, seeds: 3, minutes: 60 },
  { vehicles: 400, streets: 26, stopProbability: 0.002, tripOverFreeFlow: 1.12, seeds: 1, minutes: 60 },
  { vehicles: 800, streets: 26, stopProbability: 0, tripOverFreeFlow: 1.15, seeds: 1, minutes: 20 },
  { vehicles: 800, streets: 26, stopProbability: 0.002, tripOverFreeFlow: 1.25, seeds: 1, minutes: 20 },
  { vehicles: 800, streets: 26, stopProbability: 0.01, tripOverFreeFlow: 1.63, seeds: 1, minutes: 20 },
  { vehicles: 1200, streets: 26, stopProbability: 0.002, tripOverFreeFlow: 1.6, seeds: 1, minutes: 20 },
];

const GRANTS: readonly GrantAhead[] = ["next-run", "braking-distance"];
const PEERS_AT_ONCE = [1, 2, 3, 5];
/** Of every peer but greedy so many seeds say enough: no bar is a mean over them. */
const SEEDS_OF_OTHERS = 3;
const HOUR_S = 3600;
const MINUTE_S = 60;

export const LANES_CASES: readonly BenchCase[] = CASES.flatMap((one) =>
  GRANTS.map((grantAhead) => ({
    name: caseName(one, grantAhead),
    run: (options) => runCase(one, grantAhead, options),
  })),
);

function caseName({ vehicles, stopProbability }: LanesCase, grantAhead: GrantAhead): string {
  return `lanes-${vehicles}/p${stopProbability}/${grantAhead}`;
}

async function runCase(
  one: LanesCase,
  grantAhead: GrantAhead,
  options: BenchOptions,
): Promise<readonly BenchRow[]> {
  const { network, bays } = lanes(one.streets);
  const reachM = grantAhead === "next-run" ? 0 : lookaheadM(streetSettings(grantAhead), LANES_SPEED_MPS);
  const ours: StreetResult[] = [];
  const fixed: StreetResult[] = [];
  const peers = new Map<number, StreetResult[]>(PEERS_AT_ONCE.map((count) => [count, []]));
  const seconds = MINUTE_S * (options.minutes ?? one.minutes);
  const kept = await keptRuns(options.keep, StreetResult);
  for (const [nth, seed] of seedsOf(options, one.seeds).entries()) {
    const isForOthers = nth < SEEDS_OF_OTHERS;
    const plan: StreetPlan = {
      network,
      bays,
      vehicles: one.vehicles,
      seed,
      stopProbability: one.stopProbability,
      seconds,
    };
    const drive = (engine: string, engineFor: Parameters<typeof driveStreets>[1]): Promise<StreetResult> =>
      kept([caseName(one, grantAhead), `${seconds}s`, `seed ${seed}`, engine], () =>
        driveStreets(plan, engineFor),
      );
    for (const [blocksAtOnce, results] of peers) {
      if (blocksAtOnce > 1 && !isForOthers) continue;
      results.push(
        await drive(`claim-${blocksAtOnce}`, (vehicles, distances) =>
          claimAhead({ network, vehicles, distances, blocksAtOnce, lookaheadM: reachM }),
        ),
      );
    }
    ours.push(
      await drive("baton", (vehicles) =>
        batonStreets({ name: "baton", network, vehicles, settings: streetSettings(grantAhead) }),
      ),
    );
    if (!isForOthers) continue;
    fixed.push(
      await drive("fixed-order", (vehicles) =>
        batonStreets({
          name: "fixed-order",
          network,
          vehicles,
          settings: fixedOrderSettings(grantAhead),
        }),
      ),
    );
  }
  return rowsOf({ one, grantAhead, seconds, ours, fixed, peers });
}

interface Measured {
  readonly one: LanesCase;
  readonly grantAhead: GrantAhead;
  readonly seconds: number;
  readonly ours: readonly StreetResult[];
  readonly fixed: readonly StreetResult[];
  readonly peers: ReadonlyMap<number, readonly StreetResult[]>;
}

function rowsOf({ one, grantAhead, seconds, ours, fixed, peers }: Measured): BenchRow[] {
  const name = caseName(one, grantAhead);
  const hourly = ({ missions }: StreetResult): number => (missions * HOUR_S) / seconds;
  const mean = (results: readonly StreetResult[], of: (result: StreetResult) => number): number =>
    meanOf(results.map(of));
  const worst = (results: readonly StreetResult[], of: (result: StreetResult) => number): number =>
    Math.max(...results.map(of));
  const rows = [
    figure(`${name}/seeds`, ours.length, "runs"),
    figure(`${name}/minutes`, seconds / MINUTE_S, "min"),
    atMost(`${name}/deadlocks`, ours.filter(locked).length, "runs", 0),
    figure(`${name}/missions`, mean(ours, hourly), "1/h"),
    atMost(
      `${name}/tripOverFreeFlow`,
      mean(ours, (r) => r.tripOverFreeFlow),
      "1",
      one.tripOverFreeFlow,
    ),
    figure(`${name}/shareOfBound`, 100 * mean(ours, shareOfBound), "%"),
    figure(
      `${name}/longestStandS`,
      worst(ours, (r) => r.longestStandS),
      "s",
    ),
    ...timing(
      `${name}/tick`,
      ours.map(({ tick }) => tick),
    ),
    figure(`${name}/fixedOrder/seeds`, fixed.length, "runs"),
    figure(`${name}/fixedOrder/missions`, mean(fixed, hourly), "1/h"),
    figure(
      `${name}/fixedOrder/tripOverFreeFlow`,
      mean(fixed, (r) => r.tripOverFreeFlow),
      "1",
    ),
    figure(`${name}/fixedOrder/shareOfBound`, 100 * mean(fixed, shareOfBound), "%"),
    figure(`${name}/aheadOfFixedOrder`, meanOf(aheadOf(ours, fixed)), "%"),
  ];
  for (const [blocksAtOnce, results] of peers) {
    const peer = blocksAtOnce === 1 ? "greedy" : `claim${blocksAtOnce}`;
    const survived = results.filter((result) => !locked(result));
    rows.push(figure(`${name}/${peer}/gridlocks`, results.length - survived.length, "runs"));
    if (survived.length === 0) continue;
    rows.push(figure(`${name}/${peer}/missions`, mean(survived, hourly), "1/h"));
    rows.push(
      figure(
        `${name}/${peer}/tripOverFreeFlow`,
        mean(survived, (r) => r.tripOverFreeFlow),
        "1",
      ),
    );
    rows.push(figure(`${name}/${peer}/shareOfBound`, 100 * mean(survived, shareOfBound), "%"));
    const ahead = aheadOf(ours, results);
    rows.push(figure(`${name}/${peer}/weAreAhead`, meanOf(ahead), "%"));
    const limit = lowerLimit95(ahead);
    if (limit === undefined) continue;
    const row = `${name}/${peer}/weAreAheadLower95`;
    rows.push(blocksAtOnce === 1 ? atLeast(row, limit, "%", -1) : figure(row, limit, "%"));
  }
  return rows;
}

function shareOfBound({ missions, boundMissions }: StreetResult): number {
  return missions / boundMissions;
}

function locked(result: StreetResult): boolean {
  return result.gridlockAtS !== undefined;
}

/** By how many per cent more missions, seed by seed, where the other survived. */
function aheadOf(ours: readonly StreetResult[], others: readonly StreetResult[]): number[] {
  return others.flatMap((other, i) => {
    const mine = ours[i];
    return mine === undefined || locked(other) ? [] : [100 * (mine.missions / other.missions - 1)];
  });
}
