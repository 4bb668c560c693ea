import type { Point, Side } from "@baton/maps";
import type { DeviceJobMessage, DeviceReport, DeviceResult } from "@baton/orchestrator";
import type { Static } from "typebox";
import type { ChannelShares } from "../scenario/demand-schema.ts";
import type { Faults, ServiceTimes } from "../scenario/scenario.ts";
import type { WorldCrane, WorldTruck, WorldVehicle } from "../world/channel.ts";

export type Job = Static<typeof DeviceJobMessage>;

/** Where a device works. Site frame. */
export interface DevicePlace {
  readonly stationId: string;
  /** Where a vehicle stands; undefined where none goes (a truck gate). */
  readonly standsAt: Point | undefined;
  /** Which way vehicles drive here. */
  readonly headingRad?: number;
  /** The ground that a vehicle must be on to be weighed or scanned; undefined where neither is done. */
  readonly extent: Extent | undefined;
}

export interface Extent {
  readonly at: Point;
  readonly headingRad: number;
  readonly lengthM: number;
  readonly widthM: number;
}

/** What never changes about a device, or an agency, which has no place. */
export interface DeviceModel {
  readonly deviceId: string;
  readonly side: Side;
  readonly place: DevicePlace | undefined;
  /** What of it moves: a crane's spreader, or a gate's arm. */
  readonly gear?: "hoist" | "barrier";
  readonly seed: string;
  readonly serviceTimes: ServiceTimes;
  readonly faults: Faults;
  readonly channels: ChannelShares;
  /** How many jobs it works on at a time at an instant; without it as many as there are. */
  readonly capacityAt?: (atMs: number) => number;
  /** Whether it is there at an instant; without it always. */
  readonly isUpAt?: (atMs: number) => boolean;
}

/** What a device can see, feel and weigh of the world around it. */
export interface Surroundings {
  readonly vehicles: ReadonlyMap<string, WorldVehicle>;
  readonly trucks: ReadonlyMap<string, WorldTruck>;
  grossKg(containerNo: string): number;
}

/** The state of one device: its jobs, newest last, and what passed through it lately. Plain data. */
export interface Device {
  readonly jobs: readonly JobRecord[];
  readonly passes: readonly Pass[];
}

export interface JobRecord {
  readonly job: Job;
  readonly receivedAtMs: number;
  /**
   * `waiting` for what it needs (a truck, a vehicle that stands or passes), `working`, `hanging`: a lift is felt by the
   * vehicle but its locks have not answered yet, `over`: reported.
   */
  readonly phase: "waiting" | "working" | "hanging" | "over";
  readonly dueAtMs?: number | undefined;
  /** When the work was done, for those who wait for the device to be free. */
  readonly endedAtMs?: number | undefined;
  /** What was there when the work began. */
  readonly seen?: { readonly vehicleId: string; readonly containerNo: string } | undefined;
  readonly outcome?: DeviceReport["outcome"] | undefined;
}

/** A vehicle with its container on the device's ground; `atMs` is when it was there last. */
export interface Pass {
  readonly vehicleId: string;
  readonly containerNo: string;
  readonly sinceMs: number;
  readonly atMs: number;
}

export type DeviceEffect =
  /** Must not be lost in a restart; comes before what others are told. */
  | { readonly kind: "persist" }
  | { readonly kind: "report"; readonly report: DeviceReport }
  | { readonly kind: "crane"; readonly crane: WorldCrane };

export const freshDevice: Device = { jobs: [], passes: [] };

export type Result = DeviceResult;
