import { memoryBroker, memoryGraph, type NetworkConditions, type Published } from "@baton/fleet-adapter";
import { otherSide, SIDES, type Side, type Site } from "@baton/maps";
import {
  type AlarmView,
  type HandoffEvent,
  loadProcedures,
  type MemoryPartnerLink,
  type MissionView,
  memoryPartnerLink,
  type Rooms,
} from "@baton/orchestrator/rooms";
import type { Logger } from "pino";
import { startSideDemand } from "../demand/side-demand.ts";
import { startDevices } from "../device/devices.ts";
import type { RunningLineCrane } from "../line-crane/line-crane.ts";
import { startLineCranes } from "../line-crane/line-cranes.ts";
import { processMemory } from "../process/memory.ts";
import { seededRandom } from "../random/seeded.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { devicesOf, vehiclesOf } from "../scenario/world.ts";
import { zoneSetsOf } from "../scenario/zone-sets.ts";
import { startFleet } from "../vehicle/fleet.ts";
import { LIVELY_PACE, SPARING_PACE } from "../vehicle/pace.ts";
import type { Vehicle, VehicleModel } from "../vehicle/vehicle.ts";
import { customersOf } from "./customers.ts";
import { startOperators } from "./operators.ts";
import { type FastSide, openFastSide } from "./side.ts";
import { startTroubles } from "./troubles.ts";
import { Turnstile } from "./turnstile.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

export interface FastWorldOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  /** Of each side; empty, and nobody else's. */
  readonly redisUrl: Readonly<Record<Side, string>>;
  /** The instant at which the world begins. */
  readonly startMs: number;
  readonly tickMs: number;
  /** What the networks inside each side, and the one between the sides, do to messages. */
  readonly network: NetworkConditions;
  readonly partnerNetwork: NetworkConditions;
  readonly log: Logger;
  readonly watcher?: WorldWatcher;
}

/** Whoever wants to know what happens. Called in the order in which it happens; must not change anything. */
export interface WorldWatcher {
  mission?(side: Side, mission: MissionView, atMs: number): void;
  alarm?(side: Side, alarm: AlarmView, atMs: number): void;
  handoff?(side: Side, event: HandoffEvent, atMs: number): void;
  /** Every message at a side's broker, as it was published. */
  published?(side: Side, published: Published): void;
}

export interface FastWorld {
  readonly clock: VirtualClock;
  readonly sides: Readonly<Record<Side, FastSide>>;
  /** The vehicles as they truly are. */
  readonly vehicles: readonly { readonly model: VehicleModel; now(): Vehicle }[];
  /** The cranes at the line as they truly are. */
  readonly lineCranes: readonly RunningLineCrane[];
  /** What of a side's goes to its partner. */
  readonly partnerLinks: Readonly<Record<Side, Pick<MemoryPartnerLink, "cut" | "mend">>>;
  /** Missions that are not over, by id. */
  readonly openMissions: Readonly<Record<Side, ReadonlyMap<string, MissionView>>>;
  /** A vehicle is switched off where it stands, for good: both sides have its last will, and nobody moves it. */
  switchOff(vehicleId: string): void;
  /**
   * The process of a side dies as it is: nothing that it was about to do is done, nothing is told to it, its partner finds
   * nobody. What it has written is in Redis. Nothing for worlds with vehicles that speak ROS 2.
   */
  kill(side: Side): void;
  /** The next process of a side that was killed begins, on the same Redis. */
  bringBack(side: Side): Promise<void>;
  /** Lets time pass until then, event by event. Rejects when a side could not begin. */
  runUntil(untilMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** The sessions of a side's orchestrator at its broker. */
const SIDES_OWN = /^baton-/;

/** How often simulated things look at what they have to do, in their time. */
const PACE = { vehiclesMs: 1_000, devicesMs: 1_000, motionS: 0.5 } as const;

/**
 * The whole two-sided system in one process on a virtual clock: both orchestrators as they ship, each on its own Redis, and
 * the simulated vehicles, devices, cranes and customers, which speak to them as always, by messages. One seed, one outcome.
 */
export async function openFastWorld(options: FastWorldOptions): Promise<FastWorld> {
  const { scenario, site, log, watcher } = options;
  const { seed } = scenario;
  const clock = virtualClock(options.startMs);
  const turnstile = new Turnstile();
  const procedures = await loadProcedures();
  const memory = processMemory();
  const stops: (() => Promise<void> | void)[] = [];

  const open: Record<Side, Map<string, MissionView>> = { vn: new Map(), cn: new Map() };
  const perSide = <T>(make: (side: Side) => T): Record<Side, T> => ({ vn: make("vn"), cn: make("cn") });
  const brokers = perSide((side) =>
    memoryBroker({
      clock,
      timers: clock,
      random: seededRandom(seed, "broker", side),
      network: options.network,
      ...(watcher?.published === undefined
        ? {}
        : { onPublished: (published: Published) => watcher.published?.(side, published) }),
    }),
  );

  const graphs = scenario.fleet.some((vehicle) => vehicle.protocol === "ros2")
    ? perSide((side) =>
        memoryGraph({ timers: clock, random: seededRandom(seed, "graph", side), network: options.network }),
      )
    : undefined;

  const partner = perSide((side) =>
    memoryPartnerLink({
      timers: clock,
      random: seededRandom(seed, "partner-link", side),
      network: options.partnerNetwork,
      door: (request, handoffId, body) =>
        alive(otherSide(side)).handoffs.receiveFromPartner(request, handoffId, body),
      beat: (request, body) => alive(otherSide(side)).handoffs.heartbeatFromPartner(request, body),
      sign: (answer) => alive(otherSide(side)).handoffs.gate.signAnswer(answer),
    }),
  );

  const isDead: Record<Side, boolean> = { vn: false, cn: false };
  const incarnations: Record<Side, number> = { vn: 0, cn: 0 };
  const alive = (side: Side): Rooms => {
    if (isDead[side]) throw new Error(`nobody is there on ${side}`);
    return sides[side].rooms;
  };

  const operators = perSide((side) =>
    startOperators({
      side,
      seed,
      timers: clock,
      missions: () => (isDead[side] ? undefined : sides[side].rooms.missions),
    }),
  );

  const openSide = (side: Side): Promise<FastSide> =>
    openFastSide({
      side,
      site,
      seed,
      incarnation: incarnations[side],
      procedures,
      tickMs: options.tickMs,
      clock,
      turnstile,
      redisUrl: options.redisUrl[side],
      broker: brokers[side],
      graph: graphs?.[side],
      zoneSets: zoneSetsOf(scenario, site, side),
      partnerFetch: partner[side].fetch,
      log,
      onMission: (mission) => {
        if (mission.status === "running" || mission.status === "held") {
          open[side].set(mission.missionId, mission);
        } else open[side].delete(mission.missionId);
        operators[side].hear(mission);
        watcher?.mission?.(side, mission, clock.nowMs());
      },
      onAlarm: (alarm) => watcher?.alarm?.(side, alarm, clock.nowMs()),
    });
  const sides: Record<Side, FastSide> = { vn: await openSide("vn"), cn: await openSide("cn") };

  const models = vehiclesOf(scenario, site, clock.nowMs()).map(({ model, fresh }) => ({
    model: {
      ...model,
      pace: model.speaksRos === true ? LIVELY_PACE : SPARING_PACE,
      integrationStepS: PACE.motionS,
    },
    fresh,
  }));
  const fleet = startFleet({
    vehicles: models,
    openLink: { vn: brokers.vn.openLink, cn: brokers.cn.openLink },
    ...(graphs === undefined ? {} : { graphs }),
    clock,
    tickMs: PACE.vehiclesMs,
    memory,
    log,
  });
  stops.push(() => fleet.stop());

  const lineCranes = startLineCranes({
    scenario,
    site,
    openLink: { vn: brokers.vn.openLink, cn: brokers.cn.openLink },
    clock,
    memory,
    log,
  });
  for (const crane of lineCranes) stops.push(() => crane.stop());

  let failure: unknown;
  const beginSide = (side: Side): void => {
    const { rooms } = sides[side];
    rooms.handoffs.subscribe((event) => watcher?.handoff?.(side, event, clock.nowMs()));
    rooms.begin().catch((error: unknown) => {
      failure ??= error;
    });
  };
  for (const side of SIDES) {
    const { openLink } = brokers[side];
    const devices = startDevices({
      siteId: site.siteId,
      side,
      seed,
      models: devicesOf(scenario, site, side),
      openLink,
      clock,
      tickMs: PACE.devicesMs,
      memory,
      log,
    });
    beginSide(side);
    const demand = startSideDemand({
      scenario,
      side,
      api: customersOf(side, () => (isDead[side] ? undefined : sides[side].rooms), open[side]),
      openLink,
      clock,
      memory,
      log,
    });
    stops.push(
      () => (isDead[side] ? undefined : sides[side].rooms.stop()),
      () => devices.stop(),
      () => demand.stop(),
    );
  }

  stops.push(startTroubles({ scenario, site, clock, partner, rooms: (side) => alive(side) }));

  // Mission control, once stopped, refuses whoever still asks.
  for (const side of SIDES) stops.push(() => operators[side].stop());

  const runUntil = async (untilMs: number): Promise<void> => {
    await turnstile.settle();
    while (clock.runNext(untilMs)) {
      // All that is due at one instant is asked for together, and answered together.
      const nowMs = clock.nowMs();
      while (clock.nextDueMs() === nowMs) clock.runNext(nowMs);
      await turnstile.settle();
      if (failure !== undefined) throw failure;
    }
  };

  return {
    clock,
    sides,
    vehicles: models.map(({ model, fresh }) => ({
      model,
      now: () => fleet.vehicle(model.vehicleId) ?? fresh,
    })),
    lineCranes,
    partnerLinks: partner,
    openMissions: open,
    kill(side) {
      if (graphs !== undefined)
        throw new Error("a side with vehicles that speak ROS 2 cannot be killed here");
      isDead[side] = true;
      brokers[side].kill(SIDES_OWN);
      sides[side].die();
    },
    async bringBack(side) {
      incarnations[side] += 1;
      sides[side] = await openSide(side);
      isDead[side] = false;
      beginSide(side);
    },
    switchOff(vehicleId) {
      const sessions = new RegExp(`^vehicle-${vehicleId.replaceAll(".", "\\.")}-`);
      for (const side of SIDES) brokers[side].kill(sessions);
    },
    runUntil,
    async stop() {
      const ended = Promise.all(stops.reverse().map((stop) => stop()));
      // What is asked for while ending is let in as it comes, and timers run on until all is quiet.
      let isOver = false;
      void ended.finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await turnstile.settle();
        // Whatever else ending waits for comes from the event loop, which must have its turn.
        await new Promise((resolve) => setImmediate(resolve));
        if (!isOver) clock.runNext(clock.nowMs() + 1_000);
      }
      await ended;
      for (const side of SIDES) if (!isDead[side]) sides[side].close();
    },
  };
}
