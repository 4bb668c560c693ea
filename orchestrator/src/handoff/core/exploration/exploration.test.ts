import { describe, expect, it } from "vitest";
import { BUGS, type Bug, LOSS_BUGS } from "./bugs.ts";
import { CRANE_BUGS } from "./crane-bugs.ts";
import { explore } from "./explore.ts";
import { tell } from "./finding.ts";
import { type Machines, production, productionWithCrane, productionWithLoss } from "./world.ts";

/** Far above what two hand-offs come to, so that a search that does not end says so. */
const MOST_STATES = Number(process.env.BATON_MOST_STATES ?? 400_000);
/** Two take seconds; `npm run sim -- explore` searches three. */
const HANDOFFS = Number(process.env.BATON_HANDOFFS ?? 2);
/** One crane for both directions: minutes. */
const EITHER_WAY = process.env.BATON_EITHER_WAY === "1";

const LONG_MS = 3_600_000;

function searchAll(what: string, machines: Machines): number {
  const begun = process.cpuUsage();
  const found = explore(machines, MOST_STATES);
  const seconds = process.cpuUsage(begun).user / 1e6;
  console.log(
    `${what}: ${found.states} states, ${found.steps} steps, ${found.depth} deep, ${seconds.toFixed(1)} s of CPU`,
  );
  expect(found.broken, tell(found)).toBeUndefined();
  return found.states;
}

function findsBug({ property, what, machines }: Bug): void {
  const found = explore(machines, MOST_STATES);
  console.log(`${what}:\n${tell(found)}`);
  expect(found.broken).toMatch(new RegExp(`^${property}:`));
  expect(found.story.length).toBeGreaterThan(1);
}

describe("everything that can happen to two hand-offs of one vehicle", () => {
  it(
    "keeps one holder, every check, every end and both ledgers, whatever network, vehicle and crashes do",
    () => {
      const machines = { ...production, handoffs: HANDOFFS };
      expect(searchAll("hand-off exploration", machines)).toBeGreaterThan(10_000);
    },
    LONG_MS,
  );

  it.each(BUGS)("finds, by property $property, $what", findsBug, 120_000);
});

describe("everything that can happen to a hand-off of a vehicle that may be lost for good", () => {
  it(
    "lets both sides' people say who holds it, and never lets them make two holders or none",
    () => {
      expect(searchAll("exploration of a lost vehicle", productionWithLoss)).toBeGreaterThan(500);
    },
    LONG_MS,
  );

  it.each(LOSS_BUGS)("finds, by property $property, $what", findsBug, 120_000);
});

describe("everything that can happen to two containers that change vehicle under one crane", () => {
  it(
    "keeps one holder, every check, every end and both ledgers, whatever network, crane, vehicles and crashes do",
    () => {
      const machines = { ...productionWithCrane, handoffs: HANDOFFS, eitherWay: EITHER_WAY };
      expect(searchAll("crane exploration", machines)).toBeGreaterThan(10_000);
    },
    LONG_MS,
  );

  it.each(CRANE_BUGS)("finds, by property $property, $what", findsBug, 120_000);
});
