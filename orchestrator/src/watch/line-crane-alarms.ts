import type { Alarms } from "../alarms/port.ts";
import type { LineCrane } from "../handoff/line-cranes.ts";

/** After a start a crane has this long to be heard for the first time. */
const FIRST_WORD_MS = 120_000;

/**
 * The alarm of each crane at the line that says nothing, as of any device that is away, or that something has stopped, until it is
 * over. What it carries stays accounted for: custody is its own register's, which it keeps.
 */
export function lineCraneAlarms(alarms: Alarms): { look(cranes: readonly LineCrane[], nowMs: number): void } {
  const standing = new Set<string>();
  let sinceMs: number | undefined;
  return {
    look(cranes, nowMs) {
      sinceMs ??= nowMs;
      for (const { deviceId, isFit, report, heardAtMs } of cranes) {
        const alarmId = `device.offline:${deviceId}`;
        if (isFit) {
          if (standing.delete(alarmId)) alarms.clear(alarmId);
          continue;
        }
        if (standing.has(alarmId) || (heardAtMs === undefined && nowMs - sinceMs < FIRST_WORD_MS)) continue;
        standing.add(alarmId);
        const detail = report?.fault === undefined ? deviceId : `${deviceId}: ${report.fault}`;
        const facts = {
          deviceId,
          ...(report?.fault === undefined ? {} : { cause: "fault", said: report.fault }),
        };
        alarms.raise({ alarmId, code: "device.offline", detail, facts, priority: "high" });
      }
    },
  };
}
