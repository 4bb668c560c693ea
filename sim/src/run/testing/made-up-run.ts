import { DIRECTIONS, SIDES } from "@baton/maps";
import { seededRandom } from "../../random/seeded.ts";
import { ACTIVITIES, type HandoffRun, type MissionRun, type RunRecord, type Sample } from "../record.ts";
import { giverOf, takerOf } from "../sides.ts";

export interface MadeUp {
  readonly seed?: string;
  readonly hours?: number;
  /** Containers an hour and direction, evenly spaced. */
  readonly perHour?: number;
  /** From the truck's admission to the unloading, minutes. */
  readonly journeyMin?: number;
}

const BEGIN_MS = Date.UTC(2026, 5, 1, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A record of a run that never was, with figures that can be worked out by hand. */
export function madeUpRun(options: MadeUp = {}): RunRecord {
  const { seed = "1", hours = 4, perHour = 12, journeyMin = 40 } = options;
  const random = seededRandom("made-up", seed);
  const endMs = BEGIN_MS + hours * HOUR_MS;
  const missions: MissionRun[] = [];
  const handoffs: HandoffRun[] = [];
  for (const direction of DIRECTIONS) {
    for (let at = 0; at < hours * perHour; at++) {
      const cameMs = BEGIN_MS + (at * HOUR_MS) / perHour;
      const crossedMs = cameMs + (journeyMin / 2) * MINUTE_MS;
      const unloadedMs = cameMs + journeyMin * MINUTE_MS;
      const containerNo = `TEST${direction === "export" ? 1 : 2}${String(at).padStart(6, "0")}`;
      const common = { direction, containerNo, vehicleId: `sim.vn-${at % 8}`, holds: [] };
      const isCrossed = crossedMs <= endMs;
      const isUnloaded = unloadedMs <= endMs;
      missions.push({
        ...common,
        missionId: `${direction}-${at}-out`,
        side: giverOf(direction),
        bound: "outbound",
        steps: [
          { step: "register-order", atMs: cameMs - 5 * MINUTE_MS },
          { step: "admit-truck", atMs: cameMs - 4 * MINUTE_MS },
          { step: "assign-vehicle", atMs: cameMs },
          { step: "load", atMs: cameMs + 2 * MINUTE_MS },
          { step: "scan", atMs: cameMs + 6 * MINUTE_MS },
          { step: "handoff", atMs: crossedMs - MINUTE_MS },
          ...(isCrossed ? [{ step: "close" as const, atMs: crossedMs }] : []),
        ],
        status: isCrossed ? "done" : "running",
        ...(isCrossed ? { endMs: crossedMs } : {}),
      });
      if (!isCrossed) continue;
      missions.push({
        ...common,
        missionId: `${direction}-${at}-in`,
        side: takerOf(direction),
        bound: "inbound",
        steps: [
          { step: "accept", atMs: crossedMs - 2 * MINUTE_MS },
          { step: "unload", atMs: crossedMs + MINUTE_MS },
          ...(isUnloaded ? [{ step: "close" as const, atMs: unloadedMs }] : []),
        ],
        status: isUnloaded ? "done" : "running",
        ...(isUnloaded ? { endMs: unloadedMs } : {}),
      });
      const readyMs = crossedMs - MINUTE_MS;
      handoffs.push({
        handoffId: `h-${direction}-${at}`,
        direction,
        vehicleId: common.vehicleId,
        offeredMs: readyMs - 5 * MINUTE_MS,
        acceptedMs: readyMs - 4 * MINUTE_MS,
        readyMs,
        goMs: readyMs + 200,
        switchedMs: readyMs + 1_000,
        clearMs: readyMs + 12_000 + Math.round(random.next() * 8_000),
        ended: "done",
      });
    }
  }
  return {
    recordVersion: 1,
    scenarioId: "made-up",
    title: "A run that never was <&>",
    question: "Does the report show what it is given?",
    siteId: "mini",
    seed,
    overrides: [],
    beginMs: BEGIN_MS,
    countFromMs: BEGIN_MS + HOUR_MS,
    endMs,
    vehicles: 8,
    stations: [
      { stationId: "vn.scanner-out", side: "vn", kind: "scanner", bound: "outbound" },
      { stationId: "vn.crane-1", side: "vn", kind: "crane", bound: "yard" },
      { stationId: "vn.crane-2", side: "vn", kind: "crane", bound: "yard" },
    ],
    target: { perDay: { export: 240, import: 240 }, source: "made up" },
    hash: `hash-of-${seed}`,
    missions,
    handoffs,
    samples: samples(hours),
    traces: [
      { vehicleId: "sim.vn-0", direction: "export", points: [HOUR_MS, -200, 1, HOUR_MS + 60_000, 150, 1] },
    ],
    heat: [
      [0, 0, 600, 60],
      [10, -1, 30, 30],
    ],
    alarms: [
      { side: "vn", code: "mission.held", priority: "medium", raisedMs: BEGIN_MS + 2 * HOUR_MS },
      { side: "cn", code: "mission.held", priority: "medium", raisedMs: BEGIN_MS + 10 },
    ],
    safety: { overlaps: [], underLoad: [], stuck: [], unaccounted: [] },
    cost: { wallMs: 1_000, cpuMs: 900, events: 10, ticks: 5 },
  };
}

/** Each minute: half of the 8 vehicles drive loaded, a quarter waits in a lane, a quarter charges; 300 m loaded, 100 m empty. */
function samples(hours: number): Sample[] {
  const activityS = ACTIVITIES.map((activity) => {
    if (activity === "driving-loaded") return 240;
    return activity === "waiting-in-lane" || activity === "charging" ? 120 : 0;
  });
  return Array.from({ length: hours * 60 }, (_, at): Sample => {
    const side = (): Sample["sides"]["vn"] => ({
      missionsAt: { "assign-vehicle": at % 3, verdict: 1 },
      held: 0,
      trucksWaiting: 0,
      busyS: { "vn.scanner-out": 30, "vn.crane-1": 60, "vn.crane-2": 20 },
    });
    const [vn, cn] = SIDES.map(side);
    if (vn === undefined || cn === undefined) throw new Error("there are two sides");
    return {
      atMs: BEGIN_MS + (at + 1) * MINUTE_MS,
      activityS: [...activityS],
      loadedM: 300,
      emptyM: 100,
      sides: { vn, cn: { ...cn, busyS: {} } },
    };
  });
}
