import { seededRandom } from "../random/seeded.ts";
import type { Duration } from "../scenario/scenario.ts";

/** How long something takes, milliseconds: the same for the same names, so that a restart does not draw again. */
export function serviceTimeMs(duration: Duration, ...names: readonly string[]): number {
  const random = seededRandom("service", ...names);
  // The sum of two uniform draws has a triangular density on (-1, 1).
  const off = random.next() + random.next() - 1;
  return Math.round(duration.value * 1000 * (1 + off * (duration.spread ?? 0)));
}
