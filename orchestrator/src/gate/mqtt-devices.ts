import type { Clock, Timers } from "@baton/fleet-adapter";
import type { DeviceId, Side } from "@baton/maps";
import { connect, type MqttClient } from "mqtt";
import { Compile } from "typebox/compile";
import {
  type DeviceEvent,
  type DeviceJob,
  DeviceReport,
  DeviceStatusMessage,
  deviceTopic,
  type GateDevices,
  type JobId,
} from "./port.ts";

export interface MqttDevicesOptions {
  /** Of this side's own broker, e.g. `mqtt://127.0.0.1:1883`. */
  readonly brokerUrl: string;
  readonly siteId: string;
  readonly side: Side;
  readonly clientId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly username?: string;
  readonly password?: string;
  /** How long to wait for a report before a job is said again. */
  readonly resendMs?: number;
  /** Longer inbound messages are refused unread. */
  readonly maxMessageBytes?: number;
}

export interface MqttDevices extends GateDevices {
  /** Inbound messages that made no sense, since the start. */
  invalidMessages(): number;
}

const RESEND_MS = 3_000;
const MAX_MESSAGE_BYTES = 16 * 1024;

const reportCheck = Compile(DeviceReport);
const statusCheck = Compile(DeviceStatusMessage);

interface OpenJob {
  readonly job: DeviceJob;
  stopResending: (() => void) | undefined;
}

/**
 * The gate's devices and agencies over MQTT. QoS 1 brings a job to the broker, not to a device that was away:
 * so a job is said again until the device has reported anything on it, even that it is working on it.
 */
export function createMqttDevices(options: MqttDevicesOptions): MqttDevices {
  const resendMs = options.resendMs ?? RESEND_MS;
  const maxMessageBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
  const listeners = new Set<(event: DeviceEvent) => void>();
  const open = new Map<JobId, OpenJob>();
  let client: MqttClient | undefined;
  let invalidCount = 0;

  const tell = (event: DeviceEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };

  const say = (job: DeviceJob): void => {
    // What is published while disconnected would be queued and delivered late, after the job may have been forgotten.
    if (client === undefined || !client.connected) return;
    const topic = deviceTopic(options.siteId, options.side, job.deviceId, "job");
    const message = {
      jobId: job.jobId,
      missionId: job.missionId,
      ...(job.vehicleId === undefined ? {} : { vehicleId: job.vehicleId }),
      sentAtMs: Math.round(options.clock.nowMs()),
      task: job.task,
    };
    // A failed publish is repeated by the resending timer, like one that got lost.
    client.publish(topic, JSON.stringify(message), { qos: 1 }, () => {});
  };

  const keepSaying = (entry: OpenJob): void => {
    entry.stopResending?.();
    entry.stopResending = options.timers.every(resendMs, () => say(entry.job));
    say(entry.job);
  };

  const receive = (topic: string, payload: Uint8Array): void => {
    const [, , , , deviceId = "", leaf] = topic.split("/");
    const problem = leaf === "report" ? takeReport(deviceId, payload) : takeStatus(deviceId, payload);
    if (problem === undefined) return;
    invalidCount++;
    tell({ kind: "invalidMessage", topic, detail: problem });
  };

  /** What is wrong with it; undefined when it was taken, or is about a job that nobody waits for. */
  const takeReport = (deviceId: string, payload: Uint8Array): string | undefined => {
    const message = parsed(payload, maxMessageBytes);
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

  const takeStatus = (deviceId: string, payload: Uint8Array): string | undefined => {
    const message = parsed(payload, maxMessageBytes);
    if (!statusCheck.Check(message)) return firstError(statusCheck, message);
    if (message.deviceId !== deviceId) return `says it is from ${message.deviceId}`;
    const online = message.status === "online";
    tell({ kind: "availability", deviceId: deviceId as DeviceId, online, atMs: message.atMs });
    // A device that came back may have lost what it was told: say again what it has not finished.
    if (online) for (const again of open.values()) if (again.job.deviceId === deviceId) keepSaying(again);
    return undefined;
  };

  return {
    async start() {
      if (client !== undefined) return;
      const connection = connect(options.brokerUrl, {
        clientId: options.clientId,
        clean: true,
        reconnectPeriod: 1_000,
        ...(options.username === undefined ? {} : { username: options.username }),
        ...(options.password === undefined ? {} : { password: options.password }),
      });
      client = connection;
      connection.on("message", (topic, payload) => receive(topic, payload));
      connection.on("error", () => {}); // the client reconnects by itself; a device's silence shows as a deadline
      const topics = [
        deviceTopic(options.siteId, options.side, "+", "report"),
        deviceTopic(options.siteId, options.side, "+", "status"),
      ];
      await new Promise<void>((ready, fail) => {
        connection.on("connect", () => {
          connection
            .subscribeAsync(topics, { qos: 1 })
            .then(() => {
              for (const entry of open.values()) if (entry.stopResending !== undefined) say(entry.job);
              ready();
            })
            .catch((error: unknown) => {
              // Cut off while subscribing: the next connect subscribes again. Closed on purpose: give up.
              if (connection.disconnecting) fail(error instanceof Error ? error : new Error(String(error)));
            });
        });
        connection.on("end", () =>
          fail(new Error("the connection to the broker was closed before it stood")),
        );
      });
    },
    async stop() {
      for (const entry of open.values()) entry.stopResending?.();
      open.clear();
      const connection = client;
      client = undefined;
      if (connection !== undefined) await connection.endAsync(true);
    },
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

/** The message, or a sentence that no schema takes for one. */
function parsed(payload: Uint8Array, maxBytes: number): unknown {
  if (payload.byteLength > maxBytes) return `longer than ${maxBytes} bytes`;
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return "not JSON";
  }
}

function firstError(
  check: { Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[] },
  message: unknown,
): string {
  if (typeof message === "string") return message.slice(0, 100);
  const error = check.Errors(message)[0];
  return error === undefined ? "does not fit the schema" : `${error.instancePath || "/"} ${error.message}`;
}
