/** Numbers in [0, 1) that look random and are the same for the same seed. */
export type Random = () => number;

/** xorshift32 (Marsaglia 2003): more than enough to choose whom to plan again. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Puts a list into a random order, in place (Fisher & Yates). */
export function shuffle<T>(list: T[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [one, other] = [list[i], list[j]];
    if (one === undefined || other === undefined) return;
    list[i] = other;
    list[j] = one;
  }
}
