import type { TickOutcome } from "./core/tick.ts";
import type { TickReport } from "./service-port.ts";

/** What a tick came to, `done` when one was computed. */
export function reportOf(
  tick: number,
  outcome: TickReport["outcome"],
  done: TickOutcome | undefined,
): TickReport {
  const count = (list: readonly { readonly blockIds: readonly unknown[] }[]): number =>
    list.reduce((sum, entry) => sum + entry.blockIds.length, 0);
  return {
    tick,
    outcome,
    planned: done?.planned ?? 0,
    grantedBlocks: count(done?.change.grants ?? []),
    releasedBlocks: count(done?.change.releases ?? []),
  };
}
