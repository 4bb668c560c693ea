import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { CoreWorld, infeasibilities, snapshotOf } from "../testing/core-world.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { holderBeside } from "./admission.ts";
import { retime } from "./retime.ts";

const CAR = "car" as VehicleId;
const BEHIND = "behind" as VehicleId;

/** A road b - a - j, where it forks to d and e; the car at a is bound for d and does not get on, the one behind it, from b, for e. */
function road() {
  const kinds = { a: "endpoint", b: "endpoint", d: "endpoint", e: "endpoint" } as const;
  const places = { b: [0, 0], a: [40, 0], j: [80, 0], d: [120, 0], e: [80, 40] } as const;
  const poses = Object.entries(places).map(([id, [xM, yM]]) => ({
    id,
    xM,
    yM,
    kind: id in kinds ? ("endpoint" as const) : ("way" as const),
    blocks: [id],
  }));
  const moves = ["ba", "aj", "jd", "je"].map(([from = "", to = ""]) => ({ from, to }));
  let halted = true;
  const world = new CoreWorld(smallNetwork(poses, moves), {
    share: (vehicleId) => (halted && vehicleId === CAR ? 0 : 1),
  });
  world.admit(CAR, "a");
  world.admit(BEHIND, "b");
  world.request(CAR, "its-way", "d");
  world.tick(2);
  world.request(BEHIND, "behind-it", "e");
  world.tick(5);
  const { network } = world.zone;
  const anew = (nodeId: string): void => {
    const { vehicleClassId } = network;
    world.command({
      kind: "admit",
      admission: { vehicleId: CAR, vehicleClassId, nodeId: nodeId as NodeId, anew: true },
    });
  };
  const blockOf = (nodeId: string): number => {
    const pose = network.poseIndex(nodeId as NodeId) ?? -1;
    return network.poses.blocks.values[network.poses.blocks.offsets[pose] ?? -1] ?? -1;
  };
  return {
    world,
    anew,
    holderOf: (nodeId: string) => world.zone.claims.holder(blockOf(nodeId))?.vehicleId,
    usersOf: (nodeId: string) =>
      (world.zone.claims.queues[blockOf(nodeId)] ?? []).map(({ vehicle }) => vehicle.vehicleId),
    goOn: () => {
      halted = false;
    },
  };
}

describe("a vehicle that is admitted anew where it stands", () => {
  test("keeps its ground although another one was planned over it, which is planned around it", () => {
    const { world, anew, holderOf, usersOf, goOn } = road();
    expect(usersOf("a"), "the one behind comes over its place when it has left").toEqual([CAR, BEHIND]);
    expect(holderOf("j"), "granted, and not driven").toBe(CAR);
    anew("a");
    world.tick();
    expect(world.said("admissionRefused")).toEqual([]);
    expect(holderOf("a")).toBe(CAR);
    expect(usersOf("a")).toEqual([CAR]);
    expect(world.vehicle(CAR).leg).toBeUndefined();
    expect(holderOf("j"), "what it held beyond is free").toBeUndefined();
    world.tick(200);
    expect(holderOf("a"), "nobody is let into it for as long as it stands there").toBe(CAR);
    goOn();
    world.request(CAR, "asked-again", "d");
    world.tick(400);
    retime(world.zone);
    expect(infeasibilities(world.zone)).toEqual([]);
    expect(world.leg(CAR)).toMatchObject({ completed: true, request: { legId: "asked-again" } });
    expect(world.leg(BEHIND)).toMatchObject({ completed: true, request: { legId: "behind-it" } });
  });

  test("stays what it was when the place that it names is granted to another one", () => {
    const { world, anew } = road();
    const before = snapshotOf(world.zone);
    anew("b");
    world.tick();
    expect(world.said("admissionRefused")).toMatchObject([{ reason: "ground-held", heldBy: BEHIND }]);
    expect(world.leg(CAR).request.legId).toBe("its-way");
    world.zone.events.length = 0;
    expect(snapshotOf(world.zone)).toEqual(before);
  });
});

describe("a vehicle of which nobody knew", () => {
  const LATE = "late" as VehicleId;

  /** A road a - b - c - d, and an e beside d; the car at a is bound for d, past c, and goes there slowly. */
  function past() {
    const places = { a: [0, 0], b: [40, 0], c: [80, 0], d: [120, 0], e: [80, 40] } as const;
    const poses = Object.entries(places).map(([id, [xM, yM]]) => ({
      id,
      xM,
      yM,
      kind: "endpoint" as const,
      blocks: [id],
    }));
    const moves = ["ab", "bc", "cd", "ce"].map(([from = "", to = ""]) => ({ from, to }));
    const world = new CoreWorld(smallNetwork(poses, moves), {
      share: (vehicleId) => (vehicleId === CAR ? 0.2 : 1),
    });
    world.admit(CAR, "a");
    world.request(CAR, "past-it", "d");
    world.tick(3);
    const admit = (approaching: boolean): void => {
      const { vehicleClassId } = world.zone.network;
      world.command({
        kind: "admit",
        admission: { vehicleId: LATE, vehicleClassId, nodeId: "c" as NodeId, approaching },
      });
      world.tick();
    };
    const holder = (nodeId: string): VehicleId | undefined => {
      const pose = world.zone.network.poseIndex(nodeId as NodeId) ?? -1;
      return holderBeside(world.zone, "nobody" as VehicleId, pose)?.vehicleId;
    };
    return { world, admit, holder };
  }

  test("and that stands where another one plans to drive has its ground, and the other one is planned around it", () => {
    const { world, holder } = past();
    expect(holder("c"), "planned, and not granted yet").toBeUndefined();
    world.admit(LATE, "c");
    world.tick();
    expect(world.said("admitted")).toMatchObject([{ vehicleId: CAR }, { vehicleId: LATE }]);
    expect(holder("c")).toBe(LATE);
    world.tick(300);
    expect(holder("c"), "nobody is let into it").toBe(LATE);
    expect(world.leg(CAR).completed).toBe(false);
    world.request(LATE, "out-of-the-way", "e");
    world.tick(600);
    retime(world.zone);
    expect(infeasibilities(world.zone)).toEqual([]);
    expect(world.leg(CAR)).toMatchObject({ completed: true, request: { legId: "past-it" } });
  });

  test("and that has yet to come is not promised a place that another one plans to use", () => {
    const { world, admit, holder } = past();
    admit(true);
    expect(world.said("admissionRefused")).toMatchObject([{ reason: "ground-held", heldBy: CAR }]);
    expect(holder("c")).toBeUndefined();
    admit(false);
    expect(holder("c"), "it is there").toBe(LATE);
  });

  test("is refused where it stands on ground that was granted to another one", () => {
    const { world, admit, holder } = past();
    while (holder("c") === undefined) world.tick();
    admit(false);
    expect(world.said("admissionRefused")).toMatchObject([{ reason: "ground-held", heldBy: CAR }]);
    expect(holder("c")).toBe(CAR);
  });
});
