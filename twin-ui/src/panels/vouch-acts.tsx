import type { Side } from "@baton/maps";
import { Act } from "./act.tsx";

/** What a person who went and looked can say; that a vehicle is gone frees its ground, and takes two. */
const FOUND = [
  { found: "where-it-says", name: "vouchThere", permission: "vehicle:vouch" },
  { found: "stands-idle", name: "vouchIdle", permission: "vehicle:vouch" },
  { found: "removed", name: "vouchRemoved", permission: "vehicle:vouch-removed" },
] as const;

/** Alarms of vehicles that the ledger does not know the place of, or does not believe. */
const CALLS_FOR_VOUCH: ReadonlySet<string> = new Set([
  "vehicle.unheard",
  "vehicle.unplaced",
  "vehicle.failed",
  "reservation.off-path",
  "fleet.error.not-at-start",
  "fleet.error.lost-its-place",
]);
export const callsForVouch = (alarmCode: string): boolean => CALLS_FOR_VOUCH.has(alarmCode);

/** To vouch for where a vehicle is, for whoever has seen it. */
export function VouchActs({
  vehicleId,
  side,
  about,
}: {
  readonly vehicleId: string;
  readonly side: Side;
  readonly about: string;
}) {
  return FOUND.map(({ found, name, permission }) => (
    <Act
      key={found}
      about={about}
      name={name}
      permission={permission}
      side={side}
      request={(reason) => ({
        method: "POST",
        path: `/vehicles/${encodeURIComponent(vehicleId)}/vouched`,
        body: { found, reason },
      })}
    />
  ));
}
