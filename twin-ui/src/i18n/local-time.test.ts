import type { SideHoursView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { timeOfSide } from "./local-time.ts";

const hours: SideHoursView[] = [
  { side: "vn", timeZone: "Asia/Ho_Chi_Minh", utcOffsetMinutes: 420, openingHours: [] },
  { side: "cn", timeZone: "Asia/Shanghai", utcOffsetMinutes: 480, openingHours: [] },
];
const noonUtcMs = Date.parse("2026-11-22T12:00:05Z");

describe("a side's time", () => {
  it("is its own site's, and says how far it is from UTC", () => {
    const [vn, cn] = (["vn", "cn"] as const).map((side) => timeOfSide({ side, hours }));
    expect([vn?.clock(noonUtcMs), vn?.zone]).toEqual(["19:00:05", "UTC+7"]);
    expect([cn?.clock(noonUtcMs), cn?.zone]).toEqual(["20:00:05", "UTC+8"]);
    expect(cn?.date(noonUtcMs)).toBe("22/11/2026, 20:00:05");
  });

  it("is UTC, and says so, where the site does not name a time zone", () => {
    const time = timeOfSide({ side: "cn" });
    expect([time.clock(noonUtcMs), time.zone]).toEqual(["12:00:05", "UTC"]);
  });

  it("may be off by part of an hour", () => {
    const odd = { side: "vn", timeZone: "Asia/Kolkata", utcOffsetMinutes: 330, openingHours: [] } as const;
    expect(timeOfSide({ side: "vn", hours: [{ ...odd, openingHours: [] }] }).zone).toBe("UTC+5:30");
  });
});
