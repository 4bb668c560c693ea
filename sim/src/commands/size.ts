import { type Site, stationsOf } from "@baton/maps";
import type { CAC } from "cac";
import type { SiteLimits } from "../limits/lane-limits.ts";
import { seedsFrom } from "../run/seeds.ts";
import { serviceLevel } from "../run/service-level.ts";
import { type Knob, type Sizes, smallestSizes } from "../run/sizing.ts";
import { loadScenario, ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Host } from "./host.ts";
import { overridesFrom } from "./overrides.ts";
import { createProgress } from "./progress.ts";
import { hoursFrom, listOf } from "./run.ts";
import { runMany } from "./run-many.ts";
import type { RunAsked } from "./run-once.ts";

interface SizeFlags {
  readonly target?: string | number;
  readonly seeds?: number;
  readonly seed?: string | number;
  readonly hours?: number;
  readonly within?: number;
  readonly service?: number;
  readonly days?: number;
  readonly set?: unknown;
  readonly only?: string;
  readonly json?: boolean;
  readonly jobs?: number;
}

const HOUR_MS = 3_600_000;
/** Containers a run has to show, as expected: of fewer, one or two that are late by chance decide. */
const LEAST_SHOWN = 20;
/** What can be chosen, in the order in which it is lowered: what costs most comes first. */
const KNOBS = [
  { path: "fleet.count", most: 2 },
  { path: "layout.cranes", most: 2, kind: "crane" },
  { path: "layout.verdictBays", most: 2, kind: "buffer", bound: "outbound" },
  { path: "layout.arrivalBays", most: 2, kind: "buffer", bound: "inbound" },
] as const;
const SCHEMA_MOST: Readonly<Record<string, number>> = {
  "fleet.count": 400,
  "layout.cranes": 24,
  "layout.verdictBays": 40,
  "layout.arrivalBays": 40,
};

export function addSizeCommand(cli: CAC, host: Host): void {
  cli
    .command(
      "size <scenario>",
      "Find the smallest fleet, cranes and bays that hold a number of vehicles a day",
    )
    .option("--target <count>", "Vehicles a day of the whole road, as 3500/day; the scenario's if left out")
    .option(
      "--within <hours>",
      "A container is in time when it is unloaded so long after its truck came in",
      { default: 2 },
    )
    .option("--service <percent>", "A run holds when so many of its containers are in time", { default: 90 })
    .option("--days <percent>", "A size is enough when so many of its runs hold", { default: 95 })
    .option("--seeds <count>", "Runs of each size, a day each, that differ in their seed", { default: 3 })
    .option("--seed <seed>", "The first seed")
    .option("--hours <hours>", "How long each run is; as long as the scenario says if left out")
    .option(
      "--only <paths>",
      `What is chosen, of ${KNOBS.map(({ path }) => path).join(",")}; all if left out`,
    )
    .option("--set <path=value>", "Another figure; may be given again")
    .option("--json", "Print what was found as one object")
    .option("--jobs <count>", "Processes at a time; as many as there are cores if left out")
    .example("size target-2030-1119 --target 3500/day --hours 6 --only fleet.count,layout.cranes")
    .action((scenario: string, flags: SizeFlags) => sizeCommand(scenario, flags, host));
}

async function sizeCommand(name: string, flags: SizeFlags, host: Host): Promise<void> {
  const given = [
    ...listOf(flags.set),
    ...targetSettings((await loadScenario(name, overridesFrom(flags.set))).scenario, flags.target),
  ];
  const { scenario, site } = await loadScenario(name, overridesFrom(given));
  const perDay = scenario.road?.unmanned.vehiclesPerDay.value;
  if (scenario.road === undefined || perDay === undefined)
    throw new ScenarioError(
      "scenario.invalid",
      `${name} has no road: its demand is a closed loop, which asks for no number`,
    );
  const knobs = knobsOf(scenario, site, await lowerBounds(scenario, site), flags.only);
  const withinMs = Number(flags.within ?? 2) * HOUR_MS;
  const service = Number(flags.service ?? 90) / 100;
  const days = Number(flags.days ?? 95) / 100;
  const count = Number(flags.seeds ?? 3);
  const seeds = seedsFrom(flags.seed === undefined ? undefined : String(flags.seed), count, scenario.seed);
  const mayFail = Math.floor((1 - days) * seeds.length + 1e-9);
  const hours = flags.hours === undefined ? undefined : hoursFrom(flags.hours);
  const runHours = hours ?? (scenario.endsAtMs - scenario.startsAtMs) / HOUR_MS;
  const warmUpHours = (scenario.countedFromMs - scenario.startsAtMs) / HOUR_MS;
  const shown =
    ((perDay / scenario.road.unmanned.pairs) * (runHours - warmUpHours - withinMs / HOUR_MS)) / 24;
  if (shown < LEAST_SHOWN)
    throw new ScenarioError(
      "scenario.invalid",
      `a run of ${runHours} h with ${warmUpHours} h of warm-up shows about ${Math.round(shown)} containers for ${withinMs / HOUR_MS} h, too few to judge by (${LEAST_SHOWN}): give more --hours, or less --within`,
    );
  // Above this, new containers would have to wait for twice the time allowed: such a run has failed, whatever comes.
  const stopAbove =
    Math.ceil((perDay / scenario.road.unmanned.pairs / 24) * (withinMs / HOUR_MS) * 2) +
    scenario.fleet.length;

  const holds = async (sizes: Sizes): Promise<boolean> => {
    const set = [...given, ...settingsOf(sizes)];
    const fits = await loadScenario(name, overridesFrom(set)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (fits instanceof ScenarioError) {
      console.error(`${sizesText(sizes)}: does not fit the site`);
      return false;
    }
    const progress = createProgress({
      name: sizesText(sizes),
      output: process.stderr,
      nowMs: () => performance.now(),
    });
    let failed = 0;
    const shares: number[] = [];
    const records = await runMany({
      runs: seeds.map(
        (seed): RunAsked => ({
          scenario: name,
          seed,
          set,
          stopAbove,
          ...(hours === undefined ? {} : { hours }),
        }),
      ),
      host,
      ...(flags.jobs === undefined ? {} : { jobs: Number(flags.jobs) }),
      onProgress: progress.set,
      isEnough: (record) => {
        const share = record === undefined ? 0 : serviceLevel(record, withinMs).share;
        if (share === undefined)
          throw new ScenarioError(
            "scenario.invalid",
            "no truck came in early enough to show anything: give more --hours, or another startsAt",
          );
        shares.push(share);
        if (share < service) failed += 1;
        return failed > mayFail;
      },
    });
    progress.end();
    const isHeld = failed <= mayFail && records.length > 0;
    const told = shares.map((share) => `${Math.round(share * 100)} %`).join(", ");
    console.error(`${sizesText(sizes)}: ${isHeld ? "holds" : "does not hold"} (in time: ${told})`);
    return isHeld;
  };

  const sizing = await smallestSizes(knobs, holds);
  const asked = `${Math.round(perDay)} vehicles a day on the unmanned lanes`;
  if (flags.json === true) {
    console.log(JSON.stringify({ scenarioId: scenario.scenarioId, perDay, seeds, knobs, ...sizing }));
  } else if (sizing.kind === "none") {
    console.log(
      `Nothing that was tried holds ${asked}: not even ${sizesText(sizing.trials.at(-1)?.sizes ?? {})}.`,
    );
  } else {
    console.log(`The smallest that holds ${asked}: ${sizesText(sizing.sizes)}.`);
    console.log(
      `${sizing.trials.length} sizes tried, ${seeds.length} runs of ${runHours} h each at most. To see it: npm run sim -- run ${name} ${[...given, ...settingsOf(sizing.sizes)].map((one) => `--set '${one}'`).join(" ")} --out FOLDER`,
    );
  }
  if (sizing.kind === "none") process.exitCode = 1;
}

/** A target of the whole road as settings: the unmanned lanes keep their part of it. */
export function targetSettings(scenario: Scenario, target: unknown): string[] {
  if (target === undefined) return [];
  const match = /^([0-9]+(?:\.[0-9]+)?)(?:\/day)?$/.exec(String(target));
  const perDay = Number(match?.[1]);
  if (match === null || !(perDay > 0))
    throw new ScenarioError(
      "scenario.invalid",
      `--target ${String(target)} is no number of vehicles a day, as 3500/day`,
    );
  const { road } = scenario;
  if (road === undefined)
    throw new ScenarioError("scenario.invalid", "--target is for scenarios with a road");
  const share = road.unmanned.vehiclesPerDay.value / road.vehiclesPerDay.value;
  return [
    `road.vehiclesPerDay.value=${perDay}`,
    `road.unmanned.vehiclesPerDay.value=${Math.round(perDay * share)}`,
  ];
}

function settingsOf(sizes: Sizes): string[] {
  const paths = Object.entries(sizes).map(([path, value]) => `${path}=${value}`);
  return paths.some((one) => one.startsWith("layout.")) ? [...paths, 'layout.source="sizing"'] : paths;
}

const sizesText = (sizes: Sizes): string =>
  Object.entries(sizes)
    .map(([path, value]) => `${path} ${value}`)
    .join(", ");

/** What cannot be enough by the limits of the lane, by path. */
async function lowerBounds(scenario: Scenario, site: Site): Promise<Readonly<Record<string, number>>> {
  const { loadProcedures } = await import("@baton/orchestrator/rooms");
  const { limitsOf } = await import("../limits/limits-of.ts");
  const limits = limitsOf({
    site,
    vehicleClassId: scenario.vehicleClassId,
    procedures: await loadProcedures(),
    times: scenario,
    scenario,
    targets: [scenario],
  });
  return boundsFrom(limits, scenario, site);
}

/** Needed an hour and direction, set against what each thing can do at best. */
export function boundsFrom(
  limits: SiteLimits,
  scenario: Scenario,
  site: Site,
): Readonly<Record<string, number>> {
  const { road } = scenario;
  if (road === undefined) return {};
  const { pairs, vehiclesPerDay } = road.unmanned;
  const perHour = (vehiclesPerDay.value / pairs / 24) * Math.max(road.exportShare, 1 - road.exportShare);
  const all = limits.lanes.flatMap((lane) => lane.limits);
  const scaled = (idEnd: string, now: number): number => {
    const found = all.filter(({ limitId }) => limitId.endsWith(idEnd));
    const best = Math.min(
      ...found.map(({ perHour: at, atBestPerHour }) => Math.max(at, atBestPerHour ?? at)),
    );
    return Number.isFinite(best) && best > 0 ? Math.max(1, Math.ceil((now * perHour) / best)) : 1;
  };
  return {
    "fleet.count": Math.max(1, Math.ceil((perHour * limits.fleet.roundTripS) / 3600)),
    "layout.cranes": scaled(".cranes", stationsOf(site, "vn", "crane").length),
    "layout.verdictBays": scaled(".bays.outbound", stationsOf(site, "vn", "buffer", "outbound").length),
    "layout.arrivalBays": scaled(".bays.inbound", stationsOf(site, "vn", "buffer", "inbound").length),
  };
}

function knobsOf(
  scenario: Scenario,
  site: Site,
  bounds: Readonly<Record<string, number>>,
  only: string | undefined,
): Knob[] {
  const chosen = only?.split(",");
  const unknown = chosen?.find((path) => !KNOBS.some((knob) => knob.path === path));
  if (unknown !== undefined)
    throw new ScenarioError(
      "scenario.invalid",
      `--only ${unknown}: what can be chosen is ${KNOBS.map(({ path }) => path).join(", ")}`,
    );
  return KNOBS.filter(({ path }) => chosen?.includes(path) ?? true).map((knob) => {
    const now =
      "kind" in knob
        ? Math.max(
            ...(["vn", "cn"] as const).map(
              (side) => stationsOf(site, side, knob.kind, "bound" in knob ? knob.bound : undefined).length,
            ),
          )
        : scenario.fleet.length;
    const least = bounds[knob.path] ?? 1;
    const start = Math.max(now, least);
    const most = Math.min(SCHEMA_MOST[knob.path] ?? start, Math.max(start, now * knob.most));
    return { path: knob.path, least, start: Math.min(start, most), most };
  });
}
