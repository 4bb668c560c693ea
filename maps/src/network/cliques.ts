/**
 * A greedy edge-clique cover: sets of items that all overlap each other, so that every overlapping pair is in
 * one of them and no other pair is. Each set becomes a block.
 *
 * `closure(item)` names items that overlap everything the item overlaps (for a stop pose: the moves from and
 * to it); they join every set that the item is in, so that whoever holds them holds the item's blocks, too.
 * Items that overlap nothing get a set of their own; items that are not `present` get none.
 */
export function cliqueCover(
  overlapping: readonly (readonly number[])[],
  present: (item: number) => boolean,
  closure: (item: number) => readonly number[],
): number[][] {
  const neighbours = overlapping.map((list) => new Set(list));
  const uncovered = overlapping.map((list) => new Set(list));
  const cliques: number[][] = [];
  const inClique = new Uint8Array(overlapping.length);

  const keep = (members: Iterable<number>): void => {
    const clique = [...new Set(members)].sort((a, b) => a - b);
    for (const a of clique) {
      inClique[a] = 1;
      for (const b of clique) if (a !== b) uncovered[a]?.delete(b);
    }
    cliques.push(clique);
  };

  overlapping.forEach((others, first) => {
    for (const second of others) {
      if (uncovered[first]?.has(second) !== true) continue;
      const grown = grow(first, second, neighbours, uncovered);
      keep(grown.flatMap((item) => [item, ...closure(item)]));
    }
  });
  overlapping.forEach((_, item) => {
    if (present(item) && inClique[item] === 0) keep([item]);
  });
  return cliques;
}

/** Grows a pair by whichever common neighbour covers most pairs that are not covered yet. */
function grow(
  first: number,
  second: number,
  neighbours: readonly ReadonlySet<number>[],
  uncovered: readonly ReadonlySet<number>[],
): number[] {
  const clique = [first, second];
  let candidates = [...(neighbours[first] ?? [])].filter((item) => neighbours[second]?.has(item) === true);
  while (candidates.length > 0) {
    let best: number | undefined;
    let bestGain = 0;
    for (const candidate of candidates) {
      let gain = 0;
      for (const member of clique) if (uncovered[candidate]?.has(member) === true) gain += 1;
      if (gain > bestGain) {
        best = candidate;
        bestGain = gain;
      }
    }
    if (best === undefined) break;
    const chosen = best;
    clique.push(chosen);
    candidates = candidates.filter((item) => item !== chosen && neighbours[chosen]?.has(item) === true);
  }
  return clique;
}
