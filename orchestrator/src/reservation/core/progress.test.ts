import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, Pose } from "@baton/maps";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClosureId } from "../port.ts";
import { CoreWorld } from "../testing/core-world.ts";
import { type SmallPose, smallNetwork } from "../testing/small-network.ts";
import { confirmTick, runTick } from "./tick.ts";
import type { Command } from "./zone.ts";

const CAR = "car" as VehicleId;

/** A vehicle that has a leg from the first of these poses to the last, with a stop where one is, and stands where it is said to. */
function onTheWay(...poses: readonly Omit<SmallPose, "blocks">[]) {
  const ids = poses.map(({ id }) => id);
  const network = smallNetwork(
    poses.map((pose) => ({ ...pose, blocks: [pose.id] })),
    ids.slice(1).map((to, i) => ({ from: ids[i] ?? "", to })),
  );
  const settings = { grantAhead: "next-run" } as const;
  const world = new CoreWorld(network, { settings, share: () => 0 });
  const { zone } = world;
  world.admit(CAR, ids[0] ?? "");
  const via = ids.includes("stop") ? [{ nodeId: "stop" as NodeId, expectedDwellMs: 60_000 }] : [];
  world.request(CAR, "leg", ids.at(-1) ?? "", { via });
  world.tick(2);
  let atMs = (zone.originTick + zone.tick) * zone.settings.tickMs;
  return {
    vehicle: () => world.vehicle(CAR),
    leg: () => world.leg(CAR),
    /** One tick, a minute later: what is said of it that a person should know. */
    stands(pose: Pose, ...commands: Command[]): string[] {
      atMs += 60_000;
      const observations = [{ vehicleId: CAR, pose, speedMps: 0, driving: false, atMs }];
      const { events } = runTick(zone, { tick: zone.originTick + zone.tick + 1, commands, observations });
      confirmTick(zone);
      return events.flatMap((event) => (event.kind === "trouble" ? [event.detail] : []));
    },
  };
}

test("a vehicle that is granted ground and was not told of it yet is where its leg begins, whichever way it faces", () => {
  const { vehicle, leg, stands } = onTheWay(
    { id: "bay", xM: 0, yM: -25, kind: "endpoint" },
    { id: "by", xM: -13, yM: 0, kind: "way" },
    { id: "end", xM: -60, yM: 0, kind: "endpoint" },
  );
  expect(leg().grantedRuns).toBe(1);
  // It came into the bay from the other side.
  const asItCame = { xM: 0.05, yM: -25.05, headingRad: Math.atan2(-25, -12) };
  expect(stands(asItCame)).toEqual([]);
  expect(vehicle().located).toBe(true);
  expect(leg()).toMatchObject({ progressM: 0, atPose: 0 });
  expect(stands({ ...asItCame, xM: 4 }), "it is not there").toHaveLength(1);
});

test("a vehicle that stands where its way was cut is on its way, whatever the lengths of its parts sum up to", () => {
  const lengthM = fc.integer({ min: 150, max: 900 }).map((decimetres) => decimetres / 10);
  fc.assert(
    fc.property(lengthM, lengthM, lengthM, (aM, bM, cM) => {
      const { vehicle, leg, stands } = onTheWay(
        { id: "a", xM: 0, yM: 0, kind: "endpoint" },
        { id: "b", xM: aM, yM: 0, kind: "way" },
        // Nobody stops here: the run leads on to the stop.
        { id: "passed", xM: aM + bM, yM: 0, kind: "passing" },
        { id: "stop", xM: aM + bM + cM, yM: 0, kind: "way" },
        { id: "e", xM: aM + bM + cM + 40, yM: 0, kind: "endpoint" },
      );
      stands({ xM: aM, yM: 0, headingRad: 0 });
      const aLittleBeyond = { xM: aM + bM + cM + 0.05, yM: 0, headingRad: 0 };
      stands(aLittleBeyond);
      expect([leg().grantedRuns, leg().runs.length, leg().atPose]).toEqual([2, 3, 2]);
      const works = { closureId: "works" as ClosureId, edgeIds: ["stop>e" as EdgeId], reason: "a test" };
      stands(aLittleBeyond, { kind: "close", closure: works });
      expect(stands(aLittleBeyond)).toEqual([]);
      expect(vehicle().located).toBe(true);
    }),
  );
});
