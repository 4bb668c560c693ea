import type { Side } from "@baton/maps";
import {
  type ControlFrame,
  decodePoseFrame,
  encodePoseFrame,
  PoseFlag,
  type PoseRecord,
  type VehicleView,
} from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";

const view = (vehicleId: string, slot: number): VehicleView => ({
  vehicleId,
  slot,
  connection: "online",
  batteryPct: 80,
  charging: false,
  loadIds: [],
  lastReportAtMs: 0,
  grantedEdgeIds: [],
  plannedEdgeIds: [],
});

const hello = (side: Side): ControlFrame => ({
  kind: "hello",
  side,
  siteId: "mini",
  tickMs: 100,
  speed: 1,
  nowMs: 0,
});
const snapshot = (side: Side, vehicles: VehicleView[]): ControlFrame => ({
  kind: "snapshot",
  vehicles,
  missions: [],
  alarms: [],
  borderline: { side, partner: "online", handoffs: [] },
});

const record = (slot: number, xM: number, flags = 0): PoseRecord => ({
  slot,
  flags,
  batteryPct: 80,
  xM,
  yM: -13,
  headingRad: 0,
  speedMps: 0,
});

function send(fleet: Fleet, side: Side, atMs: number, localMs: number, records: PoseRecord[]): void {
  const frame = decodePoseFrame(encodePoseFrame(1, atMs, records));
  if (frame === undefined) throw new Error("a frame that was just encoded must decode");
  fleet.onPoses(side, frame, localMs);
}

/** Both sides know `sim.a`, in different slots. */
function twoSided(): Fleet {
  const fleet = new Fleet();
  for (const [side, slot] of [
    ["vn", 0],
    ["cn", 7],
  ] as const) {
    fleet.onControl(side, hello(side));
    fleet.onControl(side, snapshot(side, [view("sim.a", slot)]));
  }
  return fleet;
}

describe("the fleet as drawn", () => {
  it("shows a vehicle of both feeds once, from the side that has its register", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -5)]);
    send(fleet, "cn", 0, 0, [record(7, 5, PoseFlag.ours)]);
    const poses = fleet.sample(100);
    expect(poses.vehicleIds.slice(0, poses.count)).toEqual(["sim.a"]);
    expect(poses.xM[0]).toBe(5);
  });

  it("changes feeds when the register passes", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -5, PoseFlag.ours)]);
    send(fleet, "cn", 0, 0, [record(7, 5)]);
    expect(fleet.sample(100).xM[0]).toBe(-5);
    send(fleet, "vn", 100, 100, [record(0, -5)]);
    send(fleet, "cn", 100, 100, [record(7, 5, PoseFlag.ours)]);
    expect(fleet.sample(200).xM[0]).toBe(5);
  });

  it("takes the fresher pose when neither side has the register", () => {
    const fleet = twoSided();
    send(fleet, "vn", 900, 900, [record(0, -5)]);
    send(fleet, "cn", 1000, 1000, [record(7, 5)]);
    expect(fleet.sample(1000).xM[0]).toBe(5);
  });

  it("falls back to the other feed when the holder's feed is silent", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -5, PoseFlag.ours)]);
    send(fleet, "cn", 9_000, 9_000, [record(7, 5)]);
    const poses = fleet.sample(9_000);
    expect(poses.xM[0]).toBe(5);
    expect(poses.ageMs[0]).toBe(0);
  });

  it("looks old, with its age, when no feed speaks", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -5, PoseFlag.ours)]);
    const poses = fleet.sample(60_000);
    expect(poses.ageMs[0]).toBe(60_000);
    expect((poses.flags[0] ?? 0) & PoseFlag.stale).toBe(PoseFlag.stale);
  });

  it("does not look old for a time in which the page itself was too busy to listen", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -5, PoseFlag.ours)]);
    expect(fleet.sample(5_000, 250).ageMs[0]).toBe(0);
    expect(fleet.sample(5_000, 4_900).ageMs[0]).toBe(4_900);
  });

  it("is right again with the first frames after a gap", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(0, -50, PoseFlag.ours)]);
    fleet.sample(60_000);
    fleet.onControl("vn", hello("vn"));
    fleet.onControl("vn", snapshot("vn", [view("sim.a", 3)]));
    send(fleet, "vn", 60_100, 60_100, [record(3, -5, PoseFlag.ours)]);
    const poses = fleet.sample(60_200);
    expect(poses.xM[0]).toBe(-5);
    expect((poses.flags[0] ?? 0) & PoseFlag.stale).toBe(0);
  });

  it("stands still while the shown time is held, however long, and goes on from there", () => {
    const fleet = twoSided();
    const driving = { ...record(0, -50, PoseFlag.ours), speedMps: 5 };
    send(fleet, "vn", 0, 0, [driving]);
    send(fleet, "vn", 1_000, 1_000, [{ ...driving, xM: -45 }]);
    const heldM = fleet.sample(1_000).xM[0];
    fleet.hold(true, 1_000);
    expect(fleet.moving).toBe(false);
    const held = fleet.sample(61_000);
    expect([held.xM[0], held.ageMs[0]]).toEqual([heldM, 0]);
    expect(fleet.siteNowMs(61_000)).toBe(1_000);
    fleet.hold(false, 61_000);
    expect(fleet.siteNowMs(61_500)).toBe(1_500);
    send(fleet, "vn", 2_000, 62_000, [{ ...driving, xM: -40 }]);
    expect(fleet.sample(62_150).xM[0]).toBeCloseTo(-40, 1);
  });

  it("ignores poses of a slot that no one has named", () => {
    const fleet = twoSided();
    send(fleet, "vn", 0, 0, [record(42, 1)]);
    expect(fleet.sample(0).count).toBe(0);
  });
});
