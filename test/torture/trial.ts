import type { Ledger } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import { seededRandom } from "../../sim/src/random/seeded.ts";
import { type CoreUnderTest, PRODUCT } from "./core-under-test.ts";
import { type Finding, Found } from "./findings.ts";
import { type Place, placeOf } from "./layouts/place.ts";
import { type JudgedGround, judgeGround } from "./oracle/ground.ts";
import { type JudgedLayout, readLayout } from "./oracle/path.ts";
import type { TrialPlan } from "./trial-plan.ts";
import { World } from "./world/world.ts";

export interface TrialOptions {
  readonly core?: CoreUnderTest;
  readonly ledger?: Ledger;
  /** The place as the product is to see it, where that differs from what is there. */
  readonly changePlace?: (place: Place) => Place;
}

export interface TrialResult {
  readonly plan: TrialPlan;
  readonly finding: Finding | undefined;
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
  readonly turns: number;
  readonly turnsOfFailed: number;
  readonly turnsRefused: number;
  /** Longest stand and longest leg in fair weather, in the world's time. */
  readonly longestStandMs: number;
  readonly longestLegMs: number;
  /** Of everything that the ledger took. */
  readonly hash: string;
}

interface Judged {
  readonly layout: JudgedLayout;
  readonly ground: JudgedGround;
}

const judged = new WeakMap<Place, Judged>();

function judge(place: Place): Judged {
  const known = judged.get(place);
  if (known !== undefined) return known;
  const { vehicle } = place;
  const layout = readLayout(place.lif, place.mapToSite, vehicle.vehicleClassId);
  const made = {
    layout,
    ground: judgeGround(layout, { alongM: vehicle.lengthM / 2, acrossM: vehicle.widthM / 2 }),
  };
  judged.set(place, made);
  return made;
}

/** One trial: storms and fair weather in turn, until every mission has ended, or something was found. */
export async function runTrial(plan: TrialPlan, options: TrialOptions = {}): Promise<TrialResult> {
  const core = options.core ?? PRODUCT;
  const truePlace = await placeOf(plan.layout, plan.seed);
  const place = options.changePlace?.(truePlace) ?? truePlace;
  const { layout, ground } = judge(truePlace);
  const world = new World({
    core,
    ledger: options.ledger ?? core.createLedger(),
    place,
    plan,
    layout,
    ground,
    random: seededRandom("world", String(plan.seed)),
  });
  let finding: Finding | undefined;
  try {
    await world.run();
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    finding = error.finding;
  }
  return { plan, finding, ...world.counts() };
}
