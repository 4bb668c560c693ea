import { describe, expect, it } from "vitest";
import { BUGS } from "./bugs.ts";
import { explore, tell } from "./explore.ts";
import { production } from "./world.ts";

/** Far above what two hand-offs come to, so that a search that does not end says so. */
const MOST_STATES = Number(process.env.BATON_MOST_STATES ?? 400_000);
/** Two take seconds; `npm run sim -- explore` searches three. */
const HANDOFFS = Number(process.env.BATON_HANDOFFS ?? 2);

describe("everything that can happen to two hand-offs of one vehicle", () => {
  it("keeps one holder, every check, every end and both ledgers, whatever network, vehicle and crashes do", () => {
    const begun = process.cpuUsage();
    const found = explore({ ...production, handoffs: HANDOFFS }, MOST_STATES);
    const seconds = process.cpuUsage(begun).user / 1e6;
    console.log(
      `hand-off exploration: ${found.states} states, ${found.steps} steps, ${found.depth} deep, ${seconds.toFixed(1)} s of CPU`,
    );
    expect(found.broken, tell(found)).toBeUndefined();
    expect(found.states).toBeGreaterThan(10_000);
  }, 3_600_000);

  it.each(BUGS)(
    "finds, by property $property, $what",
    ({ property, what, machines }) => {
      const found = explore(machines, MOST_STATES);
      console.log(`${what}:\n${tell(found)}`);
      expect(found.broken).toMatch(new RegExp(`^${property}:`));
      expect(found.story.length).toBeGreaterThan(1);
    },
    120_000,
  );
});
