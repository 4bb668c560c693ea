import { reachesOver, toMapFrame } from "@baton/maps";
import { brakingDistanceM } from "../motion.ts";
import { progressOf } from "../progress.ts";
import type { Vehicle, VehicleModel } from "../vehicle.ts";
import { type Stretch, stretchesOf } from "./stretches.ts";
import type { HeldZoneSet, ReleaseZone, ZoneRequest, ZoneWork } from "./zone-work.ts";

/** A zone is asked for this far before the way on which a vehicle could still stop for it, metres. */
const ASK_AHEAD_M = 25;

/** How a vehicle is to a zone. */
export interface ZoneSituation {
  readonly set: HeldZoneSet;
  readonly zone: ReleaseZone;
  /** The part of the base over the zone that it is on or comes to next; metres along its order. */
  readonly next: Stretch | undefined;
  /** It is in there, or too near and too fast to stop before it. */
  readonly isUnderWay: boolean;
  /** Its requests for the zone. */
  readonly requests: readonly ZoneRequest[];
}

/**
 * Zones that matter now: those of the enabled sets of the side that commands, and those that it still has a request for
 * from the time of the other one.
 */
export function zoneSituations(vehicle: Vehicle, model: VehicleModel): readonly ZoneSituation[] {
  const { sets, requests } = vehicle.zoneWork;
  if (sets.length === 0) return [];
  return sets.flatMap((set) => {
    const isOf = (one: ZoneRequest): boolean => one.side === set.side && one.zoneSetId === set.zoneSetId;
    const own = requests.filter(isOf);
    const isInForce = set.enabled && set.side === vehicle.register.authority;
    const zones = isInForce
      ? set.zones
      : set.zones.filter(({ zoneId }) => own.some((one) => one.zoneId === zoneId));
    return zones.map((zone) => {
      const next = nextOver(vehicle, model, set, zone);
      return {
        set,
        zone,
        next,
        isUnderWay: isOver(vehicle, model, set, zone) || isTooNear(vehicle, model, next),
        requests: own.filter(({ zoneId }) => zoneId === zone.zoneId),
      };
    });
  });
}

/**
 * Asks for the zones ahead, lets go of those behind, and takes in that leases run out (VDA 5050 3.0 sections 6.4.3 and 6.9).
 * A permission that is lost does not come back: before the zone it is dropped, in the zone it is kept for all to see, and another one
 * is asked for.
 */
export function heedZones(vehicle: Vehicle, model: VehicleModel): Vehicle {
  const { atMs } = vehicle;
  const work = expired(vehicle.zoneWork, atMs);
  const timely = work === vehicle.zoneWork ? vehicle : { ...vehicle, zoneWork: work };
  let requests = work.requests;
  let made = work.made;
  for (const { set, zone, next, isUnderWay, requests: own } of zoneSituations(timely, model)) {
    const isWanted = isUnderWay || (next !== undefined && next.fromM - vehicle.alongM <= askedWithinM(model));
    const isGranted = own.some(({ status }) => status === "GRANTED");
    const kept = own.filter(({ status }) => isWanted && (!isLost(status) || (isUnderWay && !isGranted)));
    const isAsked = kept.some(({ status }) => !isLost(status));
    const mayAsk = set.enabled && set.side === vehicle.register.authority;
    if (kept.length < own.length) {
      const dropped = new Set(own.filter((one) => !kept.includes(one)));
      requests = requests.filter((one) => !dropped.has(one));
    }
    if (!isWanted || isAsked || !mayAsk) continue;
    made += 1;
    const { side, zoneSetId } = set;
    const { zoneId } = zone;
    requests = [
      ...requests,
      { side, zoneSetId, zoneId, requestId: `${zoneId}-${made}`, status: "REQUESTED" },
    ];
  }
  return requests === timely.zoneWork.requests
    ? timely
    : { ...timely, zoneWork: { ...work, requests, made } };
}

/** Metres along its order where it has to stop for a zone that it may not enter. */
export function zoneStopM(situations: readonly ZoneSituation[]): number {
  return situations.reduce(
    (nearestM, { next, isUnderWay, requests }) =>
      next === undefined || isUnderWay || isAllowed(requests) ? nearestM : Math.min(nearestM, next.fromM),
    Number.POSITIVE_INFINITY,
  );
}

/** Whether it has to stand where it is: in a zone that it was never let into, or whose permission it lost there and which says so. */
export function mustStandForZone(situations: readonly ZoneSituation[]): boolean {
  return situations.some(
    ({ zone, isUnderWay, requests }) =>
      isUnderWay &&
      !isAllowed(requests) &&
      (zone.onLoss === "STOP" || !requests.some(({ status }) => isLost(status))),
  );
}

/** Zones whose permission it has lost in there. */
export function zonesLost(situations: readonly ZoneSituation[]): readonly ZoneSituation[] {
  return situations.filter(
    ({ isUnderWay, requests }) => isUnderWay && requests.some(({ status }) => isLost(status)),
  );
}

/** When a lease, or the memory of a rejection, is over. */
export function zoneWakesAtMs({ zoneWork }: Vehicle): number {
  return zoneWork.requests.reduce(
    (soonest, { untilMs = soonest }) => Math.min(soonest, untilMs),
    Number.POSITIVE_INFINITY,
  );
}

const isLost = (status: ZoneRequest["status"]): boolean => status === "EXPIRED" || status === "REVOKED";
const isAllowed = (requests: readonly ZoneRequest[]): boolean =>
  requests.some(({ status }) => status === "GRANTED");

const askedWithinM = ({ kinematics }: VehicleModel): number =>
  brakingDistanceM(kinematics.maxSpeedMps, kinematics) + ASK_AHEAD_M;

function expired(work: ZoneWork, nowMs: number): ZoneWork {
  const isOver = ({ untilMs }: ZoneRequest): boolean => untilMs !== undefined && untilMs <= nowMs;
  if (!work.requests.some(isOver)) return work;
  return {
    ...work,
    requests: work.requests.flatMap((one) => {
      if (!isOver(one)) return [one];
      const { untilMs: _over, ...rest } = one;
      return one.status === "GRANTED" ? [{ ...rest, status: "EXPIRED" as const }] : [];
    }),
  };
}

function isOver(
  vehicle: Vehicle,
  model: VehicleModel,
  { side }: HeldZoneSet,
  { outline }: ReleaseZone,
): boolean {
  return reachesOver(outline, toMapFrame(model.frames[side].mapToSite, vehicle.pose), model);
}

/** Of the base only: what is planned beyond it is not asked for, since whoever waits in there for ground would hold the zone. */
function nextOver(
  vehicle: Vehicle,
  model: VehicleModel,
  { side }: HeldZoneSet,
  zone: ReleaseZone,
): Stretch | undefined {
  const progress = progressOf(vehicle);
  if (progress === undefined || progress.order.side !== side || progress.order.letGo === true)
    return undefined;
  const { route } = progress.order;
  const baseEndM = route.nodeAtM[progress.baseEnd] ?? 0;
  return stretchesOf(route, zone, model).find(({ fromM, toM }) => toM > vehicle.alongM && fromM < baseEndM);
}

function isTooNear(
  { alongM, speedMps }: Vehicle,
  { kinematics }: VehicleModel,
  next: Stretch | undefined,
): boolean {
  if (next === undefined || speedMps === 0) return false;
  return next.fromM - alongM < brakingDistanceM(speedMps, kinematics) - NEAR_M;
}

/** A vehicle that brakes for a zone is as near as it can be. */
const NEAR_M = 0.05;
