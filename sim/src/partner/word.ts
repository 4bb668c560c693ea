import type { Behaviour } from "./behaviour.ts";
import type { Word } from "./messages.ts";

/**
 * What people say of a hand-off whose vehicle is lost (docs/partner-api.md, "A vehicle that is lost"), as the emulated
 * country's do.
 */
type Holder = Word["holder"];

/** What of a hand-off a word depends on. */
interface Spoken {
  readonly phase: string;
  readonly ourWord?: Word;
  readonly theirWord?: Word;
}

/** What this side has read of the register already; undefined while it waits for it. */
function hasRead({ phase }: Spoken): Holder | undefined {
  if (phase === "switched" || phase === "receipted" || phase === "concluded") return "taker";
  return phase === "ended" || phase === "declined" ? "giver" : undefined;
}

/** The word that answers the peer's, in its round; undefined when there is none to be said. */
export function answerTo(handoff: Spoken, manner: Behaviour["resolution"]): Word | undefined {
  const { theirWord, ourWord, phase } = handoff;
  if (manner === "silent" || theirWord === undefined) return undefined;
  if (ourWord !== undefined && ourWord.round >= theirWord.round) return undefined;
  const read = hasRead(handoff);
  if (read === undefined && phase !== "gone" && phase !== "fencing") return undefined;
  const other: Holder = theirWord.holder === "giver" ? "taker" : "giver";
  const holder = read ?? (manner === "agree" ? theirWord.holder : other);
  return { round: theirWord.round, holder, account: "emulator", reason: "as its behaviour asks" };
}

/** Whether our own word forbids to act on a register that says `holder`: until it is disputed, it does. */
export function bindsAgainst({ ourWord, theirWord }: Spoken, holder: Holder): boolean {
  if (ourWord === undefined || ourWord.holder === holder) return false;
  return theirWord === undefined || theirWord.round < ourWord.round || theirWord.holder === ourWord.holder;
}
