import type { Ledger, TickCommit } from "../../../orchestrator/src/reservation/ledger/ledger.ts";

/** What becomes of a commit on its way. */
export type CommitFate =
  | "arrives"
  /** It never gets there; or it does, and the answer gets lost. */
  | "request-lost"
  | "answer-lost"
  /** The leader dies before it is sent; or after it took effect, before anyone was told. */
  | "dies-before"
  | "dies-after"
  /** Another leader takes over while it is on its way. */
  | "overtaken";

export interface WitnessedLeader {
  readonly name: string;
  fateOfCommit(): CommitFate;
  die(): void;
}

export interface WitnessOptions {
  readonly inner: Ledger;
  readonly unreachable: new (message: string) => Error;
  /** Called for each commit that the ledger took, with the highest epoch that it has given out. */
  readonly onTaken: (commit: TickCommit, highestEpoch: number, leader: WitnessedLeader) => void;
  readonly takeOver: () => Promise<void>;
}

/** Stands between leaders and the ledger: sees what the ledger takes, and loses, delays or cuts off what it is told to. */
export class Witness {
  readonly #options: WitnessOptions;
  #highestEpoch = 0;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** The ledger as one leader sees it. */
  ledgerOf(leader: WitnessedLeader): Ledger {
    const { inner, unreachable, onTaken, takeOver } = this.#options;
    const take = async (commit: TickCommit) => {
      const outcome = await inner.commit(commit);
      if (outcome.kind === "committed") onTaken(commit, this.#highestEpoch, leader);
      return outcome;
    };
    return {
      ...inner,
      takeLeadership: async (leaderId, atMs) => {
        const leadership = await inner.takeLeadership(leaderId, atMs);
        this.#highestEpoch = Math.max(this.#highestEpoch, leadership.epoch);
        return leadership;
      },
      read: () => inner.read(),
      commit: async (commit) => {
        const fate = leader.fateOfCommit();
        switch (fate) {
          case "arrives":
            return take(commit);
          case "request-lost":
            throw new unreachable("the request was lost");
          case "answer-lost":
            await take(commit);
            throw new unreachable("the answer was lost");
          case "dies-before":
            leader.die();
            throw new unreachable("the leader is dead");
          case "dies-after":
            await take(commit);
            leader.die();
            throw new unreachable("the leader is dead");
          case "overtaken":
            await takeOver();
            return take(commit);
        }
      },
    };
  }
}
