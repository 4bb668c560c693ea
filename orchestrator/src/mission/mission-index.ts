import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { HandoffId } from "../handoff/port.ts";
import type { LegId } from "../reservation/port.ts";
import { hasVehicle, isEmptyRun, isOver, type MissionContext } from "./context.ts";

/**
 * All missions of a side in memory, with what is asked of them many times a second already at hand: those that are
 * not over, who has a vehicle, whose a hand-off is. Missions that are over are kept for a day; nothing here that is
 * asked often grows with them.
 */
export class MissionIndex {
  readonly #all = new Map<string, MissionContext>();
  readonly #open = new Map<string, MissionContext>();
  readonly #byVehicle = new Map<VehicleId, string>();
  readonly #byHandoff = new Map<HandoffId, string>();
  /** By the leg that its vehicle is asked to drive instead of that to its crane. */
  readonly #yielding = new Map<LegId, string>();
  readonly #homes = new Map<
    VehicleId,
    { readonly home: Side; readonly missionId: string; readonly atMs: number }
  >();
  /** Over, in the order in which they were found to be. */
  readonly #over = new Set<string>();
  #list: readonly MissionContext[] | undefined;
  #changes = 0;
  #emptyRefusedAtMs: number | undefined;

  /** Grows with every change of any mission. */
  get changes(): number {
    return this.#changes;
  }

  /** When the partner last had no use for a vehicle with nothing aboard. */
  get emptyRefusedAtMs(): number | undefined {
    return this.#emptyRefusedAtMs;
  }

  /** All of them, oldest first. */
  all(): readonly MissionContext[] {
    this.#list ??= [...this.#all.values()];
    return this.#list;
  }

  /** Those that are not over. */
  open(): Iterable<MissionContext> {
    return this.#open.values();
  }

  get(missionId: string): MissionContext | undefined {
    return this.#all.get(missionId);
  }

  /** The mission that has a vehicle for itself (`hasVehicle`). */
  ofVehicle(vehicleId: VehicleId): MissionContext | undefined {
    const missionId = this.#byVehicle.get(vehicleId);
    return missionId === undefined ? undefined : this.#all.get(missionId);
  }

  ofHandoff(handoffId: HandoffId): MissionContext | undefined {
    const missionId = this.#byHandoff.get(handoffId);
    return missionId === undefined ? undefined : this.#all.get(missionId);
  }

  /** The mission whose vehicle is asked to drive this leg instead of that to its crane. */
  yieldingTo(legId: LegId): MissionContext | undefined {
    const missionId = this.#yielding.get(legId);
    return missionId === undefined ? undefined : this.#all.get(missionId);
  }

  /** All of these. */
  yielding(): readonly MissionContext[] {
    return [...this.#yielding.values()].flatMap((missionId) => this.#all.get(missionId) ?? []);
  }

  /** Whose a vehicle is, as the newest mission with it says: a guest's home came with the partner's offer. */
  homeOf(vehicleId: VehicleId): Side | undefined {
    return this.#homes.get(vehicleId)?.home;
  }

  put(context: MissionContext): void {
    const { missionId, vehicle, handoff } = context;
    const before = this.#all.get(missionId);
    this.#changes += 1;
    this.#all.set(missionId, context);
    this.#list = undefined;
    if (isEmptyRun(context) && context.bound === "outbound" && context.status === "returned")
      this.#emptyRefusedAtMs = Math.max(this.#emptyRefusedAtMs ?? 0, context.endedAtMs ?? 0);
    if (isOver(context)) {
      this.#open.delete(missionId);
      this.#over.add(missionId);
    } else this.#open.set(missionId, context);
    if (before?.handoff !== undefined && before.handoff.handoffId !== handoff?.handoffId)
      this.#byHandoff.delete(before.handoff.handoffId);
    if (handoff !== undefined) this.#byHandoff.set(handoff.handoffId, missionId);
    if (before?.yielding !== undefined) this.#yielding.delete(before.yielding.toLegId);
    if (context.yielding !== undefined && !isOver(context))
      this.#yielding.set(context.yielding.toLegId, missionId);
    const gone = before?.vehicle?.vehicleId;
    if (gone !== undefined && gone !== vehicle?.vehicleId) this.#free(gone, missionId);
    if (vehicle === undefined) return;
    const { vehicleId, home } = vehicle;
    const known = this.#homes.get(vehicleId);
    if (known === undefined || known.atMs <= context.createdAtMs)
      this.#homes.set(vehicleId, { home, missionId, atMs: context.createdAtMs });
    if (hasVehicle(context)) {
      if (!this.#byVehicle.has(vehicleId)) this.#byVehicle.set(vehicleId, missionId);
    } else this.#free(vehicleId, missionId);
  }

  #free(vehicleId: VehicleId, missionId: string): void {
    if (this.#byVehicle.get(vehicleId) !== missionId) return;
    this.#byVehicle.delete(vehicleId);
    for (const other of this.#open.values())
      if (other.vehicle?.vehicleId === vehicleId && hasVehicle(other))
        this.#byVehicle.set(vehicleId, other.missionId);
  }

  /**
   * Missions that may be forgotten: over for longer than `keepMs`, nothing left to send out, not among the newest
   * `keepCount`, and not the one that says whose a vehicle is.
   */
  old(nowMs: number, keepMs: number, keepCount: number): readonly string[] {
    const old: string[] = [];
    let beyond = this.#over.size - keepCount;
    for (const missionId of this.#over) {
      if (beyond-- <= 0) break;
      const context = this.#all.get(missionId);
      if (context === undefined) continue;
      if ((context.endedAtMs ?? 0) >= nowMs - keepMs) break;
      const { vehicle } = context;
      const isWitness = vehicle !== undefined && this.#homes.get(vehicle.vehicleId)?.missionId === missionId;
      if (context.outbox.length === 0 && !isWitness) old.push(missionId);
    }
    return old;
  }

  forget(missionIds: readonly string[]): void {
    for (const missionId of missionIds) {
      const context = this.#all.get(missionId);
      this.#all.delete(missionId);
      this.#over.delete(missionId);
      if (context?.handoff !== undefined) this.#byHandoff.delete(context.handoff.handoffId);
    }
    this.#list = undefined;
  }
}
