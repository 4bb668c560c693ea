import type { AlarmView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { isWallAddress, wallAddress, wallAlarms, wallLooksAt } from "./wall-view.ts";

const alarm = (over: Partial<AlarmView>): AlarmView => ({
  alarmId: "one",
  side: "vn",
  code: "vehicle.failed",
  detail: "smoke",
  priority: "high",
  state: "unacknowledged",
  raisedAtMs: 0,
  occurrences: 1,
  ...over,
});

describe("the wall display", () => {
  it("is asked for in the page's address", () => {
    expect(isWallAddress("http://127.0.0.1/?wall&token=x")).toBe(true);
    expect(isWallAddress("http://127.0.0.1/?token=wall")).toBe(false);
    const wall = new URL(wallAddress("http://127.0.0.1/?theme=light"));
    expect(isWallAddress(wall.href)).toBe(true);
    expect(wall.searchParams.get("theme")).toBe("light");
  });

  it("shows what needs somebody, and counts what has no room", () => {
    const many = Array.from({ length: 6 }, (_, i) => alarm({ alarmId: String(i) }));
    expect(wallAlarms(many)).toMatchObject({ shown: many.slice(0, 4), more: 2 });
    const quiet = [
      alarm({ state: "returned" }),
      alarm({ shelved: { by: "lan", untilMs: 1, reason: "known" } }),
      alarm({ outOfService: { by: "lan", sinceMs: 1, reason: "repair" } }),
    ];
    expect(wallAlarms(quiet)).toEqual({ shown: [], more: 0 });
  });

  it("goes round the site, and comes back to where it began", () => {
    const seen = [0, 20, 40, 60].map((second) => wallLooksAt([], second * 1000));
    expect(seen).toEqual([{ slot: 1 }, { slot: 2 }, { slot: 3 }, { slot: 1 }]);
  });

  it("looks at the vehicle of an urgent alarm until somebody has taken it on", () => {
    expect(wallLooksAt([alarm({ vehicleId: "sim.vn-1" })], 0)).toEqual({ vehicleId: "sim.vn-1" });
    expect(wallLooksAt([alarm({ vehicleId: "sim.vn-1", state: "acknowledged" })], 0)).toEqual({ slot: 1 });
    expect(wallLooksAt([alarm({ vehicleId: "sim.vn-1", priority: "low" })], 0)).toEqual({ slot: 1 });
  });
});
