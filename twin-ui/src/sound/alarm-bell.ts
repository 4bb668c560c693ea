import type { AlarmView } from "@baton/orchestrator/contract";

type Priority = AlarmView["priority"];

/** What is to be heard for an alarm that nobody has acknowledged. */
interface Pattern {
  /** Again so often until somebody acknowledges it; undefined for once. */
  readonly repeatMs: number | undefined;
}

/**
 * After ISA-18.2, 11.4, and EEMUA 191: each priority sounds different, and what can wait does not insist. An alarm of low
 * priority is seen, not heard.
 */
const PATTERNS: Readonly<Record<Exclude<Priority, "low">, Pattern>> = {
  critical: { repeatMs: 4_000 },
  high: { repeatMs: 12_000 },
  medium: { repeatMs: undefined },
};
const AUDIBLE = ["critical", "high", "medium"] as const;
export type AudiblePriority = (typeof AUDIBLE)[number];

const calls = (alarm: AlarmView): boolean =>
  alarm.state === "unacknowledged" && alarm.shelved === undefined && alarm.outOfService === undefined;

/**
 * Decides what is to be heard, and when: the most urgent of all that nobody has acknowledged, at once when it is new and
 * again after a while. A critical alarm that comes while the sound is muted ends the muting: whoever muted did not know it.
 * Times: viewer's clock, never going back.
 */
export class AlarmBell {
  #known = new Set<string>();
  #rangAtMs = Number.NEGATIVE_INFINITY;
  #mutedUntilMs = Number.NEGATIVE_INFINITY;

  /** Says what to play now, if anything. `alarms`: those of the page's own side. To be called about twice a second. */
  hear(alarms: readonly AlarmView[], nowMs: number): AudiblePriority | undefined {
    const calling = alarms.filter(calls);
    const fresh = calling.filter(({ alarmId }) => !this.#known.has(alarmId));
    this.#known = new Set(calling.map(({ alarmId }) => alarmId));
    if (fresh.some(({ priority }) => priority === "critical")) this.#mutedUntilMs = nowMs;
    if (this.mutedUntilMs(nowMs) !== undefined) return undefined;
    const urgent = AUDIBLE.find((priority) => calling.some((alarm) => alarm.priority === priority));
    if (urgent === undefined) return undefined;
    const isNew = fresh.some(({ priority }) => priority === urgent);
    const { repeatMs } = PATTERNS[urgent];
    const isDue = repeatMs !== undefined && nowMs - this.#rangAtMs >= repeatMs;
    if (!isNew && !isDue) return undefined;
    this.#rangAtMs = nowMs;
    return urgent;
  }

  mute(untilMs: number): void {
    this.#mutedUntilMs = untilMs;
  }

  unmute(): void {
    this.#mutedUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Until when nothing is heard; undefined when it is not muted (any more). */
  mutedUntilMs(nowMs: number): number | undefined {
    return this.#mutedUntilMs > nowMs ? this.#mutedUntilMs : undefined;
  }
}
