import { expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";

const noWatch = (): number => 0;

/** Trials are cheap where layouts are small; a few of each kind, and the whole weather. */
const SEEDS = [1, 101, 201, 301] as const;

test.each(SEEDS)(
  "trials from seed %i on end with every mission done and nothing found",
  { timeout: 120_000 },
  async (seed) => {
    const { findings, ...counts } = await runCampaign(
      { seed, vehicleTicks: 50_000, without: [], brief: true },
      noWatch,
    );
    expect(findings, findings.map(({ replay }) => replay).join("\n")).toEqual([]);
    expect(counts.legsEnded).toBeGreaterThan(20);
  },
);

test("the same seed is the same trial", { timeout: 60_000 }, async () => {
  const options = { seed: 12, vehicleTicks: 0, without: [], brief: true };
  const first = await runCampaign(options, noWatch);
  expect(await runCampaign(options, noWatch)).toEqual(first);
  expect(first.legsEnded).toBeGreaterThan(0);
});
