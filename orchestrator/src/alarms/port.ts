import type { AlarmFacts, AlarmView } from "../contract/index.ts";

/** What calls for a person. Raising the same `alarmId` again changes nothing while it stands. */
export interface AlarmRaise {
  /** Stable for one cause, e.g. `mission.held:<missionId>`; the same cause never stands twice. */
  readonly alarmId: string;
  readonly code: string;
  readonly detail: string;
  readonly facts?: AlarmFacts | undefined;
  /** The detail in other languages, by ISO 639-1 code, where whoever told of it has them. */
  readonly translations?: Readonly<Record<string, string>> | undefined;
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

/** What people may do about an alarm. Each is refused with `unknown` for an alarm that is not in the book. */
export interface AlarmActs {
  acknowledge(alarmId: string, by: string): "acknowledged" | "unknown";
  /** Out of sight for a time, by a named account; it comes back by itself. */
  shelve(alarmId: string, by: string, untilMs: number, reason: string): ShelveOutcome;
  unshelve(alarmId: string): "unshelved" | "unknown" | "not-shelved";
  /** Out of service: the cause is known and being mended; it does not sound until it is put back. */
  suppress(alarmId: string, by: string, reason: string): "suppressed" | "unknown";
  restore(alarmId: string): "restored" | "unknown" | "not-suppressed";
}

export type ShelveOutcome = "shelved" | "unknown" | "too-long" | "over-already";
