import type { Ledger } from "../ledger/ledger.ts";
import { createModelLedger, type LedgerState } from "../ledger/model.ts";

/**
 * A ledger as replicas make it: when its server is lost, one takes over that may not have the newest ticks. Whoever
 * led it is told so at the next commit, and whoever comes next finds that it is not whole.
 */
export function createForgetfulLedger(keepTicks: number): Ledger & {
  state(): Readonly<LedgerState>;
  /** Goes back by so many ticks, of those that changed anything. Returns how many it were. */
  failOver(ticks: number): number;
  /** Something was committed since the last time: what is held is true again. */
  isTrue(): boolean;
} {
  let inner = createModelLedger();
  const past: LedgerState[] = [];
  let isWhole = true;
  let isTrue = true;
  /** Epochs taken before the server was lost are of no worth. */
  let lineage = 0;
  const lineageOf = new Map<number, number>();
  let highest = 0;
  return {
    state: () => inner.state(),
    failOver(ticks) {
      const back = Math.min(ticks, past.length - 1);
      past.length -= Math.max(0, back);
      const state = past[past.length - 1];
      if (state !== undefined) inner = createModelLedger(structuredClone(state));
      isWhole = false;
      isTrue = false;
      lineage++;
      return back;
    },
    async takeLeadership(leaderId, atMs) {
      const leadership = await inner.takeLeadership(leaderId, atMs);
      highest = leadership.epoch;
      lineageOf.set(leadership.epoch, lineage);
      return { ...leadership, whole: isWhole };
    },
    isTrue: () => isTrue,
    read: () => inner.read(),
    validEpoch: () => inner.validEpoch(),
    async settle(epoch) {
      const outcome = await inner.settle(epoch);
      if (outcome.kind === "committed") isWhole = true;
      return outcome;
    },
    async commit(commit) {
      if (commit.epoch >= highest && lineageOf.get(commit.epoch) !== lineage) return { kind: "lost-writes" };
      const outcome = await inner.commit(commit);
      if (outcome.kind === "committed") {
        past.push(structuredClone(inner.state()));
        isTrue = true;
      }
      if (past.length > keepTicks) past.shift();
      return outcome;
    },
  };
}
