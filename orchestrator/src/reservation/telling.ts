import { type CommittedLeg, committedLegOf } from "./core/committed-leg.ts";
import type { Zone } from "./core/zone.ts";
import type { ReservationEvent } from "./port.ts";
import type { ReservationLog } from "./service-port.ts";

/** Who is told what came of a tick. A listener that fails is reported and does not keep others from hearing it. */
export class Telling {
  readonly #log: ReservationLog;
  readonly #listeners = new Set<(event: ReservationEvent) => void>();
  readonly #committedListeners = new Set<(legs: readonly CommittedLeg[]) => void>();

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

  /** To be called right after `confirmTick`. */
  committed(zone: Zone): void {
    if (this.#committedListeners.size === 0) return;
    const legs: CommittedLeg[] = [];
    for (const vehicle of zone.vehicles.values()) {
      const leg = committedLegOf(zone, vehicle);
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
