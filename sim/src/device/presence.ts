import type { WorldVehicle } from "../world/channel.ts";
import type { DevicePlace, Extent, Job, Pass, Surroundings } from "./device.ts";

/** A vehicle stands at a station when it is no further off than this. */
const STANDS_WITHIN_M = 1;
/** A pass is remembered for a job that is asked late. */
const PASS_KEPT_MS = 180_000;

/** The vehicle that stands at the station: the one that the job names, if it names one. */
export function standingVehicle(
  place: DevicePlace,
  job: Job,
  around: Surroundings,
): WorldVehicle | undefined {
  const { standsAt } = place;
  if (standsAt === undefined) return undefined;
  const stands = (vehicle: WorldVehicle): boolean =>
    vehicle.speedMps === 0 &&
    Math.hypot(vehicle.xM - standsAt.xM, vehicle.yM - standsAt.yM) <= STANDS_WITHIN_M;
  if (job.vehicleId !== undefined) {
    const named = around.vehicles.get(job.vehicleId);
    return named !== undefined && stands(named) ? named : undefined;
  }
  for (const vehicle of around.vehicles.values()) if (stands(vehicle)) return vehicle;
  return undefined;
}

/** Passes brought up to date with who is on the device's ground now. */
export function passesNow(
  passes: readonly Pass[],
  extent: Extent,
  around: Surroundings,
  nowMs: number,
): readonly Pass[] {
  const inside = whoIsInside(extent, around);
  if (inside.length === 0 && passes.length === 0) return passes;
  const kept = passes.filter(
    (pass) =>
      nowMs - pass.atMs <= PASS_KEPT_MS && !inside.some((vehicle) => vehicle.vehicleId === pass.vehicleId),
  );
  const current = inside.map((vehicle): Pass => {
    const containerNo = vehicle.loadIds[0] ?? "";
    const before = passes.find(
      (pass) => pass.vehicleId === vehicle.vehicleId && pass.containerNo === containerNo,
    );
    return { vehicleId: vehicle.vehicleId, containerNo, sinceMs: before?.sinceMs ?? nowMs, atMs: nowMs };
  });
  return [...kept, ...current];
}

/** The pass that a job is about. */
export function passFor(passes: readonly Pass[], job: Job): Pass | undefined {
  return passes.find((pass) =>
    job.vehicleId === undefined
      ? pass.containerNo === job.task.containerNo
      : pass.vehicleId === job.vehicleId && pass.containerNo !== "",
  );
}

const NOBODY: readonly WorldVehicle[] = [];

/** Nearly always nobody: asked by every device, of every vehicle, again and again. */
function whoIsInside(extent: Extent, around: Surroundings): readonly WorldVehicle[] {
  const reachM = extent.lengthM + Math.max(extent.widthM, 3);
  let inside: WorldVehicle[] | undefined;
  for (const vehicle of around.vehicles.values()) {
    if (Math.abs(vehicle.xM - extent.at.xM) > reachM || Math.abs(vehicle.yM - extent.at.yM) > reachM)
      continue;
    if (!isInside(extent, vehicle)) continue;
    inside ??= [];
    inside.push(vehicle);
  }
  return inside ?? NOBODY;
}

/** A vehicle is on the ground when its middle is. */
function isInside(extent: Extent, vehicle: WorldVehicle): boolean {
  const dxM = vehicle.xM - extent.at.xM;
  const dyM = vehicle.yM - extent.at.yM;
  const cos = Math.cos(extent.headingRad);
  const sin = Math.sin(extent.headingRad);
  const alongM = Math.abs(cos * dxM + sin * dyM);
  const acrossM = Math.abs(cos * dyM - sin * dxM);
  return alongM <= extent.lengthM / 2 && acrossM <= Math.max(extent.widthM, 3) / 2;
}
