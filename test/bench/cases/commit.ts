import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { blockIdOf } from "@baton/maps";
import type { BlocksOf, TickChange } from "../../../orchestrator/src/reservation/core/change.ts";
import type { LeaderId } from "../../../orchestrator/src/reservation/ledger/ledger.ts";
import { provide, REDIS } from "../../../scripts/provision/debian.ts";
import { atMost, type BenchCase, figure } from "../bench-case.ts";
import { vehicleNamed } from "../names.ts";
import { withLedger } from "../real-redis.ts";
import { summaryOf } from "../statistics.ts";

const run = promisify(execFile);
const VEHICLES = 100;
const BLOCKS_EACH = 5;
/** A tick grants as many blocks as it releases. */
const OPERATIONS = 2 * VEHICLES * BLOCKS_EACH;
const ROUNDS = 400;

/** One commit of 1,000 block operations beside as many HSETs, pipelined by redis-benchmark into the same Redis. */
export const COMMIT_CASE: BenchCase = {
  name: "commit",
  async run() {
    return withLedger(async (ledger, redis) => {
      const { epoch } = await ledger.takeLeadership("bench" as LeaderId, 0);
      const took: number[] = [];
      for (let tick = 1; tick <= ROUNDS; tick++) {
        const change = changeOf(tick);
        const begunMs = performance.now();
        const answer = await ledger.commit({
          epoch,
          previousTick: tick - 1,
          change,
          keepFromTick: Math.max(0, tick - 100),
        });
        took.push(performance.now() - begunMs);
        if (answer.kind !== "committed") throw new Error(`the ledger refused: ${JSON.stringify(answer)}`);
      }
      const commitMs = summaryOf(took.slice(ROUNDS / 10));
      const hsetMs = await pipelinedHsetsMs(redis.port);
      return [
        figure("commit/meanMs", commitMs.mean, "ms"),
        figure("commit/p99Ms", commitMs.p99, "ms"),
        figure("commit/redisBenchmarkMs", hsetMs, "ms"),
        atMost("commit/overRedisBenchmark", commitMs.mean / hsetMs, "1", 3),
      ];
    });
  },
};

/** Every vehicle gets the next five of its own blocks and gives back the last five. */
function changeOf(tick: number): TickChange {
  const stretch = (of: number): BlocksOf[] =>
    Array.from({ length: VEHICLES }, (_, v) => ({
      vehicleId: vehicleNamed(`sim.vehicle-${v}`),
      blockIds: Array.from({ length: BLOCKS_EACH }, (_, b) =>
        blockIdOf(`block-${v}-${(of * BLOCKS_EACH + b) % 40}`),
      ),
    }));
  return {
    tick,
    releases: tick === 1 ? [] : stretch(tick - 1),
    grants: stretch(tick),
    itineraries: [],
    vehicles: [],
    closures: [],
    orders: [],
  };
}

/** Milliseconds for as many HSETs, one pipeline at a time. */
async function pipelinedHsetsMs(port: number): Promise<number> {
  const server = await provide(REDIS);
  const program = join(dirname(server), server.includes("valkey") ? "valkey-benchmark" : "redis-benchmark");
  const pipeline = [
    "-c",
    "1",
    "-n",
    String(ROUNDS * OPERATIONS),
    "-P",
    String(OPERATIONS),
    "-r",
    "100000",
    "--csv",
  ];
  const { stdout } = await run(program, [
    "-p",
    String(port),
    ...pipeline,
    "HSET",
    "bench:{hset}",
    "__rand_int__",
    "v",
  ]);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const perSecond = Number(last.split('","')[1]?.replaceAll('"', ""));
  if (!(perSecond > 0)) throw new Error(`redis-benchmark said something else: ${stdout}`);
  return (1000 * OPERATIONS) / perSecond;
}
