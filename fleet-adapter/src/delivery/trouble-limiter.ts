/**
 * Lets one report of a kind through per period, with the number of those held back since: a vehicle that
 * sends nonsense ten times a second is one trouble, not ten a second. Bound: MAX_SUBJECTS.
 */
export interface TroubleLimiter {
  /** How many there were since the last report, this one included; undefined when it is too soon for another. */
  report(subject: string, nowMs: number): number | undefined;
}

const MAX_SUBJECTS = 1_000;

export function troubleLimiter(periodMs: number): TroubleLimiter {
  const subjects = new Map<string, { reportedAtMs: number; heldBack: number }>();
  return {
    report: (subject, nowMs) => {
      const known = subjects.get(subject);
      if (known !== undefined && nowMs - known.reportedAtMs < periodMs) {
        known.heldBack += 1;
        return undefined;
      }
      subjects.delete(subject);
      subjects.set(subject, { reportedAtMs: nowMs, heldBack: 0 });
      for (const oldest of subjects.keys()) {
        if (subjects.size <= MAX_SUBJECTS) break;
        subjects.delete(oldest);
      }
      return (known?.heldBack ?? 0) + 1;
    },
  };
}
