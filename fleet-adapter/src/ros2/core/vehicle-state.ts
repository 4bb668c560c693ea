import { type Pose, toSiteFrame } from "@baton/maps";
import { edgeIdOf, nodeIdOf, orderIdOf } from "../../names.ts";
import type { Factsheet, VehicleError, VehicleState } from "../../port.ts";
import { DIAGNOSTIC_LEVEL, headingOf, msOf, type Odometry, type TransformStamped } from "../wire/standard.ts";
import { type VehicleAnnouncement, WORK_KIND } from "../wire/vehicle-status.ts";
import { offPathWords } from "./tell.ts";
import type { CoreContext, VehicleCore } from "./vehicle-core.ts";

/** Localisations of Nav2 say where they are some times a second, and up to a second ahead (`transform_tolerance`). */
export const CORRECTION_HOLDS_MS = 2_000;

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
    pose: poseOf(context, odometry, core.correction),
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

/**
 * Odometry in the map's frame is the pose; in a frame of its own (REP 105: `odom`) it is put on where tf says that this frame lies
 * in the map. Undefined when it does not say so, or no longer: how far the vehicle has drifted since, nobody knows.
 */
function poseOf({ chart }: CoreContext, odometry: Odometry, correction?: TransformStamped): Pose | undefined {
  const { header, pose } = odometry;
  const { position, orientation } = pose.pose;
  const said = { xM: position.x, yM: position.y, headingRad: headingOf(orientation) };
  if (header.frame_id === chart.mapId) return chart.toSite(said);
  if (correction === undefined || correction.child_frame_id !== header.frame_id) return undefined;
  const apartMs = Math.abs(msOf(header.stamp) - msOf(correction.header.stamp));
  if (apartMs > CORRECTION_HOLDS_MS) return undefined;
  const { translation, rotation } = correction.transform;
  const frame = { dxM: translation.x, dyM: translation.y, rotationRad: headingOf(rotation) };
  return chart.toSite(toSiteFrame(frame, said));
}

/** In the words of the port, which names work as VDA 5050 does. */
export function factsheetOf(
  announcement: VehicleAnnouncement,
  { chart, vehicleId, side }: Pick<CoreContext, "chart" | "vehicleId" | "side">,
): Factsheet {
  const isLoose =
    announcement.plans_own_way &&
    chart.fences?.().some((fence) => fence.vehicleIds.includes(vehicleId)) !== true;
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
    ...(isLoose ? { shortcomings: [`it plans its own way, and no fence of ${side} is for it`] } : {}),
    actionTypes: [
      ...named.map(([name]) => name),
      "startPause",
      "stopPause",
      "cancelOrder",
      "transferControl",
    ],
  };
}
