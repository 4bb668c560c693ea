import type { VehicleId } from "@baton/fleet-adapter";
import { SIDES, type Side, type Site } from "@baton/maps";
import type { RunOptions } from "../fast/run.ts";
import type { FastWorld } from "../fast/world.ts";
import { groundOfSite } from "./ground.ts";
import { fileWritable } from "./mcap-file.ts";
import { Recorder } from "./recorder.ts";

/** A recording of a run in fast time, to be hung into it. */
export interface RunRecording {
  readonly listener: NonNullable<RunOptions["listener"]>;
  readonly attach: (world: FastWorld) => void;
  close(): Promise<void>;
}

/** Records a run into a file: poses and grants once a second of its time, missions and alarms as they change. */
export async function openRunRecording(path: string, site: Site, beginMs: number): Promise<RunRecording> {
  const recorder = await Recorder.open(await fileWritable(path), groundOfSite(site), beginMs);
  let world: FastWorld | undefined;
  /** Vehicles that have been granted anything, by side. */
  const led: Readonly<Record<Side, Set<VehicleId>>> = { vn: new Set(), cn: new Set() };
  return {
    attach: (opened) => {
      world = opened;
      for (const side of SIDES) {
        opened.sides[side].rooms.reservation.onCommitted((legs) => {
          for (const { vehicleId } of legs) led[side].add(vehicleId);
        });
      }
    },
    listener: {
      mission: (_side, mission, atMs) => recorder.mission(atMs, mission),
      alarm: (_side, alarm, atMs) => recorder.alarm(atMs, alarm),
      second: (atMs) => {
        if (world === undefined) return;
        recorder.poses(
          atMs,
          world.vehicles.map(({ model: { vehicleId }, now }) => {
            const { pose, deck } = now();
            return { vehicleId, ...pose, isLoaded: deck !== undefined };
          }),
        );
        for (const side of SIDES) {
          const { reservation } = world.sides[side].rooms;
          for (const vehicleId of led[side]) {
            recorder.grants(atMs, side, vehicleId, reservation.holding(vehicleId)?.grantedEdgeIds ?? []);
          }
        }
      },
    },
    close: () => recorder.close(),
  };
}
