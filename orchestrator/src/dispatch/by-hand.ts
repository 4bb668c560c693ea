import type { VehicleId } from "@baton/fleet-adapter";
import { costOf, fits } from "./cost.ts";
import type { DispatchCommand } from "./decision.ts";
import { maySendAway, Round } from "./round.ts";
import type { DispatchVehicle, DispatchView } from "./view.ts";

/** What a person asks of dispatch: the command that does it, or why it cannot be done, as one of dispatch's own codes. */
export type ByHand<Kind extends DispatchCommand["kind"]> =
  | { readonly kind: "command"; readonly command: Extract<DispatchCommand, { kind: Kind }> }
  | { readonly kind: "vehicle-unknown" }
  | { readonly kind: "not-possible"; readonly why: string };

const not = (why: string): { readonly kind: "not-possible"; readonly why: string } => ({
  kind: "not-possible",
  why,
});

/**
 * A vehicle that a person chooses for a container whose truck is in, at the free crane that is nearest to the vehicle. What
 * dispatch never does (a vehicle that cannot carry it, is not ours, or has something to do) a person cannot either; how much
 * it costs is the person's affair.
 */
export function assignByHand(
  view: DispatchView,
  missionId: string,
  vehicleId: string,
): ByHand<"assign-vehicle"> {
  const round = new Round(view);
  const vehicle = byId(view, vehicleId);
  if (vehicle === undefined) return { kind: "vehicle-unknown" };
  const mission = round.missions("wants-vehicle").find((each) => each.missionId === missionId);
  if (mission === undefined) return not("the mission does not wait for a vehicle");
  const obstacle = round.whyNotSent(vehicle);
  if (obstacle !== undefined) return not(obstacle.code);
  if (!fits(vehicle, mission)) return not("no-vehicle-fits");
  const own = round.index.cranes.filter(
    ({ stationId }) => stationId === vehicle.stationId && round.holderOf(stationId) === vehicle.vehicleId,
  );
  const its = mission.craneStationId === undefined ? undefined : round.index.byId.get(mission.craneStationId);
  const crane = its ?? round.nearest(vehicle.nodeId, [...own, ...round.free(round.index.cranes)]);
  if (crane === undefined) return not("no-crane");
  const wayM = round.wayM(vehicle.nodeId, crane.nodeId);
  const cost = costOf(vehicle, mission, { wayM, freeInS: 0, side: view.yard.side }, view.rules);
  return {
    kind: "command",
    command: {
      kind: "assign-vehicle",
      missionId,
      vehicleId: vehicle.vehicleId,
      craneStationId: crane.stationId,
      cost,
    },
  };
}

/** Sends an idle vehicle to the nearest free charger or parking place; one that is low on battery, too. */
export function parkByHand(view: DispatchView, vehicleId: string, to: "charger" | "parking"): ByHand<"park"> {
  const round = new Round(view);
  const vehicle = byId(view, vehicleId);
  if (vehicle === undefined) return { kind: "vehicle-unknown" };
  const obstacle = round.whyNotSent(vehicle);
  if (obstacle !== undefined && !maySendAway(obstacle)) return not(obstacle.code);
  const isThere = round.stationOf(vehicle)?.kind === to;
  if (isThere && (to === "parking" || vehicle.charging)) return not("it stands there already");
  const places = round.free(to === "charger" ? round.index.chargers : round.index.parkings);
  const place = isThere ? round.stationOf(vehicle) : round.nearest(vehicle.nodeId, places);
  if (place === undefined) return not(to === "charger" ? "no-charger" : "no-parking");
  const charge = to === "charger";
  return {
    kind: "command",
    command: { kind: "park", vehicleId: vehicle.vehicleId, stationId: place.stationId, charge },
  };
}

const byId = ({ vehicles }: DispatchView, vehicleId: VehicleId | string): DispatchVehicle | undefined =>
  vehicles.find((vehicle) => vehicle.vehicleId === vehicleId);
