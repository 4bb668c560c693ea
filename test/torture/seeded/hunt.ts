import { PRODUCT } from "../core-under-test.ts";
import type { Finding } from "../findings.ts";
import { placeOf } from "../layouts/place.ts";
import { runTrial, type TrialResult } from "../trial.ts";
import type { TrialPlan } from "../trial-plan.ts";
import { SEEDED_BUGS, type SeededBug, weatherFor } from "./bugs.ts";
import { mutatedCore } from "./mutate.ts";

export interface Hunt {
  readonly bug: string;
  readonly finding: Finding | undefined;
  /** Trials that it took. */
  readonly trials: readonly TrialResult[];
}

const MOST_TRIALS = 8;

/** Trials with a seeded bug in the product, from a seed on, until the judges find something. */
export async function hunt(name: string, seed: number): Promise<Hunt> {
  const bug = SEEDED_BUGS[name];
  if (bug === undefined)
    throw new Error(`no seeded bug ${name}: there are ${Object.keys(SEEDED_BUGS).join(", ")}`);
  const mutated = await mutatedCore(bug.mutations ?? []);
  const trials: TrialResult[] = [];
  try {
    while (trials.length < MOST_TRIALS && trials.at(-1)?.finding === undefined) {
      trials.push(await oneTrial(bug, seed + trials.length, mutated.core));
    }
  } finally {
    await mutated.dispose();
  }
  return { bug: name, finding: trials.at(-1)?.finding, trials };
}

/** The same trials without the bug: nothing must be found. */
export async function withoutBug(name: string, seeds: readonly number[]): Promise<readonly TrialResult[]> {
  const bug = SEEDED_BUGS[name];
  if (bug === undefined) throw new Error(`no seeded bug ${name}`);
  const results: TrialResult[] = [];
  for (const seed of seeds)
    results.push(await oneTrial({ ...bug, network: (network) => network }, seed, PRODUCT));
  return results;
}

async function oneTrial(bug: SeededBug, seed: number, core: typeof PRODUCT): Promise<TrialResult> {
  const { bays } = await placeOf(bug.layout, seed);
  const plan: TrialPlan = {
    seed,
    layout: bug.layout,
    vehicles: Math.max(2, bays.length - 2),
    tickMs: bug.tickMs ?? 500,
    settings: bug.settings ?? {},
    storm: weatherFor(bug),
    stormTicks: 1200,
    busyTicks: 100,
    cycles: 1,
    reportEvery: bug.reportEvery ?? 1,
  };
  const change = bug.network;
  return runTrial(plan, {
    core,
    ...(change === undefined
      ? {}
      : { changePlace: (place) => ({ ...place, network: change(place.network) }) }),
  });
}
