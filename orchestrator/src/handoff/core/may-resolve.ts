import { type GiverState, giverWordRefusal } from "./giver-state.ts";
import { type TakerState, takerWordRefusal } from "./taker.ts";
import type { Holder, WordRefusal } from "./word.ts";

/** Why a side's people cannot say that `holder` has what is handed over; `undefined` when they can, or have said so before. */
export function refusalToResolve(state: GiverState | TakerState, holder: Holder): WordRefusal | undefined {
  return state.role === "giver" ? giverWordRefusal(state, holder) : takerWordRefusal(state, holder);
}
