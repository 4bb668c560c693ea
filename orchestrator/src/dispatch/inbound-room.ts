import type { StationId } from "@baton/maps";
import { occupancyOf } from "./round.ts";
import type { DispatchView } from "./view.ts";
import { indexOf } from "./yard-index.ts";

/**
 * Whether an inbound vehicle has a place: a free inbound bay, and room in the yard for it once it is empty. Every
 * vehicle that is idle, or is going to be after unloading, counts against the parking places and chargers.
 */
export function placeForInbound(
  view: DispatchView,
):
  | { readonly kind: "bay"; readonly stationId: StationId }
  | { readonly kind: "no-room"; readonly reason: string } {
  const { inboundBays, parkings, chargers } = indexOf(view.yard);
  const occupied = occupancyOf(view);
  const bay = inboundBays.find((one) => !occupied.has(one.stationId));
  if (bay === undefined) return { kind: "no-room", reason: "no inbound bay is free" };
  const idle = view.vehicles.filter((vehicle) => vehicle.ours && vehicle.missionId === undefined).length;
  if (idle + view.inboundCount + 1 > parkings.length + chargers.length)
    return { kind: "no-room", reason: "every parking place will be needed" };
  return { kind: "bay", stationId: bay.stationId };
}
