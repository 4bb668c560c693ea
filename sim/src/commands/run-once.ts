import { pino } from "pino";
import { Backlog, RunStopped } from "../run/backlog.ts";
import type { RunRecord } from "../run/record.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Host } from "./host.ts";
import { listenForInterruption } from "./interruption.ts";
import { overridesFrom } from "./overrides.ts";

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
  /** The run ends before its time, and has failed, when more containers than this are on their way. */
  readonly stopAbove?: number;
  /** A Ctrl-C ends it at its next minute, and its record is of what was run; else it drops the run. */
  readonly mayEndEarly?: boolean;
}

/**
 * Runs a scenario once, with a Redis of its own for each side.
 * @returns its record; undefined when it was given up
 * @throws {ScenarioError} when the scenario cannot be run
 */
export async function runOnce(
  asked: RunAsked,
  host: Host,
  onProgress: (done: number) => void,
): Promise<RunRecord | undefined> {
  const overrides = [...overridesFrom(asked.set), { path: "seed", value: asked.seed }];
  const { scenario, site } = await loadScenario(asked.scenario, overrides);
  // Not before they are needed: they bring all rooms of the orchestrator with them.
  const { runScenario } = await import("../fast/run.ts");
  const log = pino({ level: process.env.BATON_LOG_LEVEL ?? "silent" }, pino.destination(2));
  const recording =
    asked.mcap === undefined
      ? undefined
      : await (await import("../recording/record-run.ts")).openRunRecording(
          asked.mcap,
          site,
          scenario.startsAtMs,
        );
  const backlog = new Backlog(asked.stopAbove);
  const redis = { vn: await host.startRedis(), cn: await host.startRedis() };
  const endRedis = () => Promise.all([redis.vn.stop(), redis.cn.stop()]);
  // Whoever ends this process must not leave its Redis behind.
  const interruption = listenForInterruption(asked.mayEndEarly === true, endRedis);
  try {
    return await runScenario({
      scenario,
      site,
      redisUrl: { vn: redis.vn.url, cn: redis.cn.url },
      overrides: [...asked.set],
      ...(asked.hours === undefined ? {} : { hours: asked.hours }),
      log,
      isToEnd: interruption.isAsked,
      onProgress: (done) => {
        backlog.check();
        onProgress(done);
      },
      listener: {
        ...recording?.listener,
        mission: (side, mission, atMs) => {
          backlog.hear(mission);
          recording?.listener.mission?.(side, mission, atMs);
        },
      },
      ...(recording === undefined ? {} : { onWorld: recording.attach }),
    });
  } catch (error) {
    if (error instanceof RunStopped) return undefined;
    throw error;
  } finally {
    interruption.close();
    await endRedis();
    await recording?.close();
  }
}
