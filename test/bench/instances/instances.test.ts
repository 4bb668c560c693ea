import type { Csr } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { at, row } from "../../../orchestrator/src/reservation/core/runs.ts";
import { isStronglyConnected } from "./build-network.ts";
import { cellNetwork } from "./cell-grid.ts";
import { lanes } from "./lanes.ts";
import { gridText, mapText, scenarioText, tasksText } from "./public-formats.ts";
import { drawn, hashed, streamOf } from "./seeded.ts";
import { chuteBeside, isEject, isInduct, isRestingPlace, SORTING } from "./sorting.ts";
import { cellsWhere, isWarehouseEndpoint, isWarehouseHome, WAREHOUSE } from "./warehouse.ts";

describe("the street grid", () => {
  it("has the blocks and bays that the row names", () => {
    const small = lanes(12);
    expect(small.streetBlocks).toBe(1200);
    expect(small.bays).toHaveLength(264);
    const large = lanes(26);
    expect(large.streetBlocks).toBe(5876);
    expect(large.bays).toHaveLength(1300);
  });

  it("leads from every place to every other", () => {
    expect(isStronglyConnected(lanes(4).network)).toBe(true);
    expect(isStronglyConnected(lanes(12).network)).toBe(true);
  });

  it("takes a block's length for every move, onto a bay and off it too", () => {
    const { network } = lanes(4);
    expect(new Set(network.moves.lengthM)).toEqual(new Set([20]));
  });

  it("has streets of one way: no move has one back", () => {
    const { network } = lanes(6);
    const { from, to, count } = network.moves;
    const pairs = new Set(Array.from({ length: count }, (_, m) => `${at(from, m)}>${at(to, m)}`));
    for (let m = 0; m < count; m++) expect(pairs.has(`${at(to, m)}>${at(from, m)}`)).toBe(false);
  });

  it("cannot be a ring with an odd number of streets", () => {
    expect(() => lanes(5)).toThrow("even");
  });
});

describe("the warehouse", () => {
  it("has 480 endpoints, 192 homes and 24 shelves", () => {
    expect(cellsWhere(WAREHOUSE, isWarehouseEndpoint)).toHaveLength(480);
    expect(cellsWhere(WAREHOUSE, isWarehouseHome)).toHaveLength(192);
    const free = cellsWhere(WAREHOUSE, () => true).length;
    expect(33 * 46 - free).toBe(24 * 10);
  });

  it("is one place, in which two neighbours share a passage and no more", () => {
    const { network, poseOfCell } = cellNetwork(WAREHOUSE);
    expect(isStronglyConnected(network)).toBe(true);
    const there = network.moveIndex(at(network.moves.edgeIds, 0));
    expect(there).toBe(0);
    expect(network.blocks.count - network.poses.count).toBe(network.moves.count / 2);
    expect(poseOfCell[2 * 46 + 7]).toBe(-1);
  });
});

describe("the sorting floor", () => {
  it("has 275 chutes with four cells each to drop at, and 50 stations", () => {
    expect(cellsWhere(SORTING, isEject)).toHaveLength(4 * 275);
    expect(cellsWhere(SORTING, isInduct)).toHaveLength(50);
    expect(chuteBeside(1, 3)).toBe(0);
    expect(chuteBeside(75, 33)).toBe(274);
  });

  it("is well-formed for its resting places: from each to each there is a way over no third", () => {
    const { network, poseOfCell } = cellNetwork(SORTING);
    const resting = new Set(cellsWhere(SORTING, isRestingPlace).map((cell) => at(poseOfCell, cell)));
    expect(resting.size).toBe(2 * 275);
    const crossing = at(poseOfCell, 10 * SORTING.width + 9);
    const { from, to } = network.moves;
    const reached = reachedWithout(resting, crossing, network.poses.outgoing, to);
    const reaching = reachedWithout(resting, crossing, network.poses.incoming, from);
    for (const place of resting) {
      const before = row(network.poses.incoming, place).map((move) => at(from, move));
      const after = row(network.poses.outgoing, place).map((move) => at(to, move));
      expect(before.some((pose) => reached.has(pose))).toBe(true);
      expect(after.some((pose) => reaching.has(pose))).toBe(true);
    }
  });

  it("can be driven from everywhere to everywhere although no aisle has two ways", () => {
    const { network } = cellNetwork(SORTING);
    expect(isStronglyConnected(network)).toBe(true);
    expect(network.blocks.count).toBe(network.poses.count);
  });
});

describe("what happens by seed", () => {
  it("depends on vehicle and second, not on who asks or how often", () => {
    expect(hashed(7, 3, 100)).toBe(hashed(7, 3, 100));
    expect(hashed(7, 3, 100)).not.toBe(hashed(7, 3, 101));
    expect(hashed(7, 3, 100)).not.toBe(hashed(8, 3, 100));
  });

  it("is spread evenly", () => {
    let below = 0;
    for (let vehicle = 0; vehicle < 100; vehicle++) {
      for (let second = 0; second < 1000; second++) if (hashed(1, vehicle, second) < 0.01) below++;
    }
    expect(below / 100_000).toBeGreaterThan(0.009);
    expect(below / 100_000).toBeLessThan(0.011);
  });

  it("draws nobody twice", () => {
    const some = drawn([1, 2, 3, 4, 5, 6, 7, 8], 6, streamOf(3));
    expect(new Set(some).size).toBe(6);
  });
});

describe("files for public solvers", () => {
  it("writes a warehouse with its counts above its rows", () => {
    const text = mapText(WAREHOUSE, (x, y) => ({
      type: isWarehouseEndpoint(x, y) ? "Endpoint" : isWarehouseHome(x, y) ? "Home" : "Travel",
    }));
    const lines = text.trimEnd().split("\n");
    expect(lines.slice(0, 3)).toEqual(["33,46", "480", "192"]);
    expect(lines).toHaveLength(4 + 33);
    expect(lines[6]).toBe(".rr.rr.@@@@@@@@@@.@@@@@@@@@@.@@@@@@@@@@.rr.rr.");
  });

  it("writes a cell's steps in the order south, west, north, east, with inf where there is none", () => {
    const lines = gridText(SORTING, () => ({ type: "Travel" })).split("\n");
    expect(lines).toHaveLength(3 + 77 * 37 + 1);
    // (1, 1): a lane that leads north crosses one that leads east.
    expect(lines[3 + 37 + 1]).toBe("38,Travel,None,1,1,inf,inf,1,1,1");
    expect(lines[3 + 2 * 37 + 3]).toBe("77,Obstacle,None,2,3,inf,inf,inf,inf,1");
  });

  it("lists as many agents as asked, each with its own start and goal", () => {
    const cells = cellsWhere(WAREHOUSE, isWarehouseEndpoint);
    const scenario = scenarioText(WAREHOUSE, "w.map", cells, cells, 50, streamOf(1)).trimEnd().split("\n");
    expect(scenario).toHaveLength(51);
    expect(new Set(scenario.slice(1).map((line) => line.split("\t").slice(6, 8).join())).size).toBe(50);
    const tasks = tasksText(cells, cells, 20, 5, streamOf(1)).trimEnd().split("\n");
    expect(tasks).toHaveLength(21);
    expect(tasks[1]?.split(" ")).toHaveLength(6);
  });
});

/** Poses that a walk reaches which never enters the forbidden ones. */
function reachedWithout(
  forbidden: ReadonlySet<number>,
  start: number,
  edges: Csr,
  ends: Int32Array,
): Set<number> {
  const seen = new Set([start]);
  for (const pose of seen) {
    for (const move of row(edges, pose)) {
      const next = at(ends, move);
      if (!forbidden.has(next)) seen.add(next);
    }
  }
  return seen;
}
