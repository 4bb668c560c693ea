/** A duration in the words of the language: `12 s`, `4 min`, `2 h`. Never negative. */
export function durationText(t: (key: string, values: { n: number }) => string, durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 100) return t("time.seconds", { n: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? t("time.minutes", { n: minutes }) : t("time.hours", { n: Math.round(minutes / 60) });
}
