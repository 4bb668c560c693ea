import type { VehicleClassId } from "@baton/maps";
import { placeForInbound, placeUnderCrane } from "../../dispatch/inbound-room.ts";
import { returnLoadFor } from "../../dispatch/return-load.ts";
import type { DispatchView } from "../../dispatch/view.ts";
import {
  type PassingLine,
  pairOf,
  stationOf,
  type TransferLine,
  type VisitLine,
} from "../../dispatch/yard.ts";
import type { DeclineCode, Offer, ReturnLoad } from "../../handoff/port.ts";
import type { inboundContext } from "../begin.ts";
import { byVisit, cargoOf, isOver } from "../context.ts";
import { missionVehicleOf } from "../manifest-of.ts";
import type { MissionVehicle } from "../records.ts";
import { type IntakeView, missionVehicle } from "./view.ts";

/** A no to an offer, which the partner is told. */
export interface Declined {
  readonly kind: "declined";
  readonly code: DeclineCode;
  readonly reason: string;
}

export const declined = (code: DeclineCode, reason: string): Declined => ({ kind: "declined", code, reason });

/** What an inbound mission has from the beginning: its vehicle, and the places on its way. */
type InboundPlaces = Pick<Parameters<typeof inboundContext>[1], "vehicle" | "stations" | "next">;

export type InboundFound = Declined | { readonly kind: "found"; readonly places: InboundPlaces };

/** The vehicle comes with its container: a class of ours, a bay, and room for it once it is empty. */
export function takenWithVehicle(
  view: IntakeView,
  seen: DispatchView,
  offer: Offer,
  line: PassingLine,
): InboundFound {
  const vehicleClassId = classFor(view, offer);
  if (vehicleClassId === undefined) return noClass(offer);
  if (view.missionOfVehicle(offer.vehicleId) !== undefined)
    return declined("busy", `${offer.vehicleId} is on a mission here`);
  const place = placeForInbound(seen, pairOf(line));
  if (place.kind === "no-room") return declined("no-room", place.reason);
  const bay = stationOf(view.yard, place.stationId);
  if (bay === undefined) return declined("no-room", "the bay is not known");
  const vehicle = missionVehicleOf(offer.manifest, {
    vehicleId: offer.vehicleId,
    vehicleClassId,
    home: offer.vehicleHome,
  });
  const next = returnLoadOf(view, seen, offer, vehicle);
  return { kind: "found", places: { vehicle, stations: { bay }, next } };
}

/** The container comes alone: our pad under the crane, a vehicle of ours to stand there, and a bay for it. */
export function takenAtPad(view: IntakeView, seen: DispatchView, line: TransferLine): InboundFound {
  const place = placeUnderCrane(seen, line);
  if (place.kind === "no-room") return declined(place.code, place.reason);
  const vehicle = missionVehicle(view, place.vehicleId);
  const bay = stationOf(view.yard, place.bayStationId);
  const pad = stationOf(view.yard, line.pad.stationId);
  if (vehicle === undefined || bay === undefined || pad === undefined)
    return declined("no-room", "its vehicle, bay or pad is not known");
  return { kind: "found", places: { vehicle, stations: { bay, pad }, next: undefined } };
}

/** One stands at the exchange pad, another may wait at the line for its ground. */
const VISITORS_A_PAD = 2;

/** The vehicle comes with its container and goes home again, driven by its own side. */
export function takenAsVisitor(view: IntakeView, offer: Offer, line: VisitLine): InboundFound {
  if (offer.mode !== "host-grants" || offer.vehicleHome === view.yard.side)
    return declined("vehicle-unknown", `${offer.vehicleId} is no visitor at ${line.handoffPointId}`);
  const visitors = view.missions.filter(
    (one) => !isOver(one) && one.bound === "inbound" && byVisit(one)?.handoffPointId === line.handoffPointId,
  );
  if (visitors.length >= VISITORS_A_PAD) return declined("busy", `${line.pad.stationId} is others'`);
  const vehicleClassId = classFor(view, offer);
  if (vehicleClassId === undefined) return noClass(offer);
  if (view.missionOfVehicle(offer.vehicleId) !== undefined)
    return declined("busy", `${offer.vehicleId} is on a mission here`);
  const exchangePad = stationOf(view.yard, line.pad.stationId);
  if (exchangePad === undefined) return declined("no-room", "the exchange pad is not known");
  const { vehicleId, vehicleHome: home } = offer;
  const vehicle = missionVehicleOf(offer.manifest, { vehicleId, vehicleClassId, home });
  return { kind: "found", places: { vehicle, stations: { exchangePad }, next: undefined } };
}

function classFor({ yard }: IntakeView, { manifest }: Offer): VehicleClassId | undefined {
  const { lengthM, widthM } = manifest.vehicle;
  return yard.vehicleClasses.find((one) => one.lengthM >= lengthM - 0.01 && one.widthM >= widthM - 0.01)
    ?.vehicleClassId;
}

const noClass = ({ manifest: { vehicle } }: Offer): Declined =>
  declined("vehicle-unknown", `no class of the site is ${vehicle.lengthM} m by ${vehicle.widthM} m`);

/** How long after it has come over the line a vehicle is expected there again with a load: unloading, loading, the lane. */
const BACK_AFTER_MS = 45 * 60_000;

function returnLoadOf(
  view: IntakeView,
  seen: DispatchView,
  offer: Offer,
  { vehicleClassId, lengthM }: MissionVehicle,
): (ReturnLoad & { readonly missionId: string }) | undefined {
  if (offer.returnLoadWanted === false && offer.vehicleHome !== view.yard.side) return undefined;
  const maxLoadKg =
    view.yard.vehicleClasses.find((one) => one.vehicleClassId === vehicleClassId)?.maxLoadKg ?? 0;
  const missionId = returnLoadFor(seen, { maxLoadKg, lengthM });
  const next = missionId === undefined ? undefined : view.missions.find((one) => one.missionId === missionId);
  if (next === undefined) return undefined;
  const { orderId, containerNo } = cargoOf(next);
  const expectedAtMs = offer.etaMs + BACK_AFTER_MS;
  // Later than the partner wants it back would be no return for it.
  if (offer.returnByMs !== undefined && expectedAtMs > offer.returnByMs) return undefined;
  return { missionId: next.missionId, orderId, containerNo, expectedAtMs };
}
