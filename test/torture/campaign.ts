import type { Ledger } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import { forgetPlaces, placeOf } from "./layouts/place.ts";
import { runTrial, type TrialResult } from "./trial.ts";
import { type Fault, planTrial } from "./trial-plan.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Trials with seed, seed + 1, ... until so many ticks of vehicles were lived; one trial without. */
  readonly vehicleTicks: number;
  readonly layout?: string | undefined;
  readonly without: readonly Fault[];
  readonly brief?: boolean;
  /** A fresh, empty ledger for each trial; the model's without. */
  readonly ledger?: (() => Promise<Ledger>) | undefined;
  readonly onTrial?: (result: TrialResult) => void;
}

/** What a campaign showed. Everything but `vehicleTicksPerS` is the same for the same seed. */
export interface Campaign {
  readonly seed: number;
  readonly trials: number;
  readonly layouts: number;
  readonly ticks: number;
  readonly vehicleTicks: number;
  readonly legsEnded: number;
  readonly leadersKilled: number;
  readonly leadersReplaced: number;
  readonly ledgerFaults: number;
  readonly closures: number;
  readonly failures: number;
  readonly removals: number;
  readonly withdrawals: number;
  /** Vehicles that were sent elsewhere on their way. */
  readonly turns: number;
  /** Of these, while they had failed. */
  readonly turnsOfFailed: number;
  /** Those asked for now or never that were not. */
  readonly turnsRefused: number;
  readonly overlaps: number;
  readonly deadlocks: number;
  readonly longestStandS: number;
  readonly longestLegS: number;
  readonly findings: readonly CampaignFinding[];
  readonly hash: string;
  readonly vehicleTicksPerS: number;
}

export interface CampaignFinding {
  readonly replay: string;
  readonly kind: string;
  readonly tick: number;
  readonly vehicleId: string | undefined;
  readonly detail: string;
}

const OVERLAPS: ReadonlySet<string> = new Set([
  "collision",
  "near-miss",
  "overlapping-grants",
  "off-its-ground",
]);
const DEADLOCKS: ReadonlySet<string> = new Set(["deadlock", "restricted-deadlock"]);
/** A sum of counts over trials. */
const SUMMED = [
  "ticks",
  "vehicleTicks",
  "legsEnded",
  "leadersKilled",
  "leadersReplaced",
  "ledgerFaults",
  "closures",
  "failures",
  "removals",
  "withdrawals",
  "turns",
  "turnsOfFailed",
  "turnsRefused",
] as const;

export async function runCampaign(options: CampaignOptions, realMs: () => number): Promise<Campaign> {
  const begunMs = realMs();
  const sums = Object.fromEntries(SUMMED.map((name) => [name, 0])) as Record<(typeof SUMMED)[number], number>;
  const layouts = new Set<string>();
  const findings: CampaignFinding[] = [];
  let trials = 0;
  let longestStandMs = 0;
  let longestLegMs = 0;
  let hash = 0n;
  do {
    const seed = options.seed + trials;
    const plan = await planTrial(seed, {
      layout: options.layout,
      without: options.without,
      brief: options.brief ?? false,
      bays: async (layout) => (await placeOf(layout, seed)).bays.length,
    });
    const ledger = await options.ledger?.();
    const result = await runTrial(plan, ledger === undefined ? {} : { ledger });
    trials++;
    layouts.add((await placeOf(plan.layout, seed)).name);
    for (const name of SUMMED) sums[name] += result[name];
    longestStandMs = Math.max(longestStandMs, result.longestStandMs);
    longestLegMs = Math.max(longestLegMs, result.longestLegMs);
    hash = BigInt.asUintN(64, hash * 31n + BigInt(`0x${result.hash}`));
    if (result.finding !== undefined) findings.push({ replay: replayOf(seed, options), ...result.finding });
    options.onTrial?.(result);
    forgetPlaces();
  } while (sums.vehicleTicks < options.vehicleTicks);
  return {
    seed: options.seed,
    trials,
    layouts: layouts.size,
    ...sums,
    overlaps: findings.filter(({ kind }) => OVERLAPS.has(kind)).length,
    deadlocks: findings.filter(({ kind }) => DEADLOCKS.has(kind)).length,
    longestStandS: longestStandMs / 1000,
    longestLegS: longestLegMs / 1000,
    findings,
    hash: hash.toString(16).padStart(16, "0"),
    vehicleTicksPerS: Math.round((1000 * sums.vehicleTicks) / Math.max(1, realMs() - begunMs)),
  };
}

/** The command that shows a finding again. */
function replayOf(seed: number, { layout, without, brief }: CampaignOptions): string {
  return [
    `npm run sim -- torture --seed ${seed}`,
    ...(layout === undefined ? [] : [`--layout ${layout}`]),
    ...(brief === true ? ["--brief"] : []),
    ...(without.length === 0 ? [] : [`--without ${without.join(",")}`]),
  ].join(" ");
}
