import { describe, expect, it } from "vitest";
import { journeysOf } from "./figures/journeys.ts";
import { alarmsByCode, kpisOf } from "./kpis.ts";
import type { RunRecord } from "./record.ts";
import { serviceLevel } from "./service-level.ts";
import { madeUpRun } from "./testing/made-up-run.ts";

const HOUR_MS = 3_600_000;

function kpi(record: RunRecord, id: string): number | undefined {
  const found = kpisOf(record).find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no figure ${id}`);
  return found.value;
}

describe("the figures of a run", () => {
  const record = madeUpRun({ hours: 4, perHour: 12, journeyMin: 40 });

  it("count what was unloaded beyond the line after the warm-up, by the hour", () => {
    expect(kpi(record, "delivered-per-hour-export")).toBeCloseTo(37 / 3, 6);
    expect(kpi(record, "delivered-per-day")).toBeCloseTo((74 / 3) * 24, 6);
  });

  it("set the rate against the day's target of the direction", () => {
    expect(kpi(record, "target-share-export")).toBeCloseTo(((37 / 3) * 24 * 100) / 240, 6);
    const { target: _target, ...closedLoop } = record;
    expect(kpi(closedLoop, "target-share-export")).toBeUndefined();
  });

  it("take a journey from the truck's admission, not from the order, to the unloading", () => {
    expect(kpi(record, "journey-import-p50")).toBeCloseTo(40, 6);
    expect(kpi(record, "journey-import-p95")).toBeCloseTo(40, 6);
    expect(kpi(record, "wait-for-vehicle-p50")).toBeCloseTo(2, 6);
  });

  it("say what share of metres was driven empty, and what vehicles were busy with", () => {
    expect(kpi(record, "empty-travel")).toBeCloseTo(25, 6);
    expect(kpi(record, "vehicle-waiting")).toBeCloseTo(25, 6);
    expect(kpi(record, "vehicle-availability")).toBeCloseTo(75, 6);
  });

  it("count vehicles that came over the line with nothing aboard by themselves, and not as containers delivered", () => {
    const missions = record.missions.map(({ containerNo: _none, ...mission }) => mission);
    const empty = { ...record, missions };
    expect(kpi(empty, "empty-crossings")).toBeCloseTo(74 / 3, 6);
    expect(kpi(empty, "delivered-per-day")).toBe(0);
    expect(kpi(record, "empty-crossings")).toBe(0);
  });

  it("count vehicles called off and changed, and all the waiting of a container whose vehicle was changed as one", () => {
    const [first, ...others] = record.missions
      .filter(({ bound, steps }) => bound === "outbound" && steps.length > 5)
      .toReversed();
    if (first === undefined) throw new Error("no mission");
    const [came] = first.steps.filter(({ step }) => step === "assign-vehicle");
    const cameMs = came?.atMs ?? 0;
    const steps = [
      { step: "assign-vehicle", atMs: cameMs },
      { step: "drive-to-crane", atMs: cameMs + 60_000 },
      { step: "assign-vehicle", atMs: cameMs + 90_000 },
      { step: "drive-to-crane", atMs: cameMs + 150_000 },
    ] as const;
    const changed = { ...first, steps: [...steps], calledOffMs: [cameMs], vehicleLeftMs: [cameMs + 90_000] };
    const having = { ...record, missions: [changed] };
    expect(kpi(having, "wait-for-vehicle-p50")).toBeCloseTo(2, 6);
    expect(kpi(having, "called-off")).toBeCloseTo(1 / 3, 6);
    expect(kpi(having, "vehicle-changes")).toBeCloseTo(1 / 3, 6);
    expect(kpi({ ...record, missions: others }, "vehicle-changes")).toBe(0);
  });

  it("take the cranes of a yard together, and the scanner by itself", () => {
    expect(kpi(record, "use-scanner-vn")).toBeCloseTo(50, 6);
    expect(kpi(record, "use-cranes-vn")).toBeCloseTo((100 + 100 / 3) / 2, 4);
    expect(kpi(record, "use-scanner-cn")).toBeUndefined();
  });

  it("leave alarms of the warm-up out", () => {
    expect(kpi(record, "alarms-per-hour")).toBeCloseTo(1 / 3, 6);
    expect(alarmsByCode(record)).toEqual([{ code: "mission.held", perHour: 1 / 3 }]);
  });

  it("measure a hand-off from ready until the tail is past the hold node", () => {
    const p95 = kpi(record, "handoff-p95") ?? 0;
    expect(p95).toBeGreaterThan(12);
    expect(p95).toBeLessThanOrEqual(20);
    expect(kpi(record, "handoff-within-goal")).toBe(100);
  });

  it("tell hand-offs whose vehicle rolled through from those whose vehicle stood", () => {
    const took = (seconds: number, hasStood: boolean) => {
      const [first] = record.handoffs;
      if (first === undefined) throw new Error("the record has hand-offs");
      const readyMs = record.countFromMs + 60_000;
      return { ...first, readyMs, clearMs: readyMs + seconds * 1000, hasStood };
    };
    const handoffs = [took(13, false), took(14, false), took(31, true)];
    expect(kpi({ ...record, handoffs }, "handoff-rolling-p95")).toBeLessThanOrEqual(14);
    expect(kpi({ ...record, handoffs }, "handoff-rolling-count")).toBe(2);
    expect(kpi({ ...record, handoffs }, "handoff-standstill-p95")).toBe(31);
    expect(kpi({ ...record, handoffs: [] }, "handoff-rolling-p95")).toBeUndefined();
  });

  it("are undefined, not zero, where nothing happened", () => {
    const empty = { ...record, missions: [], handoffs: [], samples: [] };
    expect(kpi(empty, "journey-export-p50")).toBeUndefined();
    expect(kpi(empty, "handoff-p95")).toBeUndefined();
    expect(kpi(empty, "empty-travel")).toBeUndefined();
    expect(kpi(empty, "delivered-per-hour-export")).toBe(0);
  });

  it("put a journey together without gaps: giver's steps to the line, then taker's", () => {
    for (const { beginMs, endMs, parts } of journeysOf(record)) {
      expect(parts.reduce((total, one) => total + one.durationMs, 0)).toBe(endMs - beginMs);
      expect(parts.map(({ side }) => side).join("")).toMatch(/^((vn)+(cn)+|(cn)+(vn)+)$/);
    }
  });
});

describe("the service level", () => {
  it("is the share of containers unloaded in time, of those that could have been", () => {
    const record = madeUpRun({ hours: 4, perHour: 12, journeyMin: 40 });
    expect(serviceLevel(record, HOUR_MS)).toEqual({ due: 50, inTime: 50, share: 1 });
    expect(serviceLevel(record, HOUR_MS / 2).share).toBe(0);
  });

  it("is not known when no container had the time", () => {
    expect(serviceLevel(madeUpRun({ hours: 2 }), 3 * HOUR_MS).share).toBeUndefined();
  });
});
