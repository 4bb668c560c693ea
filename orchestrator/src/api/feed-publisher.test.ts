import type { VehicleId, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import type { BlockId, EdgeId } from "@baton/maps";
import { Unpackr } from "msgpackr";
import { expect, test } from "vitest";
import {
  CONTROL_FRAME,
  decodePoseFrame,
  type MissionView,
  PoseFlag,
  type StationClosureView,
} from "../contract/index.ts";
import type { ClosureId, Explanation, OutOfUse } from "../reservation/port.ts";
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
  releasedNodeIds: [],
  releasedEdgeIds: [],
  plannedAhead: 0,
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
  const explained = new Map<VehicleId, Explanation>();
  let outOfUse: OutOfUse = { closures: [], failed: [] };
  let closedStations: readonly StationClosureView[] = [];
  const hub = createFeedHub();
  let nowMs = 10_100;
  const publisher = createFeedPublisher({
    side: "vn",
    siteId: "mini",
    tickMs: 200,
    speed: 1,
    nowMs: () => nowMs,
    fleet: { vehicles: () => vehicles },
    reservation: {
      holding: () => undefined,
      explain: (id) => explained.get(id),
      outOfUse: () => outOfUse,
    },
    missions: () => [],
    alarms: () => [],
    borderline: () => ({ side: "vn", partner: "online", handoffs: [] }),
    devices: () => [],
    closedStations: () => closedStations,
    hub,
  });
  const unpackr = new Unpackr({ useRecords: false });
  return {
    publisher,
    hub,
    vehicles,
    explained,
    setClosedStations: (now: readonly StationClosureView[]) => {
      closedStations = now;
    },
    setOutOfUse: (now: OutOfUse) => {
      outOfUse = now;
    },
    setNowMs: (ms: number) => {
      nowMs = ms;
    },
    join: () =>
      hub.join({ send: (data) => sent.push(data), close: () => {}, unreadBytes: 0 }, publisher.greeting()),
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

test("a vehicle that obeys a stop request says whose it is, until that side has lifted it", () => {
  const at = desk();
  const [record] = [...at.vehicles.values()];
  if (record?.state === undefined) throw new Error("the desk begins with a vehicle that has reported");
  expect(at.publisher.vehicles()[0]).not.toHaveProperty("stoppedBy");
  at.vehicles.set(record.vehicleId, { ...record, state: { ...record.state, pausedBy: ["cn"] } });
  expect(at.publisher.vehicles()[0]?.stoppedBy).toEqual(["cn"]);
});

test("a vehicle says how it is driven and whether it knows its place", () => {
  const at = desk();
  const [record] = [...at.vehicles.values()];
  if (record?.state === undefined) throw new Error("the desk begins with a vehicle that has reported");
  expect(at.publisher.vehicles()[0]).toMatchObject({ operatingMode: "automatic", isLocalised: true });
  const lost = { ...record.state, operatingMode: "manual", pose: undefined } as const;
  at.vehicles.set(record.vehicleId, { ...record, state: lost });
  expect(at.publisher.vehicles()[0]).toMatchObject({ operatingMode: "manual", isLocalised: false });
  at.vehicles.set(record.vehicleId, { ...record, state: undefined });
  expect(at.publisher.vehicles()[0]).not.toHaveProperty("operatingMode");
});

test("a device is told of when it has changed, once", () => {
  const at = desk();
  at.join();
  at.publisher.tick(1);
  at.publisher.deviceChanged({ deviceId: "vn.scanner-1", side: "vn", state: "busy", sinceMs: 9_000 });
  at.publisher.deviceChanged({ deviceId: "vn.scanner-1", side: "vn", state: "away", sinceMs: 9_500 });
  at.publisher.tick(2);
  expect(at.controls().at(-1)).toEqual({
    kind: "changes",
    devices: [{ deviceId: "vn.scanner-1", side: "vn", state: "away", sinceMs: 9_500 }],
  });
  const told = at.controls().length;
  at.publisher.tick(3);
  expect(at.controls()).toHaveLength(told);
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

const ahead = "sim.vn-02" as VehicleId;
const waits = (freeAtMs: number): Explanation => ({
  vehicleId,
  legId: undefined,
  chain: [
    {
      vehicleId,
      blockId: "b1" as BlockId,
      heldBy: ahead,
      how: "held",
      projectedFreeTick: 7,
      projectedFreeAtMs: freeAtMs,
    },
  ],
  head: { vehicleId: ahead, because: "waits-for-proceed" },
});

test("a vehicle that waits is shown with whom it waits for, and not told anew with every tick", () => {
  const at = desk();
  at.explained.set(vehicleId, waits(12_300));
  at.join();
  at.publisher.tick(1);
  expect(at.controls().at(-1)).toMatchObject({
    vehicles: [
      {
        explanation: {
          chain: [{ vehicleId, blockId: "b1", heldBy: ahead, how: "held", projectedFreeAtMs: 13_000 }],
          head: { vehicleId: ahead, because: "waits-for-proceed" },
        },
      },
    ],
  });
  const told = at.controls().length;
  at.explained.set(vehicleId, waits(15_000));
  at.setNowMs(10_300);
  at.publisher.tick(2);
  expect(at.controls()).toHaveLength(told);
  at.setNowMs(11_200);
  at.publisher.tick(3);
  expect(at.controls()).toHaveLength(told + 1);
});

test("a vehicle with nothing in its way has nothing to explain", () => {
  const at = desk();
  at.explained.set(vehicleId, {
    vehicleId,
    legId: undefined,
    chain: [],
    head: { vehicleId, because: "drives" },
  });
  at.join();
  at.publisher.tick(1);
  expect(at.controls().at(-1)?.vehicles[0]).not.toHaveProperty("explanation");
});

test("a station that is closed is told once, and to whoever comes later", () => {
  const at = desk();
  at.join();
  at.publisher.tick(1);
  const closure = { stationId: "vn.crane-1", reason: "drips", by: "lan", sinceMs: 7 };
  at.setClosedStations([closure]);
  at.publisher.tick(2);
  expect(at.controls().at(-1)).toEqual({ kind: "changes", closedStations: [closure] });
  const told = at.controls().length;
  at.publisher.tick(3);
  expect(at.controls()).toHaveLength(told);
  expect(at.publisher.greeting()[1]).toMatchObject({ closedStations: [closure] });
});

test("closed ground and failed vehicles are shown from the moment they are, and no longer", () => {
  const at = desk();
  at.join();
  at.publisher.tick(1);
  const closure = { closureId: "c1" as ClosureId, edgeIds: ["e1" as EdgeId], reason: "oil" };
  at.setOutOfUse({ closures: [closure], failed: [] });
  at.publisher.tick(2);
  expect(at.controls().at(-1)).toEqual({
    kind: "changes",
    closures: [{ closureId: "c1", edgeIds: ["e1"], reason: "oil" }],
  });
  at.setOutOfUse({ closures: [closure], failed: [{ vehicleId, reason: "a wheel" }] });
  at.setNowMs(11_200);
  at.publisher.tick(2);
  expect(at.controls().at(-1)).toMatchObject({ vehicles: [{ vehicleId, failed: "a wheel" }] });
  expect(at.controls().at(-1)).not.toHaveProperty("closures");
  expect((at.poses().at(-1)?.flags[0] ?? 0) & PoseFlag.trouble).toBe(PoseFlag.trouble);
  at.setOutOfUse({ closures: [], failed: [] });
  at.setNowMs(12_300);
  at.publisher.tick(3);
  expect(at.controls().at(-1)).toMatchObject({ closures: [] });
  expect(at.controls().at(-1)?.vehicles[0]).not.toHaveProperty("failed");
});
