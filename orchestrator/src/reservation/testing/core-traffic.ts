import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import { committedLegOf } from "../core/committed-leg.ts";
import { createZone } from "../core/create-zone.ts";
import { type CoreSettings, DEFAULT_SETTINGS } from "../core/kinematics.ts";
import { at } from "../core/runs.ts";
import { confirmTick, runTick, type TickOutcome } from "../core/tick.ts";
import type { Command, Zone } from "../core/zone.ts";
import { orderOf } from "../orders.ts";
import type { LegId } from "../port.ts";
import type { Layout } from "./layouts.ts";
import { ModelVehicle } from "./model-vehicle.ts";
import { CARRIER, randomOf, TICK_MS } from "./traffic.ts";

export interface CoreTrafficPlan {
  readonly layout: Layout;
  readonly seed: number;
  readonly vehicles: number;
  readonly tripsEach: number;
  /** Probability of a stop of up to 10 s, a tick and vehicle. */
  readonly stops: number;
  readonly settings?: Partial<CoreSettings>;
  /** Looks at the zone after each tick. */
  readonly watch: (zone: Zone, outcome: TickOutcome) => void;
}

/** Random traffic under the bare core: no ledger, no service. Returns the ticks that it took; throws when a trip does not end. */
export function driveCore(plan: CoreTrafficPlan): number {
  const { layout, seed } = plan;
  const { network } = layout;
  const random = randomOf(seed);
  const zone = createZone(network, { ...DEFAULT_SETTINGS, kinematics: CARRIER, ...plan.settings });
  const cars = layout.bays.slice(0, plan.vehicles).map((bay, i) => {
    const vehicleId = `car-${i}` as VehicleId;
    const pose = network.poseIndex(bay as NodeId) ?? 0;
    const vehicle = new ModelVehicle(network, vehicleId, pose);
    return {
      vehicleId,
      vehicle,
      bay,
      goal: undefined as string | undefined,
      trips: 0,
      stoppedUntil: 0,
      waits: "",
    };
  });
  let commands: Command[] = cars.map(({ vehicleId, bay }) => ({
    kind: "admit",
    admission: { vehicleId, vehicleClassId: network.vehicleClassId, nodeId: bay as NodeId },
  }));
  const limit = 5000 + 1500 * plan.vehicles * plan.tripsEach;
  for (let tick = 1; tick <= limit; tick++) {
    const nowMs = tick * TICK_MS;
    for (const car of cars) {
      if (random() < plan.stops) car.stoppedUntil = tick + Math.floor(50 * random());
      car.vehicle.drive(TICK_MS / 1000, tick < car.stoppedUntil ? 0 : 0.4 + 0.6 * random());
      if (car.waits !== "" && random() < 0.05) {
        const legId = `${car.vehicleId}/${car.trips}` as LegId;
        commands.push({ kind: "proceed", vehicleId: car.vehicleId, legId, nodeId: car.waits as NodeId });
      }
      if (car.goal !== undefined || car.trips === plan.tripsEach || random() > 0.2) continue;
      const taken = new Set(cars.flatMap((other) => [other.bay, other.goal]));
      const isLast = car.trips + 1 === plan.tripsEach;
      const free = layout.bays.filter((bay) =>
        layout.heads?.includes(bay) === true ? !isLast && bay !== car.bay : !taken.has(bay),
      );
      const goal = free[Math.floor(random() * free.length)];
      if (goal === undefined) continue;
      car.goal = goal;
      const via = layout.viasBetween(car.bay, goal);
      commands.push({
        kind: "requestLeg",
        request: {
          legId: `${car.vehicleId}/${car.trips}` as LegId,
          vehicleId: car.vehicleId,
          via: via.map((nodeId) => ({ nodeId: nodeId as NodeId, expectedDwellMs: 3000 })),
          toNodeId: goal as NodeId,
          actionsAtEnd: [],
          priority: 0,
          commandedBy: "us",
        },
      });
    }
    const observations = cars.filter(() => random() < 0.9).map((car) => car.vehicle.report(nowMs));
    const outcome = runTick(zone, { tick, commands, observations });
    commands = [];
    confirmTick(zone);
    plan.watch(zone, outcome);
    for (const event of outcome.events) {
      if (event.kind === "trouble" || event.kind === "legRefused") throw new Error(JSON.stringify(event));
      const car = cars.find((one) => "vehicleId" in event && one.vehicleId === event.vehicleId);
      if (car === undefined) continue;
      if (event.kind === "waitingAt") car.waits = event.nodeId;
      if (event.kind !== "legCompleted") continue;
      car.bay = event.nodeId;
      car.goal = undefined;
      car.waits = "";
      car.trips++;
    }
    for (const record of zone.vehicles.values()) {
      const leg = committedLegOf(zone, record);
      const car = cars.find((one) => one.vehicleId === record.vehicleId);
      if (leg !== undefined && leg.grantedEdges > 0) car?.vehicle.take(orderOf(network, leg));
    }
    if (cars.every((car) => car.trips === plan.tripsEach)) return tick;
  }
  const stuck = cars.filter((car) => car.trips < plan.tripsEach).map((car) => at([car.vehicleId], 0));
  throw new Error(`after ${limit} ticks not all trips are over: ${stuck.join(", ")}`);
}
