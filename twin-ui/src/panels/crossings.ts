import type { MissionView } from "@baton/orchestrator/contract";

const HOUR_MS = 3_600_000;

export interface Crossings {
  readonly exportLastHour: number;
  readonly importLastHour: number;
  /** From the beginning of the hand-off until the line was crossed; undefined while nothing crossed. */
  readonly medianHandoffMs: number | undefined;
  /** From the truck's admission until the mission was over on the giver's side. */
  readonly medianTotalMs: number | undefined;
}

/** What crossed the line in the last hour, counted where it left: a container has a mission on either side. */
export function crossingsOf(missions: readonly MissionView[], nowMs: number): Crossings {
  const handoffs: number[] = [];
  const totals: number[] = [];
  const counts = { export: 0, import: 0 };
  for (const { bound, direction, timeline } of missions) {
    if (bound !== "outbound") continue;
    const at = (step: string): number | undefined => timeline.find((each) => each.step === step)?.atMs;
    const crossedAtMs = at("cross");
    if (crossedAtMs === undefined || crossedAtMs < nowMs - HOUR_MS) continue;
    counts[direction]++;
    const handoffAtMs = at("handoff");
    if (handoffAtMs !== undefined) handoffs.push(crossedAtMs - handoffAtMs);
    const admittedAtMs = at("admit-truck");
    const closedAtMs = at("close");
    if (admittedAtMs !== undefined && closedAtMs !== undefined) totals.push(closedAtMs - admittedAtMs);
  }
  return {
    exportLastHour: counts.export,
    importLastHour: counts.import,
    medianHandoffMs: median(handoffs),
    medianTotalMs: median(totals),
  };
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
