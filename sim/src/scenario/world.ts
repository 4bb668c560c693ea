import {
  nodePoseInSite,
  otherSide,
  type Pose,
  type Side,
  type Site,
  type StationKind,
  stationById,
  stationsOf,
  vehicleClass,
} from "@baton/maps";
import { AGENCIES } from "@baton/orchestrator";
import type { DeviceModel, DevicePlace } from "../device/device.ts";
import { seededRandom } from "../random/seeded.ts";
import type { MapFrame } from "../vehicle/route.ts";
import { newVehicle, type Vehicle, type VehicleModel } from "../vehicle/vehicle.ts";
import { drawContainerNo } from "../world/iso6346.ts";
import { meanS } from "./distribution.ts";
import { deviceUpAt, peopleAt, speedCapFor } from "./outages.ts";
import { type Scenario, type ScenarioVehicle, SIM_MANUFACTURER } from "./scenario.ts";

/** `sim.vn-01` */
export function vehicleIdOf(vehicle: ScenarioVehicle): string {
  return `${SIM_MANUFACTURER}.${vehicle.serialNumber}`;
}

/** The container that a vehicle carries when the world begins; each process works it out for itself. */
export function warmContainerNo(scenario: Scenario, vehicle: ScenarioVehicle): string | undefined {
  if (vehicle.warm === undefined) return undefined;
  return drawContainerNo(seededRandom(scenario.seed, "warm", vehicle.serialNumber));
}

/** The scenario's vehicles, each with how it comes to life. The scenario has been checked against the site. */
export function vehiclesOf(
  scenario: Scenario,
  site: Site,
  nowMs: number,
): { readonly model: VehicleModel; readonly fresh: Vehicle }[] {
  const { kinematics, ...rest } = classModel(scenario, site);
  const frames = { vn: frameOf(site, "vn"), cn: frameOf(site, "cn") };
  const pairedNodes = { vn: pairsOf(site, "vn"), cn: pairsOf(site, "cn") };
  return scenario.fleet.map((vehicle) => {
    const { side } = vehicle.at;
    const { nodeId, pose } = startOf(site, vehicle);
    const speedCapMpsAt = speedCapFor(scenario, vehicle.serialNumber);
    return {
      model: {
        ...rest,
        kinematics,
        frames,
        pairedNodes,
        rollingHandoff: true,
        vehicleId: vehicleIdOf(vehicle),
        manufacturer: SIM_MANUFACTURER,
        serialNumber: vehicle.serialNumber,
        ...(vehicle.protocol === "ros2" ? { speaksRos: true } : {}),
        ...(vehicle.odometry === "odom" ? { hasOwnOdometry: true } : {}),
        ...(vehicle.protocol === undefined || vehicle.protocol === "ros2"
          ? {}
          : { protocol: vehicle.protocol }),
        twistLockMs: meanS(scenario.serviceTimes["twist-locks"]) * 1000,
        ...(speedCapMpsAt === undefined ? {} : { speedCapMpsAt }),
      },
      fresh: newVehicle({
        atMs: nowMs,
        home: vehicle.home,
        side,
        nodeId,
        pose,
        batteryPct: vehicle.batteryPct,
        charging: vehicle.charging ?? false,
        containerNo: warmContainerNo(scenario, vehicle),
      }),
    };
  });
}

function classModel(
  scenario: Scenario,
  site: Site,
): Pick<
  VehicleModel,
  "kinematics" | "lengthM" | "widthM" | "heightM" | "maxLoadKg" | "batteryHours" | "chargeHours"
> {
  const found = vehicleClass(site, scenario.vehicleClassId);
  if (found === undefined) throw new Error(`${site.siteId} has no vehicle class ${scenario.vehicleClassId}`);
  const { maxSpeedMps, accelerationMps2, brakingMps2 } = found;
  const { lengthM, widthM, heightM, maxLoadKg, batteryHours, chargeHours } = found;
  return {
    kinematics: { maxSpeedMps, accelerationMps2, brakingMps2 },
    lengthM,
    widthM,
    heightM,
    maxLoadKg,
    batteryHours,
    chargeHours,
  };
}

function startOf(site: Site, vehicle: ScenarioVehicle): { readonly nodeId: string; readonly pose: Pose } {
  const nodeId = stationById(site, vehicle.at.stationId)?.nodeId;
  const pose = nodeId === undefined ? undefined : nodePoseInSite(site, vehicle.at.side, nodeId);
  if (nodeId === undefined || pose === undefined)
    throw new Error(`nothing can start at ${vehicle.at.stationId}`);
  return { nodeId, pose };
}

function frameOf(site: Site, side: Side): MapFrame {
  const { mapId, mapToSite } = site.file.sides[side];
  return { mapId, mapToSite };
}

function pairsOf(site: Site, side: Side): ReadonlyMap<string, string> {
  return new Map(site.file.strip.nodes.map((pair) => [pair[side], pair[otherSide(side)]]));
}

type Capacity = ((atMs: number) => number) | undefined;

/** Where vehicles drive through, one pass after the other is worked on, however close behind each other they come. */
const ONE_AT_A_TIME: ReadonlySet<StationKind> = new Set(["scanner", "weighbridge"]);

const GEAR: Readonly<Partial<Record<StationKind, DeviceModel["gear"]>>> = {
  crane: "hoist",
  "exchange-pad": "hoist",
  portal: "barrier",
  "exit-gate": "barrier",
  "entry-gate": "barrier",
};

/** All devices of a side's stations, and its agencies. */
export function devicesOf(scenario: Scenario, site: Site, side: Side): DeviceModel[] {
  const { seed, serviceTimes, faults, channels } = scenario;
  const common = { side, seed, serviceTimes, faults, channels };
  const model = (
    deviceId: string,
    place: DevicePlace | undefined,
    capacityAt: Capacity,
    gear?: DeviceModel["gear"],
  ): DeviceModel => {
    const isUpAt = deviceUpAt(scenario, side, deviceId);
    return {
      ...common,
      deviceId,
      place,
      ...(gear === undefined ? {} : { gear }),
      ...(capacityAt === undefined ? {} : { capacityAt }),
      ...(isUpAt === undefined ? {} : { isUpAt }),
    };
  };
  const ofStations = stationsOf(site, side).flatMap((station) => {
    const place: DevicePlace = {
      stationId: station.stationId,
      standsAt: station.nodeId === undefined ? undefined : nodePoseInSite(site, side, station.nodeId),
      headingRad: station.at.headingRad,
      extent: ONE_AT_A_TIME.has(station.kind)
        ? {
            at: { xM: station.at.xM, yM: station.at.yM },
            headingRad: station.at.headingRad,
            lengthM: station.sizeM.lengthM,
            widthM: station.sizeM.widthM,
          }
        : undefined,
    };
    const capacityAt = ONE_AT_A_TIME.has(station.kind) ? () => 1 : undefined;
    // What moves at a station is its first device's: a crane's seal reader has no spreader.
    return station.deviceIds.map((deviceId, i) =>
      model(deviceId, place, capacityAt, i === 0 ? GEAR[station.kind] : undefined),
    );
  });
  const agencies = AGENCIES.map((agency) =>
    model(`${side}.${agency}`, undefined, peopleAt(scenario, side, agency)),
  );
  return [...ofStations, ...agencies];
}
