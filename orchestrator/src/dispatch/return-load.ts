import { fits, urgencyS } from "./cost.ts";
import { Round } from "./round.ts";
import type { Demand, DispatchVehicle, DispatchView } from "./view.ts";

/**
 * What a vehicle that the partner offers could carry back: of the containers whose trucks are called or in, the first
 * one that nobody else is going to take before, by urgency. Idle vehicles and those that are on their way in without
 * a load in view come first. Undefined: an empty slot.
 */
export function returnLoadFor(
  view: DispatchView,
  vehicle: Pick<DispatchVehicle, "maxLoadKg" | "lengthM">,
): string | undefined {
  const round = new Round(view);
  // A begun one has its truck at a crane, and gets the next vehicle.
  const here = round.missions("wants-vehicle").filter(({ craneStationId }) => craneStationId === undefined);
  const waiting = [...here, ...round.missions("on-its-way")];
  const idle = view.vehicles.filter((one) => round.whyNotSent(one) === undefined).length;
  const promised = waiting.filter((one) => one.promisedTo !== undefined).length;
  const before = idle + Math.max(0, view.inboundCount - promised);
  const urgencyOf = (one: Demand): number => urgencyS(one, view.nowMs, view.rules);
  const free = waiting
    .filter((one) => one.promisedTo === undefined)
    .sort((a, b) => urgencyOf(b) - urgencyOf(a) || (a.missionId < b.missionId ? -1 : 1))
    .slice(before);
  return free.find((one) => fits(vehicle, one))?.missionId;
}
