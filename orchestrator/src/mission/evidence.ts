import type { Evidence, Step, TimelineEntry } from "../contract/index.ts";

/** What is told of a step that is done. */
export function timelineEntry(step: Step, atMs: number, evidence: Evidence | undefined): TimelineEntry {
  return evidence === undefined
    ? { step, atMs }
    : { step, atMs, evidence: evidenceText(evidence), evidenceParts: evidence };
}

/** In English, for the record: facts of the manifest, the API's readers. What shows it to operators reads the parts. */
export function evidenceText(evidence: Evidence): string {
  if (evidence.code === "vehicle-left") return `${evidence.reference} sent elsewhere`;
  if ("reference" in evidence) return evidence.reference;
  switch (evidence.code) {
    case "slot":
      return `slot ${evidence.slot}`;
    case "seal":
      return `seal ${evidence.sealNo}`;
    case "landed":
    case "not-listed":
      return evidence.code;
    case "scan-clear":
      return "clear";
    case "scan-suspect":
      return "suspect";
    case "released":
      return `release, ${evidence.account}`;
    case "to-inspect":
      return `inspect, ${evidence.account}`;
    case "let-through":
      return evidence.account;
    case "adopted":
      return `adopted by ${evidence.account}`;
    case "weighed":
      return `${evidence.grossKg} kg, declared ${evidence.declaredKg} kg`;
    case "inspected":
      return `released by ${evidence.officers.join(" and ")}`;
    case "on-paper":
      return `on paper ${evidence.documentNo}, ${evidence.accounts.join("+")}`;
    case "accepted":
      return `${evidence.mismatch} accepted by ${evidence.account}`;
  }
}
