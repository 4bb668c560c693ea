import type { State } from "@baton/fleet-adapter/vda5050/v3_0";
import type { Side } from "@baton/maps";
import { plannedPath } from "./planned-path.ts";
import type { MoreState } from "./protocol/tongue.ts";
import { recordOf, type Vehicle, type VehicleModel } from "./vehicle.ts";
import { zoneSituations, zonesLost } from "./zones/heed-zones.ts";

/** What a vehicle of VDA 5050 3.0 says to one side beyond what 2.1 has words for. */
export function moreState(vehicle: Vehicle, model: VehicleModel, side: Side): MoreState {
  const { sets, requests } = vehicle.zoneWork;
  const ofSide = requests.filter((one) => one.side === side && one.status !== "REJECTED");
  return {
    isInstant: (actionId) => recordOf(vehicle, side, actionId)?.ofOrder === false,
    ...(sets.length === 0
      ? {}
      : {
          zoneSets: sets
            .filter((set) => set.side === side)
            .map(({ zoneSetId, mapId, enabled }) => ({
              zoneSetId,
              mapId,
              zoneSetStatus: enabled ? "ENABLED" : "DISABLED",
            })),
        }),
    zoneRequests: ofSide.flatMap(({ requestId, zoneId, zoneSetId, status }) =>
      status === "REJECTED"
        ? []
        : [{ requestId, requestType: "ACCESS" as const, zoneId, zoneSetId, requestStatus: status }],
    ),
    ...plannedPath(vehicle, model, side),
    errors: releasesLost(vehicle, model, side),
  };
}

/** Section 6.4.1.1: who stops for it says `RELEASE_LOST`, who goes on warns. */
function releasesLost(vehicle: Vehicle, model: VehicleModel, side: Side): State["errors"] {
  return zonesLost(zoneSituations(vehicle, model))
    .filter(({ set }) => set.side === side)
    .map(({ set, zone }) => ({
      errorType: "RELEASE_LOST",
      errorLevel: zone.onLoss === "STOP" ? "CRITICAL" : "WARNING",
      errorDescription: `the permission for zone ${zone.zoneId} is lost in there`,
      errorDescriptionTranslations: [
        { translationKey: "vi", translationValue: `mất quyền ở trong vùng ${zone.zoneId}` },
        { translationKey: "zh", translationValue: `在区域 ${zone.zoneId} 内失去许可` },
      ],
      errorReferences: [
        { referenceKey: "zoneSetId", referenceValue: set.zoneSetId },
        { referenceKey: "zoneId", referenceValue: zone.zoneId },
      ],
    }));
}
