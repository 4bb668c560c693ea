import { intAt } from "./int-arrays.ts";
import type { Found, PlanQuestion } from "./plan.ts";
import type { PlanStep } from "./plan-step.ts";
import { at, type Run } from "./runs.ts";
import { EXTRA, PARENT, RUN, type SearchStates, STAGE, START, TICK } from "./search-states.ts";

/** The plan that led a search to its goal, read back from there: all that a search allocates. */
export function foundPlan(
  { data }: SearchStates,
  goal: number,
  runs: readonly Run[],
  { vias, firstRun }: PlanQuestion,
  expansions: number,
): Found {
  let depth = 0;
  for (let state = goal; intAt(data, state + PARENT) >= 0; state = intAt(data, state + PARENT)) depth++;
  const steps: PlanStep[] = [];
  const viaAt = new Array<number>(vias.length).fill(0);
  for (let state = goal; intAt(data, state + PARENT) >= 0; depth--) {
    const parent = intAt(data, state + PARENT);
    const number = intAt(data, state + RUN);
    const run = number < runs.length ? at(runs, number) : firstRun;
    if (run === undefined) throw new Error("bug: a plan begins with a first run that was not asked for");
    steps.push({ run, startTick: intAt(data, state + START), extraTicks: intAt(data, state + EXTRA) });
    for (let stage = intAt(data, parent + STAGE); stage < intAt(data, state + STAGE); stage++)
      viaAt[stage] = depth;
    state = parent;
  }
  steps.reverse();
  return { kind: "found", steps, arrivalTick: intAt(data, goal + TICK), viaAt, expansions };
}
