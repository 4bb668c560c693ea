import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CoreWorld, infeasibilities, snapshotOf } from "../testing/core-world.ts";
import { type Layout, ladder, ring, singleTrack } from "../testing/layouts.ts";
import { randomOf } from "../testing/traffic.ts";
import { takeChange } from "./change.ts";
import { poseOfPath } from "./legs.ts";
import { retime } from "./retime.ts";
import { at } from "./runs.ts";
import { adoptTail, planTail, reinstate, type Tail, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";

const layouts: readonly Layout[] = [ring(8), ladder(7), singleTrack(4, 4)];
const anyWorld = fc.record({
  layout: fc.constantFrom(...layouts),
  seed: fc.integer({ min: 0, max: 1e6 }),
  ticks: fc.integer({ min: 3, max: 200 }),
});

/** Vehicles on their way between random bays, some slower than others, stopped in the middle of it. */
function busyWorld({ layout, seed, ticks }: { layout: Layout; seed: number; ticks: number }): CoreWorld {
  const random = randomOf(seed);
  const world = new CoreWorld(layout.network, { share: () => random() });
  const bays = [...layout.bays].sort(() => random() - 0.5);
  const count = Math.floor(bays.length / 2);
  for (let i = 0; i < count; i++) {
    const from = at(bays, i);
    const to = at(bays, count + i);
    const car = world.admit(`car-${i}`, from);
    const via = layout
      .viasBetween(from, to)
      .map((nodeId) => ({ nodeId: nodeId as never, expectedDwellMs: 4000 }));
    world.request(car, `leg-${i}`, to, { via });
  }
  world.tick(ticks);
  return world;
}

function withdrawAll(world: CoreWorld, random: () => number): Tail[] {
  const vehicles = [...world.zone.vehicles.values()].sort(() => random() - 0.5);
  return vehicles.flatMap((vehicle) => withdraw(world.zone, vehicle, random() < 0.5) ?? []);
}

describe("a tail", () => {
  test("that is put back is as if it had never been taken, whatever happened to it meanwhile", () => {
    fc.assert(
      fc.property(anyWorld, (scene) => {
        const world = busyWorld(scene);
        const { zone } = world;
        takeChange(zone);
        const before = snapshotOf(zone);
        const tails = withdrawAll(world, randomOf(scene.seed));
        const adopted: Tail["vehicle"][] = [];
        for (const tail of tails) {
          const answer = planTail(zone, tail);
          if (answer.kind !== "found") break;
          adoptTail(zone, tail, answer);
          adopted.push(tail.vehicle);
        }
        for (const vehicle of adopted.reverse()) withdraw(zone, vehicle);
        for (const tail of tails.reverse()) reinstate(zone, tail);
        expect(snapshotOf(zone)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("leaves the vehicle standing where its grants end, and no claim of its own", () => {
    fc.assert(
      fc.property(anyWorld, (scene) => {
        const world = busyWorld(scene);
        for (const { vehicle, leg, fromRun } of withdrawAll(world, randomOf(scene.seed))) {
          expect(leg.runs).toHaveLength(fromRun);
          expect(leg.cut).toBe(true);
          expect(vehicle.visits.every((visit) => visit.first < fromRun)).toBe(true);
          const pose = leg.runs[fromRun - 1]?.to ?? leg.startPose;
          const { offsets, values } = world.zone.network.poses.blocks;
          const body = [...values.subarray(at(offsets, pose), at(offsets, pose + 1))];
          const stays = vehicle.visits.filter((visit) => visit.last === ENDLESS).map((visit) => visit.block);
          expect(stays.sort()).toEqual(body.sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  test("that is planned again fits the claims of all others, and everybody still arrives", () => {
    fc.assert(
      fc.property(anyWorld, (scene) => {
        const world = busyWorld(scene);
        const { zone } = world;
        retime(zone);
        for (const vehicle of zone.vehicles.values()) {
          const tail = withdraw(zone, vehicle);
          if (tail === undefined) continue;
          const answer = planTail(zone, tail);
          expect(answer.kind).toBe("found");
          if (answer.kind === "found") adoptTail(zone, tail, answer);
          expect(infeasibilities(zone)).toEqual([]);
          for (const stop of tail.leg.stops) expect(poseOfPath(tail.leg, stop.beforeRun)).toBe(stop.pose);
        }
        for (let i = 0; i < 3000; i++) {
          for (const event of world.said("waitingAt"))
            if (event.kind === "waitingAt") world.command({ ...event, kind: "proceed" });
          if (world.said("legCompleted").length === zone.vehicles.size) break;
          world.tick(5);
        }
        expect(world.said("legCompleted")).toHaveLength(zone.vehicles.size);
      }),
      { numRuns: 40 },
    );
  });
});
