import type { Pose } from "@baton/maps";
import { edgeIdOf, nodeIdOf, orderIdOf } from "../../names.ts";
import type { Factsheet, VehicleError, VehicleState } from "../../port.ts";
import { DIAGNOSTIC_LEVEL, headingOf, msOf, type Odometry } from "../wire/standard.ts";
import { type VehicleAnnouncement, WORK_KIND } from "../wire/vehicle-status.ts";
import { offPathWords } from "./tell.ts";
import type { CoreContext, VehicleCore } from "./vehicle-core.ts";

const MODES = ["automatic", "semiautomatic", "manual", "service", "teach-in"] as const;

/** A vehicle as its messages show it, in the words of the port and in the site frame; undefined before it has told all of it. */
export function vehicleStateOf(context: CoreContext, core: VehicleCore): VehicleState | undefined {
  const { status, odometry, batteryPct, task } = core;
  if (status === undefined || odometry === undefined || batteryPct === undefined) return undefined;
  const { x, y } = odometry.twist.twist.linear;
  const isElsewhere = status.authority !== context.side;
  const mode = MODES[status.mode] ?? "service";
  const ahead = status.cancelled ? [] : status.ahead;
  const isOfTask = task !== undefined && task.drive.orderId === status.order_id;
  return {
    vehicleId: context.vehicleId,
    // Of the pose: what follows from it is how far the vehicle can be by now.
    atMs: msOf(odometry.header.stamp),
    pose: poseOf(context, odometry),
    speedMps: Math.hypot(x, y),
    driving: status.driving,
    pausedBy: status.paused_by,
    orderId: status.order_id === "" ? undefined : orderIdOf(status.order_id),
    orderRevision: isOfTask ? task.reflectedRevision : -1,
    lastNodeId: status.last_node_id === "" ? undefined : nodeIdOf(status.last_node_id),
    lastNodeSequence: status.last_node_sequence,
    nodesAhead: ahead.length,
    releasedNodeIds: ahead.map((stop) => nodeIdOf(stop.node_id)),
    // No edge of its order leads to the node at which one that was taken over rolling will be on its way.
    releasedEdgeIds: ahead.flatMap((stop) => (stop.edge_id === "" ? [] : [edgeIdOf(stop.edge_id)])),
    // How much more the order has is not told to the vehicle, only whether there is more.
    plannedAhead: status.order_id === "" || status.leads_to_end || status.cancelled ? 0 : 1,
    batteryPct,
    charging: status.charging,
    loadIds: status.load_ids,
    operatingMode: mode === "service" && isElsewhere ? "intervened" : mode,
    emergencyStop: status.emergency_stop,
    control: {
      authority: status.authority,
      epoch: status.epoch,
      ...(status.handoff_id === "" ? {} : { handoffId: status.handoff_id }),
    },
    errors: errorsOf(core),
  };
}

function errorsOf({ status, unwell }: VehicleCore): readonly VehicleError[] {
  const off =
    status?.off_path === true ? [{ type: "offPath", fatal: true, description: offPathWords(status) }] : [];
  const parts = [...unwell].map(([name, { level, message }]) => ({
    type: name,
    fatal: level === DIAGNOSTIC_LEVEL.error,
    description: message,
  }));
  return [...off, ...parts];
}

/** Undefined for a pose in a frame that is not this side's map. */
function poseOf({ chart }: CoreContext, { header, pose }: Odometry): Pose | undefined {
  if (header.frame_id !== chart.mapId) return undefined;
  const { position, orientation } = pose.pose;
  return chart.toSite({ xM: position.x, yM: position.y, headingRad: headingOf(orientation) });
}

/** In the words of the port, which names work as VDA 5050 does. */
export function factsheetOf(announcement: VehicleAnnouncement): Factsheet {
  const named = Object.entries(WORK_KIND).filter(([, kind]) => announcement.work_kinds.includes(kind));
  return {
    manufacturer: announcement.manufacturer,
    serialNumber: announcement.serial_number,
    seriesName: announcement.series_name,
    lengthM: announcement.length_m,
    widthM: announcement.width_m,
    maxSpeedMps: announcement.max_speed_mps,
    maxLoadKg: announcement.max_load_kg,
    rollingHandoff: announcement.rolling_handoff,
    actionTypes: [
      ...named.map(([name]) => name),
      "startPause",
      "stopPause",
      "cancelOrder",
      "transferControl",
    ],
  };
}
