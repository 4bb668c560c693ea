import { describe, expect, it } from "vitest";
import { at, row } from "../../../orchestrator/src/reservation/core/runs.ts";
import { lanes } from "../instances/lanes.ts";
import type { StreetDistances } from "./street-distances.ts";
import type { StreetEngine, StreetVehicle } from "./street-vehicle.ts";
import { driveStreets } from "./street-world.ts";

const { network, bays } = lanes(2);

/** Steers one vehicle along a shortest way to its goal, from there round once, and to its goal again. */
function throughTheGoalFirst(vehicles: readonly StreetVehicle[], distances: StreetDistances): StreetEngine {
  const wayTo = (from: number, goal: number): number[] => {
    const left = distances.to(goal);
    const way: number[] = [];
    for (let here = from; here !== goal; here = at(network.moves.to, way[way.length - 1] ?? 0)) {
      const on = row(network.poses.outgoing, here).find(
        (move) => at(left, at(network.moves.to, move)) < at(left, here),
      );
      way.push(on ?? expect.unreachable("no way on"));
    }
    return way;
  };
  return {
    name: "through the goal first",
    depart(vehicle) {
      const out = at([...row(network.poses.outgoing, vehicle.goal)], 0);
      const round = [out, ...wayTo(at(network.moves.to, out), vehicle.goal)];
      vehicle.path = [...wayTo(vehicle.pose, vehicle.goal), ...round];
    },
    decide() {
      for (const vehicle of vehicles) vehicle.granted = vehicle.path.length;
    },
    countStuck: () => 0,
  };
}

describe("a way that leads through its goal to come back to it", () => {
  it("is a trip that ends where the way does, not where it passes the goal", async () => {
    const result = await driveStreets(
      { network, bays, vehicles: 1, seed: 1, stopProbability: 0, seconds: 600 },
      throughTheGoalFirst,
    );
    // Round the four streets is no shorter than any way there.
    expect(result.missions).toBeGreaterThan(0);
    expect(result.tripOverFreeFlow).toBeGreaterThan(2);
  });
});
