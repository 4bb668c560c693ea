/** Something that can be found by its words and done. */
export interface Findable {
  readonly label: string;
  /** Also searched, shown dimmed. */
  readonly detail: string;
}

/** Letters as they are typed in a hurry: no marks, no case. `đ` has no mark that could be taken off. */
export function plainText(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .replaceAll(/[đĐ]/g, "d")
    .toLowerCase();
}

/** How well an entry fits: 0 not at all. Its beginning counts most, then the beginning of a word, then any place. */
function fit(entry: Findable, words: readonly string[]): number {
  const label = plainText(entry.label);
  const all = `${label} ${plainText(entry.detail)}`;
  let least = 3;
  for (const word of words) {
    const at = all.indexOf(word);
    if (at < 0) return 0;
    const score = label.startsWith(word) ? 3 : isWordStart(all, word) ? 2 : 1;
    least = Math.min(least, score);
  }
  return least;
}

function isWordStart(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || /[^\p{Letter}\p{Number}]/u.test(text[at - 1] ?? "")) return true;
  return false;
}

/** Entries that have every word of what was typed, best first, else in their own order; at most `count`. */
export function found<Entry extends Findable>(
  entries: readonly Entry[],
  typed: string,
  count: number,
): readonly Entry[] {
  const words = plainText(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  return entries
    .map((entry, order) => ({ entry, order, score: fit(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, count)
    .map(({ entry }) => entry);
}
