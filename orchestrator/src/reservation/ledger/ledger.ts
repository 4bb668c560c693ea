import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, Branded } from "@baton/maps";
import type { TickChange } from "../core/change.ts";
import type { LedgerContent } from "../core/restore.ts";

export type LeaderId = Branded<"LeaderId">;

/**
 * Where grants become true. One holder a block, one leader a zone: a commit carries its leader's epoch, and an
 * older epoch changes nothing. Time comes in as an argument and nothing in the ledger ends by itself.
 * Every method throws `LedgerUnreachable` when no answer came; whether it took effect is then open, and asking
 * again with the same arguments is safe.
 */
export interface Ledger {
  /** Raises the epoch: every leader before is fenced off from here on. */
  takeLeadership(leaderId: LeaderId, atMs: number): Promise<Leadership>;
  /** Everything committed so far. To be read after taking leadership, when nobody else can write any more. */
  read(): Promise<LedgerContent>;
  /**
   * One tick, all or nothing. Repeating the last tick changes nothing and is answered `repeated`. Throws `CommitMalformed`
   * for one that cannot be meant.
   */
  commit(commit: TickCommit): Promise<CommitOutcome>;
  /** The epoch that is valid now: for a leader who is about to tell something in a tick that needs no commit. */
  validEpoch(): Promise<number>;
  /** Says that what may have been missing is there again: to be called by a leader that found `whole: false`. */
  settle(epoch: number): Promise<SettleOutcome>;
}

export interface Leadership {
  readonly epoch: number;
  readonly lastTick: number;
  /** False when ticks that were acknowledged may be missing: a replica was promoted, or a disk was not kept. */
  readonly whole: boolean;
}

export interface TickCommit {
  readonly epoch: number;
  /** The last tick that the leader knows committed; the ledger must be exactly there. */
  readonly previousTick: number;
  readonly change: TickChange;
  /** Entries of the tick stream before this tick are dropped. */
  readonly keepFromTick: number;
}

export type CommitOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "repeated" }
  | { readonly kind: "stale-leader"; readonly epoch: number }
  /** The ledger went on without ticks that it had acknowledged: to be led anew, and rebuilt. */
  | { readonly kind: "lost-writes" }
  | { readonly kind: "wrong-tick"; readonly lastTick: number }
  /** A block to be granted is another's. */
  | { readonly kind: "held"; readonly blockId: BlockId; readonly heldBy: VehicleId }
  /** A block to be released is not the vehicle's (`undefined`: nobody's). */
  | { readonly kind: "not-holder"; readonly blockId: BlockId; readonly heldBy: VehicleId | undefined };

export type SettleOutcome = Extract<
  CommitOutcome,
  { readonly kind: "committed" | "stale-leader" | "lost-writes" }
>;

/** No answer from the ledger. Retryable; nothing is granted meanwhile. */
export class LedgerUnreachable extends Error {
  readonly code = "ledger-unreachable";
}

/** A commit that says something that no commit can: the caller's mistake, and asking again would not mend it. */
export class CommitMalformed extends RangeError {
  readonly code = "commit-malformed";
}

/** Numbers that the scripts take for what they are. Throws `CommitMalformed`. */
export function checkCommit({ epoch, previousTick, keepFromTick, change }: TickCommit): void {
  for (const [name, value] of Object.entries({ epoch, previousTick, keepFromTick, tick: change.tick })) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new CommitMalformed(`${name} of a commit is ${value}: it has to be a whole number, 0 or more`);
  }
}
