import fc from "fast-check";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { ladder, ring, singleTrack } from "../testing/layouts.ts";
import { freshZone } from "../testing/redis-zone.ts";
import { drive, modelLedger } from "../testing/traffic.ts";
import type { Ledger } from "./ledger.ts";
import { createRedisLedger, ledgerKeys } from "./redis-ledger.ts";

describe("a leader that dies at any step of a commit", () => {
  test.each([ring(8), ladder(6), singleTrack(3, 3)])(
    "on $name, leaves a ledger from which the next one brings every leg to its end, on ground that is each vehicle's own",
    async (layout) => {
      const redis = new Redis(inject("redisUrl"));
      try {
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
            const zoneId = freshZone();
            const ledger = createRedisLedger({ url: inject("redisUrl"), zoneId });
            try {
              const plan = {
                layout,
                seed,
                vehicles: 4,
                tripsEach: 2,
                stops: 0.005,
                lostReports: 0.2,
                newLeaders: 0,
                deaths: 0.08,
              };
              const { ticks } = await drive(plan, {
                ledger,
                holders: async () => (await ledger.read()).grants,
              });
              expect(ticks).toBeGreaterThan(0);
              expect((await ledger.takeLeadership("last" as never, 0)).epoch).toBeGreaterThan(5);
            } finally {
              ledger.close();
              await redis.del(...Object.values(ledgerKeys(zoneId)));
            }
          }),
          { numRuns: 2 },
        );
      } finally {
        redis.disconnect();
      }
    },
  );
});

describe("a change of leader", () => {
  test("costs nothing in order: every leg stays planned to its end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const { ledger, holders } = modelLedger();
        const cut: string[] = [];
        const watched: Ledger = {
          ...ledger,
          commit(commit) {
            for (const { stored } of commit.change.itineraries) {
              const lastEdge = stored?.runs.flat().at(-1);
              if (stored === undefined || stored.startNodeId === stored.toNodeId) continue;
              if (lastEdge === undefined || !lastEdge.endsWith(`>${stored.toNodeId}`)) cut.push(stored.legId);
            }
            return ledger.commit(commit);
          },
        };
        const plan = {
          layout: singleTrack(4, 4),
          seed,
          vehicles: 4,
          tripsEach: 2,
          stops: 0.002,
          lostReports: 0.1,
          newLeaders: 0.02,
        };
        await drive(plan, { ledger: watched, holders });
        expect(cut).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});
