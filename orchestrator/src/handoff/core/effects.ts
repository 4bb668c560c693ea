import type { ControlRegister } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { HandoffEvent, HandoverMode } from "../port.ts";
import type { ProblemCode } from "../problems.ts";
import type { Message, SignedRecord } from "./messages.ts";

/** What a machine wants done. State and effects of one step are made durable together, before anything is carried out. */
export type Effect =
  /** To the partner, until it acknowledges. Saying the same step again is harmless. */
  | { readonly kind: "send"; readonly message: Message }
  /** To this side's missions, at least once. */
  | { readonly kind: "announce"; readonly event: HandoffEvent }
  /**
   * Compare-and-set of the witness: the vehicle's control register, or the transfer device's custody register. `to` our own side
   * is the fence that voids every late switch.
   */
  | { readonly kind: "switch"; readonly from: Side; readonly expectedEpoch: number; readonly to: Side }
  /** To the transfer device: our vehicle stands on its pad for this hand-off, and stays until the witness has spoken. */
  | { readonly kind: "dock"; readonly expectedEpoch: number }
  /** A record with our own signature: the next link of this side's chain. */
  | { readonly kind: "append"; readonly record: SignedRecord }
  /** The partner's signature to a record that we appended before. */
  | { readonly kind: "complete"; readonly record: SignedRecord }
  /** The message is answered with this problem; the state is as it was. */
  | { readonly kind: "refuse"; readonly code: ProblemCode; readonly detail: string };

export type Step<State> = readonly [State, readonly Effect[]];

/**
 * Where the witness stands for one hand-off that was made ready at `epoch`. The register only grows, only its holder
 * changes it, and transfer and fence compare with the same epoch: the first of them to reach the vehicle decides, and it
 * makes the epoch one more.
 */
export type WitnessReading = "unchanged" | "taker" | "giver";

/** What a side reads from the register, of a hand-off that is open for it. */
export interface Witnessed {
  readonly role: "giver" | "taker";
  readonly handoffId: string;
  readonly taker: Side;
  readonly epoch: number;
  readonly offer: { readonly mode: HandoverMode };
}

/**
 * The register shows its last change only. One that a later hand-off made says by itself nothing of this one: while this
 * one is open for the giver, nobody but the taker can have gone on from its change, so the taker has had the
 * vehicle; while it is open for the taker, which has not taken over, nobody but the giver can, so the giver has
 * fenced. A register without a hand-off's id is believed by its holder alone.
 *
 * A transfer device's register is of what stands under it. It names a hand-off when that is presented and when it is handed
 * over, and none when it was given up; and nothing new is presented while a loaded vehicle of the one before is there. So what
 * names another one came after this one was over for whoever had the container: for the taker it was given up.
 */
export function readWitness(register: ControlRegister, of: Witnessed): WitnessReading {
  if (register.epoch <= of.epoch) return "unchanged";
  const byHolder = register.authority === of.taker ? "taker" : "giver";
  if (register.handoffId === of.handoffId) return byHolder;
  if (of.offer.mode === "container-transfers") {
    if (of.role === "taker") return "giver";
    return register.epoch === of.epoch + 1 ? "giver" : "taker";
  }
  if (register.handoffId === undefined) return byHolder;
  if (of.role === "taker") return "giver";
  return register.epoch === of.epoch + 1 ? byHolder : "taker";
}
