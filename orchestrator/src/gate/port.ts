import type { VehicleId } from "@baton/fleet-adapter";
import type { Branded, DeviceId } from "@baton/maps";
import Type, { type Static } from "typebox";
import { DevicePosition } from "../contract/index.ts";

export type JobId = Branded<"JobId">;

/**
 * What the gate asks of its devices and of the agencies' systems: one job at a time, idempotent by `jobId`.
 * A job is repeated until the device has reported on it, and a device that is asked again reports again.
 */
export interface GateDevices {
  start(): Promise<void>;
  stop(): Promise<void>;
  ask(job: DeviceJob): void;
  /** Stops asking; a report that comes all the same is ignored. */
  forget(jobId: JobId): void;
  subscribe(listener: (event: DeviceEvent) => void): () => void;
}

export type DeviceEvent =
  | { readonly kind: "reported"; readonly report: DeviceReport }
  | {
      readonly kind: "availability";
      readonly deviceId: DeviceId;
      readonly online: boolean;
      readonly atMs: number;
    }
  | {
      readonly kind: "moved";
      readonly deviceId: DeviceId;
      readonly position: DevicePosition;
      /** By the device's clock. */
      readonly atMs: number;
    }
  | { readonly kind: "invalidMessage"; readonly topic: string; readonly detail: string };

export interface DeviceJob {
  readonly jobId: JobId;
  readonly deviceId: DeviceId;
  readonly task: DeviceTask;
  /** The mission it is for, so that a log of the device can be read beside the mission's. */
  readonly missionId: string;
  readonly vehicleId?: VehicleId | undefined;
}

const Text = Type.String({ maxLength: 256 });
const ContainerNo = Type.String({ minLength: 11, maxLength: 11 });

/** What a device can be asked. `kind` decides which device kinds understand it. */
export const DeviceTask = Type.Union([
  /** Truck gate: wait for the truck, read plate, container and pass. */
  Type.Object({ kind: Type.Literal("admit-truck"), containerNo: ContainerNo, truckPlate: Text }),
  /** Crane: lift the container onto the vehicle, or off it. `landed` and twist locks are in the result. */
  Type.Object({
    kind: Type.Literal("lift"),
    containerNo: ContainerNo,
    way: Type.Union([Type.Literal("onto-vehicle"), Type.Literal("off-vehicle")]),
  }),
  /** E-seal reader at the crane: arm the seal and read its serial. */
  Type.Object({ kind: Type.Literal("arm-seal"), containerNo: ContainerNo, sealNo: Text }),
  /** Portal or gate: read container and vehicle, compare nothing: that is the gate's business. */
  Type.Object({ kind: Type.Literal("identify"), containerNo: ContainerNo }),
  Type.Object({ kind: Type.Literal("weigh"), containerNo: ContainerNo }),
  Type.Object({ kind: Type.Literal("scan"), containerNo: ContainerNo }),
  /** Image analyst: a verdict on a scan. */
  Type.Object({ kind: Type.Literal("judge-scan"), containerNo: ContainerNo, scanReference: Text }),
  Type.Object({ kind: Type.Literal("quarantine"), containerNo: ContainerNo }),
  /** Customs: release, inspect or return. */
  Type.Object({ kind: Type.Literal("decide"), containerNo: ContainerNo, declarationNo: Text, verdict: Text }),
  Type.Object({ kind: Type.Literal("inspect"), containerNo: ContainerNo }),
  /** Border guard: the vehicle (and attendant, if any) may leave, or has entered; without a container where it carries none. */
  Type.Object({ kind: Type.Literal("guard-check"), containerNo: Type.Optional(ContainerNo) }),
  /** Border-gate platform: slot, order and, at the end, the record of the exit or entry. */
  Type.Object({ kind: Type.Literal("register-order"), containerNo: ContainerNo, declarationNo: Text }),
  Type.Object({ kind: Type.Literal("close-order"), containerNo: ContainerNo, declarationNo: Text }),
]);
export type DeviceTask = Static<typeof DeviceTask>;
export type DeviceTaskKind = DeviceTask["kind"];

/** What a device found. Facts only: whether they fit is judged by the mission's guards. */
export const DeviceResult = Type.Union([
  Type.Object({
    kind: Type.Literal("admit-truck"),
    truckPlate: Text,
    containerNo: Text,
    pictureReference: Text,
  }),
  Type.Object({ kind: Type.Literal("lift"), landed: Type.Boolean(), twistLocksClosed: Type.Boolean() }),
  Type.Object({
    kind: Type.Literal("arm-seal"),
    sealNo: Text,
    state: Type.Union([Type.Literal("armed"), Type.Literal("dead")]),
  }),
  Type.Object({
    kind: Type.Literal("identify"),
    containerNo: Text,
    vehicleId: Text,
    sealIntact: Type.Boolean(),
    pictureReference: Text,
  }),
  Type.Object({ kind: Type.Literal("weigh"), grossKg: Type.Number({ minimum: 0 }), scaleClass: Text }),
  Type.Object({
    kind: Type.Literal("scan"),
    scanReference: Text,
    sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  }),
  Type.Object({
    kind: Type.Literal("judge-scan"),
    verdict: Type.Union([Type.Literal("clear"), Type.Literal("suspect")]),
    account: Text,
  }),
  Type.Object({
    kind: Type.Literal("quarantine"),
    outcome: Type.Union([Type.Literal("not-listed"), Type.Literal("certified"), Type.Literal("refused")]),
    certificate: Text,
  }),
  Type.Object({
    kind: Type.Literal("decide"),
    decision: Type.Union([Type.Literal("release"), Type.Literal("inspect"), Type.Literal("return")]),
    account: Text,
  }),
  Type.Object({
    kind: Type.Literal("inspect"),
    outcome: Type.Union([Type.Literal("release"), Type.Literal("return")]),
    officers: Type.Array(Text),
    newSealNo: Text,
  }),
  Type.Object({ kind: Type.Literal("guard-check"), allowed: Type.Boolean(), account: Text }),
  Type.Object({ kind: Type.Literal("register-order"), slot: Text, pass: Text }),
  Type.Object({ kind: Type.Literal("close-order"), confirmation: Text }),
]);
export type DeviceResult = Static<typeof DeviceResult>;

/** A job as it goes over MQTT, topic `baton/v1/<site>/<side>/<device>/job`, QoS 1. */
export const DeviceJobMessage = Type.Object({
  jobId: Type.String({ minLength: 1, maxLength: 128 }),
  missionId: Type.String({ maxLength: 128 }),
  vehicleId: Type.Optional(Text),
  sentAtMs: Type.Integer(),
  task: DeviceTask,
});

/** A report, topic `baton/v1/<site>/<side>/<device>/report`, QoS 1. `accepted` means: working on it. */
export const DeviceReport = Type.Object({
  jobId: Type.String({ minLength: 1, maxLength: 128 }),
  deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  atMs: Type.Integer(),
  outcome: Type.Union([
    Type.Object({ status: Type.Literal("accepted") }),
    Type.Object({ status: Type.Literal("done"), result: DeviceResult }),
    Type.Object({ status: Type.Literal("failed"), code: Type.String({ maxLength: 64 }), detail: Text }),
  ]),
});
export type DeviceReport = Static<typeof DeviceReport>;

/** Whether a device is there, topic `baton/v1/<site>/<side>/<device>/status`, QoS 1, retained, last will `offline`. */
export const DeviceStatusMessage = Type.Object({
  deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  status: Type.Union([Type.Literal("online"), Type.Literal("offline")]),
  atMs: Type.Integer(),
});

/**
 * Where a device's moving part is, topic `baton/v1/<site>/<side>/<device>/position`, QoS 1, retained: at every change of its course.
 * For whoever looks on: nothing is decided by it.
 */
export const DevicePositionMessage = Type.Object({
  deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  atMs: Type.Integer(),
  position: DevicePosition,
});

export const deviceTopic = (
  site: string,
  side: string,
  deviceId: string,
  leaf: "job" | "report" | "status" | "position" | "transfer-command" | "transfer-state",
): string => `baton/v1/${site}/${side}/${deviceId}/${leaf}`;

/** The agencies' systems answer through the same port as devices; their device ids are `<side>.<agency>`. */
export const AGENCIES = ["platform", "analyst", "customs", "quarantine", "border-guard"] as const;
export type Agency = (typeof AGENCIES)[number];
