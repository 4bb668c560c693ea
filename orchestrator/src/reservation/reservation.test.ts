import { randomUUID } from "node:crypto";
import type { ActionId, DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, Network, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { at } from "./core/runs.ts";
import { type LeaderId, type Ledger, LedgerUnreachable } from "./ledger/ledger.ts";
import { createModelLedger } from "./ledger/model.ts";
import { createRedisLedger, ledgerKeys } from "./ledger/redis-ledger.ts";
import { createOrderWriter } from "./orders.ts";
import type { LegId, LegRequest, ReservationEvent } from "./port.ts";
import { createReservation } from "./service.ts";
import type { ReservationService } from "./service-port.ts";
import { ring, singleTrack } from "./testing/layouts.ts";
import { smallNetwork } from "./testing/small-network.ts";
import { CARRIER, drive, NO_TIMERS, randomOf } from "./testing/traffic.ts";

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };
const CAR = "car" as VehicleId;
const OTHER = "other" as VehicleId;

/** One service with a clock in hand, everything that it said, and every order that it gave. */
async function zoneOn(
  network: Network,
  ledger: Ledger = createModelLedger(),
  mayCommand = (): boolean => true,
) {
  let nowMs = 1_000_000;
  const events: ReservationEvent[] = [];
  const orders: { vehicleId: VehicleId; order: DriveOrder }[] = [];
  const service = createReservation({
    network,
    ledger,
    kinematics: CARRIER,
    leaderId: "me" as LeaderId,
    clock: { nowMs: () => nowMs },
    timers: NO_TIMERS,
    log: QUIET,
  });
  const writer = createOrderWriter({
    network,
    mayCommand,
    fleet: { drive: (vehicleId, order) => void orders.push({ vehicleId, order }) },
  });
  service.onCommitted((legs) => writer.write(legs));
  service.subscribe((event) => void events.push(event));
  await service.start();
  return {
    service,
    events,
    orders,
    async tick(count = 1) {
      for (let i = 0; i < count; i++) {
        nowMs += 200;
        await service.tick();
      }
    },
    /** Puts a vehicle somewhere, standing, and lets the zone see it. */
    see(vehicleId: VehicleId, nodeId: string, speedMps = 0, dxM = 0, dyM = 0) {
      const pose = network.poseIndex(nodeId as NodeId) ?? -1;
      const { xM, yM, headingRad } = network.poses;
      service.observe({
        vehicleId,
        speedMps,
        driving: speedMps > 0,
        atMs: nowMs,
        pose: { xM: at(xM, pose) + dxM, yM: at(yM, pose) + dyM, headingRad: at(headingRad, pose) },
      });
    },
    /** Lets the zone see a vehicle on its way, after as long as it takes to get there. */
    async seeOn(edgeId: string, alongM: number, speedMps = 3, vehicleId = CAR) {
      await this.tick(60);
      const pose = network.poseAlong(network.moveIndex(edgeId as EdgeId) ?? -1, alongM);
      service.observe({ vehicleId, pose, speedMps, driving: speedMps > 0, atMs: nowMs });
      await this.tick();
    },
    async admit(vehicleId: VehicleId, nodeId: string) {
      service.admit({ vehicleId, vehicleClassId: "carrier" as VehicleClassId, nodeId: nodeId as NodeId });
      this.see(vehicleId, nodeId);
      await this.tick();
    },
    said(kind: ReservationEvent["kind"]) {
      return events.filter((event) => event.kind === kind);
    },
  };
}

function leg(legId: string, toNodeId: string, more: Partial<LegRequest> = {}): LegRequest {
  return {
    legId: legId as LegId,
    vehicleId: CAR,
    via: [],
    toNodeId: toNodeId as NodeId,
    actionsAtEnd: [],
    priority: 0,
    commandedBy: "us",
    ...more,
  };
}

/** A straight road: stands at a and e, may stop at b and d, must not stop at c; the second half is foreign. */
function road(): Network {
  const kinds = ["endpoint", "way", "passing", "way", "endpoint"] as const;
  const ids = ["a", "b", "c", "d", "e"];
  const poses = ids.map((id, i) => ({ id, xM: 40 * i, yM: 0, kind: at(kinds, i), blocks: [id] }));
  const moves = ids.slice(1).map((id, i) => ({ from: at(ids, i), to: id }));
  return smallNetwork(poses, moves, ["d", "e"]);
}

describe("a leg", () => {
  test("is granted ahead of the vehicle, and never to a place where nobody may stand", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    expect(zone.said("granted")).toMatchObject([{ throughNodeId: "b" }]);
    await zone.seeOn("a>b", 24);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "d" });
    expect(zone.service.holding(CAR)).toMatchObject({
      grantedEdgeIds: ["a>b", "b>c", "c>d"],
      plannedEdgeIds: ["d>e"],
    });
  });

  test("ends where it was to end, with the ground behind it free and all its nodes announced in order", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    for (const node of ["a", "b", "c", "d", "e"]) {
      await zone.tick(60);
      zone.see(CAR, node, node === "c" ? 3 : 0);
    }
    await zone.tick(2);
    expect(zone.said("reached").map((event) => "nodeId" in event && event.nodeId)).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
    expect(zone.said("legCompleted")).toMatchObject([{ legId: "1", nodeId: "e" }]);
    expect([...ledger.state().grants]).toEqual([["e", CAR]]);
  });

  test("waits at a via until it may proceed, whatever is free beyond", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e", { via: [{ nodeId: "b" as NodeId, expectedDwellMs: 1000 }] }));
    await zone.tick(40);
    zone.see(CAR, "b");
    await zone.tick(100);
    expect(zone.said("waitingAt")).toMatchObject([{ nodeId: "b" }]);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "b" });
    zone.service.proceed(CAR, "1" as LegId, "b" as NodeId);
    await zone.tick();
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "d" });
  });

  test("with a first stretch is granted nothing until all of the stretch is free", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(OTHER, "d");
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("2", "e", { vehicleId: OTHER }));
    zone.service.requestLeg(leg("1", "d", { firstGrantThroughNodeId: "d" as NodeId }));
    await zone.tick(2);
    expect(zone.said("granted")).toMatchObject([{ vehicleId: OTHER, throughNodeId: "e" }]);
    expect(zone.service.holding(CAR)?.waitingFor).toMatchObject({ blockId: "d", heldBy: OTHER, how: "held" });
    await zone.tick(40);
    zone.see(OTHER, "e");
    await zone.tick();
    expect(zone.said("granted").at(-1)).toMatchObject({ vehicleId: CAR, throughNodeId: "d" });
  });

  test("asked again is announced again, and begins nothing new", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    expect(zone.events.map((event) => event.kind)).toEqual([
      "admitted",
      "legPlanned",
      "reached",
      "granted",
      "legPlanned",
      "reached",
      "granted",
    ]);
    expect(zone.orders).toHaveLength(1);
  });

  test("is refused for good when its place is unknown, out of reach, or the vehicle has another", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "d");
    zone.service.requestLeg(leg("1", "nowhere"));
    zone.service.requestLeg(leg("2", "c"));
    zone.service.requestLeg(leg("3", "a"));
    await zone.tick();
    zone.service.requestLeg(leg("4", "e"));
    await zone.tick();
    zone.service.requestLeg(leg("5", "e"));
    await zone.tick();
    expect(zone.said("legRefused").map((event) => "reason" in event && event.reason)).toEqual([
      "unknown-node",
      "unknown-node",
      "unreachable",
      "busy",
    ]);
  });

  test("to a place that is taken waits, says so once, and goes when the place is free", async () => {
    const zone = await zoneOn(road());
    await zone.admit(OTHER, "e");
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(10);
    expect(zone.said("legWaiting")).toMatchObject([{ legId: "1", reason: "endpoint-taken" }]);
    zone.service.dismiss(OTHER);
    await zone.tick(2);
    expect(zone.said("granted")).toHaveLength(1);
  });

  test("that was taken back leaves the vehicle with its body's ground; one that has begun is not taken back", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    zone.service.abandonLeg(CAR, "1" as LegId);
    await zone.tick();
    expect([...ledger.state().grants]).toEqual([["a", CAR]]);
    zone.service.requestLeg(leg("2", "e"));
    await zone.tick();
    await zone.seeOn("a>b", 6, 2);
    zone.service.abandonLeg(CAR, "2" as LegId);
    await zone.tick();
    expect(zone.said("legAbandoned")).toMatchObject([
      { legId: "1", ok: true },
      { legId: "2", ok: false },
    ]);
  });

  test("that leaves our ground ends in clearOfGround, once, when nothing of ours is held", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e", { commandedBy: "partner" }));
    await zone.seeOn("a>b", 30);
    await zone.seeOn("b>c", 30);
    await zone.seeOn("c>d", 30);
    expect(zone.said("clearOfGround")).toEqual([]);
    await zone.seeOn("c>d", 38);
    await zone.tick(3);
    expect(zone.said("clearOfGround")).toHaveLength(1);
    expect(zone.orders).toEqual([]);
  });
});

describe("ground", () => {
  test("is never freed by time: a vehicle that is silent keeps all it holds", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(5000);
    expect([...ledger.state().grants.keys()].sort()).toEqual(["a", "b"]);
  });

  test("is not freed by a report that does not fit the way, and nothing more is granted until one does", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.seeOn("a>b", 20);
    await zone.tick(60);
    // Beside b, a lane's width and more off the road.
    zone.see(CAR, "b", 0, 0, 6);
    await zone.tick(3);
    expect(zone.said("trouble")).toMatchObject([{ code: "off-path", vehicleId: CAR }]);
    expect([...ledger.state().grants.keys()].sort()).toEqual(["a", "b"]);
  });

  test("that another holds is not admitted to", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    await zone.admit(OTHER, "a");
    expect(zone.said("admissionRefused")).toMatchObject([
      { vehicleId: OTHER, reason: "ground-held", heldBy: CAR },
    ]);
  });

  test("under a path that comes back over its own tail stays held until the tail has left for the last time", async () => {
    // A hook: in through x, around, and out over x again.
    const network = smallNetwork(
      [
        { id: "a", xM: 0, yM: 0, kind: "endpoint", blocks: ["a"] },
        { id: "p", xM: 40, yM: 0, kind: "way", blocks: ["p"] },
        { id: "q", xM: 40, yM: 10, kind: "way", blocks: ["q"] },
        { id: "z", xM: 0, yM: 10, kind: "endpoint", blocks: ["z"] },
      ],
      [
        { from: "a", to: "p", also: ["x"] },
        { from: "p", to: "q" },
        { from: "q", to: "z", also: ["x"] },
      ],
    );
    const ledger = createModelLedger();
    const zone = await zoneOn(network, ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "z"));
    await zone.tick(60);
    await zone.seeOn("a>p", 25);
    await zone.seeOn("a>p", 35.9);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "z" });
    await zone.seeOn("a>p", 38);
    // q>z is granted by now, and needs x again: leaving x for the first time must not free it.
    expect(ledger.state().grants.get("x" as never)).toBe(CAR);
    expect(ledger.state().grants.has("a" as never)).toBe(false);
    expect(zone.said("trouble")).toEqual([]);
  });
});

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
