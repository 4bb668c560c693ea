import type { Clock, MessageLink, OpenLink, Timers } from "@baton/fleet-adapter";
import { otherSide, type Point, SIDES, type Side } from "@baton/maps";
import {
  deviceTopic,
  freshTransferDevice,
  type Pad,
  TransferCommand,
  TransferDevice,
  type TransferEvent,
  type TransferWork,
  transferDevice,
} from "@baton/orchestrator";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { Log } from "../process/log.ts";
import type { Memory } from "../process/memory.ts";
import type { Distribution } from "../scenario/distribution.ts";
import {
  readWorldMessage,
  WorldCrane,
  type WorldVehicle,
  worldFilter,
  worldTopic,
} from "../world/channel.ts";
import { serviceTimeMs } from "../world/service-time.ts";
import { restingSpreader, spreaderAt, spreaderReport, spreaderWay } from "./spreader.ts";

export interface LineCraneOptions {
  readonly siteId: string;
  readonly deviceId: string;
  readonly seed: string;
  /** Where the middle of a vehicle stands on each side's pad, site frame. */
  readonly pads: Readonly<Record<Side, Point>>;
  /** How long it takes to get a container off one vehicle, and as long again to set it on the other. */
  readonly lift: Distribution;
  /** What keeps it from moving; undefined when nothing ever does. */
  readonly isUpAt?: ((atMs: number) => boolean) | undefined;
  /** It has a session with both sides' brokers. */
  readonly openLink: Readonly<Record<Side, OpenLink>>;
  readonly clock: Clock & Timers;
  /** What it did before its process was started again; the machine's register must not be lost. */
  readonly memory: Memory;
  readonly log: Log;
}

export interface RunningLineCrane {
  readonly deviceId: string;
  /** The crane as it is. */
  now(): TransferDevice;
  /** The container that hangs under it. */
  carries(): string | undefined;
  /** Over which ground a container travels now; undefined while none does. */
  travelsOver(): LoadPath | undefined;
  /** Something breaks, or is mended. */
  feel(event: Extract<TransferEvent, { kind: "fault" | "mended" }>): void;
  stop(): Promise<void>;
}

/** From the middle of one pad to that of the other, site frame. */
export interface LoadPath {
  readonly from: Point;
  readonly to: Point;
}

/** Down and locked; up. Over the line and down; loose and up. */
const PART_OF_LIFT: Readonly<Record<TransferWork, number>> = {
  engage: 0.4,
  lift: 0.6,
  land: 0.85,
  release: 0.15,
};
const LOOKS_EVERY_MS = 1_000;

const STANDS_WITHIN_M = 1;
/** What it is and what hangs under it is said again this often: a message may be lost. */
const SAY_AGAIN_MS = 5_000;

const commandCheck = Compile(TransferCommand);
/** What a restart of its process must not lose. */
const Kept = Type.Object({
  device: TransferDevice,
  /** Where along the road it stands, or is going to. */
  alongM: Type.Optional(Type.Number()),
  felt: Type.Array(
    Type.Object({ side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]), crane: WorldCrane }),
  ),
});
type Kept = Static<typeof Kept>;
const keptCheck = Compile(Kept);

/**
 * A simulated crane at the line: the machine of the hand-off room, with sensors that see simulated vehicles, drives that take
 * their time, and a session with each side's broker.
 */
export function startLineCrane(options: LineCraneOptions): RunningLineCrane {
  const { siteId, deviceId, clock, memory, log, seed } = options;
  const vehicles: Readonly<Record<Side, Map<string, WorldVehicle>>> = { vn: new Map(), cn: new Map() };
  const links = new Map<Side, MessageLink>();
  const worlds = new Map<Side, MessageLink>();
  let endWork: (() => void) | undefined;
  const kept = recalled(memory.load(deviceId));
  /** The last lift that each side's vehicle felt, or should have. */
  const felt = new Map<Side, WorldCrane>(kept?.felt.map((lift) => [lift.side, lift.crane]));
  /** Sides whose vehicle may not have felt it yet. */
  const said = new Set<Side>(felt.keys());
  let device = kept?.device ?? freshTransferDevice();
  let stops = restingSpreader(kept?.alongM ?? options.pads[device.giver].xM, clock.nowMs());

  const take = (event: TransferEvent): void => {
    const before = device;
    const [next, effects] = transferDevice(device, event);
    device = next;
    // Nobody hears of a number that a restart could take back.
    if (next !== before) save();
    for (const effect of effects) {
      if (effect.kind === "halt") end();
      else if (effect.kind === "work") begin(effect.work);
    }
    // Once its drives are on their way: what it says of its spreader holds from then on.
    if (effects.length > 0) tell();
  };
  const save = (): void => {
    const alongM = stops.at(-1)?.alongM;
    const lifts = [...felt].map(([side, crane]) => ({ side, crane }));
    const now: Kept = { device, felt: lifts, ...(alongM === undefined ? {} : { alongM }) };
    memory.save(deviceId, () => JSON.stringify(now));
  };
  const end = (): void => {
    endWork?.();
    endWork = undefined;
    // Where it is stopped it stays.
    stops = [spreaderAt(stops, clock.nowMs())];
  };
  const begin = (work: TransferWork): void => {
    end();
    const ofLift = work === "engage" || work === "lift" ? "off" : "on";
    const liftMs = serviceTimeMs(options.lift, seed, deviceId, ofLift, String(device.register.epoch));
    const takesMs = Math.round(liftMs * PART_OF_LIFT[work]);
    const giverM = options.pads[device.giver].xM;
    const takerM = options.pads[otherSide(device.giver)].xM;
    stops = spreaderWay(work, spreaderAt(stops, clock.nowMs()), { giverM, takerM }, takesMs);
    endWork = clock.after(takesMs, () => {
      endWork = undefined;
      show(work);
      take({ kind: "worked" });
    });
  };
  /** What the vehicles below feel: one is rid of its container, the other has it. */
  const show = (work: TransferWork): void => {
    const { giver, register } = device;
    const side = work === "lift" ? giver : otherSide(giver);
    const vehicle = standingOn(side);
    if ((work !== "lift" && work !== "land") || vehicle === undefined) return;
    const containerNo = work === "lift" ? vehicle.loadIds[0] : felt.get(giver)?.containerNo;
    if (containerNo === undefined) return;
    const crane: WorldCrane = {
      craneId: deviceId,
      liftId: `${deviceId}.${register.epoch}.${work}`,
      vehicleId: vehicle.vehicleId,
      containerNo,
      at: deviceId,
      way: work === "lift" ? "off-vehicle" : "onto-vehicle",
      phase: work === "lift" ? "lifted" : "lowered",
      atMs: clock.nowMs(),
    };
    felt.set(side, crane);
    said.add(side);
    save();
    worlds.get(side)?.publish(worldTopic(side, "crane", deviceId), crane, { qos: 1, retain: true });
  };
  const tell = (): void => {
    const { phase, register, fault } = device;
    const { handoffId, ...held } = register;
    const report = {
      deviceId,
      atMs: Math.round(clock.nowMs()),
      phase,
      register: handoffId === undefined ? held : { ...held, handoffId },
      ...(fault === undefined ? {} : { fault }),
      spreader: spreaderReport(stops, clock.nowMs()),
    };
    for (const [side, link] of links)
      link.publish(deviceTopic(siteId, side, deviceId, "transfer-state"), report, { qos: 1, retain: true });
  };
  const standingOn = (side: Side): WorldVehicle | undefined => {
    const { xM, yM } = options.pads[side];
    for (const vehicle of vehicles[side].values())
      if (vehicle.speedMps === 0 && Math.hypot(vehicle.xM - xM, vehicle.yM - yM) <= STANDS_WITHIN_M)
        return vehicle;
    return undefined;
  };
  /** Who has left has felt it: said again, it would feel a container that it has long set down elsewhere. */
  const sayNoMore = (side: Side): void => {
    if (!said.delete(side)) return;
    worlds.get(side)?.publish(worldTopic(side, "crane", deviceId), "", { qos: 1, retain: true });
  };
  const sense = (side: Side): void => {
    const vehicle = standingOn(side);
    if (vehicle === undefined) sayNoMore(side);
    take({ kind: "sensed", side, pad: vehicle && padOf(vehicle, device.pads[side]) });
  };

  for (const side of SIDES) {
    links.set(
      side,
      options.openLink[side]({
        clientId: `${deviceId}-${side}`,
        subscriptions: [deviceTopic(siteId, side, deviceId, "transfer-command")],
        onOpen: tell,
        onMessage: (_topic, payload) => {
          const read = payload.json();
          if (!read.ok || !commandCheck.Check(read.value)) {
            log.warn({ deviceId, side }, "a command that makes no sense was left out");
            return;
          }
          // Whose word it is follows from whose broker it came by.
          take({ ...read.value, by: side });
        },
        onTrouble: (detail) => log.debug({ deviceId, side, detail }, "broker away"),
      }),
    );
    worlds.set(
      side,
      options.openLink[side]({
        clientId: `${deviceId}-world-${side}`,
        subscriptions: [worldFilter(side, "vehicle")],
        onMessage: (topic, payload) => {
          const message = readWorldMessage(topic, payload);
          if (message?.kind === "vehicle") vehicles[side].set(message.vehicle.vehicleId, message.vehicle);
          else if (message?.kind === "gone") vehicles[side].delete(message.name);
          else return;
          sense(side);
        },
        onTrouble: (detail) => log.debug({ deviceId, side, detail }, "broker away"),
      }),
    );
  }
  const endSaying = clock.every(SAY_AGAIN_MS, () => {
    tell();
    for (const [side, crane] of felt)
      if (said.has(side))
        worlds.get(side)?.publish(worldTopic(side, "crane", deviceId), crane, { qos: 1, retain: true });
  });
  const { isUpAt } = options;
  const endLooking =
    isUpAt === undefined
      ? undefined
      : clock.every(LOOKS_EVERY_MS, () =>
          take(isUpAt(clock.nowMs()) ? { kind: "mended" } : { kind: "fault", detail: "out of order" }),
        );
  take({ kind: "restarted" });

  return {
    deviceId,
    now: () => device,
    carries: () => {
      const hangs = device.phase === "hanging" || device.phase === "landing";
      return hangs ? felt.get(device.giver)?.containerNo : undefined;
    },
    travelsOver: () =>
      device.phase === "landing"
        ? { from: options.pads[device.giver], to: options.pads[otherSide(device.giver)] }
        : undefined,
    feel: take,
    stop: async () => {
      end();
      endSaying();
      endLooking?.();
      await Promise.all([...links.values(), ...worlds.values()].map((link) => link.end()));
    },
  };
}

/** Locks that move are still as they were: neither open nor closed is said before it is so. */
function padOf({ locks, loadIds }: WorldVehicle, before: Pad | undefined): Pad {
  const twistLocks = locks === "moving" ? (before?.twistLocks ?? "closed") : locks;
  return { isAtRest: true, twistLocks, hasContainer: loadIds.length > 0 };
}

function recalled(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return keptCheck.Check(value) ? value : undefined;
}
