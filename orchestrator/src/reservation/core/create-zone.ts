import type { Network } from "@baton/maps";
import { Claims } from "./claims.ts";
import { DistanceTables } from "./heuristic.ts";
import { JumpSearch } from "./jump.ts";
import type { CoreSettings } from "./kinematics.ts";
import { queuesByHead } from "./queue.ts";
import { seededRandom } from "./random.ts";
import { compileRuns } from "./run-table.ts";
import { nothingWritten } from "./written.ts";
import type { Zone } from "./zone.ts";

/** Throws `NetworkContradiction` for a network on which the rules here would not hold. */
export function createZone(network: Network, settings: CoreSettings): Zone {
  const table = compileRuns(network, settings);
  const shutRuns = new Uint8Array(table.runs.length);
  return {
    network,
    settings,
    table,
    distances: new DistanceTables(table.arrays, shutRuns),
    claims: new Claims(network.blocks.count),
    queues: queuesByHead(network),
    jumps: new JumpSearch(),
    vehicles: new Map(),
    pending: new Map(),
    cuts: new Map(),
    hurried: new Set(),
    changed: new Set(),
    written: nothingWritten(),
    events: [],
    tick: 0,
    originTick: 0,
    closures: new Map(),
    closedCount: new Uint8Array(network.blocks.count),
    shutRuns,
    random: seededRandom(settings.improvement.seed),
    search: undefined,
    trial: undefined,
  };
}
