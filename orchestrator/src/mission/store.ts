import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { LegId } from "../reservation/port.ts";
import type { MissionContext } from "./context.ts";

/** A mission with its place in the order of its changes. The outbox is part of the context: one write holds both. */
export interface StoredMission {
  /** Grows by one with every write; the first is 1. */
  readonly version: number;
  readonly context: MissionContext;
}

/** An idle vehicle's way to a parking place or charger. Kept after it has ended, for the number in the next one's id. */
export const IdleMove = Type.Object({
  vehicleId: Type.Unsafe<VehicleId>(Type.String()),
  legId: Type.Unsafe<LegId>(Type.String()),
  stationId: Type.Unsafe<StationId>(Type.String()),
  charge: Type.Boolean(),
  /** How many there have been for the vehicle. */
  count: Type.Integer({ minimum: 1 }),
  ended: Type.Boolean(),
  /** The leg to a crane from which it is sent there on its way: at once, or not at all. */
  insteadOf: Type.Optional(Type.Unsafe<LegId>(Type.String())),
});
export type IdleMove = Static<typeof IdleMove>;
export const idleMoveCheck = Compile(IdleMove);

/** A station that a person has taken out of use, until a person takes it into use again. */
export const StationClosure = Type.Object({
  stationId: Type.Unsafe<StationId>(Type.String({ minLength: 1, maxLength: 256 })),
  reason: Type.String(),
  by: Type.String(),
  sinceMs: Type.Number(),
});
export type StationClosure = Static<typeof StationClosure>;
export const stationClosureCheck = Compile(StationClosure);

interface StoredWorld {
  readonly missions: readonly StoredMission[];
  readonly idleMoves: readonly IdleMove[];
  readonly closedStations: readonly StationClosure[];
  /** Records that this version cannot read: left alone, and told to a person. */
  readonly unreadable: readonly { readonly key: string; readonly detail: string }[];
}

/**
 * Where missions live. Every write names the epoch of its writer; a writer whose epoch was overtaken is refused
 * (`fenced`), and so is one whose picture of a mission is not the newest (`stale`). Methods reject when the store
 * cannot be reached: nothing may be done on the strength of a write that was not confirmed.
 */
export interface MissionStore {
  load(): Promise<StoredWorld>;
  /** The first write of a mission. An order id, where there is one, makes one mission for ever. */
  create(context: MissionContext, orderId: string | undefined): Promise<CreateOutcome>;
  save(mission: StoredMission): Promise<SaveOutcome>;
  saveIdleMove(move: IdleMove): Promise<"saved" | "fenced">;
  saveClosure(closure: StationClosure): Promise<"saved" | "fenced">;
  removeClosure(stationId: StationId): Promise<"saved" | "fenced">;
  /** Forgets missions that are over; their order ids stay known. */
  remove(missionIds: readonly string[]): Promise<"saved" | "fenced">;
}

export type CreateOutcome =
  | { readonly kind: "created" }
  | { readonly kind: "exists"; readonly missionId: string }
  | { readonly kind: "fenced" };

type SaveOutcome = "saved" | "stale" | "fenced";
