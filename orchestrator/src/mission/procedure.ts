import type { Bound, Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { Step } from "../contract/index.ts";
import { SlotPlan } from "../dispatch/slots.ts";
import { Condition } from "../gate/conditions.ts";

const Ms = Type.Integer({ minimum: 1, maximum: 7 * 24 * 3_600_000 });

/** One step of a procedure: what answers it, how long that may take, and what happens when it does not. */
export const StepRule = Type.Object({
  step: Step,
  /** The station or agency kinds that answer; empty for a step of the road or of the partner. */
  answeredBy: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 2 }),
  /** From the moment that the device was asked. Steps without a device have none: the road and the partner say themselves why they wait. */
  deadlineMs: Type.Optional(Ms),
  /** How long a vehicle is expected to stand for it, for planning the road. */
  expectedMs: Type.Optional(Ms),
  /** How often a device is asked anew when it failed or kept silent, before a person is called. */
  retries: Type.Integer({ minimum: 0, maximum: 5 }),
  /** Facts that the step establishes. */
  establishes: Type.Array(Condition),
});
export type StepRule = Static<typeof StepRule>;

/**
 * The procedure of one direction on one side. It changes with law: a new version is a new file with its own
 * effective date, and a mission ends under the version that it began with.
 */
export const Procedure = Type.Object({
  procedureId: Type.String({ minLength: 1, maxLength: 64 }),
  version: Type.Integer({ minimum: 1 }),
  effectiveFrom: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" }),
  side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
  bound: Type.Union([Type.Literal("outbound"), Type.Literal("inbound")]),
  /** `nothing`: for vehicles that go over the line with nothing aboard, for their own sake. A container, when left out. */
  carries: Type.Optional(Type.Literal("nothing")),
  /** Where its figures come from. */
  source: Type.String({ minLength: 1 }),
  steps: Type.Array(StepRule, { minItems: 1 }),
  /** What must be so before the container crosses the line; empty for inbound, where the giver has checked. */
  crossing: Type.Array(Condition),
  weightTolerancePct: Type.Number({ exclusiveMinimum: 0, maximum: 50 }),
  /** Outbound: how the border's time is given out. Without it there are no slots, and trucks come as they like. */
  slots: Type.Optional(SlotPlan),
  /** Outbound: how soon a vehicle of this side is wanted back after it was handed over. */
  returnWithinMs: Type.Optional(Ms),
  /** How long an offer stands, and how long after a refusal the next one is made. */
  offerExpiresMs: Ms,
  offerAgainMs: Ms,
});
export type Procedure = Static<typeof Procedure>;

export type ProcedureReading =
  | { readonly kind: "procedure"; readonly procedure: Procedure }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

const check = Compile(Procedure);

/** What a vehicle and its container physically go through: a step may be left out, but not put before these. */
const COMES_AFTER: Partial<Record<Step, readonly Step[]>> = {
  "assign-vehicle": ["register-order"],
  "drive-to-crane": ["assign-vehicle"],
  load: ["drive-to-crane"],
  "arm-seal": ["load"],
  identify: ["load"],
  weigh: ["identify"],
  scan: ["identify", "accept"],
  "drive-to-buffer": ["identify", "weigh", "scan", "guard-entry"],
  verdict: ["scan"],
  quarantine: ["drive-to-buffer"],
  decision: ["drive-to-buffer"],
  inspection: ["decision"],
  offer: ["drive-to-buffer"],
  "guard-exit": ["offer"],
  "drive-to-hold": ["guard-exit"],
  handoff: ["drive-to-hold", "decision", "inspection", "verdict", "quarantine"],
  cross: ["handoff", "accept"],
  "guard-entry": ["cross"],
  "drive-to-yard": ["drive-to-buffer", "decision", "inspection", "verdict", "quarantine"],
  unload: ["drive-to-buffer", "decision", "inspection", "verdict", "quarantine", "drive-to-yard"],
  close: ["cross", "unload"],
};

/** Without these a mission of that bound could not end. */
const NEEDED: Record<Bound, readonly Step[]> = {
  outbound: [
    "register-order",
    "assign-vehicle",
    "drive-to-crane",
    "load",
    "identify",
    "drive-to-buffer",
    "decision",
    "inspection",
    "offer",
    "guard-exit",
    "drive-to-hold",
    "handoff",
    "cross",
    "close",
  ],
  inbound: ["accept", "cross", "guard-entry", "drive-to-buffer", "unload", "close"],
};

/** All that a vehicle with nothing aboard may go through. Its order is as free as it is on the road: there is one. */
const EMPTY_STEPS: Record<Bound, readonly Step[]> = {
  outbound: ["offer", "drive-to-buffer", "guard-exit", "drive-to-hold", "handoff", "cross", "close"],
  inbound: ["accept", "cross", "guard-entry", "drive-to-buffer", "close"],
};

/** A vehicle with nothing aboard sets out with the partner's yes, so that it takes nobody's bay in vain. */
function emptyProblems({ bound, steps }: Procedure): readonly string[] {
  const order = steps.map(({ step }) => step).join(", ");
  const wanted = EMPTY_STEPS[bound].join(", ");
  return order === wanted
    ? []
    : [`/steps: with nothing aboard a vehicle goes through ${wanted}, not ${order}`];
}

/** Reads one procedure: its schema, and that its order can be driven and its crossing conditions can come true. */
export function readProcedure(data: unknown): ProcedureReading {
  if (!check.Check(data)) {
    return {
      kind: "invalid",
      problems: check.Errors(data).map((error) => `${error.instancePath || "/"}: ${error.message}`),
    };
  }
  if (data.carries === "nothing") {
    const problems = [...emptyProblems(data), ...deadlineProblems(data), ...crossingProblems(data)];
    return problems.length === 0 ? { kind: "procedure", procedure: data } : { kind: "invalid", problems };
  }
  const problems: string[] = [];
  const order = data.steps.map((rule) => rule.step);
  order.forEach((step, at) => {
    if (order.indexOf(step) !== at) problems.push(`/steps/${at}: "${step}" stands there twice`);
    for (const before of COMES_AFTER[step] ?? []) {
      if (order.indexOf(before) > at) problems.push(`/steps/${at}: "${step}" cannot come before "${before}"`);
    }
  });
  for (const step of NEEDED[data.bound]) {
    if (!order.includes(step))
      problems.push(`/steps: "${step}" is missing, an ${data.bound} mission cannot end without it`);
  }
  problems.push(...deadlineProblems(data), ...crossingProblems(data));
  return problems.length === 0 ? { kind: "procedure", procedure: data } : { kind: "invalid", problems };
}

function deadlineProblems({ steps }: Procedure): readonly string[] {
  return steps
    .filter(({ answeredBy, deadlineMs }) => answeredBy.length > 0 && deadlineMs === undefined)
    .map(
      ({ step, answeredBy }) => `/steps: "${step}" asks ${answeredBy.join(" and ")} but has no deadlineMs`,
    );
}

function crossingProblems({ bound, steps, crossing }: Procedure): readonly string[] {
  const handoffAt = steps.findIndex(({ step }) => step === "handoff");
  const problems = crossing
    .filter(
      (condition) => !steps.some(({ establishes }, at) => at < handoffAt && establishes.includes(condition)),
    )
    .map((condition) => `/crossing: no step before the hand-off establishes "${condition}"`);
  if (bound === "outbound" && crossing.length === 0)
    problems.push("/crossing: an outbound procedure needs conditions");
  return problems;
}

/** The version in force for a mission that begins now: the newest effective one. */
export function procedureFor(
  procedures: readonly Procedure[],
  side: Side,
  bound: Bound,
  atMs: number,
  carries?: Procedure["carries"],
): Procedure | undefined {
  return procedures
    .filter((one) => one.side === side && one.bound === bound && one.carries === carries)
    .filter((one) => Date.parse(one.effectiveFrom) <= atMs)
    .sort((a, b) => Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom) || b.version - a.version)[0];
}

export function ruleOf(procedure: Procedure, step: Step): StepRule | undefined {
  return procedure.steps.find((rule) => rule.step === step);
}
