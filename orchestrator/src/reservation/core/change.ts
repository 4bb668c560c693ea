import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { ClosureId } from "../port.ts";
import { at } from "./runs.ts";
import { storeClosures, storeItinerary, storeOrder, storeVehicle } from "./store.ts";
import type { Recorded, StoredClosure, StoredItinerary, StoredOrder, StoredVehicle } from "./stored.ts";
import { absoluteTick } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** What a tick wants the ledger to make true, all or nothing. Releases come before grants. */
export interface TickChange {
  readonly tick: number;
  readonly releases: readonly BlocksOf[];
  readonly grants: readonly BlocksOf[];
  /** Legs that were planned, or planned anew; `undefined` for a vehicle that has none any more. */
  readonly itineraries: readonly Recorded<VehicleId, StoredItinerary>[];
  /** Records that changed; `undefined` for a vehicle that is gone. */
  readonly vehicles: readonly Recorded<VehicleId, StoredVehicle>[];
  /** Closures made; `undefined` for one that is open again. */
  readonly closures: readonly Recorded<ClosureId, StoredClosure>[];
  /** Blocks whose claims stand in another order; `undefined` when nobody claims the block any more. */
  readonly orders: readonly Recorded<BlockId, StoredOrder>[];
}

export interface BlocksOf {
  readonly vehicleId: VehicleId;
  readonly blockIds: readonly BlockId[];
}

export function isEmptyChange(change: TickChange): boolean {
  return (
    change.releases.length +
      change.grants.length +
      change.itineraries.length +
      change.vehicles.length +
      change.closures.length +
      change.orders.length ===
    0
  );
}

/** All that differs in the zone from what the ledger has; from here on it counts as written. */
export function takeChange(zone: Zone): TickChange {
  const { holders, reordered } = zone.claims.takeChanges();
  const releases = new Map<VehicleRecord, BlockId[]>();
  const grants = new Map<VehicleRecord, BlockId[]>();
  for (const { block, before, after } of holders) {
    // The same vehicle under a new record (dismissed and admitted again) holds what it held.
    if (before?.vehicleId === after?.vehicleId) continue;
    const blockId = at(zone.network.blocks.ids, block);
    if (before !== undefined) note(releases, before, blockId);
    if (after !== undefined) note(grants, after, blockId);
  }
  markJumped(zone);
  const itineraries: Recorded<VehicleId, StoredItinerary>[] = [];
  const vehicles: Recorded<VehicleId, StoredVehicle>[] = [];
  for (const id of zone.changed) {
    const vehicle = zone.vehicles.get(id);
    if (vehicle !== undefined) vehicle.version++;
    const itinerary = storeItinerary(zone, id, vehicle);
    if (itinerary !== "as-written") itineraries.push({ id, stored: itinerary });
    zone.written.timesJumped.set(id, vehicle?.timing.timesJumped ?? 0);
    vehicles.push({ id, stored: vehicle === undefined ? undefined : storeVehicle(zone, vehicle) });
  }
  zone.changed.clear();
  const orders: Recorded<BlockId, StoredOrder>[] = [];
  for (const block of reordered) {
    const stored = storeOrder(zone, block);
    orders.push({ id: at(zone.network.blocks.ids, block), stored: stored === "" ? undefined : stored });
  }
  return {
    tick: absoluteTick(zone, zone.tick),
    releases: list(releases),
    grants: list(grants),
    itineraries,
    vehicles,
    closures: storeClosures(zone),
    orders,
  };
}

/** Who was jumped is told to the ledger: the next leader has to go on counting. */
function markJumped(zone: Zone): void {
  const { timesJumped } = zone.written;
  for (const { vehicleId, timing } of zone.vehicles.values())
    if (timing.timesJumped !== (timesJumped.get(vehicleId) ?? 0)) zone.changed.add(vehicleId);
}

function note(to: Map<VehicleRecord, BlockId[]>, vehicle: VehicleRecord, blockId: BlockId): void {
  const known = to.get(vehicle);
  if (known === undefined) to.set(vehicle, [blockId]);
  else known.push(blockId);
}

function list(from: ReadonlyMap<VehicleRecord, BlockId[]>): BlocksOf[] {
  return Array.from(from, ([{ vehicleId }, blockIds]) => ({ vehicleId, blockIds }));
}
