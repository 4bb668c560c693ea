import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import { expect, test } from "vitest";
import type { ClosureId, Observation } from "../port.ts";
import { CoreWorld } from "../testing/core-world.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { at } from "./runs.ts";
import { confirmTick, runTick } from "./tick.ts";
import type { Command } from "./zone.ts";

const CAR = "car" as VehicleId;

/** A road a, j, k, c to an endpoint e, each block of which is left only where the next pose is reached. */
function road() {
  const poses = ["a", "j", "k", "c"].map((id, i) => ({
    id,
    xM: 40 * i,
    yM: 0,
    kind: "way" as const,
    blocks: [id],
  }));
  const network = smallNetwork(
    [...poses, { id: "e", xM: 160, yM: 0, kind: "endpoint", blocks: ["e"] }],
    ["aj", "jk", "kc", "ce"].map(([from = "", to = ""]) => ({ from, to })),
  );
  const { moves } = network;
  return { ...network, moves: { ...moves, clearAtM: moves.clearAtM.map((m) => m / 0.9) } };
}

test("ground is freed when a report shows that it was left, not later because a plan has come to end there", () => {
  const world = new CoreWorld(road(), { share: () => 0 });
  const { zone } = world;
  const tick = (commands: readonly Command[], observations: readonly Observation[]) => {
    const outcome = runTick(zone, { tick: zone.originTick + zone.tick + 1, commands, observations });
    confirmTick(zone);
    return outcome.change.releases.filter(({ vehicleId }) => vehicleId === CAR);
  };
  const before = world.admit("before-it", "k");
  world.request(before, "1", "c");
  world.admit(CAR, "a");
  world.tick(2);
  world.request(CAR, "2", "k");
  world.tick(2);
  const leg = world.leg(CAR);
  expect([leg.grantedRuns, leg.runs.length], "it may drive to j, and is to go on").toEqual([1, 2]);
  // A while later it is heard of once, shortly before it comes to stand there.
  const pose = { xM: at(leg.poseAtM, 1) - 0.02, yM: 0, headingRad: 0 };
  const atMs = (zone.originTick + zone.tick) * zone.settings.tickMs + 10_000;
  expect(tick([], [{ vehicleId: CAR, pose, speedMps: 0.5, driving: true, atMs }])).toMatchObject([
    { blockIds: ["a"] },
  ]);
  const closure = { closureId: "works" as ClosureId, edgeIds: ["j>k" as EdgeId], reason: "a test" };
  expect(tick([{ kind: "close", closure }], [])).toEqual([]);
  expect([leg.cut, leg.runs.length]).toEqual([true, 1]);
});
