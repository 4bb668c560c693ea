import type { Side } from "@baton/maps";
import {
  CONTROL_FRAME,
  ControlFrame,
  decodePoseFrame,
  PoseFlag,
  type VehicleView,
} from "@baton/orchestrator/contract";
import { unpack } from "msgpackr/unpack";
import { Compile } from "typebox/compile";
import type { RecordedVehicle, Recorder } from "./recorder.ts";

const controlFrame = Compile(ControlFrame);

/** Counts of what a feed has brought. */
export interface FeedCounts {
  readonly poseFrames: number;
  readonly controlFrames: number;
  /** Messages that are not of the contract; they are left out. */
  readonly refused: number;
}

/**
 * Takes one side's feed, message by message (`contract/frames.ts`), into a recording. Pure but for the recorder: where the
 * messages come from is somebody else's.
 */
export class FeedRecording {
  readonly #recorder: Recorder;
  readonly #side: Side;
  /** Vehicles by their slot in pose frames. */
  readonly #slots = new Map<number, string>();
  #atMs: number;
  #poseFrames = 0;
  #controlFrames = 0;
  #refused = 0;

  constructor(recorder: Recorder, side: Side, beginMs: number) {
    this.#recorder = recorder;
    this.#side = side;
    this.#atMs = beginMs;
  }

  get counts(): FeedCounts {
    return { poseFrames: this.#poseFrames, controlFrames: this.#controlFrames, refused: this.#refused };
  }

  take(bytes: Uint8Array): void {
    if (bytes[0] === CONTROL_FRAME) this.#control(bytes.subarray(1));
    else this.#poses(bytes);
  }

  #poses(bytes: Uint8Array): void {
    const frame = decodePoseFrame(bytes);
    if (frame === undefined) {
      this.#refused += 1;
      return;
    }
    this.#poseFrames += 1;
    this.#atMs = frame.atMs;
    const vehicles: RecordedVehicle[] = [];
    for (let at = 0; at < frame.count; at++) {
      const vehicleId = this.#slots.get(frame.slot[at] ?? -1);
      if (vehicleId === undefined) continue;
      vehicles.push({
        vehicleId,
        xM: millimetres(frame.xM[at]),
        yM: millimetres(frame.yM[at]),
        headingRad: frame.headingRad[at] ?? 0,
        isLoaded: ((frame.flags[at] ?? 0) & PoseFlag.loaded) !== 0,
      });
    }
    this.#recorder.poses(frame.atMs, vehicles);
  }

  #control(packed: Uint8Array): void {
    const frame = readControl(packed);
    if (frame === undefined) {
      this.#refused += 1;
      return;
    }
    this.#controlFrames += 1;
    if (frame.kind === "hello") {
      this.#atMs = Math.max(this.#atMs, frame.nowMs);
      return;
    }
    for (const vehicle of frame.vehicles ?? []) this.#vehicle(vehicle);
    for (const mission of frame.missions ?? []) this.#recorder.mission(this.#atMs, mission);
    for (const alarm of frame.alarms ?? []) this.#recorder.alarm(this.#atMs, alarm);
  }

  #vehicle({ slot, vehicleId, grantedEdgeIds }: VehicleView): void {
    this.#slots.set(slot, vehicleId);
    this.#recorder.grants(this.#atMs, this.#side, vehicleId, grantedEdgeIds);
  }
}

/** Pose frames carry whole millimetres: what single precision adds to them is nothing that was measured. */
function millimetres(valueM: number | undefined): number {
  return Math.round((valueM ?? 0) * 1000) / 1000;
}

function readControl(packed: Uint8Array): ControlFrame | undefined {
  try {
    const value: unknown = unpack(packed);
    return controlFrame.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
