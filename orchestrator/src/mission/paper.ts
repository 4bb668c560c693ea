import type { Step } from "../contract/index.ts";
import { cargoName, type MissionContext } from "./context.ts";
import type { MissionEffect } from "./effects.ts";
import { jobIdOf } from "./ids.ts";
import { type Procedure, ruleOf } from "./procedure.ts";
import type { PaperRelease } from "./records.ts";
import { decisionWork, quarantineWork } from "./steps/lane-steps.ts";
import { entryGuardWork, exitWork } from "./steps/line-steps.ts";
import { askDevice, type DeviceWork } from "./steps/step-logic.ts";

/** What agencies may say on paper while their systems are away. */
const PAPER_WORKS = [quarantineWork, decisionWork, exitWork, entryGuardWork];
/** The agency is asked anew, under an id of its own. */
const PART = "paper";

/**
 * What was released on paper is not settled by that: the agency's system is asked until it answers, the mission being over or not, and
 * an alarm stands until then. When it says the same, all is well; when it does not, that is for people.
 */
export function reconciling(context: MissionContext, procedure: Procedure): readonly MissionEffect[] {
  const { papers } = context;
  if (papers === undefined) return [];
  return PAPER_WORKS.flatMap((work) => {
    const paper = papers[work.step];
    const rule = ruleOf(procedure, work.step);
    if (paper === undefined || rule === undefined) return [];
    const asked = askDevice(context, { ...work, part: PART }).map((effect) =>
      effect.kind === "askDevice" ? ({ ...effect, untilAnswered: true } as const) : effect,
    );
    const said = verdictOf(context, work, rule.establishes, procedure);
    if (said === "awaited") return [...asked, raise(context, work.step, ON_PAPER, paper)];
    if (said === "same") return [clear(context, work.step, ON_PAPER)];
    return [clear(context, work.step, ON_PAPER), raise(context, work.step, DISPUTED, paper)];
  });
}

/** What was given back needs nobody's yes any more. */
export const paperAlarmsOver = (context: MissionContext): readonly MissionEffect[] =>
  PAPER_WORKS.flatMap(({ step }) =>
    context.papers?.[step] === undefined
      ? []
      : [ON_PAPER, DISPUTED].flatMap((code) =>
          context.issued.includes(`alarm:${alarmIdOf(context, step, code)}`)
            ? [clear(context, step, code)]
            : [],
        ),
  );

function verdictOf(
  context: MissionContext,
  work: DeviceWork,
  establishes: readonly string[],
  procedure: Procedure,
): "awaited" | "same" | "other" {
  const job = context.jobs[jobIdOf(context, work.step, PART)];
  if (job?.state !== "done" || job.result?.kind !== work.task(context).kind) return "awaited";
  const found = work.examine(context, job.result, procedure);
  if (found.kind !== "fits") return "other";
  return (found.holds ?? establishes).length > 0 ? "same" : "other";
}

const ON_PAPER = "mission.on-paper";
const DISPUTED = "mission.paper-disputed";

const alarmIdOf = ({ missionId }: MissionContext, step: Step, code: string): string =>
  `${code}:${missionId}:${step}`;

function raise(context: MissionContext, step: Step, code: string, paper: PaperRelease): MissionEffect {
  const alarmId = alarmIdOf(context, step, code);
  const cargo = context.consignment === undefined ? {} : { containerNo: context.consignment.containerNo };
  return {
    effectId: `alarm:${alarmId}`,
    kind: "raiseAlarm",
    alarmId,
    code,
    detail: `${cargoName(context)}: ${step} on paper ${paper.documentNo} by ${paper.accounts.join(" and ")}`,
    facts: { ...cargo, step, said: paper.documentNo },
    priority: code === DISPUTED ? "high" : "low",
    vehicleId: context.vehicle?.vehicleId,
  };
}

function clear(context: MissionContext, step: Step, code: string): MissionEffect {
  const alarmId = alarmIdOf(context, step, code);
  return { effectId: `clear:${alarmId}`, kind: "clearAlarm", alarmId };
}
