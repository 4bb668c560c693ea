import { createHash } from "node:crypto";
import { type Ledger, packCommit } from "@baton/orchestrator/rooms";

/** The hash of everything that was written into a ledger, tick after tick. */
export interface TapeHash {
  /** The ledger, heard along. */
  readonly ledger: Ledger;
  /** Ticks that changed something. */
  ticks(): number;
  /** SHA-256 over all commits so far, in their order. */
  digest(): string;
}

/**
 * Two runs were the same when their ledgers were told the same. Epochs and leaders are part of it, the lineage of the Redis
 * (drawn by its server) is not.
 */
export function hashTape(ledger: Ledger): TapeHash {
  const hash = createHash("sha256");
  let ticks = 0;
  return {
    ledger: {
      takeLeadership: (leaderId, atMs) => ledger.takeLeadership(leaderId, atMs),
      read: () => ledger.read(),
      validEpoch: () => ledger.validEpoch(),
      settle: (epoch) => ledger.settle(epoch),
      commit: (commit) => {
        hash.update(packCommit(commit, ""));
        ticks += 1;
        return ledger.commit(commit);
      },
    },
    ticks: () => ticks,
    digest: () => hash.copy().digest("hex"),
  };
}
