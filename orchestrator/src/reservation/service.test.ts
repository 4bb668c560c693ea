import { randomUUID } from "node:crypto";
import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { ZoneId } from "@baton/maps";
import { Redis } from "ioredis";
import { describe, expect, inject, test, vi } from "vitest";
import { at } from "./core/runs.ts";
import { type Ledger, LedgerUnreachable } from "./ledger/ledger.ts";
import { createModelLedger } from "./ledger/model.ts";
import { createRedisLedger, ledgerKeys } from "./ledger/redis-ledger.ts";
import type { ReservationService } from "./service-port.ts";
import { ring, singleTrack } from "./testing/layouts.ts";
import { CAR, leg, OTHER, road, zoneOn } from "./testing/one-zone.ts";
import { drive, randomOf } from "./testing/traffic.ts";

describe("orders", () => {
  test("have what is granted as their base, the plan as their horizon, and the actions at their end", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    const action = { actionId: "x" as ActionId, kind: "startCharging" } as const;
    zone.service.requestLeg(leg("1", "e", { actionsAtEnd: [action] }));
    await zone.tick();
    const order = at(zone.orders, 0).order;
    expect(order).toMatchObject({ orderId: "1", revision: 0 });
    expect(order.nodes.map((node) => [node.nodeId, node.released, node.actions.length])).toEqual([
      ["a", true, 0],
      ["b", true, 0],
      ["c", false, 0],
      ["d", false, 0],
      ["e", false, 1],
    ]);
    expect(order.edges.map((edge) => edge.released)).toEqual([true, false, false, false]);
  });

  test("go out only for vehicles that this side commands, and at once when it begins to", async () => {
    let ours = false;
    const zone = await zoneOn(road(), createModelLedger(), () => ours);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(5);
    expect(zone.orders).toEqual([]);
    ours = true;
    await zone.tick();
    expect(zone.orders).toMatchObject([{ vehicleId: CAR, order: { orderId: "1" } }]);
    await zone.tick(5);
    expect(zone.orders).toHaveLength(1);
  });

  test("of one node carry what is to be done where the vehicle stands already", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    const action = { actionId: "x" as ActionId, kind: "startCharging" } as const;
    zone.service.requestLeg(leg("1", "a", { actionsAtEnd: [action] }));
    await zone.tick(2);
    expect(zone.orders).toMatchObject([
      { order: { nodes: [{ nodeId: "a", released: true, actions: [action] }], edges: [] } },
    ]);
    expect(zone.said("legCompleted")).toHaveLength(1);
  });
});

describe("a vehicle of which people say that it is gone", () => {
  const lost = (legId: string) => [
    { kind: "legAbandoned", vehicleId: CAR, legId, ok: true },
    { kind: "legRefused", vehicleId: CAR, legId, reason: "order-lost" },
  ];

  test("has no ground any more, and whoever sent it hears that it will not come, once that is so", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(2);
    const before = zone.events.length;
    expect(await zone.service.vouch(CAR, "removed")).toEqual({ kind: "ok" });
    expect(zone.events.slice(before), "it is there until the ledger has it").toEqual([]);
    await zone.tick();
    await vi.waitFor(() => expect(zone.events.slice(before)).toEqual(lost("1")));
    expect(zone.service.isAdmitted(CAR)).toBe(false);
    await zone.admit(CAR, "b");
    zone.service.requestLeg(leg("2", "e"));
    await zone.tick(2);
    expect(zone.said("legPlanned").at(-1)).toMatchObject({ legId: "2" });
  });

  test("will not begin what it was asked for either", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    await zone.admit(OTHER, "e");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(2);
    const before = zone.events.length;
    await zone.service.vouch(CAR, "removed");
    await zone.tick();
    await vi.waitFor(() => expect(zone.events.slice(before)).toEqual(lost("1")));
  });
});

describe("a ledger that does not answer", () => {
  test("means that nothing is granted or told; the same tick is committed when it is back", async () => {
    const inner = createModelLedger();
    let away = false;
    let lostAnswers = 0;
    const ledger: Ledger = {
      ...inner,
      commit: async (commit) => {
        if (away) throw new LedgerUnreachable("gone");
        const outcome = await inner.commit(commit);
        if (lostAnswers-- > 0) throw new LedgerUnreachable("answer lost");
        return outcome;
      },
    };
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    away = true;
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(3);
    expect(zone.orders).toEqual([]);
    expect(zone.service.holding(CAR)?.grantedEdgeIds).toEqual([]);
    expect(zone.events.map((event) => ("code" in event ? event.code : event.kind))).toEqual([
      "admitted",
      "ledger-unreachable",
    ]);
    away = false;
    lostAnswers = 1;
    await zone.tick(2);
    expect(zone.orders).toHaveLength(1);
    expect(zone.events.map((event) => ("code" in event ? event.code : event.kind))).toEqual([
      "admitted",
      "ledger-unreachable",
      "ledger-back",
      "legPlanned",
      "reached",
      "granted",
    ]);
  });
});

describe("what no event answers", () => {
  test("is decided when its tick is in the ledger, and not before", async () => {
    const inner = createModelLedger();
    let away = false;
    const ledger: Ledger = {
      ...inner,
      commit: async (commit) => {
        if (away) throw new LedgerUnreachable("gone");
        return inner.commit(commit);
      },
    };
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    away = true;
    let decided = false;
    zone.service.dismiss(CAR);
    void zone.service.decided().then(() => {
      decided = true;
    });
    await zone.tick(3);
    expect(decided).toBe(false);
    away = false;
    await zone.tick();
    expect(decided).toBe(true);
    expect((await inner.read()).vehicles.has(CAR)).toBe(false);
  });

  test("is decided anew where the ledger has lost ticks and did not take the one that decided it", async () => {
    const inner = createModelLedger();
    let forgot = false;
    const ledger: Ledger = {
      ...inner,
      commit: async (commit) => {
        if (!forgot) return inner.commit(commit);
        forgot = false;
        return { kind: "lost-writes" };
      },
    };
    const nobodySaysAnything = { accounts: async () => [] };
    const zone = await zoneOn(road(), ledger, () => true, nobodySaysAnything);
    await zone.admit(CAR, "a");
    forgot = true;
    zone.service.dismiss(CAR);
    const decided = zone.service.decided();
    await zone.tick(2);
    await decided;
    expect((await inner.read()).vehicles.has(CAR)).toBe(false);
  });
});

describe("on a real Redis", () => {
  async function withLedger(
    use: (open: () => Ledger, redis: Redis, zoneId: ZoneId) => Promise<void>,
  ): Promise<void> {
    const zoneId = `test:${randomUUID()}` as ZoneId;
    const url = inject("redisUrl");
    const redis = new Redis(url);
    const opened: { close(): void }[] = [];
    try {
      await use(
        () => {
          const ledger = createRedisLedger({ url, zoneId });
          opened.push(ledger);
          return ledger;
        },
        redis,
        zoneId,
      );
    } finally {
      for (const ledger of opened) ledger.close();
      await redis.del(...Object.values(ledgerKeys(zoneId)));
      redis.disconnect();
    }
  }

  test("random traffic ends with no vehicle ever on ground that is not its own, through changes of leader", async () => {
    await withLedger(async (open, redis, zoneId) => {
      for (const layout of [ring(8), singleTrack(3, 3)]) {
        await redis.del(...Object.values(ledgerKeys(zoneId)));
        const holders = async () => {
          const grants = await redis.hgetall(ledgerKeys(zoneId).grants);
          return new Map(
            Object.entries(grants).map(([block, value]) => [
              block as never,
              value.replace(/^\d+:/, "") as VehicleId,
            ]),
          );
        };
        const seed = Math.floor(randomOf(Date.parse("2026-11-22"))() * 1e6);
        const plan = {
          layout,
          seed,
          vehicles: 4,
          tripsEach: 1,
          stops: 0.01,
          lostReports: 0.2,
          newLeaders: 0.01,
        };
        expect((await drive(plan, { ledger: open(), holders })).ticks).toBeGreaterThan(0);
      }
    });
  });

  test("of two leaders the older one finds out, says so, and grants nothing any more", async () => {
    await withLedger(async (open) => {
      const old = await zoneOn(road(), open());
      await old.admit(CAR, "a");
      const young = await zoneOn(road(), open());
      old.service.requestLeg(leg("1", "e"));
      await old.tick(3);
      expect(old.said("trouble")).toMatchObject([{ code: "leadership-lost" }]);
      expect(old.orders).toEqual([]);
      expect((await old.service.tick()).outcome).toBe("not-leading");
      // The younger one knows the vehicle, and grants it nothing before it has seen it.
      young.service.requestLeg(leg("1", "e"));
      await young.tick(3);
      expect(young.said("granted")).toEqual([]);
      young.see(CAR, "a");
      await young.tick();
      expect(young.said("granted")).toMatchObject([{ vehicleId: CAR, throughNodeId: "b" }]);
      await stopAll(old.service, young.service);
    });
  });
});

async function stopAll(...services: readonly ReservationService[]): Promise<void> {
  for (const service of services) await service.stop();
}
