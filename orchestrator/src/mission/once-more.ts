import type { Step } from "../contract/index.ts";
import { cargoOf, hasItAboard, isOver, type MissionContext } from "./context.ts";
import type { Measured, MissionEvent } from "./events.ts";
import { attemptOf, legOf } from "./ids.ts";
import { type Procedure, ruleOf } from "./procedure.ts";
import { jobFor } from "./steps/step-logic.ts";

/** What is found out anew with it: the portal opens the lane again, and what was concluded from the old finding is void. */
const ANEW: Readonly<Record<Measured, readonly Step[]>> = {
  weigh: ["identify", "weigh", "decision"],
  scan: ["identify", "scan", "verdict", "decision"],
};

/** Of a container's seal: held for it, and the vehicle stands where a person can get at it. */
const SEALED_WHERE_HELD: Partial<Readonly<Record<Step, ReadonlySet<string>>>> = {
  "arm-seal": new Set(["seal-dead", "seal-mismatch", "device-failed", "device-silent"]),
  identify: new Set(["seal-broken"]),
};

/** It stands in its bay, and nothing has called it away from there. */
const standsInBay = (context: MissionContext): boolean =>
  legOf(context, "identify")?.state === "completed" &&
  legOf(context, "inspection") === undefined &&
  legOf(context, "guard-exit") === undefined;

/**
 * A weighbridge and a scanner measure what drives through them: a container that stands in its bay goes through the lane again, and
 * back to the same bay, which stays its own. Until customs have decided on what was found.
 */
export function canPassAgain(context: MissionContext, what: Measured, procedure: Procedure): boolean {
  if (context.bound !== "outbound" || isOver(context) || !hasItAboard(context)) return false;
  const place = what === "weigh" ? context.places.weighbridge : context.places.scanner;
  if (place === undefined || ruleOf(procedure, what) === undefined || !standsInBay(context)) return false;
  const at = (step: Step): number => procedure.steps.findIndex((rule) => rule.step === step);
  return at(what) <= at(context.step) && at(context.step) <= at("decision");
}

/** Takes in that it is to pass again. What was found stays on record, and counts no more. */
export function absorbPassAgain(
  context: MissionContext,
  { account, what, atMs }: Extract<MissionEvent, { type: "pass-again" }>,
  procedure: Procedure,
): MissionContext {
  if (!canPassAgain(context, what, procedure)) return context;
  const conditions = ANEW[what].flatMap((step) => ruleOf(procedure, step)?.establishes ?? []);
  const counted = conditions.filter((condition) =>
    context.facts.some((fact) => fact.condition === condition),
  );
  const facts = counted.map((condition) => ({
    condition,
    holds: false,
    source: "once-more",
    atMs,
    account,
    detail: `${what} again`,
  }));
  return {
    ...context,
    passedAgain: { what, account, atMs },
    facts: [...context.facts, ...facts],
    findings: without(context.findings, FINDINGS[what]),
  };
}

const FINDINGS = {
  weigh: ["weighedGrossKg", "scaleClass"],
  scan: ["scanReference", "scanSha256", "verdict"],
} as const satisfies Record<Measured, readonly (keyof MissionContext["findings"])[]>;

/** Of what has passed again: a new way through the lane, and new questions to all who said something of the old finding. */
export function throughLaneAgain(context: MissionContext): MissionContext {
  const { passedAgain, overrides, readings } = context;
  if (passedAgain === undefined) return context;
  const anew = ANEW[passedAgain.what];
  const attempts = { ...context.attempts };
  for (const step of anew)
    if (jobFor(context, { step }) !== undefined) attempts[step] = attemptOf(context, step) + 1;
  const legRounds = { ...context.legRounds, identify: (context.legRounds.identify ?? 1) + 1 };
  return {
    ...context,
    attempts,
    legRounds,
    overrides: without(overrides, anew),
    ...(readings === undefined ? {} : { readings: without(readings, anew) }),
  };
}

function without<T extends object>(record: T, names: readonly string[]): T {
  const kept = { ...record };
  for (const name of names) Reflect.deleteProperty(kept, name);
  return kept;
}

/** A new seal is put on where the old one was found wanting, or on a container that stands in its bay, until it leaves that. */
export function canBeResealed(context: MissionContext): boolean {
  if (context.bound !== "outbound" || isOver(context) || !hasItAboard(context)) return false;
  return isHeldForSeal(context) || standsInBay(context);
}

export const isHeldForSeal = ({ status, held }: MissionContext): boolean =>
  status === "held" && held !== undefined && SEALED_WHERE_HELD[held.step]?.has(held.code) === true;

/**
 * Takes in the number of the new seal, and who put it on. Where it is held for the old one the reader is asked again, and has to
 * find the new one; in a bay nothing reads seals, and the two people are the witnesses, as at an inspection.
 */
export function absorbReseal(
  context: MissionContext,
  { accounts, sealNo, atMs }: Extract<MissionEvent, { type: "reseal" }>,
): MissionContext {
  if (!canBeResealed(context)) return context;
  const resealed = { sealNo, accounts: [...accounts], atMs };
  const next = { ...context, resealed };
  const fact = {
    condition: "seal",
    holds: true,
    source: "resealed",
    atMs,
    account: accounts.join("+"),
    detail: `seal ${sealNo}`,
  } as const;
  const findings = { ...context.findings, sealNo, sealState: "replaced" } as const;
  if (context.held?.step === "arm-seal" && isHeldForSeal(context)) return next;
  return { ...next, findings, facts: [...context.facts, fact] };
}

/** The number that the seal on a container has to have. */
export const sealNoOf = (context: MissionContext): string =>
  context.resealed?.sealNo ?? cargoOf(context).sealNo;
