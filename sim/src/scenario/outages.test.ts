import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, isWithin, timeOfDayMs, windowsIn } from "./hours.ts";
import { loadScenario } from "./load.ts";
import { deviceUpAt, isOpenAt, laneClosuresIn, partnerLinkUpAt, peopleAt, speedCapFor } from "./outages.ts";
import type { Scenario } from "./scenario.ts";

/** Hours of a day, in Viet Nam. */
const at = (time: string): number => Date.parse(`2026-06-02T${time}:00+07:00`);

const load = async (name: string): Promise<Scenario> => (await loadScenario(name)).scenario;

describe("hours of the day", () => {
  it("are the same day's or reach over midnight, in local time", () => {
    expect(isWithin({ from: "08:00", to: "10:00" }, at("09:59"), 420)).toBe(true);
    expect(isWithin({ from: "08:00", to: "10:00" }, at("10:00"), 420)).toBe(false);
    expect(isWithin({ from: "08:00", to: "10:00" }, at("07:30"), 480)).toBe(true);
    expect(isWithin({ from: "22:00", to: "04:00" }, at("03:00"), 420)).toBe(true);
    expect(isWithin({ from: "22:00", to: "04:00" }, at("12:00"), 420)).toBe(false);
    expect(isWithin({ from: "00:00", to: "24:00" }, at("23:59"), 420)).toBe(true);
  });

  it("cut an interval into exactly the instants that are within", () => {
    const time = fc.constantFrom("00:00", "00:30", "06:00", "11:15", "23:45", "24:00");
    fc.assert(
      fc.property(
        fc.record({ from: time, to: time }).filter(({ from, to }) => from !== to && from !== "24:00"),
        fc.integer({ min: 0, max: 3 * DAY_MS }),
        fc.integer({ min: 1, max: 3 * DAY_MS }),
        fc.integer({ min: 0, max: 99 }),
        (window, offMs, spanMs, part) => {
          const fromMs = at("00:00") + offMs;
          const within = { fromMs, toMs: fromMs + spanMs };
          const instant = fromMs + Math.floor((spanMs * part) / 100);
          const found = windowsIn(window, 420, within).some(
            (one) => instant >= one.fromMs && instant < one.toMs,
          );
          expect(found).toBe(isWithin(window, instant, 420));
        },
      ),
    );
  });
});

describe("what goes wrong in a scenario", () => {
  let bad: Scenario;
  beforeAll(async () => {
    bad = await load("bad-day-1119");
  });

  it("takes a scanner away for its hours, and nothing else", async () => {
    const down = await load("scanner-down-1119");
    const isUp = deviceUpAt(down, "vn", "vn.scanner-out");
    expect([at("09:59"), at("10:00"), at("11:59"), at("12:00")].map((atMs) => isUp?.(atMs))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(deviceUpAt(down, "vn", "vn.scanner-in")).toBeUndefined();
  });

  it("takes devices away at random for the share of time that their figures say, the same for every process", () => {
    const isUp = deviceUpAt(bad, "cn", "cn.crane-2");
    const again = deviceUpAt(bad, "cn", "cn.crane-2");
    if (isUp === undefined || again === undefined) throw new Error("it fails at random");
    let down = 0;
    const days = 400;
    for (let minute = 0; minute < days * 24 * 60; minute += 5) {
      const atMs = bad.startsAtMs + minute * 60_000;
      if (!isUp(atMs)) down += 5 / 60;
      if (minute % 1_000 === 0) expect(again(atMs)).toBe(isUp(atMs));
    }
    // One failure in 40 h, (600 + 1800 + 7200) / 3 s each: 2.2 % of the time.
    expect(down / (days * 24)).toBeGreaterThan(0.015);
    expect(down / (days * 24)).toBeLessThan(0.03);
  });

  it("answers the same when asked in any order", () => {
    const minutes = Array.from({ length: 300 }, (_, i) => ((i * 7_919) % 5_000) * 60_000);
    const forwards = speedCapFor(bad, "vn-01");
    const shuffled = speedCapFor(bad, "vn-01");
    const seen = new Map(minutes.map((ms) => [ms, shuffled?.(bad.startsAtMs + ms)]));
    for (const ms of [...minutes].sort((a, b) => a - b))
      expect(forwards?.(bad.startsAtMs + ms)).toBe(seen.get(ms));
  });

  it("lets vehicles stop by themselves, each at its own times, and caps all of them in fog", async () => {
    const stopsOf = (serial: string): number[] => {
      const cap = speedCapFor(bad, serial);
      return Array.from({ length: 50 * 360 }, (_, i) => i * 10_000).filter(
        (ms) => cap?.(bad.startsAtMs + ms) === 0,
      );
    };
    // 0.2 an hour, 90 s each: 0.5 % of 50 hours.
    const stands = stopsOf("vn-01").length / (50 * 360);
    expect(stands).toBeGreaterThan(0.0005);
    expect(stands).toBeLessThan(0.02);
    expect(stopsOf("vn-01")).not.toEqual(stopsOf("vn-02"));
    const fog = speedCapFor(await load("fog-1119"), "vn-01");
    expect(fog?.(at("23:00"))).toBeCloseTo(2.778);
    expect(fog?.(at("12:00"))).toBe(Number.POSITIVE_INFINITY);
    expect(speedCapFor(await load("first-look"), "vn-01")).toBeUndefined();
  });

  it("cuts the partner off, and closes lanes, at the hours said", async () => {
    const offline = await load("partner-offline-1119");
    expect(
      [at("09:59"), at("10:00"), at("12:59"), at("13:00")].map((atMs) => partnerLinkUpAt(offline, atMs)),
    ).toEqual([true, false, false, true]);
    const closed = await load("lane-closure-1119");
    const day = { fromMs: at("00:00"), toMs: at("00:00") + DAY_MS };
    expect(laneClosuresIn(closed, day)).toMatchObject([
      { laneId: "vn.export.unmanned-1", side: "vn", fromMs: at("09:00"), toMs: at("10:00") },
    ]);
  });

  it("has people by their shifts, over midnight too", async () => {
    const short = await load("analyst-shortage-1119");
    const people = peopleAt(short, "vn", "analyst");
    expect([at("03:00"), at("08:00"), at("15:59"), at("16:00")].map((atMs) => people?.(atMs))).toEqual([
      6, 2, 2, 6,
    ]);
    expect(peopleAt(short, "vn", "customs")).toBeUndefined();
  });
});

describe("the curtain", () => {
  it("ends hand-overs before a side closes, in that side's time, but not at midnight of a lane that goes on", async () => {
    const half = await load("lane-12h-1119");
    expect(
      [at("06:59"), at("07:00"), at("18:44"), at("18:46"), at("19:30")].map((atMs) =>
        isOpenAt(half, "vn", atMs),
      ),
    ).toEqual([false, true, true, false, false]);
    // 08:00 to 20:00 in China is the same time.
    expect([at("06:59"), at("07:00"), at("18:46")].map((atMs) => isOpenAt(half, "cn", atMs))).toEqual([
      false,
      true,
      false,
    ]);
    const long = await load("target-2027-1119");
    expect(
      [at("23:59"), at("00:00"), at("01:44"), at("01:46"), at("03:00")].map((atMs) =>
        isOpenAt(long, "vn", atMs),
      ),
    ).toEqual([true, true, true, false, false]);
    const always = await load("lane-24h-1119");
    for (let hour = 0; hour < 48; hour++)
      expect(isOpenAt(always, "vn", at("00:00") + hour * HOUR_MS - 1)).toBe(true);
    expect(timeOfDayMs(at("00:00"), 420)).toBe(0);
  });
});
