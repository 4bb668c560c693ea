import type { HandoffRun, RunRecord } from "../record.ts";
import { isCounted } from "./span.ts";

/** What a hand-off may take from `ready` until the tail is past the hold node, 95 of 100, seconds. */
export const HANDOFF_GOALS_S = { rolling: 15, fromStandstill: 45 } as const;

/** Seconds from `ready` until the tail was past the hold node, of hand-offs that ended in the span that counts. */
export function handoffSeconds(record: RunRecord): number[] {
  return record.handoffs.flatMap(({ readyMs, clearMs }) =>
    readyMs !== undefined && isCounted(record, clearMs) ? [(clearMs - readyMs) / 1000] : [],
  );
}

/** The same of those alone whose vehicle rolled through without standing, or of those alone that stood. */
export function handoffSecondsBy(record: RunRecord, how: keyof typeof HANDOFF_GOALS_S): number[] {
  const hasStood = how === "fromStandstill";
  return handoffSeconds({
    ...record,
    handoffs: record.handoffs.filter((one) => one.hasStood === hasStood),
  });
}

/** Seconds between two passages of a vehicle over the line in one direction, with the way back between them. */
export function roundTripSeconds(record: RunRecord): number[] {
  const byVehicle = Map.groupBy(
    record.handoffs.filter((one): one is HandoffRun & { switchedMs: number } => one.switchedMs !== undefined),
    ({ vehicleId }) => vehicleId,
  );
  return [...byVehicle.values()].flatMap((passages) => {
    const inOrder = [...passages].sort((a, b) => a.switchedMs - b.switchedMs);
    return inOrder.flatMap((first, at) => {
      const back = inOrder[at + 1];
      const next = inOrder[at + 2];
      const isRound = next?.direction === first.direction && back?.direction !== first.direction;
      return isRound && isCounted(record, next.switchedMs)
        ? [(next.switchedMs - first.switchedMs) / 1000]
        : [];
    });
  });
}
