import {
  type ActionState,
  type EdgeState,
  type FactsheetMessage,
  type Header,
  type NodeState,
  type State,
  TRANSFER_CONTROL,
  timestampOf,
  VDA5050_VERSION,
} from "@baton/fleet-adapter/vda5050";
import { type Side, toMapFrame } from "@baton/maps";
import type { WorldVehicle } from "../world/channel.ts";
import { NODE_ACTIONS } from "./loading.ts";
import { ANYONES_ACTIONS, holdersActions } from "./obey.ts";
import { progressOf } from "./progress.ts";
import { type ActiveOrder, isOver, nodeNameFor, type Vehicle, type VehicleModel } from "./vehicle.ts";

export function headerOf(model: VehicleModel, headerId: number, atMs: number): Header {
  return {
    headerId,
    timestamp: timestampOf(atMs),
    version: VDA5050_VERSION,
    manufacturer: model.manufacturer,
    serialNumber: model.serialNumber,
  };
}

/**
 * The state message for one side: positions in that side's map frame, and of orders and actions only what that side
 * gave. The side in the register sees AUTOMATIC, the other SERVICE; the register and the latches are seen by both.
 */
export function stateMessage(vehicle: Vehicle, model: VehicleModel, side: Side, headerId: number): State {
  const frame = model.frames[side];
  const pose = toMapFrame(frame.mapToSite, vehicle.pose);
  const { register } = vehicle;
  const last = vehicle.lastOrders[side];
  const lastNodeId = vehicle.lastNode === undefined ? undefined : nodeNameFor(model, vehicle.lastNode, side);
  const ahead = aheadOf(vehicle, side);
  return {
    ...headerOf(model, headerId, vehicle.atMs),
    orderId: last?.orderId ?? "",
    orderUpdateId: last?.orderUpdateId ?? 0,
    lastNodeId: lastNodeId ?? "",
    lastNodeSequenceId: vehicle.lastNode?.side === side ? vehicle.lastNode.sequenceId : 0,
    driving: vehicle.speedMps > 0,
    paused: vehicle.pausedBy.length > 0,
    newBaseRequest: ahead.wantsBase,
    distanceSinceLastNode: ahead.sinceNodeM,
    operatingMode: register.authority === side ? "AUTOMATIC" : "SERVICE",
    nodeStates: ahead.nodeStates,
    edgeStates: ahead.edgeStates,
    agvPosition: {
      x: rounded(pose.xM),
      y: rounded(pose.yM),
      theta: pose.headingRad,
      mapId: frame.mapId,
      positionInitialized: true,
      localizationScore: 1,
    },
    velocity: { vx: vehicle.speedMps, vy: 0 },
    loads: vehicle.loadIds.map((loadId) => ({ loadId, loadType: "container" })),
    actionStates: vehicle.actions.filter((record) => record.side === side).map(actionState),
    batteryState: {
      batteryCharge: Math.round(vehicle.batteryPct * 10) / 10,
      charging: vehicle.charging,
    },
    errors: [
      ...vehicle.refusals.filter((refusal) => refusal.side === side).map((refusal) => refusal.error),
      ...(vehicle.batteryPct > 0
        ? []
        : [
            {
              errorType: "batteryEmpty",
              errorLevel: "FATAL" as const,
              errorDescription: "the battery is empty",
            },
          ]),
    ],
    safetyState: { eStop: "NONE", fieldViolation: false },
    batonControl:
      register.handoffId === undefined
        ? { authority: register.authority, epoch: register.epoch, pausedBy: [...vehicle.pausedBy] }
        : {
            authority: register.authority,
            epoch: register.epoch,
            handoffId: register.handoffId,
            pausedBy: [...vehicle.pausedBy],
          },
  };
}

/** What is left of an order from a node on: the same from report to report, until the next node is reached. */
interface Left {
  readonly node: number;
  readonly nodeStates: NodeState[];
  readonly edgeStates: EdgeState[];
}
const leftOf = new WeakMap<ActiveOrder, Left>();

function leftFrom(order: ActiveOrder, node: number): Left {
  const known = leftOf.get(order);
  if (known?.node === node) return known;
  const left = {
    node,
    nodeStates: order.nodes
      .slice(node + 1)
      .map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
    edgeStates: order.edges
      .slice(Math.max(0, node))
      .map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released })),
  };
  leftOf.set(order, left);
  return left;
}

interface Ahead {
  readonly nodeStates: NodeState[];
  readonly edgeStates: EdgeState[];
  readonly sinceNodeM: number;
  readonly wantsBase: boolean;
}

function aheadOf(vehicle: Vehicle, side: Side): Ahead {
  const progress = progressOf(vehicle);
  if (progress === undefined || progress.order.side !== side || progress.order.letGo === true) {
    return { nodeStates: [], edgeStates: [], sinceNodeM: 0, wantsBase: false };
  }
  const { order, node, baseEnd } = progress;
  const { nodeStates, edgeStates } = leftFrom(order, node);
  return {
    nodeStates,
    edgeStates,
    // A node counts as reached a hair before it is.
    sinceNodeM: node < 0 ? 0 : Math.max(0, rounded(vehicle.alongM - (order.route.nodeAtM[node] ?? 0))),
    wantsBase: node >= baseEnd && baseEnd < order.nodes.length - 1,
  };
}

function actionState(record: Vehicle["actions"][number]): ActionState {
  return {
    actionId: record.action.actionId,
    actionType: record.action.actionType,
    actionStatus: record.status,
    ...(isOver(record) && record.result !== undefined ? { resultDescription: record.result } : {}),
  };
}

/** Parts of an order that it needs, and those that it follows when it gets them. */
const OPTIONAL_PARAMETERS: FactsheetMessage["protocolFeatures"]["optionalParameters"] = [
  { parameter: "order.nodes.nodePosition", support: "REQUIRED" },
  { parameter: "order.nodes.nodePosition.theta", support: "SUPPORTED" },
  { parameter: "order.nodes.nodePosition.allowedDeviationXY", support: "SUPPORTED" },
  { parameter: "order.nodes.nodePosition.allowedDeviationTheta", support: "SUPPORTED" },
  { parameter: "order.edges.maxSpeed", support: "SUPPORTED" },
  { parameter: "order.edges.trajectory", support: "SUPPORTED" },
];

export function factsheetMessage(model: VehicleModel, headerId: number, atMs: number): FactsheetMessage {
  const instant = [...ANYONES_ACTIONS, ...holdersActions(model)];
  const actionTypes = [...new Set([...NODE_ACTIONS, ...instant])];
  return {
    ...headerOf(model, headerId, atMs),
    typeSpecification: {
      seriesName: "Baton simulated container carrier",
      agvKinematic: "DIFF",
      agvClass: "CARRIER",
      maxLoadMass: model.maxLoadKg,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["VIRTUAL_LINE_GUIDED"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: model.kinematics.maxSpeedMps,
      accelerationMax: model.kinematics.accelerationMps2,
      decelerationMax: model.kinematics.brakingMps2,
      heightMax: model.heightM,
      width: model.widthM,
      length: model.lengthM,
    },
    protocolLimits: {
      maxStringLens: {},
      maxArrayLens: {},
      timing: { minOrderInterval: 0, minStateInterval: 0.05, defaultStateInterval: 1 },
    },
    protocolFeatures: {
      optionalParameters: OPTIONAL_PARAMETERS,
      agvActions: actionTypes.map((actionType) => ({
        actionType,
        actionScopes: [
          ...(NODE_ACTIONS.includes(actionType) ? (["NODE"] as const) : []),
          ...(instant.includes(actionType) ? (["INSTANT"] as const) : []),
        ],
        ...(actionType === TRANSFER_CONTROL
          ? { actionDescription: "changes the control register by compare-and-set" }
          : {}),
      })),
    },
    agvGeometry: {},
    loadSpecification: {},
    batonFeatures: { rollingHandoff: model.rollingHandoff === true },
  };
}

/** How the vehicle looks from outside. */
export function worldVehicle(vehicle: Vehicle, model: VehicleModel): WorldVehicle {
  const { xM, yM, headingRad } = vehicle.pose;
  const seen: WorldVehicle = {
    vehicleId: model.vehicleId,
    atMs: vehicle.atMs,
    xM,
    yM,
    headingRad,
    speedMps: vehicle.speedMps,
    locks: vehicle.locks,
    loadIds: vehicle.deck === undefined ? [] : [vehicle.deck],
  };
  const standing = vehicle.speedMps === 0 ? vehicle.lastNode?.nodeId : undefined;
  return standing === undefined ? seen : { ...seen, standingAtNodeId: standing };
}

function rounded(metres: number): number {
  return Math.round(metres * 1000) / 1000;
}
