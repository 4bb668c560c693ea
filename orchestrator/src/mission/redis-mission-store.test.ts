import { randomUUID } from "node:crypto";
import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import { Redis } from "ioredis";
import { afterAll, beforeEach, describe, expect, inject, it } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import type { LegId } from "../reservation/port.ts";
import { outboundContext } from "./begin.ts";
import type { MissionContext } from "./context.ts";
import { beginMission, buildMissionMachine } from "./machine.ts";
import { loadProcedures } from "./procedure-files.ts";
import { redisMissionStore } from "./redis-mission-store.ts";
import { exportLine, miniSite, order } from "./testing/two-sides.ts";

const redis = new Redis(inject("redisUrl"));
afterAll(async () => {
  for (const zone of zones) {
    const keys = await redis.keys(`baton:{${zone}}:*`);
    if (keys.length > 0) await redis.del(...keys);
  }
  redis.disconnect();
});

const zones: string[] = [];
let zone = "";
beforeEach(() => {
  zone = `test-${randomUUID()}`;
  zones.push(zone);
});
const storeAt = (epoch: number) => redisMissionStore({ redis, zone, epoch: () => epoch });

const procedures = await loadProcedures();
const site = await miniSite();
function mission(missionId: string): MissionContext {
  const procedure = procedures.find((one) => one.procedureId === "vn-outbound");
  if (procedure === undefined) throw new Error("no procedure");
  const yard = yardOfSite(site, "vn");
  const context = outboundContext(
    { missionId, yard, procedure, direction: "export", line: exportLine(yard), atMs: 1_000, spareId: "h" },
    order(1, "vn"),
  );
  if (context === undefined) throw new Error("no line");
  return beginMission(buildMissionMachine(procedure), context);
}

describe("the mission store in Redis", () => {
  it("gives a mission back with its outbox, as it was written", async () => {
    const store = storeAt(1);
    const context = mission("m-1");
    expect(context.outbox).toHaveLength(1);
    expect(await store.create(context, "order-1")).toEqual({ kind: "created" });
    expect(await store.save({ version: 2, context: { ...context, nowMs: 2_000 } })).toBe("saved");
    const world = await store.load();
    expect(world.missions).toEqual([{ version: 2, context: { ...context, nowMs: 2_000 } }]);
    expect(world.unreadable).toEqual([]);
  });

  it("makes one mission of an order, even when two ask at once, and after it was removed", async () => {
    const store = storeAt(1);
    const outcomes = await Promise.all([
      store.create(mission("m-1"), "order-1"),
      store.create(mission("m-2"), "order-1"),
    ]);
    expect(outcomes).toEqual([{ kind: "created" }, { kind: "exists", missionId: "m-1" }]);
    await store.remove(["m-1"]);
    expect((await store.load()).missions).toEqual([]);
    expect(await store.create(mission("m-3"), "order-1")).toEqual({ kind: "exists", missionId: "m-1" });
  });

  it("refuses a writer whose picture is not the newest, and changes nothing", async () => {
    const store = storeAt(1);
    const context = mission("m-1");
    await store.create(context, undefined);
    await store.save({ version: 2, context: { ...context, nowMs: 2_000 } });
    expect(await store.save({ version: 2, context: { ...context, nowMs: 3_000 } })).toBe("stale");
    expect(await store.save({ version: 4, context: { ...context, nowMs: 4_000 } })).toBe("stale");
    expect((await store.load()).missions[0]?.context.nowMs).toBe(2_000);
  });

  it("takes the same write twice for one, when the first answer was lost", async () => {
    const store = storeAt(1);
    const context = mission("m-1");
    await store.create(context, undefined);
    const next = { version: 2, context: { ...context, nowMs: 2_000 } };
    expect(await store.save(next)).toBe("saved");
    expect(await store.save(next)).toBe("saved");
  });

  it("refuses every write of an epoch that was overtaken", async () => {
    const old = storeAt(1);
    const context = mission("m-1");
    await old.create(context, undefined);
    const move = {
      vehicleId: "v" as VehicleId,
      legId: "park.v.1" as LegId,
      stationId: "s" as StationId,
      charge: false,
      count: 1,
      ended: false,
    };
    expect(await storeAt(2).saveIdleMove(move)).toBe("saved");
    const closure = { stationId: "vn.crane-1" as StationId, reason: "drips", by: "lan", sinceMs: 7 };
    expect(await storeAt(2).saveClosure(closure)).toBe("saved");
    expect((await storeAt(2).load()).closedStations).toEqual([closure]);
    expect(await storeAt(1).removeClosure(closure.stationId)).toBe("fenced");
    expect(await storeAt(2).removeClosure(closure.stationId)).toBe("saved");
    expect((await storeAt(2).load()).closedStations).toEqual([]);
    expect(await old.save({ version: 2, context })).toBe("fenced");
    expect(await old.create(mission("m-2"), undefined)).toEqual({ kind: "fenced" });
    expect(await old.saveIdleMove({ ...move, count: 2 })).toBe("fenced");
    expect(await old.remove(["m-1"])).toBe("fenced");
    const world = await old.load();
    expect(world.missions.map((one) => one.version)).toEqual([1]);
    expect(world.idleMoves).toEqual([move]);
  });

  it("leaves alone and names what it cannot read", async () => {
    await redis.hset(`baton:{${zone}}:mission:missions`, "m-9", '1\n{"contextVersion":9}');
    await redis.hset(`baton:{${zone}}:mission:missions`, "m-8", "nonsense");
    const world = await storeAt(1).load();
    expect(world.missions).toEqual([]);
    expect(world.unreadable.map((one) => one.key).sort()).toEqual(["m-8", "m-9"]);
    expect(await redis.hlen(`baton:{${zone}}:mission:missions`)).toBe(2);
  });
});
