import { enteredMs } from "./figures/journeys.ts";
import type { RunRecord } from "./record.ts";

/** Of so many containers so many were unloaded in time. */
export interface ServiceLevel {
  readonly due: number;
  readonly inTime: number;
  /** Undefined when none was due. */
  readonly share: number | undefined;
}

/**
 * How many of the containers whose truck came in while it counted, and so long before the end that they could have been, were
 * unloaded beyond the line within the time allowed. A queue that grows shows here, whatever the hour's demand.
 */
export function serviceLevel(record: RunRecord, withinMs: number): ServiceLevel {
  const unloaded = new Map<string, number>();
  for (const mission of record.missions) {
    const atMs = mission.bound === "inbound" ? enteredMs(mission, "close") : undefined;
    if (atMs !== undefined) unloaded.set(`${mission.direction} ${mission.containerNo}`, atMs);
  }
  let due = 0;
  let inTime = 0;
  for (const mission of record.missions) {
    const cameMs = mission.bound === "outbound" ? enteredMs(mission, "assign-vehicle") : undefined;
    if (cameMs === undefined || cameMs < record.countFromMs || cameMs + withinMs > record.endMs) continue;
    due += 1;
    const atMs = unloaded.get(`${mission.direction} ${mission.containerNo}`);
    if (atMs !== undefined && atMs <= cameMs + withinMs) inTime += 1;
  }
  return { due, inTime, share: due === 0 ? undefined : inTime / due };
}
