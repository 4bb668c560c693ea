/**
 * A number in [0, 1) that depends on nothing but its arguments: what happens to a vehicle in a second is the same
 * whoever steers it, so that engines can be compared in pairs. Mixing by Murmur3's finaliser (A. Appleby, public domain).
 */
export function hashed(seed: number, a: number, b: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  h = mix(h ^ Math.imul(a + 1, 0xcc9e2d51));
  h = mix(h ^ Math.imul(b + 1, 0x1b873593));
  return (h >>> 0) / 4294967296;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A seeded stream of numbers in [0, 1). */
export function streamOf(seed: number): () => number {
  let drawn = 0;
  return () => hashed(seed, drawn++, 0x5bd1e995);
}

/** Draws `count` different elements; shuffles no more than it must. */
export function drawn<T>(from: readonly T[], count: number, random: () => number): T[] {
  const left = [...from];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) {
    const index = Math.floor(random() * left.length);
    const [one] = left.splice(index, 1);
    if (one !== undefined) chosen.push(one);
  }
  return chosen;
}
