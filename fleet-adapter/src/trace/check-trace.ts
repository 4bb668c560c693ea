import type { Evidence, Finding, Party, Rule } from "./rule.ts";
import { ANSWER_RULES } from "./rules/answers.ts";
import { COMMAND_RULES } from "./rules/commands.ts";
import { FORM_RULES } from "./rules/form.ts";
import { ORDER_RULES } from "./rules/orders.ts";
import { PRESENCE_RULES } from "./rules/presence.ts";
import { UPDATE_RULES } from "./rules/updates.ts";
import { VEHICLE_RULES } from "./rules/vehicles.ts";
import { type Heard, talksOf } from "./talk.ts";
import type { Trace, UnreadableLine } from "./trace-line.ts";

/** Every rule there is, in the order of the report. */
export const RULES: readonly Rule[] = [
  ...FORM_RULES,
  ...ORDER_RULES,
  ...UPDATE_RULES,
  ...COMMAND_RULES,
  ...VEHICLE_RULES,
  ...ANSWER_RULES,
  ...PRESENCE_RULES,
];

/**
 * PASS: the rule had something to judge and all of it holds. FAIL: it is broken somewhere. INCONCLUSIVE: nothing in the
 * trace calls for it, or what does cannot be told from the trace; the doubts say which.
 */
export type Verdict = "PASS" | "FAIL" | "INCONCLUSIVE";

export interface RuleReport {
  readonly rule: string;
  readonly party: Party;
  readonly says: string;
  readonly verdict: Verdict;
  /** Messages that it was applied to. */
  readonly occasions: number;
  readonly violations: number;
  readonly doubts: number;
  /** Violations first. Bound: MAX_EVIDENCE. */
  readonly evidence: readonly Evidence[];
}

export interface TraceReport {
  readonly verdict: Verdict;
  readonly messages: number;
  readonly vehicles: readonly string[];
  readonly unreadable: readonly UnreadableLine[];
  readonly rules: readonly RuleReport[];
}

/** Pieces of evidence shown of one rule. */
const MAX_EVIDENCE = 20;

/** Judges what a fleet control and its vehicles said to each other by the standard that they speak. Pure. */
export function checkTrace(trace: Trace, rules: readonly Rule[] = RULES): TraceReport {
  const talks = talksOf(trace.entries);
  const reports = rules.map((rule): RuleReport => {
    const violations: Evidence[] = [];
    const doubts: Evidence[] = [];
    let occasions = 0;
    for (const talk of talks) {
      const evidence = (at: Heard, found: Finding): Evidence => ({
        ...found,
        vehicle: talk.vehicle,
        line: at.line,
        version: at.version,
        section: rule.sections[at.version] ?? "",
      });
      rule.check(talk, {
        occasion: () => {
          occasions += 1;
        },
        violation: (at, found) => violations.push(evidence(at, found)),
        doubt: (at, found) => doubts.push(evidence(at, found)),
      });
    }
    return {
      rule: rule.id,
      party: rule.party,
      says: rule.says,
      verdict:
        violations.length > 0 ? "FAIL" : occasions === 0 || doubts.length > 0 ? "INCONCLUSIVE" : "PASS",
      occasions,
      violations: violations.length,
      doubts: doubts.length,
      evidence: [...violations, ...doubts].slice(0, MAX_EVIDENCE),
    };
  });
  const messages = talks.reduce((sum, { heard }) => sum + heard.length, 0);
  const isBroken = reports.some(({ verdict }) => verdict === "FAIL");
  return {
    verdict: isBroken ? "FAIL" : messages === 0 || trace.unreadable.length > 0 ? "INCONCLUSIVE" : "PASS",
    messages,
    vehicles: talks.map(({ vehicle }) => vehicle),
    unreadable: trace.unreadable,
    rules: reports,
  };
}
