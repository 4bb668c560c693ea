import { randomUUID } from "node:crypto";
import type { ZoneId } from "@baton/maps";
import { createRedisLedger } from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { siteLayout, siteNetwork } from "../../orchestrator/src/reservation/testing/sites.ts";
import { drive, modelLedger } from "../../orchestrator/src/reservation/testing/traffic.ts";
import { startRedis } from "../../scripts/provision/redis.ts";
import type { BenchReport, BenchRow } from "./report.ts";

const CASES = [
  { site: "mini", vehicles: 10 },
  { site: "1119-1120", vehicles: 40 },
] as const;

/**
 * How long a tick takes, commit included, with random traffic between all endpoints of a side: on the ledger's model,
 * and on a real Redis that syncs every tick to disk. No bars yet: those of the design are for the engine to come.
 */
export async function bench(): Promise<BenchReport> {
  const redis = await startRedis({ durability: "always" });
  const rows: BenchRow[] = [];
  try {
    for (const { site, vehicles } of CASES) {
      const { network, kinematics } = await siteNetwork(site, "vn");
      const layout = siteLayout(site, network);
      const plan = {
        layout,
        seed: 1,
        vehicles,
        tripsEach: 2,
        stops: 0.001,
        lostReports: 0.05,
        newLeaders: 0,
        kinematics,
      };
      const model = await drive(plan, modelLedger());
      const ledger = createRedisLedger({ url: redis.url, zoneId: `bench-${randomUUID()}` as ZoneId });
      const onRedis = await drive(plan, {
        ledger,
        holders: async () => (await ledger.read()).grants,
      });
      ledger.close();
      for (const [name, value] of [
        ["tickMeanMs", onRedis.meanMs],
        ["tickMaxMs", onRedis.maxMs],
        ["tickMeanMsWithoutRedis", model.meanMs],
      ] as const) {
        rows.push({ name: `${site}-${vehicles}/${name}`, value, unit: "ms", ok: true });
      }
    }
  } finally {
    await redis.stop();
  }
  return { bench: "reservation", rows };
}
