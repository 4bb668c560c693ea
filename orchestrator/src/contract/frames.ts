import Type, { type Static } from "typebox";
import { AlarmView } from "./views/alarm.ts";
import { BorderlineView } from "./views/borderline.ts";
import { ClosureView, StationClosureView } from "./views/closure.ts";
import { DeviceView } from "./views/device.ts";
import { MissionView } from "./views/mission.ts";
import { VehicleView } from "./views/vehicle.ts";

/**
 * The feed, `GET /api/v1/feed` (WebSocket). Two kinds of binary message, told apart by their first byte:
 *
 * - `0x01` pose frame, one a tick, fixed layout, little-endian:
 *   header 16 bytes: u8 kind = 1 · u8 version = 1 · u16 count · u32 tick · f64 atMs
 *   then `count` records of 16 bytes: u16 slot · u8 flags · u8 battery (0.5 % steps) · i32 x (mm) · i32 y (mm) ·
 *   i16 heading (1e-4 rad) · i16 speed (mm/s)
 * - `0x02` control frame: one byte, then msgpack of a `ControlFrame`.
 *
 * Site frame, metres, radians once decoded. Bound: MAX_VEHICLES records.
 */
export const POSE_FRAME = 0x01;
export const CONTROL_FRAME = 0x02;
export const POSE_FRAME_VERSION = 1;
export const HEADER_BYTES = 16;
export const RECORD_BYTES = 16;
export const MAX_VEHICLES = 4096;

export const PoseFlag = {
  loaded: 1,
  driving: 2,
  /** No state for longer than the site allows: the pose is old and must look so. */
  stale: 4,
  paused: 8,
  /** The vehicle's mission is held or the vehicle has a fatal error. */
  trouble: 16,
  /** This side has the vehicle's control register. */
  ours: 32,
} as const;

export interface PoseRecord {
  readonly slot: number;
  readonly flags: number;
  readonly batteryPct: number;
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly speedMps: number;
}

/**
 * Poses of all vehicles at one tick, struct of arrays.
 * Frame: site, metres, right-handed, z up; heading counter-clockwise from +x, radians.
 * Shape: every array has `count` entries used; `slot` tells whose they are.
 */
export interface PoseFrame {
  readonly tick: number;
  readonly atMs: number;
  readonly count: number;
  readonly slot: Uint16Array;
  readonly flags: Uint8Array;
  readonly batteryPct: Float32Array;
  readonly xM: Float32Array;
  readonly yM: Float32Array;
  readonly headingRad: Float32Array;
  readonly speedMps: Float32Array;
}

const clampInt = (value: number, limit: number): number =>
  Math.max(-limit, Math.min(limit - 1, Math.round(value)));

/** Encodes one tick's poses. Throws a RangeError over MAX_VEHICLES: the caller's bound was broken. */
export function encodePoseFrame(
  tick: number,
  atMs: number,
  records: readonly PoseRecord[],
): Uint8Array<ArrayBuffer> {
  if (records.length > MAX_VEHICLES)
    throw new RangeError(`${records.length} poses exceed the bound of ${MAX_VEHICLES}`);
  const bytes = new Uint8Array(HEADER_BYTES + records.length * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, POSE_FRAME);
  view.setUint8(1, POSE_FRAME_VERSION);
  view.setUint16(2, records.length, true);
  view.setUint32(4, tick >>> 0, true);
  view.setFloat64(8, atMs, true);
  let at = HEADER_BYTES;
  for (const record of records) {
    view.setUint16(at, record.slot, true);
    view.setUint8(at + 2, record.flags);
    view.setUint8(at + 3, Math.max(0, Math.min(200, Math.round(record.batteryPct * 2))));
    view.setInt32(at + 4, clampInt(record.xM * 1000, 2 ** 31), true);
    view.setInt32(at + 8, clampInt(record.yM * 1000, 2 ** 31), true);
    view.setInt16(at + 12, clampInt(record.headingRad * 1e4, 2 ** 15), true);
    view.setInt16(at + 14, clampInt(record.speedMps * 1000, 2 ** 15), true);
    at += RECORD_BYTES;
  }
  return bytes;
}

/** Decodes a pose frame; undefined when it is not one, is cut short, or is of a version not known here. */
export function decodePoseFrame(bytes: Uint8Array): PoseFrame | undefined {
  if (bytes.byteLength < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== POSE_FRAME || view.getUint8(1) !== POSE_FRAME_VERSION) return undefined;
  const count = view.getUint16(2, true);
  if (count > MAX_VEHICLES || bytes.byteLength !== HEADER_BYTES + count * RECORD_BYTES) return undefined;
  const frame: PoseFrame = {
    tick: view.getUint32(4, true),
    atMs: view.getFloat64(8, true),
    count,
    slot: new Uint16Array(count),
    flags: new Uint8Array(count),
    batteryPct: new Float32Array(count),
    xM: new Float32Array(count),
    yM: new Float32Array(count),
    headingRad: new Float32Array(count),
    speedMps: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + i * RECORD_BYTES;
    frame.slot[i] = view.getUint16(at, true);
    frame.flags[i] = view.getUint8(at + 2);
    frame.batteryPct[i] = view.getUint8(at + 3) / 2;
    frame.xM[i] = view.getInt32(at + 4, true) / 1000;
    frame.yM[i] = view.getInt32(at + 8, true) / 1000;
    frame.headingRad[i] = view.getInt16(at + 12, true) / 1e4;
    frame.speedMps[i] = view.getInt16(at + 14, true) / 1000;
  }
  return frame;
}

/** Control frames: first a `hello` and one `snapshot`, then `changes` as they happen. */
export const ControlFrame = Type.Union([
  Type.Object({
    kind: Type.Literal("hello"),
    side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
    siteId: Type.String(),
    tickMs: Type.Number(),
    /** How much faster than real time this world runs. */
    speed: Type.Number(),
    nowMs: Type.Number(),
  }),
  Type.Object({
    kind: Type.Literal("snapshot"),
    vehicles: Type.Array(VehicleView),
    missions: Type.Array(MissionView),
    alarms: Type.Array(AlarmView),
    borderline: BorderlineView,
    closures: Type.Optional(Type.Array(ClosureView)),
    /** All stations that are closed; in changes when they are others than before. */
    closedStations: Type.Optional(Type.Array(StationClosureView)),
    devices: Type.Optional(Type.Array(DeviceView)),
  }),
  /** Only what changed since the last control frame; missing lists mean no change. */
  Type.Object({
    kind: Type.Literal("changes"),
    vehicles: Type.Optional(Type.Array(VehicleView)),
    missions: Type.Optional(Type.Array(MissionView)),
    alarms: Type.Optional(Type.Array(AlarmView)),
    borderline: Type.Optional(BorderlineView),
    /** All closures that stand, when they are others than before. */
    closures: Type.Optional(Type.Array(ClosureView)),
    /** All stations that are closed; in changes when they are others than before. */
    closedStations: Type.Optional(Type.Array(StationClosureView)),
    devices: Type.Optional(Type.Array(DeviceView)),
  }),
]);
export type ControlFrame = Static<typeof ControlFrame>;
