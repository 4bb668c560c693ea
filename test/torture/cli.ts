import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import type { ZoneId } from "@baton/maps";
import type { Ledger } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import {
  createRedisLedger,
  type RedisLedger,
} from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { startRedis } from "../../scripts/provision/redis.ts";
import { type Campaign, type CampaignOptions, runCampaign } from "./campaign.ts";
import { layoutNames } from "./layouts/place.ts";
import { SEEDED_BUGS } from "./seeded/bugs.ts";
import { hunt } from "./seeded/hunt.ts";
import type { TrialResult } from "./trial.ts";
import { FAIR_WEATHER, type Fault } from "./trial-plan.ts";

const USAGE = `npm run sim -- torture [--seed N] [--vehicle-ticks M] [--layout NAME] [--without FAULT,...] [--brief] [--redis] [--json]
npm run sim -- torture --seeded-bug NAME [--seed N] [--json]

Trials of the reservation engine in fast time: random layouts and traffic, delays, failures, closures, lost and late
messages, leaders that end at any moment; judged by the true positions and the tick stream alone. Ends with 1 when
anything was found. The same seed is the same trial.

Layouts:     ${layoutNames().join(", ")}
Faults:      ${faultNames().join(", ")}
Seeded bugs: ${Object.keys(SEEDED_BUGS).join(", ")}`;

function faultNames(): Fault[] {
  const { slowest: _slowest, stopMs: _stopMs, ...faults } = FAIR_WEATHER;
  return Object.keys(faults) as Fault[];
}

/** The subcommand; returns the exit code. */
export async function torture(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      "vehicle-ticks": { type: "string", default: "0" },
      layout: { type: "string" },
      without: { type: "string", default: "" },
      "seeded-bug": { type: "string" },
      brief: { type: "boolean", default: false },
      redis: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const seed = Number(values.seed);
  const vehicleTicks = Number(values["vehicle-ticks"]);
  const without = values.without.split(",").filter((name) => name !== "");
  const names = faultNames();
  const unknown = without.filter((name) => !names.some((fault) => fault === name));
  const wrong =
    !Number.isSafeInteger(seed) ||
    !Number.isSafeInteger(vehicleTicks) ||
    unknown.length > 0 ||
    (values.layout !== undefined && !layoutNames().includes(values.layout)) ||
    (values["seeded-bug"] !== undefined && SEEDED_BUGS[values["seeded-bug"]] === undefined);
  if (values.help || wrong) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  if (values["seeded-bug"] !== undefined) return huntFor(values["seeded-bug"], seed, values.json);
  const redis = values.redis ? await startRedis({ durability: "none" }) : undefined;
  const opened: RedisLedger[] = [];
  try {
    const url = redis?.url;
    const options: CampaignOptions = {
      seed,
      vehicleTicks,
      layout: values.layout,
      without: names.filter((name) => without.includes(name)),
      brief: values.brief,
      ledger: url === undefined ? undefined : async () => openLedger(url, opened),
      onTrial: (result) => {
        if (!values.json) console.log(lineOf(result));
      },
    };
    const campaign = await runCampaign(options, () => performance.now());
    console.log(values.json ? JSON.stringify(campaign) : textOf(campaign));
    return campaign.findings.length === 0 ? 0 : 1;
  } finally {
    for (const ledger of opened) ledger.close();
    await redis?.stop();
  }
}

/** A zone of its own for each trial, on one Redis. */
function openLedger(url: string, opened: RedisLedger[]): Ledger {
  opened.pop()?.close();
  const ledger = createRedisLedger({ url, zoneId: `trial:${randomUUID()}` as ZoneId });
  opened.push(ledger);
  return ledger;
}

async function huntFor(name: string, seed: number, json: boolean): Promise<number> {
  const { finding, trials } = await hunt(name, seed);
  const bug = SEEDED_BUGS[name];
  const result = { bug: name, what: bug?.what, trials: trials.length, finding };
  if (json) console.log(JSON.stringify(result));
  else {
    console.log(`${name}: ${bug?.what}`);
    for (const trial of trials) console.log(lineOf(trial));
    console.log(
      finding === undefined
        ? "not found"
        : `found: ${finding.kind}: ${finding.vehicleId ?? ""} ${finding.detail}`,
    );
  }
  return finding !== undefined && bug?.shows.includes(finding.kind) === true ? 0 : 1;
}

function lineOf({ plan, finding, ...result }: TrialResult): string {
  const what = `seed ${plan.seed}  ${plan.layout}, ${plan.vehicles} vehicles, ticks of ${plan.tickMs} ms`;
  const counts = `${result.vehicleTicks} vehicle-ticks, ${result.legsEnded} legs, ${result.leadersKilled + result.leadersReplaced} leaders, ${result.failures} failures, ${result.closures} closures`;
  const found =
    finding === undefined
      ? ""
      : `\n  FOUND ${finding.kind} in tick ${finding.tick}: ${finding.vehicleId ?? ""} ${finding.detail}`;
  return `${what}: ${counts}${found}`;
}

function textOf(campaign: Campaign): string {
  const { findings, ...counts } = campaign;
  const rows = Object.entries(counts).map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
  const found = findings.map(({ replay, kind }) => `  ${kind}: ${replay}`);
  return [
    "",
    ...rows,
    findings.length === 0 ? "  nothing was found" : `  FOUND ${findings.length}:`,
    ...found,
  ].join("\n");
}
