import { DIRECTIONS, type StationId } from "@baton/maps";
import type { DispatchView } from "../dispatch/view.ts";
import { stationOf, type YardStation } from "../dispatch/yard.ts";
import { type Beginning, backContext } from "./begin.ts";
import { byCrane, hasItAboard, type MissionContext } from "./context.ts";
import { legOf } from "./ids.ts";

/** Where a vehicle stands for itself, and whence a way leads back to the yard. */
const FROM: ReadonlySet<YardStation["kind"]> = new Set([
  "crane",
  "buffer",
  "inspection-dock",
  "hold-line",
  "transfer-pad",
  "parking",
  "charger",
]);

/**
 * Where a vehicle of a mission that was given back is still driving to, when others could be given that place: its bay, its dock, or its
 * pad at the line, from where it comes back, loaded or not.
 */
export function stillBoundFor(returned: MissionContext): StationId | undefined {
  const { buffer, dock } = returned.places;
  const toPad = legOf(returned, returned.bound === "outbound" ? "guard-exit" : "drive-to-hold");
  if (toPad?.state === "requested" && byCrane(returned) !== undefined) return byCrane(returned)?.padStationId;
  if (legOf(returned, "inspection")?.state === "requested") return dock?.stationId;
  return legOf(returned, "identify")?.state === "requested" ? buffer?.stationId : undefined;
}

/** What a mission that brings a container back begins with, whichever it is. */
export type BackBeginning = Omit<Beginning, "missionId" | "direction" | "line">;

/** A mission of its own, which nobody else makes: asked for twice it is one. */
export const backMissionId = (missionId: string): string => `back-${missionId}`;

/**
 * A container that may not cross goes back to the customer: to the yard, onto the ground, as an inbound mission that begins where
 * its vehicle stands. `wait`: it does not stand at a station, another mission has it, or something is still to be settled with the
 * partner. `over`: there is nothing to bring back.
 */
export function bringBack(
  returned: MissionContext,
  view: () => DispatchView,
  beginning: BackBeginning,
): MissionContext | "wait" | "over" {
  const { vehicle, missionId, direction, bound, handoff } = returned;
  if (bound === "inbound") return stillBoundFor(returned) === undefined ? "over" : "wait";
  if (vehicle === undefined || !hasItAboard(returned)) return "over";
  // What was towed back from the partner's ground has been over the line, and comes from there no more.
  if (handoff !== undefined && handoff.phase !== "over" && returned.towed === undefined) return "wait";
  const seen = view();
  const standing = seen.vehicles.find((one) => one.vehicleId === vehicle.vehicleId);
  if (standing === undefined) return "wait";
  if (standing.missionId !== undefined || !standing.ours || standing.movingTo !== undefined) return "wait";
  if (standing.nodeId !== undefined && !standing.loaded) return "over";
  const station = stationOf(seen.yard, standing.stationId ?? "");
  if (station === undefined || !FROM.has(station.kind)) return "wait";
  const homeward = DIRECTIONS.find((one) => one !== direction) ?? direction;
  return backContext(
    { ...beginning, missionId: backMissionId(missionId), direction: homeward },
    { returned, vehicle, station },
  );
}
