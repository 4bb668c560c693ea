import { pino } from "pino";
import type { RunRecord } from "../run/record.ts";
import { loadScenario } from "../scenario/load.ts";
import { overridesFrom } from "./overrides.ts";
import type { Host } from "./host.ts";

/** One run as it is asked for: plain data, so that it can be handed to a process of its own. */
export interface RunAsked {
  readonly scenario: string;
  readonly seed: string;
  /** As long as the scenario says, if not given. */
  readonly hours?: number;
  /** `path=value`. */
  readonly set: readonly string[];
  /** Where a recording goes; none if not given. */
  readonly mcap?: string;
}

/**
 * Runs a scenario once, with a Redis of its own for each side.
 * @throws {ScenarioError} when the scenario cannot be run
 */
export async function runOnce(
  asked: RunAsked,
  host: Host,
  onProgress: (done: number) => void,
): Promise<RunRecord> {
  const overrides = [...overridesFrom(asked.set), { path: "seed", value: asked.seed }];
  const { scenario, site } = await loadScenario(asked.scenario, overrides);
  // Not before they are needed: they bring all rooms of the orchestrator with them.
  const { runScenario } = await import("../fast/run.ts");
  const log = pino({ level: process.env.BATON_LOG_LEVEL ?? "silent" }, pino.destination(2));
  const recording =
    asked.mcap === undefined
      ? undefined
      : await (await import("../recording/record-run.ts")).openRunRecording(asked.mcap, site);
  const redis = { vn: await host.startRedis(), cn: await host.startRedis() };
  try {
    return await runScenario({
      scenario,
      site,
      redisUrl: { vn: redis.vn.url, cn: redis.cn.url },
      overrides: [...asked.set],
      ...(asked.hours === undefined ? {} : { hours: asked.hours }),
      log,
      onProgress,
      ...(recording === undefined ? {} : { listener: recording.listener, onWorld: recording.attach }),
    });
  } finally {
    await Promise.all([redis.vn.stop(), redis.cn.stop()]);
    await recording?.close();
  }
}

