import { startRedis } from "../../scripts/provision/redis.ts";
import { runOnce } from "../../sim/src/commands/run-once.ts";

interface Span {
  /** Figures of the scenario that are others, `path=value`. */
  readonly set: readonly string[];
  /** What is run first and not counted, and what is counted, minutes of the simulated world. */
  readonly warmUpMinutes: number;
  readonly minutes: number;
}

/** What a simulated second costs, milliseconds: by the clock on the wall, and of this process's processors. */
interface CostOfASecond {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const SCENARIO = "target-2030-1119";
const SEED = "bench-1";

/**
 * Runs a scenario in fast time as `npm run sim -- run` does, with a Redis of its own for each side, and measures a span of
 * it after its beginning. The time on the wall has what both Redis do in it, the time of processors has not.
 */
export async function costOfASecond({ set, warmUpMinutes, minutes }: Span): Promise<CostOfASecond> {
  const allMinutes = warmUpMinutes + minutes;
  let begun: { readonly wallMs: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  let cost: CostOfASecond | undefined;
  const begin = (): void => {
    begun = { wallMs: performance.now(), cpu: process.cpuUsage() };
  };
  if (warmUpMinutes === 0) begin();
  await runOnce(
    { scenario: SCENARIO, seed: SEED, set, hours: allMinutes / 60 },
    { script: "", startRedis: () => startRedis({ durability: "none", socket: true }), trials: [] },
    (done) => {
      const minute = Math.round(done * allMinutes);
      if (begun === undefined && minute >= warmUpMinutes) begin();
      if (minute < allMinutes || begun === undefined) return;
      const { user, system } = process.cpuUsage(begun.cpu);
      const seconds = minutes * 60;
      cost = {
        wallMs: (performance.now() - begun.wallMs) / seconds,
        cpuMs: (user + system) / 1000 / seconds,
      };
    },
  );
  if (cost === undefined) throw new Error(`${SCENARIO} was stopped before its time`);
  return cost;
}
