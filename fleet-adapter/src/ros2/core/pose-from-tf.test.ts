import { expect, it } from "vitest";
import { quaternionOf, timeOf } from "../wire/standard.ts";
import { ModelVehicle } from "./model-vehicle.ts";
import { testContext } from "./order-fixture.ts";
import { step } from "./step.ts";
import { type CoreEvent, newVehicle } from "./vehicle-core.ts";
import { CORRECTION_HOLDS_MS, vehicleStateOf } from "./vehicle-state.ts";

const T0_MS = 1_000_000;

/** 3 m ahead of where its odometry began. */
function odometryAt(atMs: number, frame: string): CoreEvent {
  const { pose, twist } = new ModelVehicle("a").odometry(atMs);
  const moved = { ...pose.pose, position: { x: 3, y: 0, z: 0 } };
  const odometry = { header: { stamp: timeOf(atMs), frame_id: frame }, pose: { pose: moved }, twist };
  return { kind: "odometry", odometry, nowMs: atMs };
}

function transformAt(atMs: number, parent: string, child: string, x = 1_100): CoreEvent {
  const one = {
    header: { stamp: timeOf(atMs), frame_id: parent },
    child_frame_id: child,
    transform: { translation: { x, y: 500, z: 0 }, rotation: quaternionOf(Math.PI / 2) },
  };
  return { kind: "transforms", transforms: [one], nowMs: atMs };
}

/** Where the vehicle is in the site, after all this. The test map lies 1000 m east and 500 m north of the site's origin. */
function poseAfter(events: readonly CoreEvent[]) {
  const status = new ModelVehicle("a").status(T0_MS);
  const first: readonly CoreEvent[] = [
    { kind: "battery", battery: { percentage: 0.5 }, nowMs: T0_MS },
    { kind: "status", status, nowMs: T0_MS },
  ];
  const core = [...first, ...events].reduce(
    (now, event) => step(testContext, now, event)[0],
    newVehicle(true),
  );
  return vehicleStateOf(testContext, core)?.pose;
}

it("odometry in a frame of its own is put on where tf says that this frame lies in the map", () => {
  const pose = poseAfter([odometryAt(T0_MS, "odom"), transformAt(T0_MS, "map-vn", "odom")]);
  expect(pose?.xM).toBeCloseTo(100);
  expect(pose?.yM).toBeCloseTo(3);
  expect(pose?.headingRad).toBeCloseTo(Math.PI / 2);
});

it("without that, a vehicle is nowhere: no tf, tf of another map, of another frame, or too old for the odometry", () => {
  const odom = odometryAt(T0_MS, "odom");
  const late = odometryAt(T0_MS + CORRECTION_HOLDS_MS + 1, "odom");
  expect(poseAfter([odom])).toBeUndefined();
  expect(poseAfter([odom, transformAt(T0_MS, "map-cn", "odom")])).toBeUndefined();
  expect(poseAfter([odom, transformAt(T0_MS, "map-vn", "lidar")])).toBeUndefined();
  expect(poseAfter([odom, transformAt(T0_MS, "map-vn", "odom"), late])).toBeUndefined();
  expect(
    poseAfter([
      odom,
      transformAt(T0_MS, "map-vn", "odom"),
      late,
      transformAt(T0_MS + CORRECTION_HOLDS_MS, "map-vn", "odom"),
    ]),
  ).toBeDefined();
});

it("a transform that comes late does not take the newer one's place", () => {
  const newer = transformAt(T0_MS, "map-vn", "odom");
  const older = transformAt(T0_MS - 500, "map-vn", "odom", 1_200);
  expect(poseAfter([odometryAt(T0_MS, "odom"), newer, older])?.xM).toBeCloseTo(100);
});

it("odometry in the map's frame needs no tf, and is not moved by any", () => {
  const pose = poseAfter([odometryAt(T0_MS, "map-vn"), transformAt(T0_MS, "map-vn", "map-vn")]);
  expect(pose?.xM).toBeCloseTo(-997);
});
