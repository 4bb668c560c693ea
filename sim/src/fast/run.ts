import { createHash } from "node:crypto";
import { SIDES, type Side, type Site } from "@baton/maps";
import type { Logger } from "pino";
import { createCollector } from "../run/collect.ts";
import type { RunRecord } from "../run/record.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { networksOf } from "./troubles.ts";
import { type FastWorld, openFastWorld, type WorldWatcher } from "./world.ts";

export interface RunOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  /** Of each side; empty, and nobody else's. */
  readonly redisUrl: Readonly<Record<Side, string>>;
  /** How long the run is, hours of its own time; as long as the scenario says, if not given. */
  readonly hours?: number;
  readonly tickMs?: number;
  /** Figures of the scenario that are others in this run, `path=value`, for the record. */
  readonly overrides?: readonly string[];
  readonly log: Logger;
  /** Called now and then, with the part of the run that is done. */
  readonly onProgress?: (done: number) => void;
  /** Asked as often: whether the run is to end there, before its time. Its record is then of what was run. */
  readonly isToEnd?: () => boolean;
  /** Called once, before the first event, with the world that is run; it must not be changed. */
  readonly onWorld?: (world: FastWorld) => void;
  /** What befalls the sides, between two instants, as often as it says. It may wait for nothing that needs the world to go on. */
  readonly fate?: { readonly everyMs: number; befall(world: FastWorld): Promise<void> };
  /** Whoever else wants to hear along, a recording for instance, and look once a second. */
  readonly listener?: WorldWatcher & { second?(atMs: number): void };
}

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** A second is fine enough for a day: vehicles brake for what they hold, whatever the tick. */
const TICK_MS = 1_000;
const PROGRESS_MS = 60_000;

/** Runs a scenario in fast time, from its beginning to its end, and gives back what it leaves behind. */
export async function runScenario(options: RunOptions): Promise<RunRecord> {
  const { scenario, site, listener } = options;
  const beginMs = scenario.startsAtMs;
  const toMs = options.hours === undefined ? scenario.endsAtMs : beginMs + options.hours * HOUR_MS;
  const countFromMs = Math.min(scenario.countedFromMs, toMs);
  const begun = { wallMs: performance.now(), cpu: process.cpuUsage() };
  const networks = networksOf(scenario);
  let collector: ReturnType<typeof createCollector> | undefined;
  const world = await openFastWorld({
    scenario,
    site,
    redisUrl: options.redisUrl,
    startMs: beginMs,
    tickMs: options.tickMs ?? TICK_MS,
    network: networks.inside,
    partnerNetwork: networks.between,
    log: options.log,
    watcher: {
      mission: (...heard) => {
        collector?.mission(...heard);
        listener?.mission?.(...heard);
      },
      alarm: (...heard) => {
        collector?.alarm(...heard);
        listener?.alarm?.(...heard);
      },
      handoff: (...heard) => {
        collector?.handoff(...heard);
        listener?.handoff?.(...heard);
      },
      ...(listener?.published === undefined
        ? {}
        : {
            published: (...heard: Parameters<NonNullable<WorldWatcher["published"]>>) =>
              listener.published?.(...heard),
          }),
    },
  });
  try {
    const { clock, vehicles } = world;
    options.onWorld?.(world);
    collector = createCollector({
      scenario,
      site,
      overrides: options.overrides ?? [],
      beginMs,
      countFromMs,
      endMs: toMs,
      vehicles,
      lineCranes: world.lineCranes,
    });
    const heard = collector;
    const endLooks = clock.every(SECOND_MS, () => {
      const atMs = clock.nowMs();
      heard.second(atMs);
      listener?.second?.(atMs);
    });
    let endMs = beginMs;
    while (endMs < toMs && options.isToEnd?.() !== true) {
      endMs = Math.min(toMs, endMs + (options.fate?.everyMs ?? PROGRESS_MS));
      await world.runUntil(endMs);
      await options.fate?.befall(world);
      options.onProgress?.((endMs - beginMs) / (toMs - beginMs));
    }
    endLooks();
    const hash = createHash("sha256");
    for (const side of SIDES) hash.update(world.sides[side].tape.digest());
    const cpu = process.cpuUsage(begun.cpu);
    return collector.record({
      endMs,
      hash: hash.digest("hex"),
      cost: {
        wallMs: Math.round(performance.now() - begun.wallMs),
        cpuMs: Math.round((cpu.user + cpu.system) / 1000),
        events: clock.count,
        ticks: SIDES.reduce((sum, side) => sum + world.sides[side].tape.ticks(), 0),
      },
    });
  } finally {
    await world.stop();
  }
}
