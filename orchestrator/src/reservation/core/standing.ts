import type { Standing } from "../port.ts";
import { at } from "./runs.ts";
import type { Zone } from "./zone.ts";

/** Every vehicle of the zone, with the stops at which it may be found. */
export function standingIn(zone: Zone): readonly Standing[] {
  const { nodeIds } = zone.network.poses;
  return Array.from(zone.vehicles.values(), ({ vehicleId, pose, leg }) => {
    if (leg === undefined || leg.completed) return { vehicleId, nodeIds: [at(nodeIds, leg?.goal ?? pose)] };
    const ends = at(nodeIds, leg.goal);
    return { vehicleId, nodeIds: leg.progressM > 0 ? [ends] : [at(nodeIds, leg.startPose), ends] };
  });
}
