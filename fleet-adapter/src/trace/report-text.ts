import type { TraceReport } from "./check-trace.ts";

/** A report as a person reads it: a line a rule, and under it what it rests on. */
export function reportText(report: TraceReport): string {
  const { messages, vehicles, unreadable, rules } = report;
  const out = [`${messages} messages of ${vehicles.length} vehicles: ${vehicles.join(", ")}`];
  for (const { line, reason } of unreadable) out.push(`line ${line} ${reason}`);
  for (const { rule, party, says, verdict, occasions, violations, doubts, evidence } of rules) {
    const counts = [`${occasions} judged`];
    if (violations > 0) counts.push(`${violations} broken`);
    if (doubts > 0) counts.push(`${doubts} in doubt`);
    out.push(`${verdict.padEnd(12)} ${rule.padEnd(30)} ${party.padEnd(13)} ${counts.join(", ")}`);
    if (evidence.length === 0) continue;
    out.push(`             ${says}`);
    for (const { line, vehicle, expected, found, because = [], version, section } of evidence) {
      const rests = because.length === 0 ? "" : ` (see line ${because.join(", ")})`;
      out.push(
        `             line ${line}, ${vehicle}: expected ${expected}; found ${found}${rests} [VDA 5050 ${version}, ${section}]`,
      );
    }
  }
  out.push(`${report.verdict}`);
  return out.join("\n");
}
