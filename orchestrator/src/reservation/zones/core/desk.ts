import type { VehicleId } from "@baton/fleet-adapter";
import type { ZoneId } from "@baton/maps";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import type { Command } from "../../core/zone.ts";
import type { Admission, Closure, ClosureId, LegRequest, ReservationEvent } from "../../port.ts";
import type { Routes } from "../routes.ts";
import type { VehicleRecord } from "./record.ts";

/** What the desk wants done: records are kept first, then zones asked, then listeners told. */
export type Effect =
  | { readonly kind: "keep"; readonly vehicleId: VehicleId; readonly record: VehicleRecord | undefined }
  | { readonly kind: "ask"; readonly zoneId: ZoneId; readonly command: Command }
  | { readonly kind: "tell"; readonly event: ReservationEvent };

/**
 * What is known of all vehicles of a side across its zones. Only the functions of this folder change it; each
 * leaves what it wants done in `effects`.
 */
export interface Desk {
  readonly routes: Routes;
  readonly records: Map<VehicleId, VehicleRecord>;
  /** Legs as each zone's ledger has them, as of its last tick. */
  readonly committed: Map<ZoneId, ReadonlyMap<VehicleId, CommittedLeg>>;
  readonly closures: Map<ClosureId, Closure>;
  /** Legs asked for before the vehicle was admitted, and admissions asked for before it was gone. */
  readonly legsToCome: Map<VehicleId, LegRequest>;
  readonly admissionsToCome: Map<VehicleId, Admission>;
  /** Why a leg waits, as was said last. */
  readonly saidWaiting: Map<VehicleId, string>;
  /** Vehicles whose leg is being taken back. */
  readonly takingBack: Set<VehicleId>;
  readonly saidClear: Set<VehicleId>;
  /** Up to which border of its leg a vehicle was seen to have passed; see `sight.ts`. */
  readonly passed: Map<VehicleId, { readonly legId: string; readonly hop: number }>;
  /** Something may have become free: who waits for a place is to be looked at. */
  isFreed: boolean;
  effects: Effect[];
}

export function createDesk(routes: Routes, records: Iterable<VehicleRecord>): Desk {
  return {
    routes,
    records: new Map([...records].map((record) => [record.vehicleId, record])),
    committed: new Map(),
    closures: new Map(),
    legsToCome: new Map(),
    admissionsToCome: new Map(),
    saidWaiting: new Map(),
    takingBack: new Set(),
    saidClear: new Set(),
    passed: new Map(),
    isFreed: false,
    effects: [],
  };
}

export function takeEffects(desk: Desk): Effect[] {
  const { effects } = desk;
  desk.effects = [];
  return effects;
}

export function keep(desk: Desk, record: VehicleRecord): VehicleRecord {
  desk.records.set(record.vehicleId, record);
  desk.effects.push({ kind: "keep", vehicleId: record.vehicleId, record });
  return record;
}

export function forget(desk: Desk, vehicleId: VehicleId): void {
  desk.records.delete(vehicleId);
  desk.saidWaiting.delete(vehicleId);
  desk.saidClear.delete(vehicleId);
  desk.takingBack.delete(vehicleId);
  desk.passed.delete(vehicleId);
  desk.effects.push({ kind: "keep", vehicleId, record: undefined });
  desk.isFreed = true;
}

export function ask(desk: Desk, zoneId: ZoneId, command: Command): void {
  desk.effects.push({ kind: "ask", zoneId, command });
}

export function tell(desk: Desk, event: ReservationEvent): void {
  desk.effects.push({ kind: "tell", event });
}

/** The zone leg in work as its zone's ledger has it; `undefined` when nothing of it is committed, as far as is known. */
export function committedLeg(desk: Desk, record: VehicleRecord, legId: string): CommittedLeg | undefined {
  const leg = desk.committed.get(record.zoneId)?.get(record.vehicleId);
  return leg?.legId === legId ? leg : undefined;
}
