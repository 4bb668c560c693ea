import { nodeIdOf } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { lanes, SECONDS_A_BLOCK } from "../instances/lanes.ts";
import { vehicleNamed } from "../names.ts";
import { StreetDistances } from "../worlds/street-distances.ts";
import type { StreetVehicle } from "../worlds/street-vehicle.ts";
import { driveStreets } from "../worlds/street-world.ts";
import { claimAhead } from "./claim-ahead.ts";

const { network, bays } = lanes(4);

function vehicleAt(index: number, pose: number, goal: number): StreetVehicle {
  return {
    index,
    vehicleId: vehicleNamed(`v${index}`),
    pose,
    path: [],
    granted: 0,
    edge: 0,
    secondsIn: 0,
    goal,
    trips: 0,
    tripFromS: 0,
    freeFlowS: 0,
    restsUntilS: 0,
    stoppedUntilS: 0,
    lastMovedS: 0,
  };
}

const poseOf = (id: string): number => {
  const pose = network.poses.nodeIds.indexOf(nodeIdOf(id));
  expect(pose).toBeGreaterThanOrEqual(0);
  return pose;
};

function claimer(vehicles: readonly StreetVehicle[], blocksAtOnce: number, lookaheadM = 0) {
  const distances = new StreetDistances(network);
  return claimAhead({ network, vehicles, distances, blocksAtOnce, lookaheadM });
}

describe("claiming without a plan", () => {
  it("takes the next block when it is free and stands when it is not", () => {
    const front = vehicleAt(0, poseOf("h0.0.1"), -1);
    const behind = vehicleAt(1, poseOf("h0.0.0"), poseOf("h0.1.bay"));
    const engine = claimer([front, behind], 1);
    engine.decide(1);
    expect(behind.granted).toBe(0);
    const alone = vehicleAt(0, poseOf("h0.0.0"), poseOf("h0.1.bay"));
    claimer([alone], 1).decide(1);
    expect(alone.granted).toBe(1);
  });

  it("takes several blocks all or none", () => {
    const front = vehicleAt(0, poseOf("h0.0.2"), -1);
    const behind = vehicleAt(1, poseOf("h0.0.0"), poseOf("h0.1.bay"));
    claimer([front, behind], 2).decide(1);
    expect(behind.granted).toBe(0);
    claimer([front, behind], 1).decide(1);
    expect(behind.granted).toBe(1);
  });

  it("claims on while it drives when it looks ahead", () => {
    const one = vehicleAt(0, poseOf("h0.0.0"), poseOf("h0.1.bay"));
    claimer([one], 1, 22.5).decide(1);
    expect(one.granted).toBe(2);
  });

  it("gives back a block only when the tail has left it", () => {
    const front = vehicleAt(0, poseOf("h0.0.1"), poseOf("h0.1.bay"));
    const behind = vehicleAt(1, poseOf("h0.0.0"), poseOf("h0.1.bay"));
    const engine = claimer([front, behind], 1);
    engine.decide(1);
    front.secondsIn = SECONDS_A_BLOCK - 1;
    engine.decide(2);
    expect(behind.granted).toBe(0);
    Object.assign(front, { secondsIn: 0, edge: 1 });
    engine.decide(3);
    expect(behind.granted).toBe(1);
  });

  it("goes by the other of two shortest ways when the first is taken", () => {
    const start = poseOf("x1.1");
    const distances = new StreetDistances(network);
    const forks = bays.filter((bay) => {
      const left = distances.to(bay);
      const ways = network.poses.outgoing.values
        .subarray(at(network.poses.outgoing.offsets, start), at(network.poses.outgoing.offsets, start + 1))
        .filter((move) => at(left, at(network.moves.to, move)) === at(left, start) - 1);
      return ways.length === 2;
    });
    const goal = at(forks, 0);
    const first = vehicleAt(0, start, goal);
    claimer([first], 1).decide(1);
    const inTheWay = vehicleAt(1, at(network.moves.to, at(first.path, 0)), -1);
    const second = vehicleAt(0, start, goal);
    claimer([second, inTheWay], 1).decide(1);
    expect(second.granted).toBe(1);
    expect(second.path).not.toEqual(first.path);
  });

  it("knows a circle of vehicles that wait for each other from a queue behind a vehicle that rests", () => {
    // All four blocks of the ring of the outer streets, junction by junction, would be a circle: fill the ring.
    const ring = ringPoses();
    const vehicles = ring.map((pose, i) => vehicleAt(i, pose, at(ring, (i + 2) % ring.length)));
    const engine = claimer(vehicles, 1);
    engine.decide(1);
    expect(engine.countStuck()).toBe(ring.length);
    const resting = vehicles.map((vehicle, i) => (i === 0 ? { ...vehicle, goal: -1 } : vehicle));
    const queue = claimer(resting, 1);
    queue.decide(1);
    expect(queue.countStuck()).toBe(0);
  });
});

/** The blocks of the outer streets in driving order. */
function ringPoses(): number[] {
  const start = poseOf("x0.0");
  const ring = [start];
  const distances = new StreetDistances(network);
  const corners = ["x3.0", "x3.3", "x0.3", "x0.0"].map(poseOf);
  let here = start;
  for (const corner of corners) {
    const left = distances.to(corner);
    while (here !== corner) {
      const { offsets, values } = network.poses.outgoing;
      const next = [...values.subarray(at(offsets, here), at(offsets, here + 1))]
        .map((move) => at(network.moves.to, move))
        .find((pose) => at(left, pose) === at(left, here) - 1);
      if (next === undefined) throw new Error("no way round");
      here = next;
      if (here !== start) ring.push(here);
    }
  }
  return ring;
}

describe("the street world", () => {
  const drive = (vehicles: number, stopProbability: number) =>
    driveStreets({ network, bays, vehicles, seed: 1, stopProbability, seconds: 900 }, (fleet, distances) =>
      claimAhead({ network, vehicles: fleet, distances, blocksAtOnce: 1, lookaheadM: 0 }),
    );

  it("gives one vehicle alone exactly free flow", async () => {
    const result = await drive(1, 0);
    expect(result.missions).toBeGreaterThan(3);
    expect(result.tripOverFreeFlow).toBe(1);
    expect(result.gridlockAtS).toBeUndefined();
  });

  it("holds it up by stops alone when there are stops", async () => {
    const result = await drive(1, 0.02);
    expect(result.tripOverFreeFlow).toBeGreaterThan(1.05);
  });

  it("is the same for the same seed", async () => {
    const [first, again] = [await drive(8, 0.01), await drive(8, 0.01)];
    expect(again.missions).toBe(first.missions);
    expect(again.tripOverFreeFlow).toBe(first.tripOverFreeFlow);
    expect(first.tripOverFreeFlow).toBeGreaterThan(1);
  });

  it("sees a gridlock when too many claim without a plan, and ends there", async () => {
    const { network: larger, bays: many } = lanes(8);
    const result = await driveStreets(
      { network: larger, bays: many, vehicles: 100, seed: 1, stopProbability: 0.01, seconds: 3600 },
      (fleet, distances) =>
        claimAhead({ network: larger, vehicles: fleet, distances, blocksAtOnce: 3, lookaheadM: 22.5 }),
    );
    expect(result.gridlockAtS).toBeLessThan(3600);
  });
});
