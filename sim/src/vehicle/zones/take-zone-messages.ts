import type { Responses, ZoneSetMessage } from "@baton/fleet-adapter/vda5050/v3_0";
import type { Side } from "@baton/maps";
import type { Vehicle } from "../vehicle.ts";
import type { HeldZoneSet, ReleaseZone, ZoneRequest } from "./zone-work.ts";

/** How long a rejected zone is not asked for again. */
const REJECTION_KEPT_MS = 30_000;

/** Takes in a zone set: disabled until it is told otherwise (VDA 5050 3.0 section 6.4.2); undefined when it has one of that name. */
export function takeZoneSet(vehicle: Vehicle, side: Side, { zoneSet }: ZoneSetMessage): Vehicle | undefined {
  const { zoneWork } = vehicle;
  if (find(vehicle, side, zoneSet.zoneSetId) !== undefined) return undefined;
  const zones = zoneSet.zones.flatMap((zone): ReleaseZone[] =>
    zone.zoneType === "RELEASE"
      ? [
          {
            zoneId: zone.zoneId,
            outline: zone.vertices.map(({ x, y }) => ({ xM: x, yM: y })),
            onLoss: zone.releaseLossBehavior ?? "STOP",
          },
        ]
      : [],
  );
  const { zoneSetId, mapId } = zoneSet;
  const set: HeldZoneSet = { side, zoneSetId, mapId, enabled: false, zones };
  return { ...vehicle, zoneWork: { ...zoneWork, sets: [...zoneWork.sets, set] } };
}

/** Uses this set from now on, and no other of its map; undefined when there is none of that name. */
export function enableZoneSet(vehicle: Vehicle, side: Side, zoneSetId: string): Vehicle | undefined {
  const wanted = find(vehicle, side, zoneSetId);
  if (wanted === undefined) return undefined;
  const sets = vehicle.zoneWork.sets.map((set) =>
    set.side !== side || set.mapId !== wanted.mapId ? set : { ...set, enabled: set === wanted },
  );
  return { ...vehicle, zoneWork: { ...vehicle.zoneWork, sets } };
}

/** Takes in fleet control's answers; what is over stays over (section 6.9, figure 22). */
export function takeResponses(vehicle: Vehicle, side: Side, { responses }: Responses): Vehicle {
  const requests = vehicle.zoneWork.requests.map((request) =>
    responses
      .filter(({ requestId }) => request.side === side && requestId === request.requestId)
      .reduce((one, response) => answered(one, response, vehicle.atMs), request),
  );
  const isNews = requests.some((one, at) => one !== vehicle.zoneWork.requests[at]);
  return isNews ? { ...vehicle, zoneWork: { ...vehicle.zoneWork, requests } } : vehicle;
}

function answered(
  request: ZoneRequest,
  { grantType, leaseExpiry }: Responses["responses"][number],
  nowMs: number,
): ZoneRequest {
  const { untilMs: _before, ...rest } = request;
  const isOpen = request.status === "REQUESTED" || request.status === "QUEUED";
  if (!isOpen && request.status !== "GRANTED") return request;
  switch (grantType) {
    case "GRANTED": {
      if (leaseExpiry === undefined) return { ...rest, status: "GRANTED" };
      const untilMs = Date.parse(leaseExpiry);
      // One that comes too late is none.
      return untilMs <= nowMs && isOpen ? request : { ...rest, status: "GRANTED", untilMs };
    }
    case "QUEUED":
      return request.status === "REQUESTED" ? { ...rest, status: "QUEUED" } : request;
    case "REJECTED":
      return isOpen ? { ...rest, status: "REJECTED", untilMs: nowMs + REJECTION_KEPT_MS } : request;
    case "REVOKED":
      return request.status === "GRANTED" ? { ...rest, status: "REVOKED" } : request;
  }
}

function find({ zoneWork }: Vehicle, side: Side, zoneSetId: string): HeldZoneSet | undefined {
  return zoneWork.sets.find((set) => set.side === side && set.zoneSetId === zoneSetId);
}
