import { PROBLEM_TEXTS } from "../handoff/problem-texts.ts";
import { PROBLEMS, type ProblemCode } from "../handoff/problems.ts";
import { MILESTONES } from "./milestone.ts";

const isCode = (code: string): code is ProblemCode => code in PROBLEMS;

/** `docs/partner-problems.md`: every "no" that a partner can hear, in three languages, from the catalogue itself. */
export function problemPage(): string {
  const rows = Object.entries(PROBLEMS).flatMap(([code, { status, retryable, title }]) => {
    if (!isCode(code)) return [];
    const texts = PROBLEM_TEXTS[code];
    return [
      `| \`${code}\` | ${status} | ${retryable ? "yes" : "no"} | ${title} <br> ${texts.title.vi} <br> ${texts.title.zh} | ${texts.hint.en} <br> ${texts.hint.vi} <br> ${texts.hint.zh} |`,
    ];
  });
  return [
    "# Problems that a partner can hear",
    "",
    "Problem details (RFC 9457) with the members `code`, which never changes its meaning, and `retryable`: whether the same message",
    "may be taken later without anyone having changed anything. Made from the catalogue in the code; a test holds the two together.",
    "",
    "| code | status | again? | what | what to do |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** The mapping table of `docs/partner-events.md`: steps of a mission in the words of EPCIS 2.0 and DCSA. */
export function milestonePage(): string {
  const rows = Object.entries(MILESTONES).map(
    ([step, { epcis, action, bizStep, disposition, dcsa }]) =>
      `| \`${step}\` | ${epcis} | ${action} | ${bizStep} | ${disposition ?? ""} | ${dcsa ?? ""} |`,
  );
  return [
    "# Events in the words of the standards",
    "",
    "What `GET /partner/v1/epcis/events` makes of a container's steps: EPCIS 2.0 (business step and disposition of the GS1 Core Business",
    "Vocabulary), beside it the event code of DCSA Track & Trace that comes nearest. A hand-off that both sides signed is a",
    "TransactionEvent (`receiving`, the custody record as its `recadv`). Containers are named by their ISO 6346 number",
    "(`urn:epc:id:bic:…`). Made from the code; a test holds the two together.",
    "",
    "| step | EPCIS event | action | business step | disposition | DCSA |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
