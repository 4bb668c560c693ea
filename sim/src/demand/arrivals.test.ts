import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { DayProfile, Pattern } from "../scenario/demand-schema.ts";
import { DAY_MS, HOUR_MS, isWithin } from "../scenario/hours.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type ArrivalStream, arrivals, arrivalsOf, perDayFrom, ratePerHour } from "./arrivals.ts";
import { afterAnswer, type Demand, freshDemand, orderDue } from "./demand.ts";
import { orderNumber, orderOf } from "./orders.ts";

/** A Monday's midnight in Viet Nam. */
const MIDNIGHT_MS = Date.parse("2026-06-01T00:00:00+07:00");

const PATTERNS: readonly Pattern[] = [
  { kind: "poisson" },
  { kind: "fixed" },
  { kind: "batches", minSize: 2, maxSize: 6, gapS: 30 },
];

const profileOf = fc.record({
  hours: fc
    .array(fc.integer({ min: 0, max: 5 }), { minLength: 24, maxLength: 24 })
    .map((hours) => (hours.some((weight) => weight > 0) ? hours : [1, ...hours.slice(1)])),
  peaks: fc.array(
    fc.record({
      window: fc.record({
        from: fc.constantFrom("00:00", "06:30", "08:15", "22:00"),
        to: fc.constantFrom("02:45", "09:00", "24:00"),
      }),
      times: fc.constantFrom(0, 0.5, 2),
      source: fc.constant("a test"),
    }),
    { maxLength: 2 },
  ),
  pattern: fc.constantFrom(...PATTERNS),
  source: fc.constant("a test"),
});

const streamOf = (profile: DayProfile, perDay: number, seed = "test"): ArrivalStream => ({
  names: [seed],
  perDay,
  profile,
  utcOffsetMinutes: 420,
  startsAtMs: MIDNIGHT_MS,
});

describe("arrivals", () => {
  it("are the same however the time is cut into windows", () => {
    fc.assert(
      fc.property(
        profileOf,
        fc.integer({ min: 0, max: 2_000 }),
        // Anywhere, and where hours begin: batches that began before are cut there.
        fc.array(
          fc.oneof(
            fc.integer({ min: 1, max: DAY_MS }),
            fc.integer({ min: 1, max: 23 }).map((hour) => hour * HOUR_MS),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        (profile, perDay, cuts) => {
          const stream = streamOf(profile, perDay);
          const whole = arrivalsOf(stream, MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS);
          const edges = [0, ...cuts.sort((a, b) => a - b), DAY_MS].map((cutMs) => MIDNIGHT_MS + cutMs);
          const parts = edges.slice(1).flatMap((toMs, i) => arrivalsOf(stream, edges[i] ?? 0, toMs));
          expect(parts).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("come in order, each within its window, and no number twice", () => {
    fc.assert(
      fc.property(profileOf, fc.integer({ min: 0, max: 2_000 }), (profile, perDay) => {
        const found = arrivalsOf(streamOf(profile, perDay), MIDNIGHT_MS + 1_234, MIDNIGHT_MS + DAY_MS / 2);
        found.forEach(({ atMs }, i) => {
          expect(atMs).toBeGreaterThanOrEqual(MIDNIGHT_MS + 1_234);
          expect(atMs).toBeLessThan(MIDNIGHT_MS + DAY_MS / 2);
          expect(atMs).toBeGreaterThanOrEqual(found[i - 1]?.atMs ?? 0);
        });
        expect(new Set(found.map(({ number }) => number)).size).toBe(found.length);
        for (const { number } of found) expect(number).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });

  it("are as many in each hour as the profile and its peaks say, over many days", () => {
    const days = 100;
    for (const each of PATTERNS) {
      // Members of a batch may come in the hour after it; not here.
      const pattern = each.kind === "batches" ? { ...each, gapS: 0 } : each;
      const profile: DayProfile = {
        hours: Array.from({ length: 24 }, (_, hour) => hour % 5),
        peaks: [{ window: { from: "08:30", to: "10:15" }, times: 3, source: "a test" }],
        pattern,
        source: "a test",
      };
      const stream = streamOf(profile, 480);
      const found = arrivalsOf(stream, MIDNIGHT_MS, MIDNIGHT_MS + days * DAY_MS);
      // By quarters of an hour: the peak begins and ends within an hour.
      const counts = Array<number>(96).fill(0);
      for (const { atMs } of found) {
        const quarter = Math.floor(((atMs - MIDNIGHT_MS) % DAY_MS) / (HOUR_MS / 4));
        counts[quarter] = (counts[quarter] ?? 0) + 1;
      }
      counts.forEach((count, quarter) => {
        const expected = (ratePerHour(stream, MIDNIGHT_MS + (quarter * HOUR_MS) / 4) * days) / 4;
        // Batches of up to six come with six times the variance at most; five standard deviations. Evenly spaced ones
        // are the same number each day, which a quarter's rounds up or down.
        const off = each.kind === "fixed" ? days : 5 * Math.sqrt(6 * expected);
        expect(Math.abs(count - expected), `${pattern.kind}, quarter ${quarter}`).toBeLessThanOrEqual(off);
      });
    }
  });

  it("of a Poisson process have gaps like its exponential distribution", () => {
    const profile: DayProfile = { hours: Array(24).fill(1), pattern: { kind: "poisson" }, source: "a test" };
    const found = arrivalsOf(streamOf(profile, 2_400), MIDNIGHT_MS, MIDNIGHT_MS + 20 * DAY_MS);
    const gapsS = found.slice(1).map(({ atMs }, i) => (atMs - (found[i]?.atMs ?? 0)) / 1000);
    const meanGapS = 36;
    // Kolmogorov and Smirnov: the largest distance of the distributions; 1.63 / sqrt(n) is its 99 % bound.
    const sorted = gapsS.sort((a, b) => a - b);
    const distance = Math.max(
      ...sorted.map((gapS, i) => Math.abs(1 - Math.exp(-gapS / meanGapS) - i / sorted.length)),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length));
  });

  it("at fixed distances are evenly spaced, and make up the day's number", () => {
    const profile: DayProfile = { hours: Array(24).fill(1), pattern: { kind: "fixed" }, source: "a test" };
    const found = arrivalsOf(streamOf(profile, 480), MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS);
    expect(found).toHaveLength(480);
    found.slice(1).forEach(({ atMs }, i) => {
      expect(Math.abs(atMs - (found[i]?.atMs ?? 0) - 180_000)).toBeLessThanOrEqual(1);
    });
  });

  it("of batches come in groups of the sizes asked for, with their gap", () => {
    const pattern: Pattern = { kind: "batches", minSize: 3, maxSize: 5, gapS: 20 };
    const profile: DayProfile = { hours: Array(24).fill(1), pattern, source: "a test" };
    const found = arrivalsOf(streamOf(profile, 24), MIDNIGHT_MS, MIDNIGHT_MS + 50 * DAY_MS);
    const within20S = found.slice(1).filter(({ atMs }, i) => atMs - (found[i]?.atMs ?? 0) <= 20_000).length;
    // Of groups of 4 on average three in four members follow close behind another.
    expect(within20S / found.length).toBeGreaterThan(0.7);
    expect(within20S / found.length).toBeLessThan(0.8);
  });

  it("of another seed are others", () => {
    const profile: DayProfile = { hours: Array(24).fill(1), pattern: { kind: "poisson" }, source: "a test" };
    const [one, other] = ["a", "b"].map((seed) =>
      arrivalsOf(streamOf(profile, 500, seed), MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS),
    );
    expect(one).not.toEqual(other);
  });
});

describe("a scenario's arrivals", () => {
  let scenario: Scenario;
  beforeAll(async () => {
    ({ scenario } = await loadScenario("target-2027-1119"));
  });

  it("are the unmanned pair's part of the road, and none while the lanes are maintained", () => {
    expect(perDayFrom(scenario, "vn")).toBe(650);
    const fromMs = scenario.startsAtMs;
    const found = arrivals(scenario, "vn", fromMs, fromMs + 30 * DAY_MS);
    expect(Math.abs(found.length - 30 * 650)).toBeLessThan(5 * Math.sqrt(30 * 650));
    expect(found.filter(({ atMs }) => isWithin({ from: "02:00", to: "04:00" }, atMs, 420))).toEqual([]);
    const imports = arrivals(scenario, "cn", fromMs, fromMs + DAY_MS);
    expect(imports.filter(({ atMs }) => isWithin({ from: "03:00", to: "05:00" }, atMs, 480))).toEqual([]);
  });

  it("of two pairs of lanes are half of it for each, for as many as are laid out", async () => {
    const { scenario: both } = await loadScenario("second-lane-1119");
    const { scenario: one } = await loadScenario("second-lane-1119", [
      { path: "layout.lanePairs", value: 1 },
    ]);
    expect(perDayFrom(both, "vn")).toBe(1350);
    expect(perDayFrom(one, "vn")).toBe(675);
  });

  it("have numbers that can be read back from their orders", () => {
    const [first] = arrivals(
      scenario,
      "vn",
      scenario.startsAtMs + 90 * DAY_MS,
      scenario.startsAtMs + 91 * DAY_MS,
    );
    const number = first?.number ?? 0;
    expect(orderNumber(scenario, "vn", orderOf(scenario, "vn", number).orderId)).toBe(number);
  });

  it("are placed each once, in order, also when nobody answers for a while", () => {
    const placed: number[] = [];
    const fromMs = scenario.startsAtMs + HOUR_MS;
    const toMs = fromMs + 2 * HOUR_MS;
    let demand: Demand = { ...freshDemand, lastArrival: { atMs: fromMs, number: 0 } };
    for (let nowMs = fromMs; nowMs < toMs; nowMs += 2_000) {
      const order = orderDue(demand, scenario, "vn", [], nowMs);
      if (order === undefined) continue;
      const isAway = nowMs - fromMs > HOUR_MS && nowMs - fromMs < 1.2 * HOUR_MS;
      if (!isAway) placed.push(orderNumber(scenario, "vn", order.orderId) ?? 0);
      const answer = isAway
        ? ({ kind: "away", detail: "" } as const)
        : ({ kind: "ok", value: { missionId: "m", existed: false } } as const);
      demand = afterAnswer(demand, scenario, "vn", answer, nowMs);
    }
    const come = arrivals(scenario, "vn", fromMs + 1, toMs - 2_000);
    expect(placed.slice(0, come.length - 2)).toEqual(come.slice(0, -2).map(({ number }) => number));
    expect(placed.length).toBeGreaterThanOrEqual(come.length - 1);
  });
});
