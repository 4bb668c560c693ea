import type { MissionView } from "../contract/index.ts";
import { lineOf, type MissionContext } from "./context.ts";
import { backBar } from "./having-back.ts";
import { possibleActs } from "./person-acts.ts";
import type { Procedure } from "./procedure.ts";

/** A mission as the API and the twin see it. */
export function viewOf(context: MissionContext, procedure: Procedure): MissionView {
  const { held, vehicle, handoff } = context;
  const line = lineOf(context);
  const acts = possibleActs(context, procedure);
  const barred = backBar(context);
  return {
    missionId: context.missionId,
    orderId: context.consignment?.orderId ?? context.missionId,
    side: context.side,
    direction: context.direction,
    bound: context.bound,
    ...(context.consignment === undefined ? {} : { containerNo: context.consignment.containerNo }),
    ...(vehicle === undefined ? {} : { vehicleId: vehicle.vehicleId }),
    ...(handoff === undefined ? {} : { handoffId: handoff.handoffId }),
    ...(context.slot === undefined ? {} : { slot: { fromMs: context.slot.fromMs, toMs: context.slot.toMs } }),
    ...(handoff?.returnLoad === undefined
      ? {}
      : { returnLoad: { orderId: handoff.returnLoad.orderId, containerNo: handoff.returnLoad.containerNo } }),
    handoffPointId: line.handoffPointId,
    mode: line.mode ?? "control-passes",
    step: context.step,
    stepSinceMs: context.stepSinceMs,
    status: context.status,
    ...(held === undefined ? {} : { held: { code: held.code, detail: held.detail } }),
    ...(acts.length === 0 ? {} : { acts: [...acts] }),
    ...(barred === undefined ? {} : { backBarred: barred }),
    steps: procedure.steps.map((rule) => rule.step),
    timeline: context.timeline,
  };
}
