import { expect, it } from "vitest";
import { seeded } from "../../testing/seeded.ts";
import { BUGS } from "./bugs.ts";
import { walk } from "./walk.ts";
import { production } from "./world.ts";

const SEED = Number(process.env.BATON_SEED ?? 1);

it(`random walks through eight hand-offs of one vehicle break nothing, and bring hand-offs to their end (seed ${SEED})`, () => {
  const found = walk({ ...production, handoffs: 8 }, 10_000, seeded(SEED));
  expect(found.broken, found.story.join("\n")).toBeUndefined();
  expect(found.concluded).toBeGreaterThan(found.walks);
});

const QUICKLY_FOUND = BUGS.filter(({ property }) => property === 4 || property === 2);
it.each(QUICKLY_FOUND)("a random walk finds $what", ({ property, machines }) => {
  const found = walk({ ...machines, handoffs: 4 }, 20_000, seeded(SEED));
  expect(found.broken).toMatch(new RegExp(`^${property}:`));
  expect(found.story.length).toBeGreaterThan(1);
});
