import type { Begun, OnTheWay, Paired, Wanting } from "../pairing.ts";
import { type Round, whyNotSent } from "../round.ts";
import type { DispatchVehicle } from "../view.ts";
import type { YardStation } from "../yard.ts";

/** A container that waits for a vehicle at the crane to which its truck was sent. */
export function begunAt({ missionId, craneStationId, ...wish }: Wanting, { index }: Round): readonly Begun[] {
  const crane = craneStationId === undefined ? undefined : index.byId.get(craneStationId);
  return crane === undefined ? [] : [{ missionId, crane, wish }];
}

/**
 * Containers whose vehicles could still be sent elsewhere: not those that are near, since where the grants of such a one end nothing
 * turns any more; nor those whose vehicle was changed often enough, or could not be sent elsewhere a moment ago.
 */
export function exchangeable(round: Round): readonly OnTheWay[] {
  const { nowMs, rules, vehicles } = round.view;
  const found: OnTheWay[] = [];
  for (const { missionId, coming } of round.missions("wants-bay")) {
    if (coming === undefined || coming.byHand === true) continue;
    if (coming.changes >= rules.exchangesAtMost || nowMs < coming.notBeforeMs) continue;
    const vehicle = vehicles.find(({ vehicleId }) => vehicleId === coming.vehicleId);
    const crane = round.index.byId.get(coming.craneStationId);
    if (vehicle === undefined || crane === undefined || vehicle.turnsAt === undefined) continue;
    if (vehicle.missionId !== missionId || round.taken.has(vehicle.vehicleId)) continue;
    if (whyNotSent({ ...vehicle, missionId: undefined }, round.view) !== undefined) continue;
    found.push({ missionId, crane, vehicle, wish: coming });
  }
  return found;
}

/** What a vehicle that is not needed any more drives to where it is in nobody's way. */
export function wayToPlaceS(vehicle: DispatchVehicle, round: Round): number {
  const place = placeFor(vehicle, round);
  const wayM = place === undefined ? Number.POSITIVE_INFINITY : round.wayM(vehicle.turnsAt, place.nodeId);
  const { paceMps, weights } = round.view.rules;
  return (weights.emptyTravel * wayM) / paceMps;
}

/** A charger is for those that can use it. */
function placeFor({ turnsAt, batteryPct }: DispatchVehicle, round: Round): YardStation | undefined {
  const { parkings, chargers } = round.index;
  const couldCharge = batteryPct < round.view.rules.opportunityBelowPct;
  return round.nearest(turnsAt, round.free(couldCharge ? [...chargers, ...parkings] : parkings));
}

/** Who is better replaced goes to a place; who is to come in its stead is left where it is until the container is without a vehicle. */
export function sendToPlaces({ freed, next }: Paired, round: Round): void {
  for (const { vehicleId } of next) round.taken.add(vehicleId);
  for (const { missionId, vehicle } of freed) sendToPlace(vehicle, missionId, round);
}

/** From its way to the crane of a mission to the nearest place that is free, if one is. */
export function sendToPlace(vehicle: DispatchVehicle, missionId: string, round: Round): void {
  const place = placeFor(vehicle, round);
  if (place === undefined) return;
  const { vehicleId } = vehicle;
  round.occupy(place.stationId, vehicleId);
  round.taken.add(vehicleId);
  const charge = place.kind === "charger";
  round.command({ kind: "park", vehicleId, stationId: place.stationId, charge, from: missionId });
}
