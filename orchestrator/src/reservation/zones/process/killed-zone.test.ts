import { randomUUID } from "node:crypto";
import { type Timers, type VehicleId, wallClock } from "@baton/fleet-adapter";
import { type BlockId, type NodeId, partition, type VehicleClassId, type ZoneId } from "@baton/maps";
import { siteDirectory } from "@baton/maps/files";
import { Redis } from "ioredis";
import { afterEach, expect, inject, test, vi } from "vitest";
import { at } from "../../core/runs.ts";
import { ledgerKeys } from "../../ledger/redis-ledger.ts";
import { createOrderWriter } from "../../orders.ts";
import type { LegId, ReservationEvent } from "../../port.ts";
import { ModelVehicle } from "../../testing/model-vehicle.ts";
import { siteNetwork } from "../../testing/sites.ts";
import { createRedisCrossingStore } from "../redis-crossing-store.ts";
import { createZonedReservation } from "../zoned-reservation.ts";
import { createProcessLink, type ProcessLink } from "./process-link.ts";

const SPEED = 12;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };
const WAIT = { timeout: 60_000, interval: 30 };

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** The yard and the gate of the site `mini` as two zones, a process each, on a real Redis; vehicles that really drive. */
async function twoZones() {
  const { network: whole } = await siteNetwork("mini", "vn");
  const run = randomUUID();
  const yard = `vn:yard:${run}` as ZoneId;
  const gate = `vn:gate:${run}` as ZoneId;
  const node = (text: string): NodeId => text as NodeId;
  const borders = {
    zones: [
      { zoneId: yard, nodeId: node("vn.yard.crane-1") },
      { zoneId: gate, nodeId: node("vn.out.portal") },
    ],
    borders: [{ placeNodeId: node("vn.yard.depart.2") }, { placeNodeId: node("vn.yard.arrive.1") }],
  };
  const parts = partition(whole, borders);
  const originMs = Date.now();
  const clockOf = { speed: SPEED, originMs, shownMs: originMs };
  const clock = wallClock(clockOf);
  const redisUrl = inject("redisUrl");
  const redis = new Redis(redisUrl);
  endings.push(async () => {
    await redis.del(...Object.values(ledgerKeys(yard)), ...Object.values(ledgerKeys(gate)), `test:${run}`);
    redis.disconnect();
  });

  // What a supervisor would do by itself is done when the test says so.
  const heldBack: (() => void)[] = [];
  const timers: Timers = {
    after: (_, task) => {
      heldBack.push(task);
      return () => {};
    },
    every: () => () => {},
  };
  const link = (zoneId: ZoneId): ProcessLink =>
    createProcessLink({
      config: {
        siteDirectory: siteDirectory("mini"),
        side: "vn",
        vehicleClassId: whole.vehicleClassId as VehicleClassId,
        borders,
        zoneId,
        redisUrl,
        tickMs: 200,
        clock: clockOf,
      },
      timers,
      log: QUIET,
    });
  const links = { yard: link(yard), gate: link(gate) };
  const downs: ZoneId[] = [];
  const ups: ZoneId[] = [];
  for (const each of [links.yard, links.gate]) {
    each.subscribe((said) => {
      if (said.kind === "down") downs.push(each.zoneId);
      if (said.kind === "up") ups.push(each.zoneId);
    });
  }
  const reservation = createZonedReservation({
    partition: parts,
    zones: [links.yard, links.gate],
    store: createRedisCrossingStore(redis, `test:${run}`),
    timers: clock,
    log: QUIET,
  });
  const vehicles = new Map<VehicleId, ModelVehicle>();
  const events: ReservationEvent[] = [];
  const writer = createOrderWriter({
    network: parts.network,
    mayCommand: () => true,
    fleet: { drive: (vehicleId, order) => vehicles.get(vehicleId)?.take(order) },
  });
  reservation.onCommitted((legs) => writer.write(legs));
  reservation.subscribe((event) => void events.push(event));
  await reservation.start();
  endings.push(() => reservation.stop());

  const holders = async (zoneId: ZoneId): Promise<Map<BlockId, string>> => {
    const grants = await redis.hgetall(ledgerKeys(zoneId).grants);
    return new Map(
      Object.entries(grants).map(([block, value]) => [block as BlockId, value.slice(value.indexOf(":") + 1)]),
    );
  };
  const wrong: string[] = [];
  /** Both ledgers, each time: no block in two, none in the wrong one, every body on its own. */
  const look = async (): Promise<void> => {
    const held = new Map<BlockId, string>();
    for (const zoneId of [yard, gate]) {
      for (const [blockId, holder] of await holders(zoneId)) {
        const block = parts.network.blockIndex(blockId) ?? -1;
        const home = parts.network.blocks.zoneIds[at(parts.network.blocks.zone, block)];
        if (home !== zoneId) wrong.push(`${blockId} is in the ledger of ${zoneId}`);
        if (held.has(blockId)) wrong.push(`${blockId} is in two ledgers`);
        held.set(blockId, holder);
      }
    }
    for (const [vehicleId, vehicle] of vehicles) {
      if (reservation.holding(vehicleId) === undefined) continue;
      for (const block of vehicle.covers()) {
        const holder = held.get(at(parts.network.blocks.ids, block));
        if (holder !== vehicleId)
          wrong.push(`${vehicleId} is on ${at(parts.network.blocks.ids, block)} of ${holder}`);
      }
    }
  };
  let isDriving = true;
  const driving = (async () => {
    let lastMs = clock.nowMs();
    while (isDriving) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const nowMs = clock.nowMs();
      for (const vehicle of vehicles.values()) {
        vehicle.drive((nowMs - lastMs) / 1000, 1);
        reservation.observe(vehicle.report(nowMs));
      }
      lastMs = nowMs;
      await look();
    }
  })();
  endings.push(async () => {
    isDriving = false;
    await driving;
  });

  const said = (kind: ReservationEvent["kind"], legId?: string) =>
    events.filter(
      (event) => event.kind === kind && (legId === undefined || ("legId" in event && event.legId === legId)),
    );
  return {
    links,
    downs,
    ups,
    wrong,
    said,
    holders,
    reservation,
    vehicle: (vehicleId: string) => vehicles.get(vehicleId as VehicleId),
    startAgain: () => {
      for (const task of heldBack.splice(0)) task();
    },
    async admit(vehicleId: string, nodeId: string) {
      const id = vehicleId as VehicleId;
      vehicles.set(id, new ModelVehicle(parts.network, id, parts.network.poseIndex(nodeId as NodeId) ?? -1));
      reservation.admit({ vehicleId: id, vehicleClassId: whole.vehicleClassId, nodeId: nodeId as NodeId });
      await vi.waitFor(() => expect(said("admitted").some((e) => e.vehicleId === id)).toBe(true), WAIT);
    },
    send(legId: string, vehicleId: string, toNodeId: string) {
      reservation.requestLeg({
        legId: legId as LegId,
        vehicleId: vehicleId as VehicleId,
        via: [],
        toNodeId: toNodeId as NodeId,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
      });
    },
  };
}

test("a zone whose process is killed stands, the other one's vehicles go on, and the crossing ends when it is back", {
  timeout: 180_000,
}, async () => {
  const side = await twoZones();
  await vi.waitFor(() => expect(side.ups).toHaveLength(2), WAIT);
  await side.admit("crosser", "vn.yard.crane-1");
  await side.admit("stayer", "vn.yard.parking-1");
  await side.admit("waiter", "vn.out.buffer-2");
  side.send("over", "crosser", "vn.out.buffer-1");
  await vi.waitFor(() => expect(side.said("granted", "over").length).toBeGreaterThan(0), WAIT);

  process.kill(side.links.gate.pid() ?? 0, "SIGKILL");
  await vi.waitFor(() => expect(side.downs).toEqual([side.links.gate.zoneId]), WAIT);
  side.send("out", "waiter", "vn.out.dock-1");
  side.send("inside", "stayer", "vn.yard.crane-2");
  await vi.waitFor(() => expect(side.said("legCompleted", "inside")).toHaveLength(1), WAIT);
  // The crosser came as far as its own zone leads, and stands there; the gate's vehicle has not moved at all.
  await vi.waitFor(() => expect(atNode(side, "over", "vn.yard.depart.2")).toBe(true), WAIT);
  expect(side.said("legCompleted", "over")).toEqual([]);
  expect(side.said("granted", "out")).toEqual([]);

  side.startAgain();
  await vi.waitFor(() => expect(side.said("legCompleted", "over")).toHaveLength(1), WAIT);
  await vi.waitFor(() => expect(side.said("legCompleted", "out")).toHaveLength(1), WAIT);
  await vi.waitFor(
    async () => expect([...(await side.holders(side.links.yard.zoneId)).values()]).not.toContain("crosser"),
    WAIT,
  );
  expect(side.wrong).toEqual([]);
});

test("a zone that is killed while a vehicle leaves it lets its ground go when it is back, and not before", {
  timeout: 180_000,
}, async () => {
  const side = await twoZones();
  await vi.waitFor(() => expect(side.ups).toHaveLength(2), WAIT);
  await side.admit("crosser", "vn.yard.crane-1");
  side.send("over", "crosser", "vn.out.buffer-1");
  // Granted in the gate's ledger: the yard is not needed any more for what follows.
  await vi.waitFor(
    async () => expect([...(await side.holders(side.links.gate.zoneId)).values()]).toContain("crosser"),
    WAIT,
  );
  process.kill(side.links.yard.pid() ?? 0, "SIGKILL");
  await vi.waitFor(() => expect(side.said("legCompleted", "over")).toHaveLength(1), WAIT);
  expect([...(await side.holders(side.links.yard.zoneId)).values()]).toContain("crosser");
  side.startAgain();
  await vi.waitFor(
    async () => expect([...(await side.holders(side.links.yard.zoneId)).values()]).not.toContain("crosser"),
    WAIT,
  );
  expect(side.wrong).toEqual([]);
});

function atNode(side: Awaited<ReturnType<typeof twoZones>>, legId: string, nodeId: string): boolean {
  return side.said("reached", legId).some((event) => "nodeId" in event && event.nodeId === nodeId);
}
