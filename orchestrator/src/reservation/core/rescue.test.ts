import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import type { ClosureId } from "../port.ts";
import { CoreWorld, infeasibilities } from "../testing/core-world.ts";
import { ring } from "../testing/layouts.ts";
import { type SmallPose, smallNetwork } from "../testing/small-network.ts";
import { endOf } from "./queue.ts";
import { at } from "./runs.ts";

const LONG_TICKS = 400;

const completed = (world: CoreWorld): string[] =>
  world.said("legCompleted").flatMap((event) => ("nodeId" in event ? [event.vehicleId] : []));

const endsAt = (world: CoreWorld, vehicleId: VehicleId): string =>
  at(world.zone.network.poses.nodeIds, endOf(world.leg(vehicleId)));

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

describe("a vehicle that went aside to a place from which only a full queue leads", () => {
  /** A yard of two bays, a road with a dock beside it to a gate, and a queue of two places behind that. */
  function lane() {
    const kinds: Record<string, SmallPose["kind"]> = {
      a: "endpoint",
      b: "endpoint",
      dock: "endpoint",
      head: "endpoint",
    };
    const places: readonly (readonly [string, number, number])[] = [
      ["a", 0, 0],
      ["b", 0, 40],
      ["yard", 40, 20],
      ["in", 80, 20],
      ["dock", 120, -20],
      ["by", 120, 20],
      ["gate", 160, 20],
      ["tail", 200, 20],
      ["head", 240, 20],
      ["back", 240, 80],
      ["home", -40, 80],
    ];
    const poses = places.map(([id, xM, yM]) => ({
      id,
      xM,
      yM,
      kind: kinds[id] ?? ("way" as const),
      blocks: [id],
    }));
    const edges =
      "a>yard b>yard yard>in in>dock in>by by>gate dock>gate gate>tail tail>head head>back gate>home back>home home>a home>b";
    const moves = edges.split(" ").map((edge) => {
      const [from = "", to = ""] = edge.split(">");
      return { from, to };
    });
    const network = smallNetwork(poses, moves);
    const values = Int32Array.from(["tail", "head"], (id) => network.poseIndex(id as NodeId) ?? -1);
    const queues = { count: 1, ids: ["q"], places: { offsets: Int32Array.from([0, 2]), values } };
    return new CoreWorld({ ...network, queues });
  }

  test("changes places with the one at the head that is sent there, and those between move up", () => {
    const world = lane();
    const first = world.admit("first", "head");
    const aside = world.admit("aside", "a");
    const closure = { closureId: "works" as ClosureId, edgeIds: ["by>gate" as EdgeId], reason: "a test" };
    const gate = [{ nodeId: "gate" as NodeId, expectedDwellMs: 0 }];
    world.request(aside, "1", "head", { via: gate });
    world.tick();
    world.command({ kind: "close", closure });
    const second = world.admit("second", "by");
    world.tick(20);
    world.request(second, "2", "head", { priority: 9 });
    world.command({ kind: "open", closureId: closure.closureId });
    const other = world.admit("other", "b");
    world.request(other, "4", "a");
    world.tick(LONG_TICKS);
    expect([endsAt(world, aside), world.leg(aside).cut]).toEqual(["dock", true]);
    expect(endsAt(world, second)).toBe("tail");
    world.request(first, "3", "dock");
    world.tick(2 * LONG_TICKS);
    expect(completed(world).sort()).toEqual(["first", "other", "second"]);
    expect([endsAt(world, aside), world.leg(aside).cut]).toEqual(["tail", false]);
    expect(endsAt(world, second)).toBe("head");
    expect(infeasibilities(world.zone)).toEqual([]);
  });
});
