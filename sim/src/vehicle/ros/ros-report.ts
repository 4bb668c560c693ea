import {
  MODE,
  type Odometry,
  quaternionOf,
  type TfMessage,
  timeOf,
  type VehicleAnnouncement,
  type VehicleStatus,
  WORK_KIND,
  WORK_STATUS,
  type WorkState,
} from "@baton/fleet-adapter/ros2";
import { type Pose, type RigidTransform, type Side, toMapFrame } from "@baton/maps";
import { progressOf } from "../progress.ts";
import { type ActionRecord, nodeNameFor, type Vehicle, type VehicleModel } from "../vehicle.ts";
import { grantedUpdateId } from "./body-order.ts";

/** `/agv_vn_01` for `vn-01`: names of ROS 2 have no hyphens. */
export function namespaceOf({ serialNumber }: Pick<VehicleModel, "serialNumber">): string {
  return `/agv_${serialNumber.replace(/[^A-Za-z0-9_]/g, "_")}`;
}

export function announcementOf(model: VehicleModel, side: Side, atMs: number): VehicleAnnouncement {
  return {
    header: { stamp: timeOf(atMs), frame_id: model.frames[side].mapId },
    manufacturer: model.manufacturer,
    serial_number: model.serialNumber,
    vehicle_namespace: namespaceOf(model),
    series_name: "Baton simulated container carrier",
    length_m: model.lengthM,
    width_m: model.widthM,
    max_speed_mps: model.kinematics.maxSpeedMps,
    max_load_kg: model.maxLoadKg,
    work_kinds: Object.values(WORK_KIND),
    rolling_handoff: model.rollingHandoff === true,
    plans_own_way: model.plansOwnWay === true,
  };
}

/** How far off its path it feels itself to be, and whether it has stopped for that. */
export interface Drift {
  readonly leftM: number;
  readonly isOff: boolean;
}

/** The status for one side: of orders and works only what that side gave; register and latches are seen by both. */
export function statusOf(
  vehicle: Vehicle,
  model: VehicleModel,
  side: Side,
  sequence: number,
  drift: Drift,
): VehicleStatus {
  const { register, order } = vehicle;
  const last = vehicle.lastOrders[side];
  const held = order?.side === side && order.letGo !== true ? order : undefined;
  const lastNodeId = vehicle.lastNode === undefined ? undefined : nodeNameFor(model, vehicle.lastNode, side);
  const ahead = aheadOf(vehicle, side);
  return {
    header: { stamp: timeOf(vehicle.atMs), frame_id: model.frames[side].mapId },
    sequence,
    authority: register.authority,
    epoch: register.epoch,
    handoff_id: register.handoffId ?? "",
    paused_by: [...vehicle.pausedBy],
    order_id: last?.orderId ?? "",
    update_id: last === undefined ? 0 : grantedUpdateId(last),
    cancelled: held?.cancelled ?? false,
    last_node_id: lastNodeId ?? "",
    last_node_sequence: vehicle.lastNode?.side === side ? vehicle.lastNode.sequenceId / 2 : 0,
    ahead,
    leads_to_end: held === undefined || held.cancelled || held.nodes.every((node) => node.released),
    following: ahead.length > 0 && !drift.isOff,
    works: vehicle.actions.flatMap((record) => workOf(record, side)),
    driving: vehicle.speedMps > 0,
    off_path: drift.isOff,
    off_path_m: Math.abs(drift.leftM),
    emergency_stop: false,
    charging: vehicle.charging,
    load_ids: [...vehicle.loadIds],
    mode: MODE.automatic,
  };
}

function aheadOf(vehicle: Vehicle, side: Side): VehicleStatus["ahead"] {
  const progress = progressOf(vehicle);
  if (progress === undefined || progress.order.side !== side || progress.order.letGo === true) return [];
  const { order, node, baseEnd } = progress;
  return order.nodes.slice(node + 1, baseEnd + 1).map((one, index) => ({
    node_id: one.nodeId,
    sequence: one.sequenceId / 2,
    edge_id: order.edges[node + index]?.edgeId ?? "",
    path_index: 0,
    max_speed_mps: order.edges[node + index]?.maxSpeed ?? 0,
  }));
}

const STATUSES = {
  WAITING: WORK_STATUS.waiting,
  RUNNING: WORK_STATUS.running,
  FINISHED: WORK_STATUS.finished,
  FAILED: WORK_STATUS.failed,
} as const;

function workOf({ side: of, action, status, result }: ActionRecord, side: Side): WorkState[] {
  const kind = Object.entries(WORK_KIND).find(([name]) => name === action.actionType)?.[1];
  if (of !== side || kind === undefined) return [];
  return [{ work_id: action.actionId, kind, status: STATUSES[status], detail: result ?? "" }];
}

/** Where it is in one side's map, as its localisation has it; in a frame of its own where it has one, for `transformOf` to place. */
export function odometryOf(vehicle: Vehicle, model: VehicleModel, side: Side, drift: Drift): Odometry {
  const inMap = placeInMap(vehicle, model, side, drift);
  const isOwn = model.hasOwnOdometry === true;
  const { xM, yM, headingRad } = isOwn ? toMapFrame(odomInMap(vehicle.atMs), inMap) : inMap;
  return {
    header: { stamp: timeOf(vehicle.atMs), frame_id: isOwn ? ODOM : model.frames[side].mapId },
    pose: { pose: { position: { x: xM, y: yM, z: 0 }, orientation: quaternionOf(headingRad) } },
    twist: { twist: { linear: { x: vehicle.speedMps, y: 0 } } },
  };
}

/** Where the frame of its odometry lies in the map. */
export function transformOf({ atMs }: Vehicle, model: VehicleModel, side: Side): TfMessage {
  const { dxM, dyM, rotationRad } = odomInMap(atMs);
  const one = {
    header: { stamp: timeOf(atMs), frame_id: model.frames[side].mapId },
    child_frame_id: ODOM,
    transform: { translation: { x: dxM, y: dyM, z: 0 }, rotation: quaternionOf(rotationRad) },
  };
  return { transforms: [one] };
}

export function placeInMap(vehicle: Vehicle, model: VehicleModel, side: Side, { leftM }: Drift): Pose {
  const { xM, yM, headingRad } = toMapFrame(model.frames[side].mapToSite, vehicle.pose);
  return {
    xM: xM - leftM * Math.sin(headingRad),
    yM: yM + leftM * Math.cos(headingRad),
    headingRad,
  };
}

/** REP 105 */
const ODOM = "odom";

/** Wheels slip: what odometry says drifts slowly, a metre and a third of a degree in minutes, and localisation moves the frame after it. */
function odomInMap(atMs: number): RigidTransform {
  const minutes = atMs / 60_000;
  return { dxM: 40 + Math.sin(minutes), dyM: -25, rotationRad: 0.7 + 0.006 * Math.sin(minutes / 2) };
}
