import type { ChainLinkView } from "@baton/orchestrator/contract";
import type { ChainHead } from "../scene/waiting-arrows.ts";

/** More links than this are counted and not listed: the first say whom to look at, the head says why. */
const LISTED = 5;

export interface WaitingChain {
  readonly links: readonly (Pick<ChainLinkView, "heldBy" | "how"> & {
    readonly freeAtMs: number | undefined;
  })[];
  /** Links that are not listed. */
  readonly more: number;
  readonly head: { readonly vehicleId: string; readonly because: ChainHead };
}

/** A chain as it is read out: whom the vehicle waits for, whom that one waits for, and what the last one does or lacks. */
export function waitingChainOf(chain: readonly ChainLinkView[], head: WaitingChain["head"]): WaitingChain {
  const listed = chain.slice(0, LISTED);
  return {
    links: listed.map(({ heldBy, how, projectedFreeAtMs: freeAtMs }) => ({ heldBy, how, freeAtMs })),
    more: chain.length - listed.length,
    head,
  };
}
