import { describe, expect, it } from "vitest";
import { tell } from "../../exploration/finding.ts";
import { VISIT_BUGS } from "./bugs.ts";
import { exploreVisits } from "./explore.ts";
import { production } from "./world.ts";

/** Far above what a visit comes to, so that a search that does not end says so. */
const MOST_STATES = 400_000;
const WAY = ["A", "B", "A"];

describe("everything that can happen to a visit by the host's grants", () => {
  it.each([
    { what: "in and out by the same way, each thing that could go on for ever once", way: WAY },
    { what: "when it asks for two stretches at once", way: WAY, asksAhead: 2, most: 0 },
  ])(
    "keeps the vehicle on ground that is kept for it, entered in time, and gives all of it back: $what",
    ({ what, ...bounds }) => {
      const begun = process.cpuUsage();
      const found = exploreVisits({ ...production, ...bounds }, MOST_STATES);
      const seconds = process.cpuUsage(begun).user / 1e6;
      console.log(
        `visit exploration, ${what}: ${found.states} states, ${found.steps} steps, ${found.depth} deep, ${seconds.toFixed(1)} s of CPU`,
      );
      expect(found.broken, tell(found)).toBeUndefined();
      expect(found.states).toBeGreaterThan(10_000);
    },
    600_000,
  );

  it.each(VISIT_BUGS)(
    "finds, by property $property, $what",
    ({ property, what, machines }) => {
      const found = exploreVisits(machines, MOST_STATES);
      console.log(`${what}:\n${tell(found)}`);
      expect(found.broken).toMatch(new RegExp(`^${property}:`));
      expect(found.story.length).toBeGreaterThan(1);
    },
    120_000,
  );
});
