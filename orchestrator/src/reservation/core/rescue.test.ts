import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, Network, NodeId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Closure, ClosureId } from "../port.ts";
import { CoreWorld, infeasibilities } from "../testing/core-world.ts";
import { type Layout, ladder, ring, singleTrack } from "../testing/layouts.ts";
import { type SmallPose, smallNetwork } from "../testing/small-network.ts";
import { randomOf } from "../testing/traffic.ts";
import { endOf } from "./queue.ts";
import { at } from "./runs.ts";

const LONG_TICKS = 400;

const completed = (world: CoreWorld): string[] =>
  world.said("legCompleted").flatMap((event) => ("nodeId" in event ? [event.vehicleId] : []));

const endsAt = (world: CoreWorld, vehicleId: VehicleId): string =>
  at(world.zone.network.poses.nodeIds, endOf(world.leg(vehicleId)));

/** Whoever waits at a stop may go on at once. */
function drive(world: CoreWorld, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    world.tick();
    for (const event of world.events)
      if (event.kind === "waitingAt") world.command({ ...event, kind: "proceed" });
    expect(infeasibilities(world.zone)).toEqual([]);
  }
}

describe("a vehicle on the road whose own place is taken", () => {
  /** It stands at r0, on the way of two others; every bay that is free is where someone is to go. */
  function stuck() {
    const world = new CoreWorld(ring(6).network);
    const owner = world.admit("owner", "bay2");
    world.request(owner, "0", "bay1");
    world.tick();
    world.command({ kind: "fail", vehicleId: owner, reason: "flat tyre" });
    world.tick(30);
    const onTheRoad = world.admit("on-the-road", "r0");
    world.request(onTheRoad, "1", "bay2");
    const passer = world.admit("passer", "bay5");
    world.request(passer, "2", "bay3");
    const waiter = world.admit("waiter", "bay4");
    world.request(waiter, "3", "bay0");
    world.tick(30);
    return { world, owner };
  }

  test("goes to one that somebody else waits for in the end, if there is no other: the road is free, and whoever can go on goes", () => {
    const { world, owner } = stuck();
    expect(completed(world)).toEqual([]);
    world.tick(LONG_TICKS);
    // It left the first one's way, then the second one's place.
    expect(completed(world).sort()).toEqual(["passer", "waiter"]);
    world.command({ kind: "recover", vehicleId: owner });
    world.tick(LONG_TICKS);
    expect(completed(world).sort()).toEqual(["on-the-road", "owner", "passer", "waiter"]);
  });

  test("leaves such a place to who waits for it as long as what is in the way may drive off", () => {
    const { world, owner } = stuck();
    world.command({ kind: "recover", vehicleId: owner });
    world.tick(LONG_TICKS);
    const refuges = world
      .said("reached")
      .flatMap((event) => ("nodeId" in event && event.vehicleId === "on-the-road" ? [event.nodeId] : []));
    expect(refuges).not.toContain("bay0");
    expect(completed(world)).toHaveLength(4);
  });
});

/** Ways between poses in rows of a name and a place; those named are endpoints, and each has a block of its own. */
function network(
  endpoints: string,
  places: readonly (readonly [id: string, xM: number, yM: number])[],
  edges: string,
): Network {
  const ends = new Set(endpoints.split(" "));
  const poses = places.map(
    ([id, xM, yM]): SmallPose => ({
      id,
      xM,
      yM,
      kind: ends.has(id) ? "endpoint" : "way",
      blocks: [id],
    }),
  );
  const moves = edges.split(" ").map((edge) => {
    const [from = "", to = ""] = edge.split(">");
    return { from, to };
  });
  return smallNetwork(poses, moves);
}

describe("a vehicle that is to join a full queue", () => {
  /** A yard of three bays, a road with a dock beside it to a gate, and behind that a queue of two places, and one far off. */
  function lane(): CoreWorld {
    const roads = network(
      "a b c dock head far",
      [
        ["a", 0, 0],
        ["b", 0, 40],
        ["c", 0, 80],
        ["yard", 40, 20],
        ["in", 80, 20],
        ["dock", 120, -20],
        ["by", 120, 20],
        ["gate", 160, 20],
        ["tail", 200, 20],
        ["head", 240, 20],
        ["back", 240, 80],
        ["home", -40, 80],
        ["far", 160, -60],
      ],
      "gate>far far>home a>yard b>yard c>yard yard>in in>dock in>by by>gate dock>gate gate>tail tail>head head>back gate>home back>home home>yard home>a home>b home>c",
    );
    const values = Int32Array.from(["tail", "head"], (id) => roads.poseIndex(id as NodeId) ?? -1);
    const queues = { count: 1, ids: ["q"], places: { offsets: Int32Array.from([0, 2]), values } };
    return new CoreWorld({ ...roads, queues });
  }

  const works: Closure = {
    closureId: "works" as ClosureId,
    edgeIds: ["by>gate" as EdgeId],
    reason: "a test",
  };
  const via = [{ nodeId: "gate" as NodeId, expectedDwellMs: 0 }];

  test("and went aside changes places with the one at the head that is sent there; those between move up, and one for whom there is no place waits on", () => {
    const world = lane();
    // Two that are to join the queue are cut in their bays, and meanwhile others come to be in it.
    const aside = world.admit("aside", "a");
    const another = world.admit("another", "b");
    world.request(aside, "1", "head", { via });
    world.request(another, "2", "head", { via });
    world.tick();
    world.command({ kind: "close", closure: works });
    const first = world.admit("first", "head");
    const second = world.admit("second", "by");
    world.tick(20);
    world.request(second, "3", "head", { priority: 9 });
    world.command({ kind: "open", closureId: works.closureId });
    // Someone is to go to the bay of one of them, which goes aside.
    const other = world.admit("other", "c");
    world.request(other, "4", "a");
    world.tick(LONG_TICKS);
    expect([endsAt(world, aside), world.leg(aside).cut]).toEqual(["dock", true]);
    expect([endsAt(world, another), world.leg(another).cut]).toEqual(["b", true]);
    expect(endsAt(world, second)).toBe("tail");
    // There is no other place to go to.
    world.admit("parked", "c");
    world.request(first, "5", "dock");
    drive(world, 2 * LONG_TICKS);
    expect(completed(world).sort()).toEqual(["first", "other", "second"]);
    expect(endsAt(world, second)).toBe("head");
    expect([endsAt(world, aside), world.leg(aside).cut]).toEqual(["tail", false]);
    expect([endsAt(world, another), world.leg(another).cut]).toEqual(["b", true]);
  });

  test("and waits on the way of the one at the head, that has to leave first, is planned together with it", () => {
    const world = lane();
    for (const bay of ["a", "b", "c", "dock"]) world.admit(`at-${bay}`, bay);
    const waits = world.admit("waits", "yard");
    world.request(waits, "1", "head", { via });
    world.tick(2);
    world.command({ kind: "close", closure: works });
    const first = world.admit("first", "head");
    const second = world.admit("second", "tail");
    world.request(second, "2", "head");
    world.tick(20);
    world.command({ kind: "open", closureId: works.closureId });
    world.request(first, "3", "far");
    world.tick(5);
    expect([endsAt(world, second), world.leg(waits).cut]).toEqual(["tail", true]);
    drive(world, 2 * LONG_TICKS);
    expect(completed(world).sort()).toEqual(["first", "second"]);
    expect([endsAt(world, waits), world.leg(waits).cut]).toEqual(["tail", false]);
  });
});

test("a vehicle between its stops whose place is taken goes on through those that are left, to a place beyond, and so do those behind it", () => {
  const world = new CoreWorld(
    network(
      "a b x y z",
      [
        ["a", 0, 0],
        ["portal", 40, 0],
        ["mid", 80, 0],
        ["gate", 120, 0],
        ["fork", 160, 0],
        ["x", 200, -30],
        ["y", 200, 0],
        ["z", 200, 30],
        ["b", 200, -70],
        ["home", 240, 0],
      ],
      "a>portal portal>mid mid>gate gate>fork fork>x fork>y fork>z b>x x>home y>home z>home home>a home>b",
    ),
  );
  const via = ["portal", "gate"].map((nodeId) => ({ nodeId: nodeId as NodeId, expectedDwellMs: 0 }));
  const ahead = world.admit("ahead", "a");
  world.request(ahead, "1", "x", { via });
  const works: Closure = {
    closureId: "works" as ClosureId,
    edgeIds: ["gate>fork" as EdgeId],
    reason: "a test",
  };
  // It stands at the portal when its place is given away.
  world.tick(60);
  world.command({ kind: "close", closure: works });
  const taker = world.admit("taker", "b");
  world.request(taker, "2", "x");
  world.tick(100);
  const behind = world.admit("behind", "a");
  world.request(behind, "3", "z", { via });
  world.command({ kind: "open", closureId: works.closureId });
  drive(world, LONG_TICKS);
  expect(completed(world)).toEqual(["taker", "behind"]);
  expect([endsAt(world, ahead), world.leg(ahead).cut]).toEqual(["y", true]);
  expect(
    world
      .said("waitingAt")
      .map((event) => "nodeId" in event && `${event.vehicleId} ${event.nodeId}`)
      .sort(),
  ).toEqual(["ahead gate", "ahead portal", "behind gate", "behind portal"]);
  world.request(taker, "4", "b");
  drive(world, 2 * LONG_TICKS);
  expect(completed(world)).toEqual(["taker", "behind", "taker", "ahead"]);
});

const layouts: readonly Layout[] = [ring(8), ladder(8), singleTrack(5, 4)];

test("in a place as full as can be, each to go where another leaves, all legs end once everything is open and whole again", () => {
  fc.assert(
    fc.property(fc.constantFrom(...layouts), fc.integer({ min: 0, max: 1e6 }), (layout, seed) => {
      const random = randomOf(seed);
      const world = new CoreWorld(layout.network, { share: () => 0.3 + 0.7 * random() });
      const { moves } = world.zone.network;
      const mixed = [...layout.bays].sort(() => random() - 0.5);
      const west = mixed.filter((bay) => bay.startsWith("bayW"));
      const east = mixed.filter((bay) => bay.startsWith("bayE"));
      // Of a single track each leg leads to the other side.
      const bays = west.length === 0 ? mixed : west.flatMap((bay, i) => [bay, at(east, i)]);
      const free = west.length === 0 ? 2 : 1;
      const cars = bays.slice(free).map((_, i) => world.admit(`car-${i}`, at(bays, i)));
      for (let i = cars.length - 1; i >= 0; i--) {
        world.request(at(cars, i), `leg-${i}`, at(bays, i + free));
        world.tick();
      }
      for (let i = 0; i < 60; i++) {
        const edgeId = at(moves.edgeIds, Math.floor(random() * moves.count));
        const vehicleId = at(cars, Math.floor(random() * cars.length));
        const closure = { closureId: `c${i % 3}` as ClosureId, edgeIds: [edgeId], reason: "a test" };
        if (random() < 0.15) world.command({ kind: "close", closure });
        if (random() < 0.15)
          world.command({ kind: "open", closureId: `c${Math.floor(random() * 3)}` as ClosureId });
        if (random() < 0.2) world.command({ kind: "fail", vehicleId, reason: "a test" });
        if (random() < 0.2) world.command({ kind: "recover", vehicleId });
        world.tick(5);
      }
      for (let i = 0; i < 3; i++) world.command({ kind: "open", closureId: `c${i}` as ClosureId });
      for (const vehicleId of cars) world.command({ kind: "recover", vehicleId });
      for (let i = 0; i < 1000 && completed(world).length < cars.length; i++) world.tick(5);
      expect(new Set(completed(world))).toEqual(new Set(cars));
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 60_000);
