import { assign } from "../assignment.ts";
import { transferLines } from "../line-choice.ts";
import { maySendAway, type Round } from "../round.ts";
import type { DispatchVehicle } from "../view.ts";
import type { YardStation } from "../yard.ts";

/** Seconds. A vehicle that needs a charger goes to one however far; one that could use it saves itself a later way there. */
const NEEDS_CHARGER_S = 10_000;
const COULD_CHARGE_S = 120;
/** Chargers are kept for those that can use them. */
const TAKES_CHARGER_S = 600;
/** For each vehicle that waits near the same crane already. */
const CROWDING_S = 30;
const NO_PLACE_S = 1e6;

/** Idle vehicles: who stays at a crane, who charges, who makes room, and where the others wait. */
export function sendIdleVehiclesAway(round: Round): void {
  const movers = [...whoMakesRoomAtChargers(round), ...whoLeaves(round)];
  if (movers.length === 0) return;
  const places = [...round.free(round.index.parkings), ...round.free(round.index.chargers)];
  const covered = coveredCranes(round);
  const costs = new Float64Array(movers.length * places.length);
  for (const [i, mover] of movers.entries())
    for (const [j, place] of places.entries())
      costs[i * places.length + j] = placeCostS(mover, place, covered, round);
  const leftOut = Float64Array.from(movers, ({ mayStay }) => (mayStay ? NO_PLACE_S / 10 : NO_PLACE_S));
  const columnOf = assign(costs, movers.length, places.length, leftOut)?.columnOf;
  for (const [i, { vehicle, mayStay }] of movers.entries()) {
    const place = places[columnOf?.[i] ?? -1];
    if (place === undefined) {
      if (!mayStay) round.vehicleReasons.set(vehicle.vehicleId, { code: "no-parking" });
      continue;
    }
    round.occupy(place.stationId, vehicle.vehicleId);
    round.taken.add(vehicle.vehicleId);
    round.command({
      kind: "park",
      vehicleId: vehicle.vehicleId,
      stationId: place.stationId,
      charge: place.kind === "charger",
    });
  }
}

interface Mover {
  readonly vehicle: DispatchVehicle;
  /** Where it may go. */
  readonly to: "charger" | "parking" | "either";
  /** It stands where it may stay when there is no place of that kind. */
  readonly mayStay: boolean;
}

/** Notes why each vehicle has nothing to do, and gives those back that may be sent somewhere. */
function idleOnes(round: Round): readonly DispatchVehicle[] {
  return round.view.vehicles.filter((vehicle) => {
    if (round.taken.has(vehicle.vehicleId)) return false;
    const why = round.whyNotSent(vehicle);
    round.vehicleReasons.set(vehicle.vehicleId, why ?? { code: "no-mission" });
    return why === undefined || maySendAway(why);
  });
}

function whoLeaves(round: Round): readonly Mover[] {
  const { rules } = round.view;
  let coming = round.missions("on-its-way").length;
  return idleOnes(round).flatMap((vehicle): Mover[] => {
    const station = round.stationOf(vehicle);
    const isLow = vehicle.batteryPct < rules.chargeBelowPct;
    switch (station?.kind) {
      case "charger":
        plugIn(vehicle, station, round);
        return [];
      case "parking":
        return isLow ? [{ vehicle, to: "charger", mayStay: true }] : [];
      case "crane": {
        if (!isLow && mayStayAtCrane(round, coming)) {
          coming = Math.max(0, coming - 1);
          return [];
        }
        round.vacate(vehicle.stationId);
        return [{ vehicle, to: "either", mayStay: false }];
      }
      case "transfer-pad":
        if (!isLow && mayStayAtPad(station, round)) return [];
        return [{ vehicle, to: "either", mayStay: false }];
      default:
        return [{ vehicle, to: "either", mayStay: false }];
    }
  });
}

/** Under the crane a vehicle that has given its container waits for what the partner gives, unless the next of ours is to come. */
function mayStayAtPad({ stationId }: YardStation, round: Round): boolean {
  const { nowMs, rules, yard, lineCranes = [] } = round.view;
  const line = transferLines(yard).find(({ pad }) => pad.stationId === stationId);
  const crane = lineCranes.find(({ deviceId }) => deviceId === line?.deviceId);
  if (round.isHeld(stationId) || crane?.isFit !== true) return false;
  return crane.freeSinceMs === undefined || nowMs - crane.freeSinceMs < rules.patienceMs;
}

/** A vehicle may stand at a charger without charging: it was put there by hand, or taken from a mission that ended. */
function plugIn(vehicle: DispatchVehicle, { stationId }: YardStation, round: Round): void {
  const { vehicleId, charging, batteryPct } = vehicle;
  if (charging || batteryPct >= round.view.rules.opportunityBelowPct) return;
  round.taken.add(vehicleId);
  round.command({ kind: "park", vehicleId, stationId, charge: true });
}

/** At a crane a vehicle waits for its next container without an empty way, while nobody else needs the place. */
function mayStayAtCrane(round: Round, coming: number): boolean {
  if (round.unloadingWaits > 0 || round.loadingWaits) return false;
  if (coming > 0) return true;
  const { cranes } = round.index;
  return round.free(cranes).length >= Math.ceil(cranes.length * round.view.rules.freeCranesShare);
}

/** A charged vehicle leaves its charger when another one needs it and none is free. */
function whoMakesRoomAtChargers(round: Round): readonly Mover[] {
  const { vehicles, rules } = round.view;
  const { chargers } = round.index;
  const atCharger = (vehicle: DispatchVehicle): boolean => round.stationOf(vehicle)?.kind === "charger";
  const needy = vehicles.filter(
    (vehicle) =>
      vehicle.ours &&
      vehicle.missionId === undefined &&
      vehicle.movingTo === undefined &&
      vehicle.batteryPct < rules.chargeBelowPct &&
      !round.taken.has(vehicle.vehicleId) &&
      !atCharger(vehicle),
  ).length;
  const wanted = needy - round.free(chargers).length;
  if (wanted <= 0) return [];
  const leaving = vehicles
    .filter(
      (vehicle) =>
        atCharger(vehicle) &&
        vehicle.batteryPct >= rules.chargedPct &&
        !round.taken.has(vehicle.vehicleId) &&
        round.whyNotSent(vehicle) === undefined,
    )
    .sort((a, b) => b.batteryPct - a.batteryPct || (a.vehicleId < b.vehicleId ? -1 : 1))
    .slice(0, Math.min(wanted, round.free(round.index.parkings).length));
  for (const vehicle of leaving) round.vacate(vehicle.stationId);
  return leaving.map((vehicle) => ({ vehicle, to: "parking", mayStay: false }));
}

/** The way there and from there to the next crane, and what a charger is worth to it. */
function placeCostS(
  { vehicle, to }: Mover,
  place: YardStation,
  covered: ReadonlyMap<YardStation, number>,
  round: Round,
): number {
  if (to !== "either" && to !== place.kind) return Number.POSITIVE_INFINITY;
  const { rules } = round.view;
  const crane = nearestCrane(round, place);
  // In a fence there may be no crane, nor anything to be nearer to.
  const onM = crane === undefined ? 0 : round.wayM(place.nodeId, crane.nodeId);
  const wayM = round.wayM(vehicle.nodeId, place.nodeId) + onM;
  const waysS = wayM / rules.paceMps;
  if (place.kind === "charger") {
    if (vehicle.batteryPct < rules.chargeBelowPct) return waysS;
    return waysS + (vehicle.batteryPct < rules.opportunityBelowPct ? -COULD_CHARGE_S : TAKES_CHARGER_S);
  }
  const crowd = crane === undefined ? 0 : (covered.get(crane) ?? 0);
  const needsCharger = vehicle.batteryPct < rules.chargeBelowPct ? NEEDS_CHARGER_S : 0;
  return waysS + CROWDING_S * crowd + needsCharger;
}

/** How many idle vehicles wait in places from which a crane is the nearest one. */
function coveredCranes(round: Round): ReadonlyMap<YardStation, number> {
  const covered = new Map<YardStation, number>();
  for (const vehicle of round.view.vehicles) {
    if (vehicle.missionId !== undefined || !vehicle.ours) continue;
    const stationId = vehicle.movingTo ?? vehicle.stationId;
    const place = stationId === undefined ? undefined : round.index.byId.get(stationId);
    if (place?.kind !== "parking") continue;
    const crane = nearestCrane(round, place);
    if (crane !== undefined) covered.set(crane, (covered.get(crane) ?? 0) + 1);
  }
  return covered;
}

const nearestOf = new WeakMap<YardStation, YardStation | undefined>();
/** From a place of the yard; a yard's stations are objects of their own, so that it is worked out once. */
function nearestCrane(round: Round, place: YardStation): YardStation | undefined {
  if (!nearestOf.has(place)) nearestOf.set(place, round.nearest(place.nodeId, round.index.cranes));
  return nearestOf.get(place);
}
