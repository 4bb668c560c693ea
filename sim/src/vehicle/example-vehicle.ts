import type { Action, InstantActions, Order, OrderEdge, OrderNode } from "@baton/fleet-adapter/vda5050";
import { nodePoseInMap, nodePoseInSite, type Side, type Site, trajectoryOf } from "@baton/maps";
import type { Scenario } from "../scenario/scenario.ts";
import { vehiclesOf } from "../scenario/world.ts";
import type { VehicleEffect, VehicleEvent } from "./step.ts";
import { stepVehicle } from "./step.ts";
import { newVehicle, type Vehicle, type VehicleModel } from "./vehicle.ts";

/** Vehicles and orders on a real site, for tests. */

export const START_MS = Date.UTC(2026, 5, 1);

export function exampleModel(scenario: Scenario, site: Site): VehicleModel {
  const first = vehiclesOf(scenario, site, START_MS)[0];
  if (first === undefined) throw new Error("the scenario has no vehicle");
  return first.model;
}

export function vehicleAt(site: Site, side: Side, nodeId: string, containerNo?: string): Vehicle {
  const pose = nodePoseInSite(site, side, nodeId);
  if (pose === undefined) throw new Error(`${side} has no node ${nodeId}`);
  return newVehicle({
    atMs: START_MS,
    home: side,
    side,
    nodeId,
    pose,
    batteryPct: 90,
    charging: false,
    containerNo,
  });
}

const header = {
  headerId: 1,
  timestamp: "2026-06-01T00:00:00.000Z",
  version: "2.1.0",
  manufacturer: "sim",
  serialNumber: "vn-01",
};

export interface OrderSketch {
  readonly side: Side;
  readonly orderId: string;
  readonly orderUpdateId?: number;
  /** Nodes in driving order; consecutive ones are joined by an edge of the layout. */
  readonly nodeIds: readonly string[];
  /** How many of the nodes are released; all unless said. */
  readonly released?: number;
  /** Of the first node: 0 unless the order goes on from an earlier one. */
  readonly firstSequenceId?: number;
  readonly actionsAtEnd?: readonly Action[];
}

/** The order that a fleet control would send, in the side's map frame. */
export function orderOn(site: Site, sketch: OrderSketch): Order {
  const { side, nodeIds, released = nodeIds.length, firstSequenceId = 0 } = sketch;
  const nodes = nodeIds.map((nodeId, index): OrderNode => {
    const pose = nodePoseInMap(site, side, nodeId);
    if (pose === undefined) throw new Error(`${side} has no node ${nodeId}`);
    return {
      nodeId,
      sequenceId: firstSequenceId + 2 * index,
      released: index < released,
      nodePosition: { x: pose.xM, y: pose.yM, theta: pose.headingRad, mapId: site.file.sides[side].mapId },
      actions: index === nodeIds.length - 1 ? [...(sketch.actionsAtEnd ?? [])] : [],
    };
  });
  const edges = nodeIds.slice(1).map((nodeId, index): OrderEdge => {
    const startNodeId = nodeIds[index] ?? "";
    const edgeId = edgeBetween(site, side, startNodeId, nodeId);
    const trajectory = trajectoryOf(site, side, edgeId);
    return {
      edgeId,
      sequenceId: firstSequenceId + 2 * index + 1,
      released: index + 1 < released,
      startNodeId,
      endNodeId: nodeId,
      maxSpeed: 2.778,
      ...(trajectory === undefined
        ? {}
        : {
            trajectory: {
              degree: trajectory.degree,
              knotVector: [...trajectory.knotVector],
              controlPoints: trajectory.controlPoints.map((point) => ({ ...point })),
            },
          }),
      actions: [],
    };
  });
  return { ...header, orderId: sketch.orderId, orderUpdateId: sketch.orderUpdateId ?? 0, nodes, edges };
}

function edgeBetween(site: Site, side: Side, from: string, to: string): string {
  const edges = site.lif[side].layouts.flatMap((layout) => layout.edges);
  const edge = edges.find((one) => one.startNodeId === from && one.endNodeId === to);
  if (edge === undefined) throw new Error(`${side} has no edge from ${from} to ${to}`);
  return edge.edgeId;
}

export function instant(
  actionType: string,
  actionId: string,
  parameters: Readonly<Record<string, string | number>> = {},
): InstantActions {
  const actionParameters = Object.entries(parameters).map(([key, value]) => ({ key, value }));
  return { ...header, actions: [{ actionType, actionId, blockingType: "NONE", actionParameters }] };
}

export function nodeAction(actionType: string, actionId: string): Action {
  return { actionType, actionId, blockingType: "HARD" };
}

/** Feeds events to a vehicle and keeps what came of them. */
export class VehicleBench {
  vehicle: Vehicle;
  readonly effects: VehicleEffect[] = [];
  readonly model: VehicleModel;

  constructor(vehicle: Vehicle, model: VehicleModel) {
    this.vehicle = vehicle;
    this.model = model;
  }

  take(event: VehicleEvent): void {
    const [next, effects] = stepVehicle(this.vehicle, event, this.model);
    this.vehicle = next;
    this.effects.push(...effects);
  }

  order(side: Side, order: Order): void {
    this.take({ kind: "order", side, order });
  }

  ask(side: Side, message: InstantActions): void {
    this.take({ kind: "instantActions", side, message });
  }

  /** Lets time pass, 100 ms at once. */
  run(ms: number, each: () => void = () => undefined): void {
    for (let left = ms; left > 0; left -= 100) {
      this.take({ kind: "tick", nowMs: this.vehicle.atMs + 100 });
      each();
    }
  }

  /** Lets time pass until something is so; throws when that takes longer than ten minutes of the vehicle's time. */
  runUntil(isSo: (vehicle: Vehicle) => boolean): void {
    for (let i = 0; i < 6_000; i++) {
      if (isSo(this.vehicle)) return;
      this.run(100);
    }
    throw new Error("it never came to that");
  }

  status(actionId: string): string | undefined {
    return this.vehicle.actions.find((record) => record.action.actionId === actionId)?.status;
  }
}
