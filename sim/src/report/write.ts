import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SIDES } from "@baton/maps";
import { STEPS } from "@baton/orchestrator/contract";
import { enteredMs } from "../run/figures/journeys.ts";
import { ACTIVITIES, type RunRecord } from "../run/record.ts";
import { type ReportInputs, reportPage } from "./page.ts";
import { csvOf, type Table } from "./table.ts";

/**
 * Writes all that runs leave behind into a folder: the page, the records, and tables of missions, samples and hand-offs with
 * the seed in their first column. Returns the path of the page.
 */
export async function writeReport(folder: string, inputs: ReportInputs): Promise<string> {
  const { records } = inputs;
  await mkdir(folder, { recursive: true });
  const page = join(folder, "report.html");
  await writeFile(page, reportPage(inputs));
  for (const record of records) {
    const name =
      records.length === 1 ? "run.json" : `run-${record.seed.replace(/[^A-Za-z0-9._-]/g, "_")}.json`;
    await writeFile(join(folder, name), `${JSON.stringify(record)}\n`);
  }
  await writeFile(join(folder, "missions.csv"), csvOf(missionTable(records)));
  await writeFile(join(folder, "samples.csv"), csvOf(sampleTable(records)));
  await writeFile(join(folder, "handoffs.csv"), csvOf(handoffTable(records)));
  return page;
}

const iso = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

/** A line a mission; when it first entered each step, UTC. */
export function missionTable(records: readonly RunRecord[]): Table {
  return {
    columns: [
      "seed",
      "mission",
      "side",
      "bound",
      "direction",
      "container",
      "vehicle",
      "status",
      "held times",
      "ended",
      ...STEPS,
    ],
    rows: records.flatMap(({ seed, missions }) =>
      missions.map((one) => [
        seed,
        one.missionId,
        one.side,
        one.bound,
        one.direction,
        one.containerNo,
        one.vehicleId,
        one.status,
        one.holds.length,
        iso(one.endMs),
        ...STEPS.map((step) => iso(enteredMs(one, step))),
      ]),
    ),
  };
}

/** A line a minute. */
export function sampleTable(records: readonly RunRecord[]): Table {
  return {
    columns: [
      "seed",
      "at",
      ...ACTIVITIES.map((activity) => `${activity} s`),
      "loaded m",
      "empty m",
      ...SIDES.flatMap((side) => [`${side} held`, ...STEPS.map((step) => `${side} ${step}`)]),
    ],
    rows: records.flatMap(({ seed, samples }) =>
      samples.map((one) => [
        seed,
        iso(one.atMs),
        ...one.activityS,
        one.loadedM,
        one.emptyM,
        ...SIDES.flatMap((side) => [
          one.sides[side].held,
          ...STEPS.map((step) => one.sides[side].missionsAt[step] ?? 0),
        ]),
      ]),
    ),
  };
}

/** A line a hand-off. */
export function handoffTable(records: readonly RunRecord[]): Table {
  return {
    columns: [
      "seed",
      "hand-off",
      "direction",
      "vehicle",
      "offered",
      "accepted",
      "ready",
      "go",
      "switched",
      "clear",
      "ended",
    ],
    rows: records.flatMap(({ seed, handoffs }) =>
      handoffs.map((one) => [
        seed,
        one.handoffId,
        one.direction,
        one.vehicleId,
        iso(one.offeredMs),
        iso(one.acceptedMs),
        iso(one.readyMs),
        iso(one.goMs),
        iso(one.switchedMs),
        iso(one.clearMs),
        one.ended,
      ]),
    ),
  };
}
