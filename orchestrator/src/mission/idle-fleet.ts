import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import type { DispatchCommand } from "../dispatch/decision.ts";
import { stationOf, type Yard } from "../dispatch/yard.ts";
import type { LegId, ReservationEvent } from "../reservation/port.ts";
import { sendOnLeg, type World } from "./perform.ts";
import type { IdleMove } from "./store.ts";
import type { StoreKeeper } from "./store-keeper.ts";

/** How long a vehicle whose way was refused is left where it is. */
const AGAIN_AFTER_MS = 10_000;

/** How long a vehicle that was told to charge, and does not say that it does, is left before it is told again. */
const TELL_AGAIN_AFTER_MS = 120_000;

/** Idle vehicles on their way to a parking place or charger: legs that belong to no mission, `park.<vehicle>.<n>`. */
export class IdleFleet {
  readonly #yard: Yard;
  readonly #world: Pick<World, "fleet" | "reservation">;
  readonly #keeper: StoreKeeper;
  readonly #notBeforeMs = new Map<VehicleId, number>();
  /** When a vehicle was last told to charge where it stands; it takes a moment until it says that it does. */
  readonly #pluggedInMs = new Map<VehicleId, number>();

  constructor(yard: Yard, world: Pick<World, "fleet" | "reservation">, keeper: StoreKeeper) {
    this.#yard = yard;
    this.#world = world;
    this.#keeper = keeper;
  }

  /** After a restart: asks again for what was under way, and hears how it stands. */
  resume(): void {
    for (const move of this.#keeper.moves()) if (!move.ended && this.#isItsOwn(move)) this.#request(move);
  }

  /** Asks for it again; whether it has gone onto it is said then. */
  askAgain(legId: LegId): void {
    for (const move of this.#keeper.moves()) if (move.legId === legId) this.#request(move);
  }

  /** Whether it is asked for, and that has not come to an end. */
  isAsked(legId: LegId): boolean {
    return this.#keeper.moves().some((move) => move.legId === legId && !move.ended);
  }

  /** No mission has the vehicle, or one has that gives it up for this. */
  #isItsOwn({ vehicleId, legId }: IdleMove): boolean {
    const { missions } = this.#keeper;
    return missions.ofVehicle(vehicleId) === undefined || missions.yieldingTo(legId) !== undefined;
  }

  knows(legId: LegId): boolean {
    return legId.startsWith("park.");
  }

  targetOf(vehicleId: VehicleId): StationId | undefined {
    const move = this.#moveOf(vehicleId);
    return move === undefined || move.ended ? undefined : move.stationId;
  }

  /** The leg on which it is. */
  legOf(vehicleId: VehicleId): LegId | undefined {
    const move = this.#moveOf(vehicleId);
    return move === undefined || move.ended ? undefined : move.legId;
  }

  /** When a mission has it, and has it driven elsewhere instead. */
  async callOff(vehicleId: VehicleId): Promise<void> {
    const move = this.#moveOf(vehicleId);
    if (move === undefined || move.ended || this.#keeper.missions.ofVehicle(vehicleId) === undefined) return;
    await this.#keeper.saveMove({ ...move, ended: true });
  }

  mayTry(vehicleId: VehicleId, nowMs: number): boolean {
    return nowMs >= (this.#notBeforeMs.get(vehicleId) ?? 0);
  }

  /** The leg on which it would be sent to a place now. */
  nextLegOf(vehicleId: VehicleId): LegId {
    return legIdOf(vehicleId, (this.#moveOf(vehicleId)?.count ?? 0) + 1);
  }

  /** @param insteadOf the leg to a crane from which it goes there on its way: at once, or not at all. */
  async send(
    { vehicleId, stationId, charge }: Extract<DispatchCommand, { kind: "park" }>,
    nowMs: number,
    insteadOf?: LegId,
  ): Promise<void> {
    const before = this.#moveOf(vehicleId);
    if (before !== undefined && !before.ended) return;
    if (charge && before?.stationId === stationId && nowMs < this.#notToldBeforeMs(vehicleId)) return;
    if (charge) this.#pluggedInMs.set(vehicleId, nowMs);
    const count = (before?.count ?? 0) + 1;
    const legId = legIdOf(vehicleId, count);
    const to: IdleMove = { vehicleId, legId, stationId, charge, count, ended: false };
    const move = insteadOf === undefined ? to : { ...to, insteadOf };
    if (await this.#keeper.saveMove(move)) this.#request(move);
  }

  async hear(event: Extract<ReservationEvent, { readonly legId: LegId }>, nowMs: number): Promise<void> {
    if (event.kind !== "legCompleted" && event.kind !== "legRefused") return;
    const move = this.#moveOf(event.vehicleId);
    if (move === undefined || move.legId !== event.legId) return;
    if (move.ended) {
      // It was called off, and has come to its charger all the same.
      if (move.charge && event.kind === "legCompleted") this.#unplug(move);
      return;
    }
    if (event.kind === "legRefused" && event.reason !== "not-turned")
      this.#notBeforeMs.set(event.vehicleId, nowMs + AGAIN_AFTER_MS);
    else if (move.charge) this.#pluggedInMs.set(event.vehicleId, nowMs);
    await this.#keeper.saveMove({ ...move, ended: true });
  }

  #unplug({ vehicleId, legId }: IdleMove): void {
    const actionId = `${legId}.stop-charging` as ActionId;
    this.#world.fleet.instruct(vehicleId, { kind: "stopCharging", actionId });
  }

  #notToldBeforeMs(vehicleId: VehicleId): number {
    return (this.#pluggedInMs.get(vehicleId) ?? Number.NEGATIVE_INFINITY) + TELL_AGAIN_AFTER_MS;
  }

  #moveOf(vehicleId: VehicleId): IdleMove | undefined {
    return this.#keeper.moveOf(vehicleId);
  }

  #request(move: IdleMove): void {
    const nodeId = stationOf(this.#yard, move.stationId)?.nodeId;
    if (nodeId === undefined) return;
    const charging = { kind: "startCharging", actionId: `${move.legId}.charge` as ActionId } as const;
    sendOnLeg(this.#world, {
      legId: move.legId,
      vehicleId: move.vehicleId,
      via: [],
      toNodeId: nodeId,
      actionsAtEnd: move.charge ? [charging] : [],
      priority: 0,
      commandedBy: "us",
      ...(move.insteadOf === undefined ? {} : { insteadOf: move.insteadOf, orNever: true }),
    });
  }
}

const legIdOf = (vehicleId: VehicleId, count: number): LegId => `park.${vehicleId}.${count}` as LegId;
