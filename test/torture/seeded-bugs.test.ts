import { describe, expect, test } from "vitest";
import { SEEDED_BUGS } from "./seeded/bugs.ts";
import { hunt, withoutBug } from "./seeded/hunt.ts";

describe.each(Object.entries(SEEDED_BUGS))("%s", (name, bug) => {
  test(`is found: ${bug.what}`, { timeout: 60_000 }, async () => {
    const { finding, trials } = await hunt(name, 1);
    expect(bug.shows).toContain(finding?.kind);
    const clean = await withoutBug(
      name,
      trials.map(({ plan }) => plan.seed),
    );
    expect(clean.map((result) => result.finding)).toEqual(trials.map(() => undefined));
  });
});
