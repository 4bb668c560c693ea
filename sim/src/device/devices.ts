import type { Clock, Farewell, OpenLink, Timers } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import { DeviceJobMessage, type DevicePosition, deviceTopic } from "@baton/orchestrator";
import { Compile } from "typebox/compile";
import type { Log } from "../process/log.ts";
import type { Memory } from "../process/memory.ts";
import { cargoOf } from "../world/cargo.ts";
import {
  readWorldMessage,
  type WorldCrane,
  type WorldTruck,
  type WorldVehicle,
  worldFilter,
  worldTopic,
} from "../world/channel.ts";
import {
  type Device,
  type DeviceEffect,
  type DeviceModel,
  freshDevice,
  type Surroundings,
} from "./device.ts";
import { gearOf } from "./gear.ts";
import { askDevice, type DeviceStep, idleUntilMs, tickDevice } from "./step.ts";
import { recallDevice, rememberDevice } from "./store.ts";

export interface DevicesOptions {
  readonly siteId: string;
  readonly side: Side;
  readonly seed: string;
  readonly models: readonly DeviceModel[];
  /** To the broker of that side. */
  readonly openLink: OpenLink;
  readonly clock: Clock & Timers;
  /** How often a device looks at what it has to do, in the world's time. */
  readonly tickMs?: number;
  readonly memory: Memory;
  readonly log: Log;
}

export interface RunningDevices {
  stop(): Promise<void>;
}

const TICK_MS = 250;
const jobCheck = Compile(DeviceJobMessage);

/** Runs the devices and agencies of one side: each with a session of its own, so that each has its own last will. */
export function startDevices(options: DevicesOptions): RunningDevices {
  const { clock, log, side, openLink } = options;
  const surroundings = openSurroundings(options);
  const stations = options.models.map((model) => startDevice(model));
  const endTicks = clock.every(options.tickMs ?? TICK_MS, () => {
    for (const station of stations) station.tick();
  });
  return {
    stop: async () => {
      endTicks();
      await Promise.all([...stations.map((station) => station.stop()), surroundings.stop()]);
    },
  };

  function startDevice(model: DeviceModel): { tick(): void; stop(): Promise<void> } {
    const { deviceId } = model;
    const kept = options.memory.load(deviceId);
    let device: Device = (kept === undefined ? undefined : recallDevice(kept)) ?? freshDevice;
    let wasUp = model.isUpAt?.(clock.nowMs()) ?? true;
    const topic = (leaf: "job" | "report" | "status" | "position"): string =>
      deviceTopic(options.siteId, side, deviceId, leaf);
    const status = (word: "online" | "offline"): Farewell => ({
      topic: topic("status"),
      message: { deviceId, status: word, atMs: Math.round(clock.nowMs()) },
    });
    const gear = gearOf(model, clock.nowMs());
    /** Time passes without it until then. */
    let wakesAtMs = Number.NEGATIVE_INFINITY;
    const link = openLink({
      clientId: `device-${side}-${deviceId}`,
      will: status("offline"),
      subscriptions: [topic("job")],
      onOpen: (opened) => {
        const now = status(wasUp ? "online" : "offline");
        opened.publish(now.topic, now.message, { qos: 1, retain: true });
        if (gear !== undefined) say(gear.now(clock.nowMs()));
      },
      onMessage: (_topic, payload) => {
        const read = payload.json();
        if (!read.ok || !jobCheck.Check(read.value)) {
          return log.warn({ deviceId }, "a job that makes no sense was left out");
        }
        // A device that is down hears nothing; it is asked again.
        if (wasUp) take(askDevice(device, read.value, model, clock.nowMs()));
      },
      onTrouble: (detail) => log.debug({ deviceId, detail }, "broker away"),
    });
    return {
      tick: () => {
        if (clock.nowMs() < wakesAtMs) return;
        const up = model.isUpAt?.(clock.nowMs()) ?? true;
        if (up !== wasUp) {
          wasUp = up;
          const now = status(up ? "online" : "offline");
          link.publish(now.topic, now.message, { qos: 1, retain: true });
        }
        if (!up) return;
        take(tickDevice(device, model, surroundings, clock.nowMs()));
        const position = gear?.tick(device, surroundings, clock.nowMs());
        if (position !== undefined) say(position);
        // Failures come by the clock.
        if (model.isUpAt === undefined)
          wakesAtMs = Math.min(
            idleUntilMs(device, model),
            gear?.idleUntilMs(device) ?? Number.POSITIVE_INFINITY,
          );
      },
      stop: () => link.end(status("offline")),
    };

    function say(position: DevicePosition): void {
      const message = { deviceId, atMs: Math.round(clock.nowMs()), position };
      link.publish(topic("position"), message, { qos: 1, retain: true });
    }

    function take([next, effects]: DeviceStep): void {
      device = next;
      wakesAtMs = Number.NEGATIVE_INFINITY;
      for (const effect of effects) carryOut(effect);
    }

    function carryOut(effect: DeviceEffect): void {
      switch (effect.kind) {
        case "persist": {
          const now = device;
          options.memory.save(deviceId, () => rememberDevice(now));
          break;
        }
        case "report":
          log.debug({ report: effect.report }, "report");
          link.publish(topic("report"), effect.report, { qos: 1 });
          break;
        case "crane":
          surroundings.show(worldTopic(side, "crane", deviceId), effect.crane);
          break;
        default:
          effect satisfies never;
      }
    }
  }
}

/** The physics channel of the side, as its devices see it. */
function openSurroundings(
  options: DevicesOptions,
): Surroundings & { show(topic: string, crane: WorldCrane): void; stop(): Promise<void> } {
  const { side, seed } = options;
  const vehicles = new Map<string, WorldVehicle>();
  const trucks = new Map<string, WorldTruck>();
  /** What containers weigh that came by truck, also after the truck has gone. */
  const weights = new Map<string, number>();
  const link = options.openLink({
    clientId: `devices-world-${side}`,
    subscriptions: [worldFilter(side, "vehicle"), worldFilter(side, "truck")],
    onMessage: (topic, payload) => {
      const message = readWorldMessage(topic, payload);
      if (message?.kind === "vehicle") vehicles.set(message.vehicle.vehicleId, message.vehicle);
      if (message?.kind === "truck") {
        trucks.set(message.truck.plate, message.truck);
        weights.set(message.truck.containerNo, message.truck.grossKg);
      }
      if (message?.kind === "gone" && message.what === "vehicle") vehicles.delete(message.name);
      if (message?.kind === "gone" && message.what === "truck") trucks.delete(message.name);
    },
    onTrouble: (detail) => options.log.debug({ detail }, "broker away"),
  });
  return {
    vehicles,
    trucks,
    grossKg: (containerNo) => weights.get(containerNo) ?? cargoOf(seed, containerNo).grossKg,
    show: (topic, crane) => link.publish(topic, crane, { qos: 1, retain: true }),
    stop: () => link.end(),
  };
}
