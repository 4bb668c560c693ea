import type { RunRecord, Sample } from "../record.ts";

export const HOUR_MS = 3_600_000;
export const HOURS_A_DAY = 24;

/** Hours of a run that count. */
export function countedHours({ countFromMs, endMs }: Pick<RunRecord, "countFromMs" | "endMs">): number {
  return Math.max(0, endMs - countFromMs) / HOUR_MS;
}

/** Whether an instant counts. */
export function isCounted(
  record: Pick<RunRecord, "countFromMs" | "endMs">,
  atMs: number | undefined,
): atMs is number {
  return atMs !== undefined && atMs >= record.countFromMs && atMs <= record.endMs;
}

/** Samples of minutes that count wholly. */
export function countedSamples(record: RunRecord): readonly Sample[] {
  return record.samples.filter(({ atMs }) => atMs > record.countFromMs && atMs <= record.endMs);
}
