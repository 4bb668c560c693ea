import type { DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import type { Kinematics } from "../../../orchestrator/src/reservation/core/kinematics.ts";
import type { LeaderId, Ledger } from "../../../orchestrator/src/reservation/ledger/ledger.ts";
import { createOrderWriter } from "../../../orchestrator/src/reservation/orders.ts";
import type { LegId, ReservationEvent } from "../../../orchestrator/src/reservation/port.ts";
import { createReservation } from "../../../orchestrator/src/reservation/service.ts";
import { ModelVehicle } from "../../../orchestrator/src/reservation/testing/model-vehicle.ts";
import { NO_TIMERS, STRICT_LOG } from "../../../orchestrator/src/reservation/testing/traffic.ts";
import { drawn, streamOf } from "../instances/seeded.ts";
import { legNamed, vehicleNamed } from "../names.ts";
import { Stopwatch, type Timing } from "../stopwatch.ts";

export interface ServicePlan {
  readonly network: Network;
  readonly kinematics: Kinematics;
  readonly ledger: Ledger;
  /** Endpoints that vehicles go between, as node ids. */
  readonly bays: readonly NodeId[];
  /** Nodes at which a vehicle is made to wait on the way to a bay. */
  viasTo(bay: NodeId): readonly NodeId[];
  readonly vehicles: number;
  readonly seed: number;
  readonly ticks: number;
  /** Ticks that are not counted: everybody is admitted and planned for the first time. */
  readonly warmUpTicks: number;
  readonly restMs: { readonly from: number; readonly to: number };
}

export interface ServiceResult {
  readonly tick: Timing;
  readonly warmUpMaxMs: number;
  readonly legsCompleted: number;
  readonly grantedBlocks: number;
  /** How many vehicles had somewhere to go, and how many of them moved, in the ticks that count, on average. */
  readonly onALeg: number;
  readonly moving: number;
}

export const SERVICE_TICK_MS = 200;

interface Driver {
  readonly vehicle: ModelVehicle;
  /** The bay where it stands; `undefined` once it has left it. */
  at: NodeId | undefined;
  goal: NodeId | undefined;
  legId: LegId | undefined;
  trips: number;
  restsUntilMs: number;
  waitsAt: NodeId | undefined;
}

/**
 * Traffic through the whole room: the service with its ledger, orders as vehicles would get them, every vehicle
 * reporting in every tick. What is measured is the service's tick alone, from taking in reports until Redis has said yes and
 * orders are written; vehicles are moved outside of it.
 */
export async function driveService(plan: ServicePlan): Promise<ServiceResult> {
  const random = streamOf(plan.seed);
  const { network } = plan;
  let nowMs = 1_000_000_000;
  const service = createReservation({
    network,
    kinematics: plan.kinematics,
    ledger: plan.ledger,
    leaderId: "bench" as LeaderId,
    clock: { nowMs: () => nowMs },
    timers: NO_TIMERS,
    log: STRICT_LOG,
    tickMs: SERVICE_TICK_MS,
  });
  const orders: { readonly vehicleId: VehicleId; readonly order: DriveOrder }[] = [];
  const writer = createOrderWriter({
    network,
    mayCommand: () => true,
    fleet: { drive: (vehicleId, order) => void orders.push({ vehicleId, order }) },
  });
  const events: ReservationEvent[] = [];
  service.onCommitted((legs) => writer.write(legs));
  service.subscribe((event) => void events.push(event));
  await service.start();

  const rest = (): number => nowMs + plan.restMs.from + random() * (plan.restMs.to - plan.restMs.from);
  const drivers = new Map<VehicleId, Driver>();
  drawn(plan.bays, plan.vehicles, random).forEach((bay, i) => {
    const vehicleId = vehicleNamed(`car-${i}`);
    const vehicle = new ModelVehicle(network, vehicleId, network.poseIndex(bay) ?? 0);
    service.admit({ vehicleId, vehicleClassId: network.vehicleClassId, nodeId: bay });
    const restsUntilMs = nowMs + random() * plan.restMs.to;
    drivers.set(vehicleId, {
      vehicle,
      at: bay,
      goal: undefined,
      legId: undefined,
      trips: 0,
      restsUntilMs,
      waitsAt: undefined,
    });
  });
  const taken = new Set<NodeId>([...drivers.values()].flatMap((driver) => driver.at ?? []));
  let legsCompleted = 0;
  let grantedBlocks = 0;
  let warmUpMaxMs = 0;
  let onALeg = 0;
  let moving = 0;
  const watch = new Stopwatch();

  const hear = (event: ReservationEvent): void => {
    if (event.kind === "trouble") throw new Error(`${event.code}: ${event.detail}`);
    const driver = drivers.get(event.vehicleId);
    if (driver === undefined || !("legId" in event) || event.legId !== driver.legId) return;
    if (event.kind === "legRefused") throw new Error(`${event.legId} refused: ${event.reason}`);
    if (event.kind === "waitingAt") driver.waitsAt = event.nodeId;
    // Once: from then on it may be somebody else's goal.
    if (event.kind === "reached" && event.edgeId !== undefined && driver.at !== undefined) {
      taken.delete(driver.at);
      driver.at = undefined;
    }
    if (event.kind === "legCompleted") {
      driver.at = event.nodeId;
      driver.goal = undefined;
      driver.legId = undefined;
      driver.waitsAt = undefined;
      driver.trips++;
      driver.restsUntilMs = rest();
      legsCompleted++;
    }
  };

  for (let tick = 1; tick <= plan.ticks; tick++) {
    nowMs += SERVICE_TICK_MS;
    for (const [vehicleId, driver] of drivers) {
      driver.vehicle.drive(SERVICE_TICK_MS / 1000, 0.7 + 0.3 * random());
      const report = driver.vehicle.report(nowMs);
      service.observe(report);
      if (tick > plan.warmUpTicks && driver.legId !== undefined) onALeg++;
      if (tick > plan.warmUpTicks && report.speedMps > 0) moving++;
      if (driver.legId !== undefined && driver.waitsAt !== undefined) {
        service.proceed(vehicleId, driver.legId, driver.waitsAt);
        driver.waitsAt = undefined;
      }
      if (driver.legId !== undefined || nowMs < driver.restsUntilMs) continue;
      const free = plan.bays.filter((bay) => !taken.has(bay));
      const goal = free[Math.floor(random() * free.length)];
      if (goal === undefined) continue;
      taken.add(goal);
      driver.goal = goal;
      driver.legId = legNamed(`${vehicleId}/${driver.trips}`);
      service.requestLeg({
        legId: driver.legId,
        vehicleId,
        via: plan.viasTo(goal).map((nodeId) => ({ nodeId, expectedDwellMs: 5000 })),
        toNodeId: goal,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
      });
    }
    watch.begin();
    const report = await service.tick();
    const tookMs = watch.end(tick > plan.warmUpTicks);
    if (report.outcome === "not-leading") throw new Error(`the zone halted in tick ${tick}`);
    grantedBlocks += report.grantedBlocks;
    if (tick <= plan.warmUpTicks) warmUpMaxMs = Math.max(warmUpMaxMs, tookMs);
    for (const { vehicleId, order } of orders.splice(0)) drivers.get(vehicleId)?.vehicle.take(order);
    for (const event of events.splice(0)) hear(event);
  }
  await service.stop();
  const counted = plan.ticks - plan.warmUpTicks;
  return {
    tick: watch.timing(),
    warmUpMaxMs,
    legsCompleted,
    grantedBlocks,
    onALeg: onALeg / counted,
    moving: moving / counted,
  };
}
