import type { HandoffId } from "../port.ts";
import type { Effect } from "./effects.ts";
import type { Words } from "./word.ts";

/** What the people of a side have to hear: that the partner's have spoken, or that the two words are not the same. */
export function troubleOfWords({
  handoffId,
  ourWord,
  theirWord,
}: Words & { readonly handoffId: HandoffId }): readonly Effect[] {
  if (theirWord === undefined || theirWord.round < (ourWord?.round ?? 0)) return [];
  const { holder, account, reason } = theirWord;
  const said = `${account} of the partner says that the ${holder} holds: ${reason}`;
  const code = ourWord === undefined ? "resolution-awaited" : "resolution-disagrees";
  return [
    {
      kind: "announce",
      event: {
        kind: "trouble",
        handoffId,
        code,
        detail: said,
        cause: holder,
        said: `${reason} (${account})`,
      },
    },
  ];
}
