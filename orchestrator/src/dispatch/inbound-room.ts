import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import { bayOfFreestPair } from "./lane-pairs.ts";
import { occupancyOf, whyNotSent } from "./round.ts";
import type { DispatchView } from "./view.ts";
import { pairOf, type TransferLine } from "./yard.ts";
import { indexOf } from "./yard-index.ts";

/**
 * Whether an inbound vehicle has a place: a free inbound bay of the lane that it comes on, and room in the yard for it once it is empty. Every
 * vehicle that is idle, or is going to be after unloading, counts against the parking places and chargers.
 */
export function placeForInbound(
  view: DispatchView,
  pair = 1,
):
  | { readonly kind: "bay"; readonly stationId: StationId }
  | { readonly kind: "no-room"; readonly reason: string } {
  const bay = inboundBay(view, pair);
  if (bay === undefined) return { kind: "no-room", reason: "no inbound bay is free" };
  if (!hasPlaceForOneMore(view)) return { kind: "no-room", reason: "every parking place will be needed" };
  return { kind: "bay", stationId: bay.stationId };
}

function inboundBay(view: DispatchView, pair: number) {
  const occupied = occupancyOf(view);
  const isFree = ({ stationId }: { readonly stationId: StationId }): boolean => !occupied.has(stationId);
  return bayOfFreestPair(indexOf(view.yard).inboundBays, { isFree, only: pair });
}

/** Whether there is a parking place or charger for one vehicle more than are idle here or are going to be. */
function hasPlaceForOneMore(view: DispatchView): boolean {
  const { parkings, chargers } = indexOf(view.yard);
  const { fenceOf } = view.yard;
  const idle = view.vehicles.filter(
    ({ vehicleId, ours, missionId }) => ours && missionId === undefined && fenceOf(vehicleId) === undefined,
  ).length;
  const places = [...parkings, ...chargers].filter(
    ({ stationId, fenceId }) => fenceId === undefined && view.closedStations?.has(stationId) !== true,
  ).length;
  // One that goes over the line empty may come back before it is over.
  const leaving = view.empties?.outbound ?? 0;
  return idle + leaving + view.inboundCount + 1 <= places;
}

/**
 * Whether a container that comes by the crane has a place: our pad, with nobody's mission there, a vehicle of ours that can take
 * it, the nearest, and an inbound bay. Who stands at the pad with nothing to do is the nearest of all. The yard has room for
 * the vehicle: it is from there.
 */
export function placeUnderCrane(
  view: DispatchView,
  line: TransferLine,
):
  | { readonly kind: "place"; readonly vehicleId: VehicleId; readonly bayStationId: StationId }
  | { readonly kind: "no-room"; readonly code: "busy" | "no-room"; readonly reason: string } {
  const { pad } = line;
  const holder = view.heldStations.get(pad.stationId);
  if (holder !== undefined)
    return { kind: "no-room", code: "busy", reason: `${pad.stationId} is ${holder}'s` };
  const bay = inboundBay(view, pairOf(line));
  if (bay === undefined) return { kind: "no-room", code: "no-room", reason: "no inbound bay is free" };
  let vehicleId: VehicleId | undefined;
  let leastM = Number.POSITIVE_INFINITY;
  for (const vehicle of view.vehicles) {
    if (whyNotSent(vehicle, view) !== undefined) continue;
    const awayM = vehicle.nodeId === undefined ? undefined : view.yard.wayM(vehicle.nodeId, pad.nodeId);
    // A guest should go home with a load; among our own the nearest.
    const costM = awayM === undefined ? undefined : awayM + (vehicle.home === view.yard.side ? 0 : GUEST_M);
    if (costM === undefined || costM >= leastM) continue;
    vehicleId = vehicle.vehicleId;
    leastM = costM;
  }
  if (vehicleId === undefined)
    return { kind: "no-room", code: "no-room", reason: "no vehicle is free to take it" };
  return { kind: "place", vehicleId, bayStationId: bay.stationId };
}

/** A guest's way counts for so much more: it is to cross the line itself with the next container. */
const GUEST_M = 1_000;
