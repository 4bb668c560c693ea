import type { VehicleId, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import { Unpackr } from "msgpackr";
import { expect, test } from "vitest";
import { CONTROL_FRAME, decodePoseFrame, type MissionView, PoseFlag } from "../contract/index.ts";
import { createFeedHub } from "./feed-hub.ts";
import { createFeedPublisher } from "./feed-publisher.ts";

const vehicleId = "sim.vn-01" as VehicleId;
const state: VehicleState = {
  vehicleId,
  atMs: 10_000,
  pose: { xM: -57.5, yM: -13, headingRad: 0 },
  speedMps: 0,
  driving: false,
  pausedBy: [],
  orderId: undefined,
  orderRevision: 0,
  lastNodeId: undefined,
  lastNodeSequence: 0,
  nodesAhead: 0,
  batteryPct: 80,
  charging: false,
  loadIds: ["CSQU3054383"],
  operatingMode: "automatic",
  emergencyStop: false,
  control: { authority: "vn", epoch: 3 },
  errors: [],
};

function desk() {
  const vehicles = new Map<VehicleId, VehicleRecord>([
    [vehicleId, { vehicleId, connection: "online", factsheet: undefined, state }],
  ]);
  const sent: Uint8Array[] = [];
  const hub = createFeedHub();
  let nowMs = 10_100;
  const publisher = createFeedPublisher({
    side: "vn",
    siteId: "mini",
    tickMs: 200,
    speed: 1,
    nowMs: () => nowMs,
    fleet: { vehicles: () => vehicles },
    holding: () => undefined,
    missions: () => [],
    alarms: () => [],
    borderline: () => ({ side: "vn", partner: "online", handoffs: [] }),
    hub,
  });
  const unpackr = new Unpackr({ useRecords: false });
  return {
    publisher,
    hub,
    vehicles,
    setNowMs: (ms: number) => {
      nowMs = ms;
    },
    join: () =>
      hub.join({ send: (data) => sent.push(data), close: () => {}, bufferedAmount: 0 }, publisher.greeting()),
    poses: () => sent.flatMap((bytes) => decodePoseFrame(bytes) ?? []),
    controls: () =>
      sent.flatMap((bytes) => (bytes[0] === CONTROL_FRAME ? [unpackr.unpack(bytes.subarray(1))] : [])),
  };
}

test("a viewer first gets who speaks and everything there is, then poses each tick", () => {
  const at = desk();
  at.join();
  at.publisher.tick(7);
  expect(
    at
      .controls()
      .map((frame) => frame.kind)
      .slice(0, 2),
  ).toEqual(["hello", "snapshot"]);
  const frame = at.poses()[0];
  expect(frame?.tick).toBe(7);
  expect(frame?.xM[0]).toBeCloseTo(-57.5);
  expect(frame?.flags[0]).toBe(PoseFlag.loaded | PoseFlag.ours);
});

test("a vehicle that fell silent is marked stale, however fresh its last pose looked", () => {
  const at = desk();
  at.join();
  at.setNowMs(20_000);
  at.publisher.tick(1);
  expect((at.poses()[0]?.flags[0] ?? 0) & PoseFlag.stale).toBe(PoseFlag.stale);
});

test("what has not changed is not sent again; what has, is", () => {
  const at = desk();
  at.join();
  at.publisher.tick(1);
  const before = at.controls().length;
  at.publisher.tick(2);
  expect(at.controls()).toHaveLength(before);
  at.vehicles.set(vehicleId, { vehicleId, connection: "broken", factsheet: undefined, state });
  const mission: MissionView = {
    missionId: "m1",
    orderId: "o1",
    side: "vn",
    direction: "export",
    bound: "outbound",
    step: "load",
    stepSinceMs: 1,
    status: "running",
    steps: ["load"],
    timeline: [],
  };
  at.publisher.missionChanged(mission);
  at.publisher.tick(3);
  expect(at.controls().at(-1)).toMatchObject({
    kind: "changes",
    vehicles: [{ vehicleId, connection: "broken" }],
    missions: [{ missionId: "m1" }],
  });
});
