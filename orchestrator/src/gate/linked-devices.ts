import type { Clock, MessageLink, OpenLink, Payload, Timers } from "@baton/fleet-adapter";
import type { DeviceId, Side } from "@baton/maps";
import { Compile } from "typebox/compile";
import {
  type DeviceEvent,
  type DeviceJob,
  DevicePositionMessage,
  DeviceReport,
  DeviceStatusMessage,
  deviceTopic,
  type GateDevices,
  type JobId,
} from "./port.ts";

export interface LinkedDevicesOptions {
  /** To this side's own broker. */
  readonly openLink: OpenLink;
  readonly siteId: string;
  readonly side: Side;
  readonly clientId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long to wait for a report before a job is said again. */
  readonly resendMs?: number;
  /** Longer inbound messages are refused unread. */
  readonly maxMessageBytes?: number;
}

export interface LinkedDevices extends GateDevices {
  /** Inbound messages that made no sense, since the start. */
  invalidMessages(): number;
}

const RESEND_MS = 3_000;
const MAX_MESSAGE_BYTES = 16 * 1024;

const reportCheck = Compile(DeviceReport);
const statusCheck = Compile(DeviceStatusMessage);
const positionCheck = Compile(DevicePositionMessage);

interface OpenJob {
  readonly job: DeviceJob;
  stopResending: (() => void) | undefined;
}

/**
 * The gate's devices and agencies over the side's broker. QoS 1 brings a job to the broker, not to a device that was away:
 * so a job is said again until the device has reported anything on it, even that it is working on it.
 */
export function createLinkedDevices(options: LinkedDevicesOptions): LinkedDevices {
  const { openLink } = options;
  const resendMs = options.resendMs ?? RESEND_MS;
  const maxMessageBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
  const listeners = new Set<(event: DeviceEvent) => void>();
  const open = new Map<JobId, OpenJob>();
  let link: MessageLink | undefined;
  let invalidCount = 0;

  const tell = (event: DeviceEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };

  const say = (job: DeviceJob): void => {
    const topic = deviceTopic(options.siteId, options.side, job.deviceId, "job");
    const message = {
      jobId: job.jobId,
      missionId: job.missionId,
      ...(job.vehicleId === undefined ? {} : { vehicleId: job.vehicleId }),
      sentAtMs: Math.round(options.clock.nowMs()),
      task: job.task,
    };
    // One that cannot be sent now is repeated by the resending timer, like one that got lost.
    link?.publish(topic, message, { qos: 1 });
  };

  const keepSaying = (entry: OpenJob): void => {
    entry.stopResending?.();
    entry.stopResending = options.timers.every(resendMs, () => say(entry.job));
    say(entry.job);
  };

  const receive = (topic: string, payload: Payload): void => {
    const [, , , , deviceId = "", leaf] = topic.split("/");
    const take = leaf === "report" ? takeReport : leaf === "position" ? takePosition : takeStatus;
    const problem = take(deviceId, payload);
    if (problem === undefined) return;
    invalidCount++;
    tell({ kind: "invalidMessage", topic, detail: problem });
  };

  /** What is wrong with it; undefined when it was taken, or is about a job that nobody waits for. */
  const takeReport = (deviceId: string, payload: Payload): string | undefined => {
    const read = payload.json(maxMessageBytes);
    if (!read.ok) return read.reason;
    const message = read.value;
    if (!reportCheck.Check(message)) return firstError(reportCheck, message);
    if (message.deviceId !== deviceId) return `says it is from ${message.deviceId}`;
    const entry = open.get(message.jobId as JobId);
    if (entry === undefined) return undefined;
    if (entry.job.deviceId !== deviceId) return `reports on a job of ${entry.job.deviceId}`;
    entry.stopResending?.();
    entry.stopResending = undefined;
    tell({ kind: "reported", report: message });
    return undefined;
  };

  const takeStatus = (deviceId: string, payload: Payload): string | undefined => {
    const read = payload.json(maxMessageBytes);
    if (!read.ok) return read.reason;
    const message = read.value;
    if (!statusCheck.Check(message)) return firstError(statusCheck, message);
    if (message.deviceId !== deviceId) return `says it is from ${message.deviceId}`;
    const online = message.status === "online";
    tell({ kind: "availability", deviceId: deviceId as DeviceId, online, atMs: message.atMs });
    // A device that came back may have lost what it was told: say again what it has not finished.
    if (online) for (const again of open.values()) if (again.job.deviceId === deviceId) keepSaying(again);
    return undefined;
  };

  const takePosition = (deviceId: string, payload: Payload): string | undefined => {
    const read = payload.json(maxMessageBytes);
    if (!read.ok) return read.reason;
    const message = read.value;
    if (!positionCheck.Check(message)) return firstError(positionCheck, message);
    if (message.deviceId !== deviceId) return `says it is from ${message.deviceId}`;
    const { position, atMs } = message;
    tell({ kind: "moved", deviceId: deviceId as DeviceId, position, atMs });
    return undefined;
  };

  const stop = async (): Promise<void> => {
    for (const entry of open.values()) entry.stopResending?.();
    open.clear();
    const ending = link;
    link = undefined;
    await ending?.end();
  };

  return {
    async start() {
      link ??= openLink({
        clientId: options.clientId,
        subscriptions: [
          deviceTopic(options.siteId, options.side, "+", "report"),
          deviceTopic(options.siteId, options.side, "+", "status"),
          deviceTopic(options.siteId, options.side, "+", "position"),
        ],
        onOpen: () => {
          for (const entry of open.values()) if (entry.stopResending !== undefined) say(entry.job);
        },
        // Trouble with the broker passes by itself, or shows as a deadline: a device is silent.
        onMessage: receive,
      });
      try {
        await link.whenOpen();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    ask(job) {
      const entry: OpenJob = open.get(job.jobId) ?? { job, stopResending: undefined };
      open.set(job.jobId, entry);
      keepSaying(entry);
    },
    forget(jobId) {
      open.get(jobId)?.stopResending?.();
      open.delete(jobId);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    invalidMessages: () => invalidCount,
  };
}

function firstError(
  check: { Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[] },
  message: unknown,
): string {
  const error = check.Errors(message)[0];
  return error === undefined ? "does not fit the schema" : `${error.instancePath || "/"} ${error.message}`;
}
