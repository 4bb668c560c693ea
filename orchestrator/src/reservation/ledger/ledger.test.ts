import { randomUUID } from "node:crypto";
import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, EdgeId, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import fc from "fast-check";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import type { BlocksOf, TickChange } from "../core/change.ts";
import type { StoredItinerary, StoredVehicle } from "../core/stored.ts";
import type { ClosureId, LegId } from "../port.ts";
import { type LeaderId, LedgerUnreachable, type TickCommit } from "./ledger.ts";
import { createModelLedger } from "./model.ts";
import { createRedisLedger, ledgerKeys, type RedisLedger } from "./redis-ledger.ts";
import type { TapeEntry } from "./tape.ts";

const LEADER = "someone" as LeaderId;
const BLOCKS = ["a", "b", "c", "d", "e"] as BlockId[];
const VEHICLES = ["sim.vn-01", "v:2", "xe-ba"] as VehicleId[];
/** As large as ticks are: 200 ms since the Unix epoch. */
const BASE_TICK = 8_970_000_000;

function freshZone(): ZoneId {
  return `test:${randomUUID()}` as ZoneId;
}

async function withRedisLedger(
  use: (ledger: RedisLedger, redis: Redis, zoneId: ZoneId) => Promise<void>,
): Promise<void> {
  const zoneId = freshZone();
  const url = inject("redisUrl");
  const ledger = createRedisLedger({ url, zoneId });
  const redis = new Redis(url);
  try {
    await use(ledger, redis, zoneId);
  } finally {
    await redis.del(...Object.values(ledgerKeys(zoneId)));
    redis.disconnect();
    ledger.close();
  }
}

function change(tick: number, parts: Partial<TickChange> = {}): TickChange {
  return {
    tick,
    releases: [],
    grants: [],
    itineraries: [],
    vehicles: [],
    closures: [],
    orders: [],
    ...parts,
  };
}

const CLASS = "c" as VehicleClassId;
const NODE = "n" as NodeId;

/** Records of every kind, for a vehicle and a block. */
function recordsOf(
  version: number,
  vehicle: VehicleId | undefined,
  block: BlockId | undefined,
  gone: boolean,
): Partial<TickChange> {
  const stored: StoredVehicle = { version, vehicleClassId: CLASS, nodeId: NODE };
  const closure = { edgeIds: ["a>b" as EdgeId], reason: "ice: \u2744" };
  return {
    ...(vehicle === undefined
      ? {}
      : {
          itineraries: [{ id: vehicle, stored: gone ? undefined : itinerary(version) }],
          vehicles: [{ id: vehicle, stored: gone ? undefined : stored }],
          closures: [{ id: `by ${vehicle}` as ClosureId, stored: gone ? undefined : closure }],
        }),
    ...(block === undefined ? {} : { orders: [{ id: block, stored: gone ? undefined : "-1 v:2\n3 xe-ba" }] }),
  };
}

function itinerary(version: number): StoredItinerary {
  return {
    version,
    legId: "leg" as LegId,
    via: [],
    toNodeId: NODE,
    actionsAtEnd: [],
    commandedBy: "us",
    startNodeId: NODE,
    runs: [["a>b" as EdgeId, "b>c" as EdgeId]],
    entryTicks: [version],
    stops: [],
  };
}

function last<T>(list: readonly T[]): T | undefined {
  return list[list.length - 1];
}

const blocksOf: fc.Arbitrary<BlocksOf> = fc.record({
  vehicleId: fc.constantFrom(...VEHICLES),
  blockIds: fc.uniqueArray(fc.constantFrom(...BLOCKS), { maxLength: 3 }),
});

/** Steps of a leader that is often right and often wrong: about epochs, ticks, and who holds what. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "take" as const }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      epochBack: fc.constantFrom(0, 0, 0, 0, 1),
      tickOn: fc.constantFrom(1, 1, 1, 1, 5, 0, -1),
      previousBack: fc.constantFrom(0, 0, 0, 0, 0, 1),
      keep: fc.constantFrom(2, 100),
      releases: fc.array(blocksOf, { maxLength: 2 }),
      grants: fc.array(blocksOf, { maxLength: 2 }),
      record: fc.option(fc.constantFrom(...VEHICLES), { nil: undefined }),
      gone: fc.boolean(),
      order: fc.option(fc.constantFrom(...BLOCKS), { nil: undefined }),
    }),
  },
);

describe("the ledger in Redis", () => {
  test("does exactly what its model does, for any sequence of commits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await withRedisLedger(async (ledger, redis, zoneId) => {
          const model = createModelLedger();
          let lastCommitted: TapeEntry | undefined;
          expect(await ledger.takeLeadership(LEADER, 5)).toEqual(await model.takeLeadership(LEADER, 5));
          for (const one of steps) {
            if (one.kind === "take") {
              expect(await ledger.takeLeadership(LEADER, 5)).toEqual(await model.takeLeadership(LEADER, 5));
              continue;
            }
            const { epoch, lastTick } = model.state();
            const tick = (lastTick === 0 ? BASE_TICK : lastTick) + one.tickOn;
            const commit: TickCommit = {
              epoch: epoch - one.epochBack,
              previousTick: Math.max(0, lastTick - one.previousBack),
              keepFromTick: tick - one.keep,
              change: change(tick, {
                releases: one.releases,
                grants: one.grants,
                ...recordsOf(tick, one.record, one.order, one.gone),
              }),
            };
            const outcome = await model.commit(commit);
            expect(await ledger.commit(commit)).toEqual(outcome);
            if (outcome.kind === "committed") {
              const { orders: _cache, ...told } = commit.change;
              lastCommitted = { ...told, epoch: commit.epoch };
            }
          }
          expect(await ledger.read()).toEqual(await model.read());
          const entries = await redis.xrange(ledgerKeys(zoneId).ticks, "-", "+");
          expect(entries.map(([id]) => id)).toEqual(model.state().ticks.map((tick) => `${tick}-0`));
          expect(last(await ledger.tape(3))).toEqual(lastCommitted);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("fences off a leader as soon as there is another", async () => {
    await withRedisLedger(async (ledger) => {
      const first = await ledger.takeLeadership(LEADER, 1);
      const second = await ledger.takeLeadership("other" as LeaderId, 2);
      const grant = change(7, {
        grants: [{ vehicleId: VEHICLES[0] ?? ("" as VehicleId), blockIds: BLOCKS }],
      });
      const stale = { epoch: first.epoch, previousTick: 0, keepFromTick: 0, change: grant };
      expect(await ledger.commit(stale)).toEqual({ kind: "stale-leader", epoch: second.epoch });
      expect((await ledger.read()).grants.size).toBe(0);
    });
  });

  test("says that it is unreachable instead of waiting when there is no Redis", async () => {
    const ledger = createRedisLedger({
      url: "redis://127.0.0.1:1",
      zoneId: freshZone(),
      answerWithinMs: 100,
    });
    await expect(ledger.takeLeadership(LEADER, 1)).rejects.toBeInstanceOf(LedgerUnreachable);
    ledger.close();
  });
});

test.each([
  ["keepFromTick", { keepFromTick: -2_999 }],
  ["previousTick", { previousTick: -1 }],
  ["epoch", { epoch: Number.NaN }],
] as const)(
  "a commit whose %s cannot be meant is refused before Redis is asked, as by the model",
  async (name, wrong) => {
    await withRedisLedger(async (ledger) => {
      for (const each of [ledger, createModelLedger()]) {
        const { epoch } = await each.takeLeadership(LEADER, 0);
        const commit = { epoch, previousTick: 0, keepFromTick: 0, change: change(1), ...wrong };
        await expect(each.commit(commit)).rejects.toMatchObject({
          code: "commit-malformed",
          message: expect.stringContaining(name),
        });
      }
    });
  },
);
