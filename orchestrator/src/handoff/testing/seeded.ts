import type { RandomSource } from "@baton/fleet-adapter";

/** A stream of numbers that is the same for the same seed (a linear congruence, Numerical Recipes). */
export function seeded(seed: number): RandomSource {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return {
    next: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}
