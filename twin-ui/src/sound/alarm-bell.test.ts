import type { AlarmView } from "@baton/orchestrator/contract";
import { describe, expect, test } from "vitest";
import { AlarmBell } from "./alarm-bell.ts";

const alarm = (
  alarmId: string,
  priority: AlarmView["priority"],
  more: Partial<AlarmView> = {},
): AlarmView => ({
  alarmId,
  side: "vn",
  code: "vehicle.failed",
  detail: "",
  priority,
  state: "unacknowledged",
  raisedAtMs: 0,
  occurrences: 1,
  ...more,
});

/** When which priority is heard within a minute of looking twice a second. */
function heardInAMinute(bell: AlarmBell, alarms: readonly AlarmView[], fromMs = 0): string[] {
  const heard: string[] = [];
  for (let nowMs = fromMs; nowMs < fromMs + 60_000; nowMs += 500) {
    const priority = bell.hear(alarms, nowMs);
    if (priority !== undefined) heard.push(`${(nowMs - fromMs) / 1000} ${priority}`);
  }
  return heard;
}

describe("the sound of alarms", () => {
  test("a critical alarm insists, a high one less, a medium one is heard once, a low one not at all", () => {
    expect(heardInAMinute(new AlarmBell(), [alarm("a", "critical")])).toHaveLength(15);
    expect(heardInAMinute(new AlarmBell(), [alarm("a", "high")])).toHaveLength(5);
    expect(heardInAMinute(new AlarmBell(), [alarm("a", "medium")])).toEqual(["0 medium"]);
    expect(heardInAMinute(new AlarmBell(), [alarm("a", "low")])).toEqual([]);
  });

  test("only the most urgent of many is heard, and a new one of its kind at once", () => {
    const bell = new AlarmBell();
    const high = alarm("a", "high");
    expect(bell.hear([high], 0)).toBe("high");
    expect(bell.hear([high, alarm("b", "medium")], 500)).toBeUndefined();
    expect(bell.hear([high, alarm("c", "high")], 1_000)).toBe("high");
    expect(bell.hear([high, alarm("d", "critical")], 1_500)).toBe("critical");
  });

  test.each([
    ["acknowledged", { state: "acknowledged" }],
    ["over", { state: "returned" }],
    ["put aside", { shelved: { by: "lan", untilMs: 1, reason: "known" } }],
    ["out of service", { outOfService: { by: "minh", sinceMs: 1, reason: "works" } }],
  ] as const)("ends when the alarm is %s", (_, more) => {
    const bell = new AlarmBell();
    bell.hear([alarm("a", "critical")], 0);
    expect(heardInAMinute(bell, [alarm("a", "critical", more)], 500)).toEqual([]);
  });

  test("muted, nothing is heard until the time is over; then what still stands is heard again by itself", () => {
    const bell = new AlarmBell();
    const standing = [alarm("a", "critical"), alarm("b", "high")];
    bell.hear(standing, 0);
    bell.mute(30_000);
    expect(bell.mutedUntilMs(29_999)).toBe(30_000);
    expect(heardInAMinute(bell, standing, 500)[0]).toBe("29.5 critical");
    expect(bell.mutedUntilMs(30_000)).toBeUndefined();
  });

  test("a critical alarm that comes while it is muted ends the muting; a lesser one does not", () => {
    const bell = new AlarmBell();
    bell.mute(300_000);
    expect(bell.hear([alarm("a", "high")], 0)).toBeUndefined();
    expect(bell.hear([alarm("a", "high"), alarm("b", "critical")], 500)).toBe("critical");
    expect(bell.mutedUntilMs(500)).toBeUndefined();
  });
});
