import { advance, brakingDistanceM, type Motion } from "./motion.ts";
import { type Progress, progressOf } from "./progress.ts";
import { nodeReached, poseOn } from "./route.ts";
import type { Vehicle, VehicleModel } from "./vehicle.ts";
import { mustStandForZone, zoneSituations, zoneStopM } from "./zones/heed-zones.ts";

const MS_PER_HOUR = 3_600_000;
/** What a standing vehicle draws, as a part of a driving one's. */
const IDLE_DRAW = 0.1;

/** The vehicle `dtMs` later, as far as motion and battery go. It never leaves its base. */
export function drive(vehicle: Vehicle, model: VehicleModel, dtMs: number): Vehicle {
  const progress = progressOf(vehicle);
  const motion = progress === undefined ? undefined : motionOf(vehicle, progress, model, dtMs);
  if (progress === undefined || motion === undefined)
    return { ...vehicle, batteryPct: batteryAfter(vehicle, model, dtMs) };
  const { order } = progress;
  const { alongM, speedMps } = motion;
  // The charging arm lets go as soon as the wheels turn.
  const charging = vehicle.charging && speedMps === 0;
  const node = nodeReached(order.route, alongM);
  const passed = node === progress.node ? undefined : order.nodes[node];
  const moved = {
    ...vehicle,
    alongM,
    speedMps,
    pose: poseOn(order.route, alongM, order.side, model.frames) ?? vehicle.pose,
    charging,
    batteryPct: batteryAfter({ batteryPct: vehicle.batteryPct, speedMps, charging }, model, dtMs),
  };
  if (passed === undefined) return moved;
  return { ...moved, lastNode: { side: order.side, nodeId: passed.nodeId, sequenceId: passed.sequenceId } };
}

/** Undefined for one that stands and has nowhere to go. */
function motionOf(
  vehicle: Vehicle,
  progress: Progress,
  model: VehicleModel,
  dtMs: number,
): Motion | undefined {
  const { order } = progress;
  const stopNode = Math.min(
    progress.baseEnd,
    progress.actionNode ?? progress.baseEnd,
    vehicle.cancelling?.stopNode ?? progress.baseEnd,
  );
  const zones = zoneSituations(vehicle, model);
  const stopAtM = Math.min(order.route.nodeAtM[stopNode] ?? 0, zoneStopM(zones));
  const capMps = model.speedCapMpsAt?.(vehicle.atMs) ?? Number.POSITIVE_INFINITY;
  const brakeNow = mustStand(vehicle) || mustStandForZone(zones);
  if (vehicle.speedMps === 0 && (brakeNow || stopAtM <= vehicle.alongM)) return undefined;
  return advance(
    { alongM: vehicle.alongM, speedMps: vehicle.speedMps },
    { zones: order.route.zones, capMps, stopAtM, brakeNow },
    model.kinematics,
    dtMs / 1000,
    model.integrationStepS,
  );
}

/** Reasons to stand still that have nothing to do with the way ahead. */
function mustStand(vehicle: Vehicle): boolean {
  const unsecured = vehicle.deck !== undefined && vehicle.locks !== "closed";
  return vehicle.pausedBy.length > 0 || unsecured || vehicle.work !== undefined || vehicle.batteryPct <= 0;
}

function batteryAfter(
  { batteryPct, charging, speedMps }: Pick<Vehicle, "batteryPct" | "charging" | "speedMps">,
  model: VehicleModel,
  dtMs: number,
): number {
  const hours = dtMs / MS_PER_HOUR;
  const change = charging
    ? (100 / model.chargeHours) * hours
    : (-100 / model.batteryHours) * hours * (speedMps > 0 ? 1 : IDLE_DRAW);
  return Math.max(0, Math.min(100, batteryPct + change));
}

/** The nearest node of the base at which the vehicle can still come to stand. */
export function nearestStop(vehicle: Vehicle, progress: Progress, model: VehicleModel): number {
  if (vehicle.speedMps === 0 && progress.atNode) return progress.node;
  const standsAtM = vehicle.alongM + brakingDistanceM(vehicle.speedMps, model.kinematics);
  const node = progress.order.route.nodeAtM.findIndex((atM) => atM >= standsAtM - 1e-6);
  return node < 0 ? progress.baseEnd : Math.min(node, progress.baseEnd);
}
