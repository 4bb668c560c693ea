import type { Clock, MemoryGraph, MessageLink, OpenLink, Timers } from "@baton/fleet-adapter";
import { SIDES, type Side } from "@baton/maps";
import type { Log } from "../process/log.ts";
import type { Memory } from "../process/memory.ts";
import { readWorldMessage, type WorldVehicle, worldFilter, worldTopic } from "../world/channel.ts";
import { RosVehicleRunner } from "./ros/ros-runner.ts";
import { VehicleRunner } from "./runner.ts";
import type { Vehicle, VehicleModel } from "./vehicle.ts";

export interface FleetOptions {
  readonly vehicles: readonly { readonly model: VehicleModel; readonly fresh: Vehicle }[];
  /** To each side's broker. */
  readonly openLink: Readonly<Record<Side, OpenLink>>;
  /** Each side's graph of ROS 2; needed when a vehicle speaks it. */
  readonly graphs?: Readonly<Record<Side, Pick<MemoryGraph, "node">>>;
  readonly clock: Clock & Timers;
  /** How often the vehicles' control loops run, in the world's time. */
  readonly tickMs?: number;
  readonly memory: Memory;
  readonly log: Log;
}

export interface RunningFleet {
  /** The state of a vehicle as it is now. */
  vehicle(vehicleId: string): Vehicle | undefined;
  stop(): Promise<void>;
}

const TICK_MS = 100;
/** A vehicle near the line can be seen from both sides. */
const SEEN_BEYOND_LINE_M = 100;

/** Runs a fleet: each vehicle with its own sessions, and one more a side for what they feel and show of the world. */
export function startFleet(options: FleetOptions): RunningFleet {
  const { clock, log } = options;
  const runners = new Map<string, VehicleRunner | RosVehicleRunner>();
  const worlds = new Map<Side, MessageLink>();
  /** Where each vehicle was shown, so that it can be taken away there. */
  const shownOn = new Map<string, Record<Side, boolean>>();
  const topics = new Map(
    options.vehicles.map(({ model: { vehicleId } }) => [
      vehicleId,
      { vn: worldTopic("vn", "vehicle", vehicleId), cn: worldTopic("cn", "vehicle", vehicleId) },
    ]),
  );

  const show = (vehicle: WorldVehicle): void => {
    const topic = topics.get(vehicle.vehicleId);
    if (topic === undefined) return;
    const shown = shownOn.get(vehicle.vehicleId) ?? { vn: true, cn: true };
    shownOn.set(vehicle.vehicleId, shown);
    for (const [side, link] of worlds) {
      const isSeen = isSeenFrom(side, vehicle.xM);
      if (isSeen) link.publish(topic[side], vehicle, { retain: true });
      else if (shown[side]) link.publish(topic[side], "", { retain: true });
      shown[side] = isSeen;
    }
  };

  for (const side of SIDES) {
    const link = options.openLink[side]({
      clientId: `fleet-world-${side}`,
      subscriptions: [worldFilter(side, "crane")],
      onOpen: () => {
        for (const runner of runners.values()) runner.showAgain();
      },
      onMessage: (topic, payload) => {
        const message = readWorldMessage(topic, payload);
        if (message?.kind !== "crane") return;
        const { liftId, containerNo, phase, vehicleId } = message.crane;
        runners.get(vehicleId)?.take({ kind: "crane", liftId, containerNo, phase });
      },
      onTrouble: (detail) => log.debug({ side, detail }, "broker away"),
    });
    worlds.set(side, link);
  }
  for (const { model, fresh } of options.vehicles) {
    const { openLink, graphs, memory } = options;
    const nowMs = (): number => clock.nowMs();
    const common = { model, fresh, memory, log, nowMs, show };
    if (model.speaksRos !== true) runners.set(model.vehicleId, new VehicleRunner({ ...common, openLink }));
    else if (graphs !== undefined) runners.set(model.vehicleId, new RosVehicleRunner({ ...common, graphs }));
    else throw new Error(`${model.vehicleId} speaks ROS 2, and there is no graph for it`);
  }
  const endTicks = clock.every(options.tickMs ?? TICK_MS, () => {
    const nowMs = clock.nowMs();
    for (const runner of runners.values()) runner.tick(nowMs);
  });
  return {
    vehicle: (vehicleId) => runners.get(vehicleId)?.vehicle,
    stop: async () => {
      endTicks();
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
      await Promise.all([...worlds.values()].map((link) => link.end()));
    },
  };
}

function isSeenFrom(side: Side, xM: number): boolean {
  return side === "vn" ? xM < SEEN_BEYOND_LINE_M : xM > -SEEN_BEYOND_LINE_M;
}
