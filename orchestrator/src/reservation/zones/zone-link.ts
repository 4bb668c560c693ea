import type { VehicleId } from "@baton/fleet-adapter";
import type { ZoneId } from "@baton/maps";
import type { CommittedLeg } from "../core/committed-leg.ts";
import type { Command } from "../core/zone.ts";
import type { Explanation, Holding, Observation, OutOfUse, ReservationEvent } from "../port.ts";
import type { ReservationMetrics } from "../service-port.ts";

/**
 * One zone's tick loop, wherever it runs. What is sent while it is down is lost, and is to be sent again when it says
 * `up`: everything that is asked of a zone may be asked twice.
 */
export interface ZoneLink {
  readonly zoneId: ZoneId;
  /** Begins, and goes on by itself: a loop that ends is started anew. */
  start(): Promise<void>;
  stop(): Promise<void>;
  send(command: Command): void;
  observe(observation: Observation): void;
  subscribe(listener: (said: ZoneSaid) => void): () => void;
  /** False once the zone has said, since it is up, that it does not know the vehicle (any more). */
  knows(vehicleId: VehicleId): boolean;
  /** As of the last tick that was told here. */
  holding(vehicleId: VehicleId): Holding | undefined;
  explain(vehicleId: VehicleId): Explanation | undefined;
  outOfUse(): OutOfUse;
  /** As it was said last; `undefined` while nobody leads. */
  metrics(): ReservationMetrics | undefined;
}

export type ZoneSaid =
  /** A leader is at work; it knows what the ledger knows and nothing else. */
  | { readonly kind: "up" }
  /** Nobody leads: vehicles keep what they hold. */
  | { readonly kind: "down"; readonly detail: string }
  /** A tick is true in the zone's ledger: all legs as they now are, before the events that came of it. */
  | { readonly kind: "committed"; readonly legs: readonly CommittedLeg[] }
  | { readonly kind: "event"; readonly event: ReservationEvent };
