import fc from "fast-check";

/**
 * Properties draw from one seed in every run, so that a run that passed passes again. `BATON_TEST_SEED=random` explores
 * instead (a failure prints its seed and path), and `BATON_TEST_SEED=<number>` goes back to one.
 */
const DEFAULT_SEED = 11_191_120;

const asked = process.env.BATON_TEST_SEED;
if (asked !== "random") {
  const seed = asked === undefined ? DEFAULT_SEED : Number(asked);
  if (!Number.isSafeInteger(seed))
    throw new Error(`BATON_TEST_SEED must be a whole number or "random", not ${asked}`);
  fc.configureGlobal({ seed });
}
