import type { Clock, Factsheet, VehicleId, VehicleState } from "@baton/fleet-adapter";
import { placeAtFirstSight } from "../dispatch/first-sight.ts";
import type { Yard } from "../dispatch/yard.ts";
import type { ReservationEvent } from "../reservation/port.ts";
import type { World } from "./perform.ts";

const AGAIN_AFTER_MS = 5_000;
const NOT_ITS_GROUND =
  ": it stands in a fence that is for others, or outside of the one that names it (fences of the site file)";

/** Vehicles that the reservation has not heard of: ours, and standing where a vehicle may stand, they are admitted. */
export class AdmissionDesk {
  readonly #yard: Yard;
  readonly #world: Pick<World, "reservation" | "alarms">;
  readonly #clock: Clock;
  readonly #askedAtMs = new Map<VehicleId, number>();
  readonly #alarmed = new Set<VehicleId>();

  constructor(yard: Yard, world: Pick<World, "reservation" | "alarms">, clock: Clock) {
    this.#yard = yard;
    this.#world = world;
    this.#clock = clock;
  }

  look(state: VehicleState, factsheet: Factsheet | undefined): void {
    const { vehicleId } = state;
    if (this.#world.reservation.isAdmitted(vehicleId)) {
      this.#placed(vehicleId);
      return;
    }
    const nowMs = this.#clock.nowMs();
    const askedAtMs = this.#askedAtMs.get(vehicleId);
    if (askedAtMs !== undefined && nowMs - askedAtMs < AGAIN_AFTER_MS) return;
    const sight = placeAtFirstSight(this.#yard, state, factsheet);
    switch (sight.kind) {
      case "stands-at":
        this.#askedAtMs.set(vehicleId, nowMs);
        this.#world.reservation.admit({
          vehicleId,
          vehicleClassId: sight.vehicleClassId,
          nodeId: sight.nodeId,
        });
        return;
      case "unplaced":
        this.#unplaced(vehicleId, sight.detail);
        return;
      case "not-ours":
        this.#placed(vehicleId);
        return;
      case "not-yet":
        return;
    }
  }

  hear(event: Extract<ReservationEvent, { kind: "admitted" | "admissionRefused" }>): void {
    const { vehicleId } = event;
    if (event.kind === "admitted") this.#placed(vehicleId);
    // Only what was asked here; a vehicle at the line is its mission's.
    else if (this.#askedAtMs.has(vehicleId)) {
      const by = event.heldBy === undefined ? "" : ` by ${event.heldBy}`;
      const why = event.reason === "not-its-ground" ? NOT_ITS_GROUND : "";
      this.#unplaced(vehicleId, `${event.reason}${by}${why}`);
    }
  }

  #placed(vehicleId: VehicleId): void {
    this.#askedAtMs.delete(vehicleId);
    if (this.#alarmed.delete(vehicleId)) this.#world.alarms.clear(`vehicle.unplaced:${vehicleId}`);
  }

  #unplaced(vehicleId: VehicleId, detail: string): void {
    this.#alarmed.add(vehicleId);
    this.#world.alarms.raise({
      alarmId: `vehicle.unplaced:${vehicleId}`,
      code: "vehicle.unplaced",
      detail,
      facts: { said: detail },
      priority: "high",
      vehicleId,
    });
  }
}
