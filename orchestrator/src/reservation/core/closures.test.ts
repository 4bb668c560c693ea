import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Closure, ClosureId } from "../port.ts";
import { CoreWorld } from "../testing/core-world.ts";
import { type Layout, ladder, ring, singleTrack } from "../testing/layouts.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { randomOf } from "../testing/traffic.ts";
import { isGranted } from "./claims.ts";
import { closuresOf, restoreClosures } from "./closures.ts";
import { createZone } from "./create-zone.ts";
import { at, row } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

function closure(id: string, ...edgeIds: string[]): Closure {
  return { closureId: id as ClosureId, edgeIds: edgeIds as EdgeId[], reason: "spilled load" };
}

/** Two ways from a to d: the short one over b, the long one over c. Beyond d only one way leads, to e. */
function fork(): CoreWorld {
  const poses = [
    { id: "a", xM: 0, yM: 0, kind: "endpoint" as const, blocks: ["a"] },
    { id: "j", xM: 40, yM: 0, kind: "way" as const, blocks: ["j"] },
    { id: "p", xM: 65, yM: 0, kind: "way" as const, blocks: ["p"] },
    { id: "b", xM: 95, yM: 0, kind: "way" as const, blocks: ["b"] },
    { id: "c", xM: 80, yM: 60, kind: "way" as const, blocks: ["c"] },
    { id: "d", xM: 120, yM: 0, kind: "endpoint" as const, blocks: ["d"] },
    { id: "e", xM: 160, yM: 0, kind: "endpoint" as const, blocks: ["e"] },
  ];
  const moves = ["aj", "jp", "pb", "jc", "bd", "cd", "de"].map(([from = "", to = ""]) => ({ from, to }));
  return new CoreWorld(smallNetwork(poses, moves));
}

function troubles(world: CoreWorld): unknown[] {
  return world.said("trouble").map((event) => ("code" in event ? [event.code, event.vehicleId] : []));
}

describe("closed ground", () => {
  test("is driven around by those that had planned to go over it", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.request(car, "leg", "d");
    world.tick(2);
    expect(world.leg(car).runs.map((run) => run.to)).toContain(2);
    world.command({ kind: "close", closure: closure("x", "p>b") });
    world.tick(400);
    expect(world.said("legCompleted")).toHaveLength(1);
    const over = world.said("reached").map((event) => ("nodeId" in event ? event.nodeId : ""));
    expect(over).toContain("c");
    expect(over).not.toContain("b");
    // The new way takes longer, and that was said.
    expect(world.said("legPlanned").length).toBeGreaterThan(1);
  });

  test("on the only way leaves a vehicle standing, said once; it goes on by itself when the ground is open again", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.request(car, "leg", "e");
    world.tick(2);
    world.command({ kind: "close", closure: closure("x", "d>e") });
    world.tick(600);
    expect(troubles(world)).toEqual([["trapped", car]]);
    expect(world.leg(car).cut).toBe(true);
    world.command({ kind: "open", closureId: "x" as ClosureId });
    world.tick(400);
    expect(world.said("legCompleted")).toHaveLength(1);
    expect(troubles(world)).toHaveLength(1);
  });

  test("that is granted already is driven to the end of the grant, and no further", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.request(car, "leg", "e");
    world.tick(2);
    const granted = world.leg(car).grantedRuns;
    expect(granted).toBeGreaterThan(0);
    world.command({ kind: "close", closure: closure("x", "a>j", "j>p", "p>b", "b>d", "j>c", "c>d", "d>e") });
    world.tick(300);
    expect(world.leg(car).grantedRuns).toBe(granted);
    expect(world.leg(car).atPose).toBe(granted);
  });

  test("makes a leg to it wait, and says why", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.command({ kind: "close", closure: closure("x", "d>e") });
    world.request(car, "leg", "e");
    world.tick(5);
    expect(world.said("legWaiting")).toMatchObject([{ reason: "ground-closed" }]);
    world.command({ kind: "open", closureId: "x" as ClosureId });
    world.tick(400);
    expect(world.said("legCompleted")).toHaveLength(1);
  });

  test("is closed as long as one of several closures covers it; closing and opening again is harmless", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.command({ kind: "close", closure: closure("x", "d>e") });
    world.command({ kind: "close", closure: closure("x", "d>e") });
    world.command({ kind: "close", closure: closure("y", "d>e") });
    world.command({ kind: "open", closureId: "x" as ClosureId });
    world.command({ kind: "open", closureId: "x" as ClosureId });
    world.request(car, "leg", "e");
    world.tick(20);
    expect(world.vehicle(car).leg).toBeUndefined();
    world.command({ kind: "open", closureId: "y" as ClosureId });
    world.tick(400);
    expect(world.said("legCompleted")).toHaveLength(1);
  });

  test("under a vehicle may be left by it", () => {
    const world = fork();
    const car = world.admit("car", "d");
    world.command({ kind: "close", closure: closure("x", "b>d") });
    world.request(car, "leg", "e");
    world.tick(300);
    expect(world.said("legCompleted")).toHaveLength(1);
  });

  test("is kept over a change of leader", () => {
    const world = fork();
    world.command({ kind: "close", closure: closure("x", "d>e") });
    world.tick();
    const next = createZone(world.zone.network, world.zone.settings);
    restoreClosures(next, closuresOf(world.zone));
    expect(next.closures).toEqual(world.zone.closures);
    expect(next.closedCount).toEqual(world.zone.closedCount);
    expect(next.shutRuns).toEqual(world.zone.shutRuns);
  });
});

describe("a vehicle that has failed", () => {
  test("is driven around; who has no other way stands, is named once, and goes on when it is back", () => {
    const world = fork();
    const first = world.admit("first", "p");
    const second = world.admit("second", "a");
    world.request(first, "1", "e");
    // Somewhere on its way to b.
    world.tick(20);
    world.request(second, "2", "d");
    world.command({ kind: "fail", vehicleId: first, reason: "flat tyre" });
    world.tick(600);
    const over = world.said("reached").filter((event) => "vehicleId" in event && event.vehicleId === second);
    expect(over.map((event) => ("nodeId" in event ? event.nodeId : ""))).not.toContain("b");
    expect(world.said("legCompleted")).toMatchObject([{ vehicleId: second }]);
    world.request(second, "3", "e");
    world.tick(300);
    world.command({ kind: "recover", vehicleId: first });
    world.tick(600);
    // Its own place was given away meanwhile.
    expect(troubles(world)).toEqual([["trapped", first]]);
    world.command({ kind: "dismiss", vehicleId: second });
    world.tick(300);
    expect(world.said("legCompleted").at(-1)).toMatchObject({ vehicleId: first, legId: "1" });
  });

  test("keeps all it holds, and gives up the rest", () => {
    const world = fork();
    const car = world.admit("car", "a");
    world.request(car, "leg", "e");
    world.tick(20);
    const held = world.zone.claims.queues.map((_, block) => world.zone.claims.holder(block)?.vehicleId);
    world.command({ kind: "fail", vehicleId: car, reason: "flat tyre" });
    world.tick();
    const granted = world.leg(car).grantedRuns;
    expect(world.leg(car).runs).toHaveLength(granted);
    expect(world.vehicle(car).visits.every((visit) => visit.first < granted)).toBe(true);
    // It may stand anywhere within: nothing of it has an end that could be told.
    expect(world.vehicle(car).visits.every((visit) => visit.clearTick === ENDLESS)).toBe(true);
    expect(held.filter((holder) => holder === car).length).toBeGreaterThan(0);
    const left = world.zone.claims.queues.map((_, block) => world.zone.claims.holder(block)?.vehicleId);
    expect(left.filter((holder) => holder === car).length).toBeGreaterThan(0);
  });

  test("at a place makes legs to that place wait, and says why", () => {
    const world = fork();
    const broken = world.admit("broken", "e");
    const car = world.admit("car", "a");
    world.command({ kind: "fail", vehicleId: broken, reason: "flat tyre" });
    world.request(car, "leg", "e");
    world.tick(10);
    expect(world.said("legWaiting")).toMatchObject([{ reason: "ground-closed" }]);
    world.command({ kind: "dismiss", vehicleId: broken });
    world.tick(400);
    expect(world.said("legCompleted")).toHaveLength(1);
  });
});

test("after a leg was taken back, those that were to pass behind it are planned around it", () => {
  const world = fork();
  const first = world.admit("first", "j");
  const second = world.admit("second", "a");
  world.request(first, "1", "e");
  world.request(second, "2", "d");
  world.tick();
  world.command({ kind: "abandonLeg", vehicleId: first, legId: "1" as never });
  world.tick(50);
  expect(troubles(world)).toEqual([["trapped", second]]);
  world.request(first, "3", "e");
  world.tick(600);
  expect(world.said("legCompleted").map((event) => "legId" in event && event.legId)).toEqual(["3", "2"]);
});

test("a leg that becomes urgent is let by where nothing is granted yet", () => {
  // Two bays join one lane to two others.
  const poses = [
    { id: "w1", xM: 0, yM: 20, kind: "endpoint" as const, blocks: ["w1"] },
    { id: "w2", xM: 0, yM: -20, kind: "endpoint" as const, blocks: ["w2"] },
    { id: "v1", xM: 40, yM: 20, kind: "way" as const, blocks: ["v1"] },
    { id: "v2", xM: 40, yM: -20, kind: "way" as const, blocks: ["v2"] },
    { id: "j", xM: 100, yM: 0, kind: "way" as const, blocks: ["j"] },
    { id: "k", xM: 140, yM: 0, kind: "way" as const, blocks: ["k"] },
    { id: "e1", xM: 180, yM: 20, kind: "endpoint" as const, blocks: ["e1"] },
    { id: "e2", xM: 180, yM: -20, kind: "endpoint" as const, blocks: ["e2"] },
  ];
  const moves = ["w1>v1", "w2>v2", "v1>j", "v2>j", "j>k", "k>e1", "k>e2"].map((edge) => {
    const [from = "", to = ""] = edge.split(">");
    return { from, to };
  });
  const arrivals = (hurry: boolean): unknown[] => {
    const world = new CoreWorld(smallNetwork(poses, moves), {
      settings: {
        switching: {
          jump: false,
          jumpSearchCap: 0,
          jumpCostWeight: 1,
          mostTimesJumped: 0,
          replansPerTick: 0,
          replanAfterMs: 0,
          replanCoolDownMs: 0,
        },
      },
    });
    const one = world.admit("one", "w1");
    const two = world.admit("two", "w2");
    world.request(one, "1", "e1");
    world.request(two, "2", "e2");
    world.tick(2);
    if (hurry) world.command({ kind: "prioritise", vehicleId: two, legId: "2" as never, priority: 5 });
    world.tick(600);
    return world.said("legCompleted").map((event) => "vehicleId" in event && event.vehicleId);
  };
  expect(arrivals(false)).toEqual(["one", "two"]);
  expect(arrivals(true)).toEqual(["two", "one"]);
});

test("a flood of urgent legs to one place does not starve a patient one", () => {
  // Bays around a ring; everybody wants bay 0, and leaves it again at once.
  const layout = ring(8);
  const world = new CoreWorld(layout.network, { settings: { ageingMs: 10_000 } });
  const cars = Array.from({ length: 5 }, (_, i) => world.admit(`car-${i}`, `bay${i + 1}`));
  const patient = at(cars, 0);
  let legs = 0;
  const ask = (car: VehicleId, to: string, priority: number): void =>
    world.request(car, `${car}/${legs++}`, to, { priority });
  world.tick();
  for (const car of cars) if (car !== patient) ask(car, "bay0", 9);
  world.tick();
  ask(patient, "bay0", 0);
  let heard = 0;
  for (let i = 0; i < 4000; i++) {
    world.tick();
    for (; heard < world.events.length; heard++) {
      const event = at(world.events, heard);
      if (event.kind !== "legCompleted") continue;
      if (event.vehicleId === patient) return;
      // Away from bay 0, and back to the queue for it.
      const home = `bay${cars.indexOf(event.vehicleId) + 1}`;
      if (event.nodeId === "bay0") ask(event.vehicleId, home, 9);
      else ask(event.vehicleId, "bay0", 9);
    }
  }
  throw new Error(`the patient one was passed by ${world.said("legCompleted").length} others`);
});

describe("random closures and failures", () => {
  const layouts: readonly Layout[] = [ring(8), ladder(7), singleTrack(4, 4)];

  test("never move anyone over closed ground, and all legs end once everything is open and whole again", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.integer({ min: 0, max: 1e6 }), (which, seed) => {
        const layout = at(layouts, which);
        const random = randomOf(seed);
        const world = new CoreWorld(layout.network, { share: () => 0.3 + 0.7 * random() });
        const { zone } = world;
        const bays = [...layout.bays].sort(() => random() - 0.5);
        const count = Math.floor(bays.length / 2);
        const cars: VehicleId[] = [];
        for (let i = 0; i < count; i++) {
          cars.push(world.admit(`car-${i}`, at(bays, i)));
          world.request(at(cars, i), `leg-${i}`, at(bays, count + i));
        }
        for (let i = 0; i < 60; i++) {
          const edge = at(zone.network.moves.edgeIds, Math.floor(random() * zone.network.moves.count));
          if (random() < 0.15) world.command({ kind: "close", closure: closure(`c${i % 3}`, edge) });
          if (random() < 0.15)
            world.command({ kind: "open", closureId: `c${Math.floor(random() * 3)}` as ClosureId });
          const vehicleId = at(cars, Math.floor(random() * count));
          if (random() < 0.1) world.command({ kind: "fail", vehicleId, reason: "test" });
          if (random() < 0.15) world.command({ kind: "recover", vehicleId });
          world.tick(5);
          // Nobody plans to come onto closed ground.
          zone.claims.queues.forEach((queue, block) => {
            if (at(zone.closedCount, block) > 0)
              expect(queue.filter((visit) => !isGranted(visit))).toEqual([]);
          });
        }
        for (let i = 0; i < 3; i++) world.command({ kind: "open", closureId: `c${i}` as ClosureId });
        for (const vehicleId of cars) world.command({ kind: "recover", vehicleId });
        for (let i = 0; i < 600 && world.said("legCompleted").length < count; i++) world.tick(5);
        expect(world.said("legCompleted")).toHaveLength(count);
        // Ground is left as everybody's goal has it.
        for (const car of cars) {
          const body = row(zone.network.poses.blocks, world.vehicle(car).pose);
          for (const block of body) expect(zone.claims.holder(block)?.vehicleId).toBe(car);
        }
      }),
      { numRuns: 60 },
    );
  });
});
