import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calendar, jointOpeningAt, type OpeningHours } from "./calendar.ts";
import { bookSlot, lineStateAt, type SlotPlan } from "./slots.ts";

const HOUR_MS = 3_600_000;
const utc = (text: string): number => Date.parse(`${text}Z`);
const everyDay = (from: string, to: string): readonly OpeningHours[] =>
  [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, from, to }));

// Hanoi is UTC+7, Beijing UTC+8.
const hanoi = new Calendar(everyDay("07:00", "17:00"), 420);
const beijing = new Calendar(everyDay("09:00", "19:00"), 480);
const always = new Calendar(everyDay("00:00", "24:00"), 420);
const plan: SlotPlan = { slotMs: HOUR_MS, perSlot: 2, callAheadMs: HOUR_MS, curtainMs: HOUR_MS };

describe("a calendar", () => {
  it("opens by local time", () => {
    expect(hanoi.openingAt(utc("2026-11-22T03:00:00"))).toEqual({
      fromMs: utc("2026-11-22T00:00:00"),
      toMs: utc("2026-11-22T10:00:00"),
    });
    expect(hanoi.openingAt(utc("2026-11-22T10:00:00"))?.fromMs).toBe(utc("2026-11-23T00:00:00"));
  });

  it("that is open on all days around the clock never closes", () => {
    expect(always.openingAt(0)?.toMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("counts hours that touch at midnight as one opening, also over the end of the week", () => {
    const night = new Calendar(
      [
        { weekday: 6, from: "20:00", to: "24:00" },
        { weekday: 0, from: "00:00", to: "06:00" },
      ],
      420,
    );
    // Saturday 21 November 2026, 20:00 in Hanoi, to Sunday 06:00.
    expect(night.openingAt(utc("2026-11-21T14:00:00"))).toEqual({
      fromMs: utc("2026-11-21T13:00:00"),
      toMs: utc("2026-11-21T23:00:00"),
    });
    expect(night.openingAt(utc("2026-11-21T20:00:00"))?.fromMs).toBe(utc("2026-11-21T13:00:00"));
  });

  it("without hours never opens", () => {
    expect(new Calendar([], 420).openingAt(0)).toBeUndefined();
  });

  it("holds together with another where both are open, and nowhere else", () => {
    const minute = 60_000;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.nat(20), fc.nat(23), (at, startH, endH) => {
        const one = new Calendar(
          everyDay(`${String(startH).padStart(2, "0")}:00`, `${String(endH).padStart(2, "0")}:30`),
          420,
        );
        const atMs = at * 7 * minute;
        const joint = jointOpeningAt([one, beijing], atMs);
        const openAt = (calendar: Calendar, ms: number): boolean =>
          (calendar.openingAt(ms)?.fromMs ?? Number.POSITIVE_INFINITY) <= ms;
        if (joint === undefined) {
          for (let ms = atMs; ms < atMs + 8 * 24 * HOUR_MS; ms += 10 * minute)
            expect(openAt(one, ms) && openAt(beijing, ms)).toBe(false);
          return;
        }
        for (let ms = atMs; ms < joint.fromMs; ms += 10 * minute)
          expect(openAt(one, ms) && openAt(beijing, ms)).toBe(false);
        for (const ms of [joint.fromMs, (joint.fromMs + joint.toMs) / 2, joint.toMs - 1])
          expect(openAt(one, ms) && openAt(beijing, ms)).toBe(true);
        expect(openAt(one, joint.toMs) && openAt(beijing, joint.toMs)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the line", () => {
  it("is closed when either side is, and has a curtain before it closes", () => {
    const at = (text: string) => lineStateAt([hanoi, beijing], plan.curtainMs, utc(text));
    expect(at("2026-11-22T00:30:00")).toEqual({ state: "closed", untilMs: utc("2026-11-22T01:00:00") });
    expect(at("2026-11-22T01:00:00")).toEqual({ state: "open", untilMs: utc("2026-11-22T10:00:00") });
    expect(at("2026-11-22T09:00:00")).toEqual({ state: "curtain", untilMs: utc("2026-11-22T10:00:00") });
    expect(at("2026-11-22T10:00:00")).toEqual({ state: "closed", untilMs: utc("2026-11-23T01:00:00") });
    expect(lineStateAt([always], HOUR_MS, 0)).toEqual({ state: "open", untilMs: undefined });
  });
});

describe("a slot", () => {
  it("is the first one with room, in opening hours and before the curtain", () => {
    const taken = new Map<number, number>();
    const booked: string[] = [];
    for (let i = 0; i < 5; i++) {
      const slot = bookSlot(plan, [hanoi, beijing], taken, utc("2026-11-22T07:40:00"));
      if (slot === undefined) throw new Error("no slot");
      booked.push(new Date(slot.fromMs).toISOString().slice(8, 16));
      taken.set(slot.fromMs, (taken.get(slot.fromMs) ?? 0) + 1);
    }
    // Closing is at 10:00 UTC, the curtain falls at 09:00.
    expect(booked).toEqual(["22T07:00", "22T07:00", "22T08:00", "22T08:00", "23T01:00"]);
  });

  it("is never given out more often than there is room in it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(96 * 4), { maxLength: 60 }), (quarters) => {
        const taken = new Map<number, number>();
        for (const quarter of quarters) {
          const earliestMs = utc("2026-11-22T00:00:00") + (quarter * HOUR_MS) / 4;
          const slot = bookSlot(plan, [hanoi], taken, earliestMs);
          if (slot === undefined) throw new Error("no slot");
          expect(slot.toMs).toBeGreaterThan(earliestMs);
          expect(lineStateAt([hanoi], plan.curtainMs, Math.max(slot.fromMs, earliestMs)).state).toBe("open");
          taken.set(slot.fromMs, (taken.get(slot.fromMs) ?? 0) + 1);
        }
        for (const count of taken.values()) expect(count).toBeLessThanOrEqual(plan.perSlot);
      }),
      { numRuns: 100 },
    );
  });

  it("does not exist when the border stays closed", () => {
    expect(bookSlot(plan, [new Calendar([], 420)], new Map(), 0)).toBeUndefined();
  });
});
