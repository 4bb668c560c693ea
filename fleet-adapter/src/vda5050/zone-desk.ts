import { reachesOver } from "@baton/maps";
import type { VehicleId } from "../port.ts";
import type { Ids } from "../time.ts";
import { close, keyOf, NO_ZONES, type ToVehicle, takeRequests } from "./core/release-zones.ts";
import type { VehicleSheet } from "./model/factsheet.ts";
import type { Report } from "./model/report.ts";
import type { AccessResponse } from "./model/response.ts";
import type { ZoneName, ZoneSet } from "./model/zone-set.ts";

/** What a zone desk says to vehicles. */
export interface ZoneDeskOutlets {
  responses(vehicleId: VehicleId, responses: readonly AccessResponse[]): void;
  zoneSet(vehicleId: VehicleId, zoneSet: ZoneSet): void;
  enableZoneSet(vehicleId: VehicleId, zoneSetId: string, actionId: string): void;
}

export interface ZoneDesk {
  /** A fresh report of a vehicle that speaks a version with zones. */
  take(vehicleId: VehicleId, report: Report, sheet: VehicleSheet | undefined, nowMs: number): void;
  /**
   * The zones that are closed from now on: nobody is let in, and a grant that somebody has is taken back; the zone stays
   * held until that vehicle's word shows that it is out.
   */
  close(zones: readonly ZoneName[]): void;
}

/** A zone set that does not show in a vehicle's state is sent again after this. */
const REPEAT_MS = 10_000;
/** A vehicle that has not said how large it is. */
const POINT = { lengthM: 0, widthM: 0 };

/**
 * Brings the zone sets of this side to vehicles that know zones (VDA 5050 3.0 section 6.4.2: sent, then enabled, each
 * until the state shows it), and answers their requests.
 */
export function zoneDesk(zoneSets: readonly ZoneSet[], ids: Ids, outlets: ZoneDeskOutlets): ZoneDesk {
  let state = NO_ZONES;
  const releaseZones = new Map(
    zoneSets.flatMap(({ zoneSetId, mapId, zones }) =>
      zones
        .filter(({ kind }) => kind === "RELEASE")
        .map(({ zoneId, vertices }) => [keyOf({ zoneSetId, zoneId }), { mapId, vertices }] as const),
    ),
  );
  const dueMs = new Map<string, number>();

  const deliver = (said: readonly ToVehicle[]): void => {
    for (const { vehicleId, responses } of said) outlets.responses(vehicleId, responses);
  };

  const bring = (vehicleId: VehicleId, report: Report, sheet: VehicleSheet, nowMs: number): void => {
    for (const zoneSet of zoneSets) {
      if (!zoneSet.zones.every(({ kind }) => sheet.zoneTypes.includes(kind))) continue;
      const held = report.zoneSets.find(({ zoneSetId }) => zoneSetId === zoneSet.zoneSetId);
      const key = `${vehicleId} ${zoneSet.zoneSetId} ${held === undefined ? "send" : "enable"}`;
      if (held?.enabled === true || nowMs < (dueMs.get(key) ?? 0)) continue;
      dueMs.set(key, nowMs + REPEAT_MS);
      if (held === undefined) outlets.zoneSet(vehicleId, zoneSet);
      else outlets.enableZoneSet(vehicleId, zoneSet.zoneSetId, ids.next());
    }
  };

  return {
    take: (vehicleId, report, sheet, nowMs) => {
      const isInControl = report.operatingMode === "AUTOMATIC" || report.operatingMode === "SEMIAUTOMATIC";
      if (sheet !== undefined && isInControl) bring(vehicleId, report, sheet, nowMs);
      if (report.requests.length === 0 && state.zones.size === 0) return;
      const { position: at } = report;
      const ground = {
        isKnown: (request: ZoneName) => releaseZones.has(keyOf(request)),
        isOver: (key: string) => {
          const zone = releaseZones.get(key);
          if (zone === undefined || at?.localised !== true || at.mapId !== zone.mapId) return false;
          return reachesOver(zone.vertices, at, sheet ?? POINT);
        },
      };
      const [next, said] = takeRequests(state, vehicleId, report, ground, nowMs);
      state = next;
      deliver(said);
    },
    close: (zones) => {
      const [next, said] = close(state, new Set(zones.map(keyOf)));
      state = next;
      deliver(said);
    },
  };
}
