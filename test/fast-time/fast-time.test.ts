import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import Type from "typebox";
import Value from "typebox/value";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import type { Override } from "../../sim/src/scenario/override.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Both orchestrators as they ship, on a real Redis each, in virtual time. */

/** What a run's summary says of how long it was, and that nothing happened that must not. */
const Ended = Type.Object({
  beginMs: Type.Number(),
  endMs: Type.Number(),
  safe: Type.Boolean(),
  hash: Type.String(),
});

const SIM = fileURLToPath(new URL("../../scripts/sim.ts", import.meta.url));
const TWENTY_MINUTES = 1 / 3;

async function run(name: string, hours: number, overrides: readonly Override[] = []): Promise<RunRecord> {
  const { scenario, site } = await loadScenario(name, overrides);
  return await runOverTwoLedgers({
    scenario,
    site,
    hours,
  });
}

/** The hash that the command line prints for the same run, from a process of its own. */
async function hashOfProcess(name: string, hours: number, seed: string): Promise<unknown> {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      SIM,
      "run",
      name,
      "--hours",
      String(hours),
      "--seed",
      seed,
      "--json",
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const summary: unknown = JSON.parse(text);
  return typeof summary === "object" && summary !== null && "hash" in summary ? summary.hash : undefined;
}

const delivered = ({ missions }: RunRecord, side: "vn" | "cn"): number =>
  missions.filter((one) => one.side === side && one.bound === "inbound" && one.status === "done").length;

describe("a run in fast time", () => {
  it("that is interrupted ends at the next minute, and reports on what was run", async () => {
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        SIM,
        "run",
        "first-look",
        "--hours",
        "2",
        "--seed",
        "7",
        "--json",
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let printed = "";
    let told = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      told += chunk;
      // The first word on how far it is.
      if (told.includes(" 10 %") && !told.includes("Ending")) child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code, told).toBe(0);
    const { beginMs, endMs, safe, hash } = Value.Parse(Ended, JSON.parse(printed));
    const minutes = (endMs - beginMs) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(12);
    expect(minutes).toBeLessThan(120);
    expect(safe).toBe(true);
    expect(told).toContain("Ended before its time: 1 of 1 runs");
    expect(await hashOfProcess("first-look", minutes / 60, "7"), "as one that was asked for so long").toBe(
      hash,
    );
  }, 300_000);

  it("is the same for the same seed, in this process and in another, and another for another seed", async () => {
    const { cost, ...record } = await run("first-look", TWENTY_MINUTES, [{ path: "seed", value: "7" }]);
    expect(cost.ticks).toBeGreaterThan(100);
    expect(record.safety).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    expect(record.alarms, "nothing went wrong, so nobody is called").toEqual([]);
    expect(delivered({ ...record, cost }, "vn"), "import").toBeGreaterThan(2);
    expect(delivered({ ...record, cost }, "cn"), "export").toBeGreaterThan(2);

    const { cost: _again, ...again } = await run("first-look", TWENTY_MINUTES, [
      { path: "seed", value: "7" },
    ]);
    expect(again).toEqual(record);
    expect(await hashOfProcess("first-look", TWENTY_MINUTES, "7")).toBe(record.hash);

    const other = await run("first-look", TWENTY_MINUTES / 4, [{ path: "seed", value: "8" }]);
    const shorter = await run("first-look", TWENTY_MINUTES / 4, [{ path: "seed", value: "7" }]);
    expect(other.hash).not.toBe(shorter.hash);
  }, 300_000);

  it("keeps bodies apart and every container accounted for while vehicles stop, devices fail, messages are lost and the partner is away", async () => {
    const source = "assumption";
    const failures = {
      vehicleStops: {
        perVehicleHour: 6,
        duration: { kind: "lognormal", meanS: 60, sdS: 90, source },
        source,
      },
      devices: [
        {
          deviceId: "vn.scanner-out",
          meanBetweenH: 0.5,
          repair: { kind: "triangular", minS: 60, modeS: 120, maxS: 300, source },
          source,
        },
      ],
      partnerLink: [{ from: "08:12", to: "08:17" }],
      messages: {
        latencyMs: { min: 5, max: 400 },
        lossShare: 0.02,
        duplicateShare: 0.02,
        reorderShare: 0.02,
        source,
      },
    };
    const faults = {
      deviceFails: 0.03,
      misread: 0.05,
      sealDead: 0.02,
      suspect: 0.05,
      inspect: 0.02,
      guardRefuses: 0.02,
    };
    const record = await run("first-look", 0.75, [
      { path: "failures", value: failures },
      { path: "faults", value: faults },
    ]);
    const replay = `replay: seed ${record.seed}, hash ${record.hash}`;
    expect(record.safety, replay).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    expect(delivered(record, "vn"), replay).toBeGreaterThan(2);
    expect(delivered(record, "cn"), replay).toBeGreaterThan(2);
    expect(
      record.missions.some((mission) => mission.holds.length > 0),
      "something went wrong",
    ).toBe(true);
  }, 300_000);
});
