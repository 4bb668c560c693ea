import type { VehicleId } from "@baton/fleet-adapter";
import { type EdgeId, type NodeId, PoseKind } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AGILE, CoreWorld, infeasibilities } from "../testing/core-world.ts";
import { ladder } from "../testing/layouts.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { randomOf } from "../testing/traffic.ts";
import type { PlanQuestion } from "./plan.ts";
import { raise } from "./retime.ts";
import { at, row } from "./runs.ts";
import { plan, Sipp } from "./sipp.ts";
import { planTail, tailOf } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

interface Scene {
  readonly zone: Zone;
  readonly vehicle: VehicleRecord;
  readonly question: PlanQuestion;
}

/** Others have planned their ways already; one more asks. */
function sceneOf(seed: number, simultaneousMoves: boolean): Scene | undefined {
  const random = randomOf(seed);
  const network = randomNetwork(random);
  const settings = {
    simultaneousMoves,
    tickMs: 1000,
    roundTripMs: 0,
    positionUncertaintyM: 0,
    planHorizonTicks: 150,
  };
  const world = new CoreWorld(network, { settings });
  const places = [...network.poses.nodeIds].filter((_, i) => network.poses.kind[i] !== PoseKind.passing);
  const shuffled = places.sort(() => random() - 0.5);
  const cars: VehicleId[] = [];
  const others = 1 + Math.floor(random() * 3);
  for (let i = 0; i <= others && i < shuffled.length; i++) {
    cars.push(world.admit(`car-${i}`, at(shuffled, i)));
    if (i < others)
      world.request(at(cars, i), `leg-${i}`, at(shuffled, Math.floor(random() * shuffled.length)));
  }
  const one = at(cars, cars.length - 1);
  world.tick();
  const { zone } = world;
  const vehicle = zone.vehicles.get(one);
  if (vehicle === undefined) return undefined;
  const pose = (node: NodeId): number => network.poseIndex(node) ?? -1;
  const vias = random() < 0.4 ? [{ pose: pose(at(shuffled, 0)), dwellTicks: Math.floor(random() * 20) }] : [];
  return {
    zone,
    vehicle,
    question: {
      vehicle,
      from: vehicle.pose,
      fromTick: zone.tick,
      standing: true,
      stopTicks: 0,
      vias,
      goal: pose(at(shuffled, Math.floor(random() * shuffled.length))),
      firstRun: undefined,
      maxExpansions: 1e6,
      latestArrivalTick: ENDLESS,
      trial: undefined,
    },
  };
}

/** Nobody else needs one of the blocks in `[from, to)`. */
function free({ zone, vehicle }: Scene, blocks: Iterable<number>, from: number, to: number): boolean {
  for (const block of blocks) {
    for (const visit of at(zone.claims.queues, block))
      if (visit.vehicle !== vehicle && visit.startTick < to && visit.clearTick > from) return false;
  }
  return true;
}

/** When it would arrive with the road to itself. */
function ticksAlone({ zone, question }: Scene): number {
  const places = [question.from, ...question.vias.map((via) => via.pose), question.goal];
  let tick = question.fromTick;
  for (let i = 1; i < places.length; i++) tick += zone.distances.to(at(places, i)).from(at(places, i - 1));
  return question.vias.reduce((sum, via) => sum + via.dwellTicks, tick);
}

/** The earliest arrival by looking at every pose in every tick; `undefined` when there is none. */
function bruteForce(scene: Scene): number | undefined {
  const { zone, question } = scene;
  const { vias, goal } = question;
  const body = (pose: number): Int32Array => row(zone.network.poses.blocks, pose);
  let now = new Set<string>();
  const later = new Map<number, Set<string>>();
  const put = (tick: number, key: string): void => {
    const there = later.get(tick);
    if (there === undefined) later.set(tick, new Set([key]));
    else there.add(key);
  };
  /** Stands at a pose from `tick` on, with the stops that are to be made there. */
  const come = (pose: number, tick: number, stage: number): void => {
    const via = vias[stage];
    if (via === undefined || via.pose !== pose) put(tick, `${pose} ${stage}`);
    else if (via.dwellTicks === 0 || free(scene, body(pose), tick, tick + via.dwellTicks + 1))
      come(pose, tick + via.dwellTicks, stage + 1);
  };
  come(question.from, question.fromTick, 0);
  for (let tick = question.fromTick; tick <= zone.tick + zone.settings.planHorizonTicks; tick++) {
    now = later.get(tick) ?? new Set();
    later.delete(tick);
    for (const key of now) {
      const [pose = 0, stage = 0] = key.split(" ").map(Number);
      if (stage === vias.length && pose === goal && free(scene, body(pose), tick, ENDLESS + 1)) return tick;
      for (const index of at(zone.table.outgoing, pose)) {
        const run = at(zone.table.runs, index);
        const fits = [...run.blocks].every((block, i) => {
          const clear = at(run.clearTicks, i);
          const until = clear === ENDLESS ? tick + run.ticks + 1 : tick + clear;
          return free(scene, [block], tick + at(run.enterTicks, i), until);
        });
        if (fits) come(run.to, tick + run.ticks, stage);
      }
      if (free(scene, body(pose), tick + 1, tick + 2)) put(tick + 1, key);
    }
  }
  return undefined;
}

describe("a plan", () => {
  test.each([false, true])("arrives as early as any can (moves at once: %s)", (simultaneousMoves) => {
    let held = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const scene = sceneOf(seed, simultaneousMoves);
        if (scene === undefined) return;
        const answer = plan(scene.zone, scene.question);
        const best = bruteForce(scene);
        expect(answer.kind === "found" ? answer.arrivalTick : undefined).toBe(best);
        if (answer.kind === "found" && answer.arrivalTick > ticksAlone(scene)) held++;
      }),
      { numRuns: 300 },
    );
    expect(held).toBeGreaterThan(20);
  });

  test("overlaps nobody's claims, stops included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const scene = sceneOf(seed, false);
        if (scene === undefined) return;
        const { zone, question } = scene;
        const answer = plan(zone, question);
        if (answer.kind !== "found") return;
        let here = question.from;
        let hereTick = question.fromTick;
        for (const { run, startTick, extraTicks } of answer.steps) {
          expect(run.from).toBe(here);
          expect(startTick).toBeGreaterThanOrEqual(hereTick);
          expect(free(scene, row(zone.network.poses.blocks, here), hereTick, startTick + 1)).toBe(true);
          run.blocks.forEach((block, i) => {
            const clear = at(run.clearTicks, i);
            const until = startTick + extraTicks + (clear === ENDLESS ? run.ticks + 1 : clear);
            expect(free(scene, [block], startTick, until)).toBe(true);
          });
          here = run.to;
          hereTick = startTick + extraTicks + run.ticks;
        }
        expect(here).toBe(question.goal);
        answer.viaAt.forEach((depth, i) => {
          const there = depth === 0 ? question.from : at(answer.steps, depth - 1).run.to;
          expect(there).toBe(at(question.vias, i).pose);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("of two ways takes the longer one when an edge of the shorter is dear enough", () => {
    const poses = ["a", "b", "c", "d"].map((id, i) => ({
      id,
      xM: [0, 50, 50, 100][i] ?? 0,
      yM: [0, 0, 40, 0][i] ?? 0,
      kind: "endpoint" as const,
      blocks: [id],
    }));
    const moves = ["ab", "bd", "ac", "cd"].map(([from = "", to = ""]) => ({ from, to }));
    const network = smallNetwork(poses, moves);
    const over = (edgeTicks: ReadonlyMap<EdgeId, number>): number => {
      const world = new CoreWorld(network, {
        settings: { cost: { stopTicks: 0, edgeTicks }, kinematics: AGILE },
      });
      const car = world.admit("car", "a");
      world.request(car, "leg", "d");
      world.tick();
      return at(world.leg(car).runs, 0).to;
    };
    expect(over(new Map())).toBe(network.poseIndex("b" as NodeId));
    expect(over(new Map([["b>d" as EdgeId, 1000]]))).toBe(network.poseIndex("c" as NodeId));
  });

  test("of many legs leaves times at which all of them can be driven", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const scene = sceneOf(seed, false);
        expect(scene === undefined ? [] : infeasibilities(scene.zone)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("is made against times as they are, also when they changed since another plan in the same tick", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.nat({ max: 40 }), (seed, laterTicks) => {
        const scene = sceneOf(seed, false);
        if (scene === undefined) return;
        const { zone, question } = scene;
        plan(zone, question);
        // All others turn out to be where they are to drive on later than was thought.
        for (const vehicle of zone.vehicles.values()) {
          const { leg, timing } = vehicle;
          if (leg === undefined || leg.completed || timing.leg !== leg) continue;
          const there = timing.arrivalTick[timing.next] ?? ENDLESS;
          timing.arrivalTick[timing.next] = Math.min(ENDLESS, there + laterTicks);
          zone.claims.stale.markLate(vehicle, timing.next);
        }
        raise(zone);
        expect(plan(zone, question)).toEqual(new Sipp(zone, question).find(zone, question));
      }),
      { numRuns: 100 },
    );
  });

  test("is the same with what was read in earlier ticks as with everything read anew", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        const random = randomOf(seed);
        const layout = ladder(7);
        const world = new CoreWorld(layout.network, { share: () => random() ** 2 });
        const bays = [...layout.bays].sort(() => random() - 0.5);
        const count = Math.floor(bays.length / 2);
        for (let i = 0; i < count; i++)
          world.request(world.admit(`car-${i}`, at(bays, i)), `leg-${i}`, at(bays, count + i));
        for (let i = 0; i < 30; i++) {
          world.tick(1 + Math.floor(8 * random()));
          const { zone } = world;
          for (const vehicle of zone.vehicles.values()) {
            const tail = tailOf(zone, vehicle);
            if (tail === undefined || random() < 0.5) continue;
            const answer = planTail(zone, tail);
            expect(planTail({ ...zone, search: undefined }, tail)).toEqual(answer);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("a goal that others still need", () => {
  /** Somebody drives from afar through the goal. Two ways lead there, the second one longer; the last move of both is as far. */
  const network = smallNetwork(
    [
      { id: "start", xM: 0, yM: 0, kind: "endpoint", blocks: ["s"] },
      { id: "near", xM: 20, yM: 0, kind: "endpoint", blocks: ["n"] },
      { id: "beside", xM: 0, yM: 20, kind: "endpoint", blocks: ["o"] },
      { id: "above", xM: 36, yM: 32, kind: "endpoint", blocks: ["a"] },
      { id: "goal", xM: 60, yM: 0, kind: "endpoint", blocks: ["g"] },
      { id: "afar", xM: 60, yM: 600, kind: "endpoint", blocks: ["f"] },
      { id: "beyond", xM: 60, yM: -40, kind: "endpoint", blocks: ["b"] },
    ],
    [
      { from: "start", to: "near" },
      { from: "near", to: "goal" },
      { from: "start", to: "beside" },
      { from: "beside", to: "above" },
      { from: "above", to: "goal" },
      { from: "afar", to: "goal" },
      { from: "goal", to: "beyond" },
    ],
  );
  const asked = (toNodeId: string): PlanQuestion & { zone: Zone; freeTick: number } => {
    const world = new CoreWorld(network, { settings: { kinematics: AGILE } });
    const one = world.admit("one", "start" as NodeId);
    const other = world.admit("other", "afar" as NodeId);
    world.request(other, "through", toNodeId as NodeId);
    world.tick();
    const { zone } = world;
    const vehicle = zone.vehicles.get(one);
    const goal = network.poseIndex("goal" as NodeId) ?? -1;
    if (vehicle === undefined) throw new Error("it was not admitted");
    const [block = -1] = row(network.poses.blocks, goal);
    return {
      zone,
      freeTick: at(zone.claims.queues, block)[0]?.clearTick ?? 0,
      vehicle,
      from: vehicle.pose,
      fromTick: zone.tick,
      standing: true,
      stopTicks: 0,
      vias: [],
      goal,
      firstRun: undefined,
      maxExpansions: 1e6,
      latestArrivalTick: ENDLESS,
      trial: undefined,
    };
  };

  test("is waited for where it takes the least driving, not on a way around that takes as long", () => {
    const question = asked("beyond");
    const answer = plan(question.zone, question);
    if (answer.kind !== "found") throw new Error(answer.kind);
    expect(answer.arrivalTick).toBeGreaterThan(question.freeTick);
    expect(answer.steps).toHaveLength(2);
  });

  test("is not searched for when nobody can be there in time, or somebody stays", () => {
    const question = asked("beyond");
    const late = plan(question.zone, { ...question, latestArrivalTick: question.freeTick - 1 });
    expect(late).toEqual({ kind: "none", expansions: 0 });
    const kept = asked("goal");
    expect(plan(kept.zone, kept)).toEqual({ kind: "none", expansions: 0 });
  });
});
