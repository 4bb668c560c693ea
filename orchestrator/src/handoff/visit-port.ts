import type { VehicleId } from "@baton/fleet-adapter";
import type { VisitPage } from "./core/visit/page.ts";
import type { Visitor } from "./core/visit/visitor.ts";
import type { HandoffId } from "./port.ts";

/** One stretch of this side's ground that a foreign vehicle has, or waits for. */
export interface GroundClaim {
  readonly vehicleId: VehicleId;
  readonly stretchId: string;
  /** It is the vehicle's already: nobody else gets it, whatever else is asked for. */
  readonly isKept: boolean;
}

/** This side's ledger, as far as it is for foreign vehicles. */
export interface VisitGround {
  /** Whether there is such ground, and visitors may have it. */
  knows(stretchId: string): boolean;
  /** All that visitors have and wait for: what is not named any more may go to others. Idempotent. */
  keep(claims: readonly GroundClaim[]): void;
  /** The ledger has it for this vehicle: nobody else is on it, or will be granted it. */
  isHeld(vehicleId: VehicleId, stretchId: string): boolean;
}

/**
 * Visits by a host's grants, as missions see them. The home side asks for ground, enters what is granted, and says what is clear; the
 * host may want ground back. Requests name the hand-off that the visit began with, and are idempotent.
 */
export interface Visits {
  /** Home: asks for a stretch. */
  want(handoffId: HandoffId, stretchId: string): void;
  /**
   * Home: resolves with true once it is kept for good that the vehicle may be on the stretch; only then may the vehicle be told. False
   * when it is not granted, or its lease is over or nearly so.
   */
  enter(handoffId: HandoffId, stretchId: string): Promise<boolean>;
  /** Home: by its own word the vehicle is not on it, and no order of its leads there. */
  left(handoffId: HandoffId, stretchId: string): void;
  /** Home: it is not wanted any more, and was not entered. */
  giveUp(handoffId: HandoffId, stretchId: string): void;
  /** Home: the vehicle is on its own ground, and stays. */
  end(handoffId: HandoffId): void;
  /** Host: wants a stretch back; it is free when the home side says that it is clear. */
  revoke(handoffId: HandoffId, stretchId: string): void;
  /** Home: what is known of the visit. */
  visitor(handoffId: HandoffId): Visitor | undefined;
  /** Host: the page of the ledger. */
  page(handoffId: HandoffId): VisitPage | undefined;
  /** Host: every page that is kept. */
  pages(): readonly VisitPage[];
  /** Told of each change, when it is kept for good. */
  subscribe(listener: (handoffId: HandoffId) => void): () => void;
}
