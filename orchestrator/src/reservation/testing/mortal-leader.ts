import type { Ledger } from "../ledger/ledger.ts";

/** Where in a tick a leader's process dies: around the commit, or when some are told what came of it and some not. */
export const DEATHS = ["before-send", "after-send", "after-answer", "in-telling"] as const;
export type Death = (typeof DEATHS)[number];

/** One leader's life. From its end on nothing that it does reaches anybody. */
export class Life {
  diesAt: Death | undefined;
  alive = true;
  readonly died: Promise<"died">;
  #tellDeath: (how: "died") => void = () => {};

  constructor() {
    this.died = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
  }

  end(): void {
    this.alive = false;
    this.#tellDeath("died");
  }
}

const NEVER = new Promise<never>(() => {});

/** The ledger as a leader sees it that may die while it commits. */
export function mortalLedger(ledger: Ledger, life: Life): Ledger {
  const die = (): Promise<never> => {
    life.end();
    return NEVER;
  };
  return {
    takeLeadership: (leaderId, atMs) => ledger.takeLeadership(leaderId, atMs),
    read: () => ledger.read(),
    validEpoch: () => ledger.validEpoch(),
    settle: (epoch) => ledger.settle(epoch),
    async commit(commit) {
      if (life.diesAt === "before-send") return die();
      const answer = ledger.commit(commit);
      if (life.diesAt === "after-send") {
        // On its way: whoever comes next may be faster than it, or not.
        answer.catch(() => {});
        return die();
      }
      const outcome = await answer;
      return life.diesAt === "after-answer" ? die() : outcome;
    },
  };
}
