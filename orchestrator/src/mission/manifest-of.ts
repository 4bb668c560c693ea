import type { Manifest } from "../handoff/manifest.ts";
import { cargoOf, isEmptyRun, type MissionContext, priorityOf } from "./context.ts";
import type { Consignment, MissionVehicle } from "./records.ts";

/** What goes to the partner with the container, as far as it is known at this moment. The vehicle must be assigned. */
export function manifestOf(context: MissionContext): Manifest {
  const { vehicle } = context;
  if (vehicle === undefined)
    throw new Error(`mission ${context.missionId} has no vehicle to make a manifest of`);
  return {
    ...(isEmptyRun(context) ? {} : manifestOfCargo(context)),
    vehicle: {
      manufacturer: vehicle.manufacturer,
      serialNumber: vehicle.serialNumber,
      lengthM: vehicle.lengthM,
      widthM: vehicle.widthM,
      batteryPct: vehicle.batteryPct,
    },
    direction: context.direction,
    priority: priorityOf(context),
  };
}

function manifestOfCargo(context: MissionContext): Omit<Manifest, "vehicle" | "direction" | "priority"> {
  const { findings } = context;
  const consignment = cargoOf(context);
  return {
    container: {
      containerNo: consignment.containerNo,
      sizeType: consignment.sizeType,
      declaredGrossKg: consignment.declaredGrossKg,
      ...(findings.weighedGrossKg === undefined ? {} : { weighedGrossKg: findings.weighedGrossKg }),
      ...(findings.scaleClass === undefined ? {} : { scaleClass: findings.scaleClass }),
      seals: [
        {
          sealNo: findings.sealNo ?? consignment.sealNo,
          sealClass: "H",
          state: findings.sealState ?? "armed",
        },
      ],
      goodsSummary: consignment.goodsSummary,
    },
    consignment: {
      orderId: consignment.orderId,
      declarationNo: consignment.declarationNo,
      channel: consignment.channel,
    },
    ...(findings.scanReference === undefined || findings.scanSha256 === undefined
      ? {}
      : {
          scan: {
            scanReference: findings.scanReference,
            sha256: findings.scanSha256,
            ...(findings.verdict === undefined ? {} : { verdict: findings.verdict }),
          },
        }),
    ...(findings.quarantine === undefined ? {} : { quarantine: findings.quarantine }),
  };
}

/** What an inbound mission knows of its container, from the partner's manifest; undefined when too little is in it. */
export function consignmentOf(manifest: Manifest): Consignment | undefined {
  const { container, consignment } = manifest;
  if (container === undefined || consignment === undefined) return undefined;
  return {
    orderId: consignment.orderId,
    containerNo: container.containerNo,
    sizeType: container.sizeType,
    declaredGrossKg: container.declaredGrossKg,
    goodsSummary: container.goodsSummary,
    declarationNo: consignment.declarationNo,
    channel: consignment.channel,
    truckPlate: "",
    sealNo: container.seals.at(-1)?.sealNo ?? "",
    priority: manifest.priority,
  };
}

export function missionVehicleOf(
  manifest: Manifest,
  known: Pick<MissionVehicle, "vehicleId" | "vehicleClassId" | "home">,
): MissionVehicle {
  const { vehicle, container } = manifest;
  return { ...known, ...vehicle, loadIds: container === undefined ? [] : [container.containerNo] };
}
