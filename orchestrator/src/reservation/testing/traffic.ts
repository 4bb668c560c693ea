import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, NodeId } from "@baton/maps";
import type { Kinematics } from "../core/kinematics.ts";
import { closureAround } from "../core/rebuild.ts";
import { at } from "../core/runs.ts";
import type { LeaderId, Ledger } from "../ledger/ledger.ts";
import { createModelLedger } from "../ledger/model.ts";
import { createOrderWriter } from "../orders.ts";
import type { LegId, LegRequest, ReservationEvent } from "../port.ts";
import { createReservation } from "../service.ts";
import type { ReservationService } from "../service-port.ts";
import type { Layout } from "./layouts.ts";
import { ModelVehicle } from "./model-vehicle.ts";
import { DEATHS, Life, mortalLedger } from "./mortal-leader.ts";

export const TICK_MS = 200;
export const CARRIER = { maxSpeedMps: 5, accelerationMps2: 1, brakingMps2: 1, lengthM: 15 };
/** Only what must not happen is said, and loudly. */
export const STRICT_LOG = {
  info: () => {},
  warn: () => {},
  error: (fields: object, message: string) => {
    throw new Error(message, { cause: fields });
  },
};
/** Ticks are called by hand. */
export const NO_TIMERS = { after: () => () => {}, every: () => () => {} };

export interface TrafficPlan {
  readonly layout: Layout;
  readonly seed: number;
  readonly vehicles: number;
  readonly tripsEach: number;
  /** Probability of a stop of up to 10 s, a tick and vehicle; of a report that is lost; of another leader, a tick. */
  readonly stops: number;
  readonly lostReports: number;
  readonly newLeaders: number;
  /** Probability, a tick and vehicle on its way, that it is sent to another bay instead. */
  readonly turns?: number;
  /** Probability, a tick, that the leader dies at its next commit, at a random moment of it; and another comes. */
  readonly deaths?: number;
  /** Probability, a tick, that the ledger's server is lost: `failOver` is called, and the leader stays or not. */
  readonly failOvers?: {
    readonly probability: number;
    failOver(random: () => number): void | Promise<void>;
    /** What the ledger has is true again. */
    isTrue(): boolean;
  };
  /** Which of the vehicles answer when they are asked where they are; all, when not given. */
  answers?(vehicleId: VehicleId): boolean;
  readonly kinematics?: Kinematics;
}

/** A ledger, and who holds what in it, asked in a way that is not the service's own. */
export interface WitnessedLedger {
  readonly ledger: Ledger;
  holders(): ReadonlyMap<BlockId, VehicleId> | Promise<ReadonlyMap<BlockId, VehicleId>>;
}

export function modelLedger(): WitnessedLedger {
  const ledger = createModelLedger();
  return { ledger, holders: () => ledger.state().grants };
}

export interface Drive {
  readonly ticks: number;
  /** Real time of the service's ticks. */
  readonly meanMs: number;
  readonly maxMs: number;
}

interface Driver {
  readonly vehicle: ModelVehicle;
  at: string;
  leg: LegRequest | undefined;
  /** Its leg has a plan that was told. */
  planned: boolean;
  /** The leg instead of which it is to drive this one, until it does or has come to its end. */
  old: LegRequest | undefined;
  trips: number;
  stoppedUntil: number;
  waitsAt: string | undefined;
  waitsUntil: number;
}

/** A small, fast, seeded stream of numbers in [0, 1) (mulberry32, T. Ettinger, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Random traffic under one tick loop: vehicles that stop, reports that get lost, leaders that are replaced.
 * After each tick the ground under each vehicle, taken from where it really is, must be granted to it in the
 * ledger. Returns the ticks that it took; throws when not all trips end.
 */
export async function drive(plan: TrafficPlan, { ledger, holders }: WitnessedLedger): Promise<Drive> {
  const random = randomOf(plan.seed);
  const { layout } = plan;
  const drivers = new Map<VehicleId, Driver>();
  let nowMs = 1_000_000;
  let leaders = 0;
  let service: ReservationService | undefined;
  let life = new Life();

  const takeOver = async (): Promise<ReservationService> => {
    if (life.alive) await service?.stop();
    const ours = new Life();
    life = ours;
    const next = createReservation({
      network: layout.network,
      kinematics: plan.kinematics ?? CARRIER,
      ledger: mortalLedger(ledger, ours),
      leaderId: `leader-${leaders++}` as LeaderId,
      clock: { nowMs: () => nowMs },
      timers: NO_TIMERS,
      log: STRICT_LOG,
      witnesses: {
        accounts: async () =>
          [...drivers]
            .filter(([vehicleId]) => plan.answers?.(vehicleId) ?? true)
            .map(([, driver]) => driver.vehicle.account()),
      },
    });
    const writer = createOrderWriter({
      network: layout.network,
      mayCommand: () => true,
      fleet: {
        drive: (vehicleId, order) => {
          if (!ours.alive) return;
          drivers.get(vehicleId)?.vehicle.take(order);
          if (ours.diesAt === "in-telling") ours.end();
        },
      },
    });
    next.onCommitted((legs) => writer.write(legs));
    next.subscribe((event) => {
      if (!ours.alive) return;
      if (event.kind === "legRefused" && event.reason === "order-lost") askAnew(next, drivers, event);
      // What is lost traps some, has legs refused, and vehicles where no record leads them, until it is put right.
      const putRightLater =
        event.kind === "legRefused" ||
        (event.kind === "trouble" && (event.code === "trapped" || event.code === "off-path"));
      if (plan.failOvers !== undefined && putRightLater) return;
      hear(drivers, event, nowMs, random);
      if (ours.diesAt === "in-telling") ours.end();
    });
    await next.start();
    // As missions do after a restart: ask again for everything.
    for (const [vehicleId, driver] of drivers) {
      next.admit({ vehicleId, vehicleClassId: layout.network.vehicleClassId, nodeId: driver.at as NodeId });
      if (driver.leg !== undefined) next.requestLeg(driver.leg);
    }
    return next;
  };

  for (let i = 0; i < plan.vehicles; i++) {
    const vehicleId = `car-${i}` as VehicleId;
    const bay = at(layout.bays, i);
    const vehicle = new ModelVehicle(layout.network, vehicleId, layout.network.poseIndex(bay as NodeId) ?? 0);
    drivers.set(vehicleId, {
      vehicle,
      at: bay,
      leg: undefined,
      planned: false,
      old: undefined,
      trips: 0,
      stoppedUntil: 0,
      waitsAt: undefined,
      waitsUntil: 0,
    });
  }
  service = await takeOver();
  const limit = 5000 + 1500 * plan.vehicles * plan.tripsEach;
  let workMs = 0;
  let maxMs = 0;
  for (let tick = 1; tick <= limit; tick++) {
    nowMs += TICK_MS;
    if (plan.failOvers !== undefined && random() < plan.failOvers.probability) {
      await plan.failOvers.failOver(random);
      if (random() < 0.5) service = await takeOver();
    }
    if (!life.alive || random() < plan.newLeaders) service = await takeOver();
    // Not in the first, with which the vehicles come onto the ground.
    if (plan.deaths !== undefined && tick > 1 && random() < plan.deaths)
      life.diesAt = DEATHS[Math.floor(DEATHS.length * random())];
    for (const [vehicleId, driver] of drivers) {
      if (random() < plan.stops) driver.stoppedUntil = tick + Math.floor(50 * random());
      driver.vehicle.drive(TICK_MS / 1000, tick < driver.stoppedUntil ? 0 : 0.4 + 0.6 * random());
      if (random() >= plan.lostReports) service.observe(driver.vehicle.report(nowMs));
      if (driver.leg === undefined && driver.trips < plan.tripsEach) {
        driver.leg = nextLeg(plan, drivers, vehicleId, driver, random);
        if (driver.leg !== undefined) service.requestLeg(driver.leg);
      }
      if (plan.turns !== undefined && driver.planned && random() < plan.turns)
        sendElsewhere(service, plan, drivers, vehicleId, driver, random);
      if (driver.leg !== undefined && driver.waitsAt !== undefined && nowMs >= driver.waitsUntil) {
        service.proceed(vehicleId, driver.leg.legId, driver.waitsAt as NodeId);
      }
    }
    if (plan.failOvers !== undefined) putRight(service, layout, drivers, nowMs);
    const begun = performance.now();
    const report = await Promise.race([service.tick(), life.died]);
    const tookMs = performance.now() - begun;
    workMs += tookMs;
    maxMs = Math.max(maxMs, tookMs);
    if (report !== "died" && report.outcome === "not-leading") throw new Error(`halted in tick ${tick}`);
    if (plan.failOvers?.isTrue() ?? true) checkGround(layout, drivers, await holders(), tick);
    if ([...drivers.values()].every((driver) => driver.trips === plan.tripsEach))
      return { ticks: tick, meanMs: workMs / tick, maxMs };
  }
  const stuck = [...drivers.entries()].filter(([, driver]) => driver.trips < plan.tripsEach);
  const why = stuck.map(
    ([id, driver]) => `${id} to ${driver.leg?.toNodeId}: ${JSON.stringify(service?.holding(id)?.waitingFor)}`,
  );
  throw new Error(`after ${limit} ticks not all trips are over: ${why.join("; ")}`);
}

/**
 * What people do after a fail-over: a vehicle that must not go on has its order cancelled where it comes to stand, is
 * removed and admitted there, and its mission asks for a new leg to the same place.
 */
function putRight(
  service: ReservationService,
  layout: Layout,
  drivers: ReadonlyMap<VehicleId, Driver>,
  nowMs: number,
): void {
  for (const { vehicleId } of service.outOfUse().failed) {
    const driver = drivers.get(vehicleId);
    const account = driver?.vehicle.account();
    if (driver === undefined || account === undefined || account.releasedEdgeIds.length > 0) continue;
    driver.vehicle.cancel();
    service.dismiss(vehicleId);
    service.open(closureAround(vehicleId));
    const { vehicleClassId } = layout.network;
    service.admit({ vehicleId, vehicleClassId, nodeId: account.lastNodeId });
    service.observe(driver.vehicle.report(nowMs));
    if (driver.leg !== undefined) askAnew(service, drivers, driver.leg);
  }
}

/** A leg that was lost is asked for under another name. */
function askAnew(
  service: ReservationService,
  drivers: ReadonlyMap<VehicleId, Driver>,
  { vehicleId, legId }: Pick<LegRequest, "vehicleId" | "legId">,
): void {
  const driver = drivers.get(vehicleId);
  if (driver?.leg?.legId !== legId) return;
  const text: string = `${legId}'`;
  driver.leg = { ...driver.leg, legId: text as LegId };
  driver.planned = false;
  driver.waitsAt = undefined;
  service.requestLeg(driver.leg);
}

/** To another bay from where it is, if it has no stops to make. */
function sendElsewhere(
  service: ReservationService,
  plan: TrafficPlan,
  drivers: ReadonlyMap<VehicleId, Driver>,
  vehicleId: VehicleId,
  driver: Driver,
  random: () => number,
): void {
  const { leg } = driver;
  // A leg's name grows with each time; who is sent elsewhere for ever never arrives.
  if (leg === undefined || leg.via.length > 0 || leg.legId.endsWith("~~~")) return;
  const next = nextLeg(plan, drivers, vehicleId, driver, random);
  if (next === undefined || next.toNodeId === leg.toNodeId) return;
  const legId: string = `${leg.legId}~`;
  driver.old = leg;
  driver.leg = { ...next, via: [], legId: legId as LegId, insteadOf: leg.legId };
  driver.planned = false;
  service.requestLeg(driver.leg);
}

function nextLeg(
  { layout, tripsEach }: TrafficPlan,
  drivers: ReadonlyMap<VehicleId, Driver>,
  vehicleId: VehicleId,
  driver: Driver,
  random: () => number,
): LegRequest | undefined {
  const taken = new Set<string>();
  for (const { at: bay, leg, old } of drivers.values())
    taken
      .add(bay)
      .add(leg?.toNodeId ?? "")
      .add(old?.toNodeId ?? "");
  const isLast = driver.trips + 1 === tripsEach;
  const free = layout.bays.filter((bay) =>
    layout.heads?.includes(bay) === true ? !isLast && bay !== driver.at : !taken.has(bay),
  );
  const goal = free[Math.floor(random() * free.length)];
  if (goal === undefined) return undefined;
  return {
    legId: `${vehicleId}/${driver.trips}` as LegId,
    vehicleId,
    via: layout
      .viasBetween(driver.at, goal)
      .map((nodeId) => ({ nodeId: nodeId as NodeId, expectedDwellMs: 3000 })),
    toNodeId: goal as NodeId,
    actionsAtEnd: [],
    priority: Math.floor(3 * random()),
    commandedBy: "us",
  };
}

function hear(
  drivers: ReadonlyMap<VehicleId, Driver>,
  event: ReservationEvent,
  nowMs: number,
  random: () => number,
): void {
  if (event.kind === "trouble") throw new Error(`${event.code}: ${event.detail}`);
  const driver = drivers.get(event.vehicleId);
  if (driver === undefined || !("legId" in event)) return;
  if (event.legId === driver.old?.legId) {
    if (event.kind === "legCompleted") driver.at = event.nodeId;
    if (event.kind === "legCompleted" || event.kind === "legAbandoned") driver.old = undefined;
  }
  if (event.legId !== driver.leg?.legId) return;
  if (event.kind === "legPlanned") driver.planned = true;
  if (event.kind === "legRefused") throw new Error(`${event.legId} refused: ${event.reason}`);
  if (event.kind === "waitingAt" && driver.waitsAt !== event.nodeId) {
    driver.waitsAt = event.nodeId;
    driver.waitsUntil = nowMs + 8000 * random();
  }
  if (event.kind === "legCompleted") {
    driver.at = event.nodeId;
    driver.leg = undefined;
    driver.planned = false;
    driver.old = undefined;
    driver.waitsAt = undefined;
    driver.trips++;
  }
}

function checkGround(
  layout: Layout,
  drivers: ReadonlyMap<VehicleId, Driver>,
  grants: ReadonlyMap<BlockId, VehicleId>,
  tick: number,
): void {
  for (const [vehicleId, driver] of drivers) {
    for (const block of driver.vehicle.covers()) {
      const blockId = at(layout.network.blocks.ids, block);
      const holder = grants.get(blockId);
      if (holder !== vehicleId)
        throw new Error(`tick ${tick}: ${vehicleId} is on ${blockId}, granted to ${holder ?? "nobody"}`);
    }
  }
}
