import type { Side } from "@baton/maps";
import type { AlarmView } from "../contract/index.ts";

/** What calls for a person. Raising the same `alarmId` again changes nothing while it stands. */
export interface AlarmRaise {
  /** Stable for one cause, e.g. `mission.held:<missionId>`; the same cause never stands twice. */
  readonly alarmId: string;
  readonly code: string;
  readonly detail: string;
  readonly priority: AlarmView["priority"];
  readonly vehicleId?: string | undefined;
  readonly missionId?: string | undefined;
  readonly stationId?: string | undefined;
}

/** Where rooms report what needs a person, and that it is over. */
export interface Alarms {
  raise(alarm: AlarmRaise): void;
  clear(alarmId: string): void;
}

/** Returned and acknowledged alarms beyond this many are dropped, oldest first; standing ones never are. */
const MAX_RETURNED = 500;

/**
 * The alarms of one side with their states after ISA-18.2 (unacknowledged, acknowledged, returned to normal).
 * One whose cause is gone stays as returned, so that it can still be seen, until newer ones push it out.
 */
export function createAlarmBook(options: {
  readonly side: Side;
  readonly nowMs: () => number;
  readonly onChange: (alarm: AlarmView) => void;
}): Alarms & {
  acknowledge(alarmId: string): "acknowledged" | "unknown";
  list(): readonly AlarmView[];
} {
  const book = new Map<string, AlarmView>();

  const put = (alarm: AlarmView): void => {
    book.set(alarm.alarmId, alarm);
    options.onChange(alarm);
  };

  const trim = (): void => {
    let surplus = [...book.values()].filter((alarm) => alarm.state === "returned").length - MAX_RETURNED;
    for (const alarm of book.values()) {
      if (surplus <= 0) return;
      if (alarm.state === "returned") {
        book.delete(alarm.alarmId);
        surplus--;
      }
    }
  };

  return {
    raise(alarm) {
      const standing = book.get(alarm.alarmId);
      if (standing !== undefined && standing.state !== "returned") return;
      // Delete first, so that a cause that comes again goes to the end of the book, where new alarms are.
      book.delete(alarm.alarmId);
      put({
        alarmId: alarm.alarmId,
        side: options.side,
        code: alarm.code,
        detail: alarm.detail,
        priority: alarm.priority,
        state: "unacknowledged",
        raisedAtMs: options.nowMs(),
        ...(alarm.vehicleId === undefined ? {} : { vehicleId: alarm.vehicleId }),
        ...(alarm.missionId === undefined ? {} : { missionId: alarm.missionId }),
        ...(alarm.stationId === undefined ? {} : { stationId: alarm.stationId }),
      });
    },
    clear(alarmId) {
      const standing = book.get(alarmId);
      if (standing === undefined || standing.state === "returned") return;
      put({ ...standing, state: "returned" });
      trim();
    },
    acknowledge(alarmId) {
      const standing = book.get(alarmId);
      if (standing === undefined) return "unknown";
      if (standing.state === "unacknowledged") put({ ...standing, state: "acknowledged" });
      return "acknowledged";
    },
    list: () => [...book.values()],
  };
}
