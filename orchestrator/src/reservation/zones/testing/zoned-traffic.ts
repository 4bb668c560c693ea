import type { VehicleId } from "@baton/fleet-adapter";
import { type BlockId, type NodeId, type ZoneId, zoneView } from "@baton/maps";
import type { Kinematics } from "../../core/kinematics.ts";
import { at } from "../../core/runs.ts";
import type { LeaderId } from "../../ledger/ledger.ts";
import { createOrderWriter } from "../../orders.ts";
import type { LegId, LegRequest, ReservationEvent } from "../../port.ts";
import { createReservation } from "../../service.ts";
import { ModelVehicle } from "../../testing/model-vehicle.ts";
import {
  CARRIER,
  modelLedger,
  NO_TIMERS,
  randomOf,
  STRICT_LOG,
  TICK_MS,
  type WitnessedLedger,
} from "../../testing/traffic.ts";
import { type CrossingStore, createMemoryCrossingStore } from "../crossing-store.ts";
import { createLocalLink } from "../local-link.ts";
import type { ZoneLink, ZoneSaid } from "../zone-link.ts";
import { createZonedReservation, type ZonedReservation } from "../zoned-reservation.ts";
import type { ZonedLayout } from "./layouts.ts";

export interface ZonedTrafficPlan {
  readonly layout: ZonedLayout;
  readonly seed: number;
  readonly vehicles: number;
  readonly tripsEach: number;
  /** Probabilities a tick: a stop of up to 10 s (a vehicle), a report lost, a zone's leader dying, the process over them dying. */
  readonly stops: number;
  readonly lostReports: number;
  readonly leadersDie: number;
  readonly sidesDie: number;
  /** Up to how many ticks a zone without a leader stays so. */
  readonly downTicks: number;
  readonly kinematics?: Kinematics;
  /** Goals, vehicle by vehicle; random free bays when left out. */
  readonly goalOf?: (vehicle: number, trip: number, at: string) => string;
}

type MakeLoop = () => {
  readonly link: ZoneLink;
  readonly tick: () => Promise<{ readonly outcome: string }>;
};

/** A zone's loop that can be killed, and comes again over the same ledger. */
class MortalLink implements ZoneLink {
  readonly zoneId: ZoneId;
  readonly #make: () => {
    readonly link: ZoneLink;
    readonly tick: () => Promise<{ readonly outcome: string }>;
  };
  readonly #listeners = new Set<(said: ZoneSaid) => void>();
  #alive: ReturnType<MakeLoop> | undefined;
  downUntil = 0;

  constructor(zoneId: ZoneId, make: MakeLoop) {
    this.zoneId = zoneId;
    this.#make = make;
  }

  async start(): Promise<void> {
    const alive = this.#make();
    this.#alive = alive;
    alive.link.subscribe((said) => {
      // A dead loop says nothing any more.
      if (this.#alive === alive) for (const listener of this.#listeners) listener(said);
    });
    await alive.link.start();
  }

  kill(): void {
    this.#alive = undefined;
  }

  isAlive(): boolean {
    return this.#alive !== undefined;
  }

  async tick(): Promise<void> {
    const report = await this.#alive?.tick();
    if (report?.outcome === "not-leading") throw new Error(`zone ${this.zoneId} halted`);
  }

  async stop(): Promise<void> {
    this.kill();
  }

  send(command: Parameters<ZoneLink["send"]>[0]): void {
    this.#alive?.link.send(command);
  }

  observe(observation: Parameters<ZoneLink["observe"]>[0]): void {
    this.#alive?.link.observe(observation);
  }

  subscribe(listener: (said: ZoneSaid) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  knows(vehicleId: VehicleId): boolean {
    return this.#alive?.link.knows(vehicleId) ?? true;
  }

  holding(vehicleId: VehicleId) {
    return this.#alive?.link.holding(vehicleId);
  }

  explain(vehicleId: VehicleId) {
    return this.#alive?.link.explain(vehicleId);
  }

  outOfUse() {
    return this.#alive?.link.outOfUse() ?? { closures: [], failed: [] };
  }

  metrics() {
    return this.#alive?.link.metrics();
  }
}

interface Driver {
  readonly vehicle: ModelVehicle;
  at: string;
  leg: LegRequest | undefined;
  trips: number;
  stoppedUntil: number;
  /** Ticks that it stood still on a leg. */
  stood: number;
}

export interface ZonedDrive {
  readonly ticks: number;
  readonly crossings: number;
  /** Ticks until each trip was over, in all. */
  readonly trips: number;
}

/**
 * Random traffic over several zones, each with its own loop and ledger. After each tick the ground under each vehicle,
 * taken from where it really is, must be granted to it in the ledger of the zone that it lies in; no block may be in
 * two ledgers, and none in another than its own zone's.
 */
export async function driveZones(
  plan: ZonedTrafficPlan,
  ledgers: ReadonlyMap<ZoneId, WitnessedLedger> = new Map(
    plan.layout.partition.zoneIds.map((zoneId) => [zoneId, modelLedger()]),
  ),
  store: CrossingStore = createMemoryCrossingStore(),
): Promise<ZonedDrive> {
  const random = randomOf(plan.seed);
  const { layout } = plan;
  const { partition } = layout;
  const drivers = new Map<VehicleId, Driver>();
  let nowMs = 1_000_000;
  let leaders = 0;
  let crossings = 0;
  let failure: unknown;
  // What a listener throws must end the run, not the chain of work that it was called from.
  const keepFirst = ({ err }: { err?: unknown }): void => {
    failure ??= err;
  };
  const log = { ...STRICT_LOG, error: keepFirst };

  const linksOf = (): MortalLink[] =>
    partition.zoneIds.map((zoneId) => {
      const network = zoneView(partition, zoneId);
      const ledger = ledgers.get(zoneId)?.ledger;
      if (ledger === undefined) throw new Error(`no ledger for ${zoneId}`);
      return new MortalLink(zoneId, () => {
        const service = createReservation({
          network,
          kinematics: plan.kinematics ?? CARRIER,
          ledger,
          leaderId: `leader-${leaders++}` as LeaderId,
          clock: { nowMs: () => nowMs },
          timers: NO_TIMERS,
          log: STRICT_LOG,
        });
        return { link: createLocalLink(zoneId, service), tick: () => service.tick() };
      });
    });

  let links: MortalLink[] = [];
  let side: ZonedReservation | undefined;
  const beginSide = async (): Promise<ZonedReservation> => {
    links = linksOf();
    const next = createZonedReservation({ partition, zones: links, store, timers: NO_TIMERS, log });
    const writer = createOrderWriter({
      network: layout.network,
      mayCommand: () => true,
      fleet: { drive: (vehicleId, order) => drivers.get(vehicleId)?.vehicle.take(order) },
    });
    next.onCommitted((legs) => {
      if (side === next) writer.write(legs);
    });
    next.subscribe((event) => {
      if (side === next || side === undefined) hear(drivers, event);
    });
    side = next;
    await next.start();
    await next.settled();
    // As missions do after a restart: ask again for everything.
    for (const [vehicleId, driver] of drivers) {
      next.admit({ vehicleId, vehicleClassId: layout.network.vehicleClassId, nodeId: driver.at as NodeId });
      if (driver.leg !== undefined) next.requestLeg(driver.leg);
    }
    await next.settled();
    return next;
  };

  for (let i = 0; i < plan.vehicles; i++) {
    const vehicleId = `car-${i}` as VehicleId;
    const bay = at(layout.bays, i);
    const vehicle = new ModelVehicle(layout.network, vehicleId, layout.network.poseIndex(bay as NodeId) ?? 0);
    drivers.set(vehicleId, { vehicle, at: bay, leg: undefined, trips: 0, stoppedUntil: 0, stood: 0 });
  }
  let current = await beginSide();
  const limit = 5000 + 2500 * plan.vehicles * plan.tripsEach;
  for (let tick = 1; tick <= limit; tick++) {
    nowMs += TICK_MS;
    // All stand where they begin, and are admitted before anything goes wrong.
    const mayFail = tick > 3;
    if (mayFail && random() < plan.sidesDie) {
      side = undefined;
      for (const link of links) link.kill();
      current = await beginSide();
    }
    for (const link of links) {
      if (mayFail && link.isAlive() && random() < plan.leadersDie) {
        link.kill();
        link.downUntil = tick + Math.floor(plan.downTicks * random());
      }
      if (!link.isAlive() && tick >= link.downUntil) await link.start();
    }
    let index = 0;
    for (const [vehicleId, driver] of drivers) {
      if (random() < plan.stops) driver.stoppedUntil = tick + Math.floor(50 * random());
      driver.vehicle.drive(TICK_MS / 1000, tick < driver.stoppedUntil ? 0 : 0.4 + 0.6 * random());
      if (random() >= plan.lostReports) current.observe(driver.vehicle.report(nowMs));
      if (driver.leg === undefined && driver.trips < plan.tripsEach) {
        driver.leg = nextLeg(plan, drivers, vehicleId, driver, index, random);
        if (driver.leg !== undefined) current.requestLeg(driver.leg);
      }
      index++;
    }
    await current.settled();
    for (const link of links) {
      await link.tick();
      await current.settled();
    }
    if (failure !== undefined) throw failure;
    crossings += await checkGround(layout, drivers, ledgers, tick);
    if ([...drivers.values()].every((driver) => driver.trips === plan.tripsEach)) {
      return { ticks: tick, crossings, trips: plan.vehicles * plan.tripsEach };
    }
  }
  const stuck = [...drivers.entries()].filter(([, driver]) => driver.trips < plan.tripsEach);
  const why = stuck.map(
    ([id, driver]) =>
      `${id} from ${driver.at} to ${driver.leg?.toNodeId}: ${JSON.stringify(current.explain(id))} ${JSON.stringify(current.holding(id))}`,
  );
  throw new Error(`after ${limit} ticks not all trips are over: ${why.join("; ")}`);
}

function nextLeg(
  plan: ZonedTrafficPlan,
  drivers: ReadonlyMap<VehicleId, Driver>,
  vehicleId: VehicleId,
  driver: Driver,
  index: number,
  random: () => number,
): LegRequest | undefined {
  const goal = plan.goalOf?.(index, driver.trips, driver.at) ?? freeBay(plan.layout, drivers, random);
  if (goal === undefined) return undefined;
  return {
    legId: `${vehicleId}/${driver.trips}` as LegId,
    vehicleId,
    via: [],
    toNodeId: goal as NodeId,
    actionsAtEnd: [],
    priority: Math.floor(3 * random()),
    commandedBy: "us",
  };
}

function freeBay(
  layout: ZonedLayout,
  drivers: ReadonlyMap<VehicleId, Driver>,
  random: () => number,
): string | undefined {
  const taken = new Set<string>();
  for (const other of drivers.values()) taken.add(other.at).add(other.leg?.toNodeId ?? "");
  const free = layout.bays.filter((bay) => !taken.has(bay));
  return free[Math.floor(random() * free.length)];
}

function hear(drivers: ReadonlyMap<VehicleId, Driver>, event: ReservationEvent): void {
  if (event.kind === "trouble") throw new Error(`${event.code}: ${event.vehicleId ?? ""} ${event.detail}`);
  const driver = drivers.get(event.vehicleId);
  if (driver === undefined || !("legId" in event) || event.legId !== driver.leg?.legId) return;
  if (event.kind === "legRefused") throw new Error(`${event.legId} refused: ${event.reason}`);
  if (event.kind === "legCompleted") {
    driver.at = event.nodeId;
    driver.leg = undefined;
    driver.trips++;
  }
}

/** Throws when something is wrong; returns how many vehicles hold ground in more than one zone. */
export async function checkGround(
  layout: ZonedLayout,
  drivers: ReadonlyMap<VehicleId, { readonly vehicle: ModelVehicle }>,
  ledgers: ReadonlyMap<ZoneId, WitnessedLedger>,
  tick: number,
): Promise<number> {
  const { blocks, blockIndex } = layout.network;
  const holders = new Map<BlockId, VehicleId>();
  const zonesOf = new Map<VehicleId, Set<ZoneId>>();
  for (const [zoneId, ledger] of ledgers) {
    for (const [blockId, vehicleId] of await ledger.holders()) {
      const other = holders.get(blockId);
      if (other !== undefined) throw new Error(`tick ${tick}: ${blockId} is ${other}'s and ${vehicleId}'s`);
      const block = blockIndex(blockId);
      if (block === undefined || blocks.zoneIds[at(blocks.zone, block)] !== zoneId)
        throw new Error(`tick ${tick}: ${blockId} is in the ledger of ${zoneId}`);
      holders.set(blockId, vehicleId);
      const zones = zonesOf.get(vehicleId);
      if (zones === undefined) zonesOf.set(vehicleId, new Set([zoneId]));
      else zones.add(zoneId);
    }
  }
  for (const [vehicleId, { vehicle }] of drivers) {
    for (const block of vehicle.covers()) {
      const blockId = at(blocks.ids, block);
      if (holders.get(blockId) !== vehicleId)
        throw new Error(
          `tick ${tick}: ${vehicleId} is on ${blockId}, granted to ${holders.get(blockId) ?? "nobody"}`,
        );
    }
  }
  return [...zonesOf.values()].filter((zones) => zones.size > 1).length;
}
