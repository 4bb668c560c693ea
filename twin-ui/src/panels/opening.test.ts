import type { SideHoursView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { hoursByDays, openingAt } from "./opening.ts";

const DAYS = [0, 1, 2, 3, 4, 5, 6];
const side = (openingHours: SideHoursView["openingHours"], utcOffsetMinutes = 420): SideHoursView => ({
  side: "vn",
  timeZone: "Asia/Ho_Chi_Minh",
  utcOffsetMinutes,
  openingHours,
});
const at = (text: string) => Date.parse(text);

describe("opening hours", () => {
  const byDay = side(DAYS.map((weekday) => ({ weekday, from: "07:00", to: "19:00" })));

  it("are of local time, and say when they end", () => {
    expect(openingAt(byDay, at("2026-11-22T18:30:30+07:00"))).toEqual({
      isOpen: true,
      untilMs: at("2026-11-22T19:00:00+07:00"),
    });
    expect(openingAt(byDay, at("2026-11-22T19:00:00+07:00"))).toEqual({
      isOpen: false,
      untilMs: at("2026-11-23T07:00:00+07:00"),
    });
  });

  it("go on over midnight and over the end of the week when they touch", () => {
    const night = side(
      DAYS.flatMap((weekday) => [
        { weekday, from: "00:00", to: "02:00" },
        { weekday, from: "04:00", to: "24:00" },
      ]),
    );
    expect(openingAt(night, at("2026-11-21T23:00:00+07:00")).untilMs).toBe(at("2026-11-22T02:00:00+07:00"));
  });

  it("have no end around the clock, and no beginning where there are none", () => {
    const always = side(DAYS.map((weekday) => ({ weekday, from: "00:00", to: "24:00" })));
    expect(openingAt(always, 0)).toEqual({ isOpen: true, untilMs: undefined });
    expect(openingAt(side([]), 0)).toEqual({ isOpen: false, untilMs: undefined });
    expect(hoursByDays(always.openingHours)).toEqual([{ fromDay: 0, toDay: 6, times: "00:00–24:00" }]);
  });

  it("are told by days with the same hours", () => {
    const hours = [
      ...[1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "07:00", to: "19:00" })),
      { weekday: 6, from: "07:00", to: "12:00" },
    ];
    expect(hoursByDays(hours)).toEqual([
      { fromDay: 0, toDay: 0, times: "" },
      { fromDay: 1, toDay: 5, times: "07:00–19:00" },
      { fromDay: 6, toDay: 6, times: "07:00–12:00" },
    ]);
  });
});
