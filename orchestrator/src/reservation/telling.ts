import { type CommittedLeg, committedLegOf } from "./core/committed-leg.ts";
import type { VehicleRecord } from "./core/vehicle.ts";
import type { Zone } from "./core/zone.ts";
import type { ReservationEvent } from "./port.ts";
import type { ReservationLog } from "./service-port.ts";

type Leg = NonNullable<VehicleRecord["leg"]>;

/** What was last told of a leg, and what it was made from. */
interface Made extends Pick<Leg, "revision" | "confirmedRuns" | "moves" | "request" | "cut" | "completed"> {
  readonly told: CommittedLeg | undefined;
}

/** Who is told what came of a tick. A listener that fails is reported and does not keep others from hearing it. */
export class Telling {
  readonly #log: ReservationLog;
  readonly #listeners = new Set<(event: ReservationEvent) => void>();
  readonly #committedListeners = new Set<(legs: readonly CommittedLeg[]) => void>();

  readonly #made = new WeakMap<Leg, Made>();

  constructor(log: ReservationLog) {
    this.#log = log;
  }

  subscribe(listener: (event: ReservationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void {
    this.#committedListeners.add(listener);
    return () => void this.#committedListeners.delete(listener);
  }

  event(event: ReservationEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (err) {
        this.#log.error({ err, event }, "a listener failed");
      }
    }
  }

  /** What is told of a leg is made anew only when something of it has changed. */
  #committedLegOf(zone: Zone, vehicle: VehicleRecord): CommittedLeg | undefined {
    const { leg } = vehicle;
    if (leg === undefined) return undefined;
    const known = this.#made.get(leg);
    if (
      known?.revision === leg.revision &&
      known.confirmedRuns === leg.confirmedRuns &&
      known.moves === leg.moves &&
      known.request === leg.request &&
      known.cut === leg.cut &&
      known.completed === leg.completed
    )
      return known.told;
    const { revision, confirmedRuns, moves, request, cut, completed } = leg;
    const told = committedLegOf(zone, vehicle);
    this.#made.set(leg, { revision, confirmedRuns, moves, request, cut, completed, told });
    return told;
  }

  /** To be called right after `confirmTick`. */
  committed(zone: Zone): void {
    if (this.#committedListeners.size === 0) return;
    const legs: CommittedLeg[] = [];
    for (const vehicle of zone.vehicles.values()) {
      const leg = this.#committedLegOf(zone, vehicle);
      if (leg !== undefined) legs.push(leg);
    }
    for (const listener of this.#committedListeners) {
      try {
        listener(legs);
      } catch (err) {
        this.#log.error({ err }, "a listener failed");
      }
    }
  }
}
