import { type Timers, type Vda5050Adapter, type ZoneSet, zonesOver } from "@baton/fleet-adapter";
import type { Reservation } from "../reservation/port.ts";

const LOOK_EVERY_MS = 500;

/**
 * Where ground is closed, so are the `RELEASE` zones over it (VDA 5050 3.0): what a vehicle was granted there is taken back,
 * and nobody is let in until the ground is open again. The returned function ends it.
 */
export function closeZonesWithGround(rooms: {
  readonly zoneSets: readonly ZoneSet[];
  readonly zones: Pick<Vda5050Adapter, "closeZones">;
  readonly reservation: Pick<Reservation, "outOfUse">;
  readonly timers: Timers;
}): () => void {
  const { zoneSets, zones, reservation, timers } = rooms;
  if (zoneSets.length === 0) return () => undefined;
  return timers.every(LOOK_EVERY_MS, () => {
    const closed = reservation.outOfUse().closures.flatMap(({ edgeIds }) => edgeIds);
    zones.closeZones(zonesOver(zoneSets, new Set<string>(closed)));
  });
}
