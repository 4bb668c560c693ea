import type { TransferControl } from "@baton/fleet-adapter/vda5050";
import { otherSide, type Side } from "@baton/maps";

/** Who may command the vehicle. Changed by compare-and-set only; the epoch only grows. */
export interface ControlRegister {
  readonly authority: Side;
  readonly epoch: number;
  readonly handoffId?: string;
}

export type TransferOutcome =
  | { readonly kind: "changed"; readonly register: ControlRegister }
  /** The register shows this very change already: the request was repeated. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * What keeps the vehicle from answering to somebody else at this moment: nothing when it stands without an order, or rolls
 * to the end of a base that it can let go of (see `obey.ts`).
 */
export type Obstacle = string | undefined;

/**
 * Compare-and-set of the register. `askedBy` is the side whose broker the request came over. A holder may transfer to
 * itself, whatever the vehicle does: that raises the epoch and thereby fences whatever was asked for the old one.
 */
export function transferControl(
  register: ControlRegister,
  request: TransferControl,
  askedBy: Side,
  obstacle: Obstacle,
): TransferOutcome {
  if (
    register.handoffId === request.handoffId &&
    register.authority === request.to &&
    register.epoch === request.expectedEpoch + 1 &&
    askedBy === request.from
  ) {
    return { kind: "unchanged" };
  }
  if (askedBy !== register.authority) {
    return refused(`${askedBy} does not hold the vehicle, ${register.authority} does`);
  }
  if (request.from !== register.authority) {
    return refused(`expected authority ${request.from}, it is ${register.authority}`);
  }
  if (request.expectedEpoch !== register.epoch) {
    return refused(`expected epoch ${request.expectedEpoch}, it is ${register.epoch}`);
  }
  if (obstacle !== undefined && request.to !== request.from) return refused(obstacle);
  return {
    kind: "changed",
    register: { authority: request.to, epoch: register.epoch + 1, handoffId: request.handoffId },
  };
}

function refused(reason: string): TransferOutcome {
  return { kind: "refused", reason };
}

/** What each side's latch does to motion: any one of them stops the vehicle. */
export function latch(pausedBy: readonly Side[], side: Side): readonly Side[] {
  return pausedBy.includes(side) ? pausedBy : [...pausedBy, side];
}

export function unlatch(pausedBy: readonly Side[], side: Side): readonly Side[] {
  return pausedBy.includes(side) ? pausedBy.filter((one) => one === otherSide(side)) : pausedBy;
}
