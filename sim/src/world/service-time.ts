import { seededRandom } from "../random/seeded.ts";
import { type Distribution, drawS } from "../scenario/distribution.ts";

/** How long something takes, milliseconds: the same for the same names, so that a restart does not draw again. */
export function serviceTimeMs(distribution: Distribution, ...names: readonly string[]): number {
  const random = seededRandom("service", ...names);
  return Math.round(drawS(distribution, random.next(), random.next()) * 1000);
}
