import type { VehicleId } from "@baton/fleet-adapter";
import { boundOf } from "@baton/maps";
import type { Step, TransportOrderRequest } from "../../contract/index.ts";
import { passingLineOf } from "../../dispatch/lane-pairs.ts";
import { lineFor } from "../../dispatch/line-choice.ts";
import type { DispatchView } from "../../dispatch/view.ts";
import { pairOf, stationOf, type Yard } from "../../dispatch/yard.ts";
import { ADOPTABLE, adoptedContext, placeOf } from "../begin.ts";
import { ruleOf } from "../procedure.ts";
import { checkOrder, noLine } from "./order.ts";
import { type Intake, type IntakeView, missionVehicle, refused } from "./view.ts";

/** A vehicle with its container in the middle of the way, that a person vouches for by name. */
export function adoption(
  view: IntakeView,
  request: {
    readonly order: TransportOrderRequest;
    readonly vehicleId: string;
    readonly atStationId: string;
    readonly step: Step;
    readonly account: string;
  },
): Intake {
  const { order, step } = request;
  const bound = boundOf(view.yard.side, order.direction);
  const common = checkOrder(view, order, bound);
  if (common.kind !== "usable") return common;
  const station = stationOf(view.yard, request.atStationId);
  if (station === undefined)
    return refused("adopt.station-unknown", `no station ${request.atStationId} on this side`);
  const kind = ADOPTABLE[bound][step];
  if (kind === undefined || ruleOf(common.procedure, step) === undefined) {
    return refused("adopt.step-not-possible", `no mission can be taken over at ${step}`);
  }
  if (station.kind !== kind || (kind === "buffer" && station.bound !== bound)) {
    return refused(
      "adopt.wrong-station",
      `at ${step} a vehicle stands at a ${bound} ${kind}, not at ${station.stationId}`,
    );
  }
  const vehicle = missionVehicle(view, request.vehicleId);
  if (vehicle === undefined)
    return refused(
      "adopt.vehicle-unknown",
      `${request.vehicleId} has not reported, or not by a size that the site knows`,
    );
  const busy = view.missionOfVehicle(vehicle.vehicleId);
  if (busy !== undefined)
    return refused("adopt.vehicle-busy", `${vehicle.vehicleId} is on mission ${busy.missionId}`);
  const seen = view.dispatchView();
  const standing = seen.vehicles.find((one) => one.vehicleId === vehicle.vehicleId);
  if (standing?.ours !== true)
    return refused("adopt.vehicle-not-ours", `${vehicle.vehicleId} does not answer to this side`);
  if (standing.stationId !== station.stationId)
    return refused("adopt.vehicle-elsewhere", `${vehicle.vehicleId} does not stand at ${station.stationId}`);
  if (!vehicle.loadIds.includes(order.containerNo))
    return refused("adopt.not-loaded", `${vehicle.vehicleId} does not report ${order.containerNo} aboard`);
  const places = placesForAdoption(seen, station, vehicle.vehicleId);
  if (places === undefined) return refused("adopt.no-bay", "no outbound bay is free");
  const { buffer = station } = places;
  const ofBay = passingLineOf(
    view.yard,
    order.direction,
    pairOf(stationOf(view.yard, buffer.stationId) ?? station),
  );
  const asked = lineFor(view.yard, order);
  const isSettled = order.handoffPointId !== undefined || asked?.mode !== "control-passes";
  const line = isSettled ? asked : ofBay;
  if (line === undefined) return noLine(order);
  const context = adoptedContext(
    { ...view, procedure: common.procedure, direction: order.direction, line },
    bound,
    {
      order,
      vehicle,
      step,
      account: request.account,
      places,
    },
  );
  return { kind: "context", context };
}

function placesForAdoption(seen: DispatchView, station: Yard["stations"][number], vehicleId: VehicleId) {
  if (station.kind === "buffer") return { buffer: placeOf(station) };
  const others = new Set(
    seen.vehicles.filter((one) => one.vehicleId !== vehicleId).map((one) => one.stationId),
  );
  const bay = seen.yard.stations.find(
    (one) =>
      one.kind === "buffer" &&
      one.bound === "outbound" &&
      !seen.heldStations.has(one.stationId) &&
      seen.closedStations?.has(one.stationId) !== true &&
      !others.has(one.stationId),
  );
  return bay === undefined ? undefined : { crane: placeOf(station), buffer: placeOf(bay) };
}
