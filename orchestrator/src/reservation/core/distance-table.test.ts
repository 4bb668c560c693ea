import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNetwork } from "../testing/random-network.ts";
import { CARRIER, randomOf } from "../testing/traffic.ts";
import { DistanceTable } from "./distance-table.ts";
import { DistanceTables } from "./heuristic.ts";
import { type CoreSettings, DEFAULT_SETTINGS } from "./kinematics.ts";
import { RUN_SIZE, WEIGHT } from "./run-arrays.ts";
import { compileRuns, type RunTable } from "./run-table.ts";
import { at } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

const anySeed = fc.integer({ min: 0, max: 1e9 });

/** A random network of runs, some edges of which count for more, and some of which are closed. */
function roads(seed: number): { table: RunTable; shut: Uint8Array; random: () => number } {
  const random = randomOf(seed);
  const network = randomNetwork(random);
  const edgeTicks = new Map(
    network.moves.edgeIds.filter(() => random() < 0.3).map((id) => [id, Math.floor(60 * random())]),
  );
  const settings: CoreSettings = {
    ...DEFAULT_SETTINGS,
    kinematics: CARRIER,
    cost: { stopTicks: 0, edgeTicks },
  };
  const table = compileRuns(network, settings);
  const shut = Uint8Array.from(table.runs, () => (random() < 0.15 ? 1 : 0));
  return { table, shut, random };
}

/** Relaxes every run until nothing changes. */
function bruteForce({ runs, arrays, outgoing }: RunTable, goal: number, shut: Uint8Array): number[] {
  const ticks = new Array<number>(outgoing.length).fill(ENDLESS);
  ticks[goal] = 0;
  const weight = (r: number): number => at(arrays.runs, RUN_SIZE * r + WEIGHT);
  for (let changed = true; changed; ) {
    changed = false;
    runs.forEach((run, r) => {
      if (shut[r] === 1) return;
      const through = at(ticks, run.to) + run.ticks + weight(r);
      if (through >= at(ticks, run.from)) return;
      ticks[run.from] = through;
      changed = true;
    });
  }
  return ticks.map((tick) => Math.min(ENDLESS, tick));
}

describe("distances to a goal", () => {
  test("are the shortest there are, in whatever order they are asked for", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { table, shut, random } = roads(seed);
        const goal = Math.floor(random() * table.outgoing.length);
        const best = bruteForce(table, goal, shut);
        const distance = new DistanceTable(table.arrays, goal, shut);
        const poses = best.map((_, pose) => pose).sort(() => random() - 0.5);
        for (const pose of [...poses, ...poses]) expect(distance.from(pose)).toBe(at(best, pose));
      }),
      { numRuns: 200 },
    );
  });

  test("are the same when tables had to make room for others", () => {
    const { table } = roads(7);
    const open = new Uint8Array(table.runs.length);
    const roomy = new DistanceTables(table.arrays, open);
    const narrow = new DistanceTables(table.arrays, open, 1);
    const poses = table.outgoing.map((_, pose) => pose);
    for (let round = 0; round < 20; round++) {
      for (const goal of poses) {
        for (const from of poses) expect(narrow.to(goal).from(from)).toBe(roomy.to(goal).from(from));
      }
    }
  });

  test("lead around closed ground, and not around it when it is open again", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { table, shut, random } = roads(seed);
        const closed = new Uint8Array(shut.length);
        const distances = new DistanceTables(table.arrays, closed);
        const goal = Math.floor(random() * table.outgoing.length);
        const all = (): number[] => table.outgoing.map((_, pose) => distances.to(goal).from(pose));
        const before = all();
        closed.set(shut);
        distances.drop();
        expect(all()).toEqual(bruteForce(table, goal, shut));
        expect(table.outgoing.map((_, pose) => distances.overOpenRoad(goal).from(pose))).toEqual(before);
        closed.fill(0);
        distances.drop();
        expect(all()).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});
