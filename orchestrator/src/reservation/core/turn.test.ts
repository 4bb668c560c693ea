import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderOf } from "../orders.ts";
import type { Account, ClosureId, LegId } from "../port.ts";
import { CoreWorld, infeasibilities, snapshotOf } from "../testing/core-world.ts";
import { type Layout, ladder, ring, singleTrack } from "../testing/layouts.ts";
import { ModelVehicle } from "../testing/model-vehicle.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { randomOf } from "../testing/traffic.ts";
import { takeChange } from "./change.ts";
import { committedLegOf } from "./committed-leg.ts";
import { retime } from "./retime.ts";
import { at } from "./runs.ts";
import { itineraryOf, storeVehicle } from "./store.ts";
import { testimonyOf } from "./testimony.ts";
import { turn, turningNode } from "./turn.ts";

const CAR = "car" as VehicleId;
const pick = { actionId: "x" as ActionId, kind: "pick", loadId: "MSKU1", stationId: "crane" } as const;

/** A road from bay a over j and k, where it forks to the bays d and e; e has a way in of its own from k. */
function fork() {
  const kinds = { a: "endpoint", d: "endpoint", e: "endpoint" } as const;
  const poses = ["a", "j", "k", "m", "d", "e"].map((id, i) => ({
    id,
    xM: [0, 40, 80, 120, 160, 120][i] ?? 0,
    yM: id === "e" ? 40 : 0,
    kind: id in kinds ? ("endpoint" as const) : ("way" as const),
    blocks: [id],
  }));
  const moves = ["aj", "jk", "km", "md", "ke"].map(([from = "", to = ""]) => ({ from, to }));
  const world = new CoreWorld(smallNetwork(poses, moves));
  world.admit(CAR, "a");
  world.request(CAR, "to-park", "d");
  const body = new ModelVehicle(world.zone.network, CAR, 0);
  return {
    world,
    sendTo(place: string, legId = "to-load", more = {}) {
      world.request(CAR, legId, place, { insteadOf: "to-park" as LegId, actionsAtEnd: [pick], ...more });
    },
    order() {
      const leg = committedLegOf(world.zone, world.vehicle(CAR));
      if (leg === undefined) throw new Error("no leg");
      const order = orderOf(world.zone.network, leg);
      body.take(order);
      return order;
    },
  };
}

const edgesOf = (
  order: { readonly edges: readonly { edgeId: EdgeId; released: boolean }[] },
  released: boolean,
) => order.edges.filter((edge) => edge.released === released).map(({ edgeId }) => edgeId);

describe("a vehicle that is sent elsewhere on its way", () => {
  test("goes on with the same order: what it was released to drive stays, what it was shown beyond leads to the new end", () => {
    const { world, sendTo, order } = fork();
    world.tick(2);
    const before = order();
    expect(turningNode(world.zone, CAR)).toBe(before.nodes.findLast((node) => node.released)?.nodeId);
    sendTo("e");
    world.tick();
    const after = order();
    expect(after.orderId).toBe(before.orderId);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(edgesOf(after, true)).toEqual(edgesOf(before, true));
    expect(edgesOf(after, false).at(-1)).toBe("k>e");
    expect(at(after.nodes, after.nodes.length - 1)).toMatchObject({ nodeId: "e", actions: [pick] });
    expect(world.said("legAbandoned")).toMatchObject([{ legId: "to-park", ok: true }]);
    expect(world.said("legPlanned").at(-1)).toMatchObject({ legId: "to-load" });
    world.tick(400);
    expect(world.said("legCompleted")).toMatchObject([{ legId: "to-load", nodeId: "e" }]);
  });

  test("has its old end until it has the new one: someone else may go there from the same tick on, and not before", () => {
    const { world, sendTo } = fork();
    world.admit("other", "e");
    world.tick(2);
    sendTo("e");
    world.tick(3);
    expect(world.leg(CAR).request.legId, "its place is taken: it drives on").toBe("to-park");
    expect(world.said("legAbandoned")).toEqual([]);
    world.command({ kind: "dismiss", vehicleId: "other" as VehicleId });
    world.tick();
    expect(world.leg(CAR).request.legId).toBe("to-load");
  });

  test("for whom there is no place on its way drives to its old end, and from there", () => {
    const poses = ["a", "b", "c"].map((id, i) => ({
      id,
      xM: 40 * i,
      yM: 0,
      kind: "endpoint" as const,
      blocks: [id],
    }));
    const world = new CoreWorld(
      smallNetwork(poses, [
        { from: "a", to: "b" },
        { from: "b", to: "c" },
      ]),
    );
    world.admit(CAR, "a");
    world.request(CAR, "to-park", "b");
    world.tick(2);
    expect(turningNode(world.zone, CAR), "its end is granted").toBeUndefined();
    world.request(CAR, "to-load", "c", { insteadOf: "to-park" as LegId });
    world.tick(200);
    expect(world.said("legCompleted").map((event) => "legId" in event && event.legId)).toEqual([
      "to-park",
      "to-load",
    ]);
    expect(world.said("legRefused")).toEqual([]);
  });

  test("goes there at once, when it is to go at once or never", () => {
    const { world, sendTo } = fork();
    world.tick(2);
    sendTo("e", "to-load", { orNever: true });
    world.tick();
    expect(world.leg(CAR).request.legId).toBe("to-load");
    sendTo("e", "to-load", { orNever: true });
    world.tick(400);
    expect(world.said("legRefused"), "asked again it is told how it stands").toEqual([]);
    expect(world.said("legCompleted")).toMatchObject([{ legId: "to-load", nodeId: "e" }]);
  });

  test("never goes there later, when it was to go at once or never and could not: it does at its end what it was to do", () => {
    const { world, sendTo } = fork();
    world.admit("other", "e");
    world.tick(2);
    sendTo("e", "to-load", { orNever: true });
    world.tick(2);
    expect(world.said("legRefused")).toMatchObject([{ legId: "to-load", reason: "not-turned" }]);
    world.command({ kind: "dismiss", vehicleId: "other" as VehicleId });
    world.tick(400);
    expect(world.said("legCompleted")).toMatchObject([{ legId: "to-park", nodeId: "d" }]);
    sendTo("e", "to-load-2", { orNever: true });
    world.tick(400);
    expect(world.said("legRefused").at(-1)).toMatchObject({ legId: "to-load-2", reason: "not-turned" });
    expect(world.vehicle(CAR).leg?.request.legId).toBe("to-park");
  });

  test("is not sent from a leg that it is not on", () => {
    const { world, sendTo } = fork();
    world.tick(2);
    expect(turningNode(world.zone, CAR, "to-park" as LegId)).toBeDefined();
    expect(turningNode(world.zone, CAR, "another" as LegId)).toBeUndefined();
    sendTo("e", "to-load", { orNever: true, insteadOf: "another" as LegId });
    world.tick();
    expect(world.said("legRefused")).toMatchObject([{ legId: "to-load", reason: "not-turned" }]);
    expect(world.leg(CAR).request.legId).toBe("to-park");
  });

  test("is on the same way as before, exactly, when there is none to where it is to go", () => {
    const { world } = fork();
    world.tick(2);
    const closure = { closureId: "x" as ClosureId, edgeIds: ["k>e" as EdgeId], reason: "works" };
    world.command({ kind: "close", closure });
    world.tick();
    const { zone } = world;
    retime(zone);
    takeChange(zone);
    const before = snapshotOf(zone);
    const pending = {
      request: { ...world.leg(CAR).request, legId: "to-load" as LegId, toNodeId: "e" as NodeId },
      goal: zone.network.poseIndex("e" as NodeId) ?? -1,
      vias: [],
      throughPose: undefined,
      proceeded: new Set<number>(),
      saidWaiting: undefined,
      sinceTick: zone.tick,
      notBeforeTick: zone.tick,
      tries: 0,
      toldToStay: false,
    };
    expect(turn(zone, world.vehicle(CAR), world.leg(CAR), pending).kind).not.toBe("turned");
    expect(snapshotOf(zone)).toEqual(before);
  });

  test("is known to a ledger that was rebuilt by the order that it has", () => {
    const { world, sendTo, order } = fork();
    world.tick(2);
    sendTo("e");
    world.tick(2);
    const { network, settings } = world.zone;
    const vehicle = world.vehicle(CAR);
    vehicle.version = 1;
    const itinerary = itineraryOf(world.zone, vehicle, world.leg(CAR));
    expect(itinerary).toMatchObject({ legId: "to-load", orderedAs: "to-park", toNodeId: "e" });
    const told = order();
    const account: Account = {
      vehicleId: CAR,
      pose: network.poseAlong(0, 0),
      legId: "to-park" as LegId,
      lastNodeId: "a" as NodeId,
      releasedEdgeIds: edgesOf(told, true),
      releasedNodeIds: [],
      isOrderDone: false,
      confirmedProbe: true,
    };
    const known = testimonyOf({ network, settings }, account, {
      vehicle: storeVehicle(world.zone, vehicle),
      itinerary,
    });
    expect(known?.stuck).toBeUndefined();
    expect(known?.itinerary).toMatchObject({ legId: "to-load", orderedAs: "to-park" });
  });
});

describe("a vehicle that has failed on its way, and is sent elsewhere", () => {
  const fail = { kind: "fail", vehicleId: CAR, reason: "flat battery" } as const;
  const recover = { kind: "recover", vehicleId: CAR } as const;

  test("is rid of its old leg at once, and goes to its new end when it is back at work", () => {
    const { world, sendTo, order } = fork();
    world.tick(2);
    const before = order();
    world.command(fail);
    sendTo("e", "to-load", { orNever: true });
    world.tick();
    expect(world.said("legAbandoned")).toMatchObject([{ legId: "to-park", ok: true }]);
    const after = order();
    expect(after.orderId, "it goes on with the order that it has").toBe(before.orderId);
    expect(edgesOf(after, true), "what it was released to drive stays").toEqual(edgesOf(before, true));
    expect(edgesOf(after, false), "and nothing leads to the old end any more").toEqual([]);
    world.tick(100);
    expect(world.said("legCompleted")).toEqual([]);
    world.command(recover);
    world.tick(400);
    expect(world.said("legCompleted")).toMatchObject([{ legId: "to-load", nodeId: "e" }]);
    expect(world.said("legRefused")).toEqual([]);
  });

  test("may still drive to an end that is granted: it is refused", () => {
    const { world, sendTo } = fork();
    world.tick(2);
    for (let i = 0; i < 400 && turningNode(world.zone, CAR) !== undefined; i++) world.tick();
    world.command(fail);
    expect(turningNode(world.zone, CAR)).toBeUndefined();
    sendTo("e", "to-load", { orNever: true });
    world.tick();
    expect(world.said("legRefused")).toMatchObject([{ legId: "to-load", reason: "not-turned" }]);
    expect(world.leg(CAR).request.legId).toBe("to-park");
  });

  test("is rid of what it was asked for last and has not begun", () => {
    const { world, sendTo } = fork();
    world.admit("other", "d");
    world.tick();
    expect(world.said("legWaiting")).toMatchObject([{ legId: "to-park", reason: "endpoint-taken" }]);
    expect(turningNode(world.zone, CAR, "to-park" as LegId)).toBeUndefined();
    world.command(fail);
    world.tick();
    expect(turningNode(world.zone, CAR, "to-park" as LegId)).toBe("a");
    sendTo("e", "to-load", { orNever: true });
    world.tick();
    expect(world.said("legAbandoned")).toMatchObject([{ legId: "to-park", ok: true }]);
    expect(world.said("legRefused")).toMatchObject([{ legId: "to-load", reason: "not-turned" }]);
    world.command({ kind: "dismiss", vehicleId: "other" as VehicleId });
    world.command(recover);
    world.tick(400);
    expect(world.vehicle(CAR).leg, "nobody wants anything of it").toBeUndefined();
  });

  test("has failed while it waited to be sent there: it is to go there, too, when it is back", () => {
    const { world, sendTo } = fork();
    world.admit("other", "e");
    world.tick(2);
    sendTo("e");
    world.tick();
    world.command(fail);
    world.command({ kind: "dismiss", vehicleId: "other" as VehicleId });
    world.tick();
    expect(world.leg(CAR).request.legId).toBe("to-load");
    world.command(recover);
    world.tick(400);
    expect(world.said("legCompleted")).toMatchObject([{ legId: "to-load", nodeId: "e" }]);
  });
});

const layouts: readonly Layout[] = [ring(8), ladder(7), singleTrack(4, 4)];

test("whoever is sent elsewhere, whenever and as often as may be: orders stay feasible, and everybody ends where it was sent last", () => {
  const scenes = fc.record({ layout: fc.constantFrom(...layouts), seed: fc.integer({ min: 0, max: 1e6 }) });
  let turned = 0;
  fc.assert(
    fc.property(scenes, ({ layout, seed }) => {
      const random = randomOf(seed);
      const world = new CoreWorld(layout.network, { share: () => random() });
      const bays = [...layout.bays].sort(() => random() - 0.5);
      const count = Math.max(2, Math.floor(bays.length / 3));
      const ends = new Map<VehicleId, { legId: string; bay: string }>();
      for (let i = 0; i < count; i++) {
        const car = world.admit(`car-${i}`, at(bays, i));
        ends.set(car, { legId: `leg-${i}`, bay: at(bays, count + i) });
        world.request(car, `leg-${i}`, at(bays, count + i));
      }
      for (let round = 0; round < 40; round++) {
        world.tick(4);
        retime(world.zone);
        expect(infeasibilities(world.zone)).toEqual([]);
        for (const [car, end] of ends) {
          const { leg } = world.vehicle(car);
          if (random() > 0.1 || leg?.request.legId !== end.legId || leg.completed) continue;
          const taken = new Set([...ends.values()].map(({ bay }) => bay));
          const free = bays.slice(count).filter((bay) => !taken.has(bay));
          const bay = free[Math.floor(random() * free.length)];
          if (bay === undefined) continue;
          const legId = `${end.legId}~`;
          ends.set(car, { legId, bay });
          world.request(car, legId, bay, { insteadOf: end.legId as LegId });
        }
      }
      world.tick(3000);
      for (const [car, { legId, bay }] of ends) {
        expect(world.leg(car)).toMatchObject({ completed: true, request: { legId, toNodeId: bay } });
      }
      turned += world.said("legAbandoned").length;
    }),
    { numRuns: 30 },
  );
  expect(turned).toBeGreaterThan(30);
}, 60_000);
