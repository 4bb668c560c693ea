import { byCrane, byVehicle, cargoName, isEmptyRun, type MissionContext } from "./context.ts";
import type { MissionEffect } from "./effects.ts";
import { legOf } from "./ids.ts";
import { paperAlarmsOver, reconciling } from "./paper.ts";
import { wordToPartner } from "./person-acts.ts";
import { type Procedure, ruleOf } from "./procedure.ts";
import { driveThroughJobs, earlyWayToDock } from "./steps/lane-steps.ts";
import { proceed } from "./steps/step-logic.ts";
import { STEP_LOGIC } from "./steps/step-table.ts";

/** What a mission wants to have happen as it is now: its step, what follows from its end, and the alarms that stand for it. */
export function desiredOf(context: MissionContext, procedure: Procedure): readonly MissionEffect[] {
  const cleared = context.status !== "held" && context.holdCount > 0 ? [clearHeldAlarm(context)] : [];
  switch (context.status) {
    case "running": {
      const rule = ruleOf(procedure, context.step);
      if (rule === undefined)
        throw new Error(
          `${context.step} is no step of ${procedure.procedureId} version ${procedure.version}`,
        );
      return [
        ...cleared,
        ...STEP_LOGIC[rule.step].desired(context, rule, procedure),
        ...driveThroughJobs(context, procedure),
        ...onPersonsWord(context, procedure),
      ];
    }
    case "held":
      return [
        raiseHeldAlarm(context),
        ...driveThroughJobs(context, procedure),
        ...onPersonsWord(context, procedure),
      ];
    case "done":
      return [
        ...cleared,
        ...(context.bringsBack === undefined ? [] : [clearReturnedAlarm(context.bringsBack)]),
        ...reconciling(context, procedure),
      ];
    case "returned":
      return [...cleared, ...undoing(context), ...paperAlarmsOver(context)];
  }
}

/** Whatever step it is at, or held at. */
const onPersonsWord = (context: MissionContext, procedure: Procedure): readonly MissionEffect[] => [
  ...wordToPartner(context),
  ...earlyWayToDock(context),
  ...reconciling(context, procedure),
];

const heldAlarmId = (context: MissionContext): string =>
  `mission.held:${context.missionId}:${context.holdCount}`;

function raiseHeldAlarm(context: MissionContext): MissionEffect {
  const alarmId = heldAlarmId(context);
  const { held } = context;
  const step = held?.step ?? context.step;
  const detail = `${step}: ${held?.code ?? ""}: ${held?.detail ?? ""}`;
  return {
    effectId: `alarm:${alarmId}`,
    kind: "raiseAlarm",
    alarmId,
    code: "mission.held",
    detail,
    facts: {
      ...containerIn(context),
      step,
      ...(held === undefined ? {} : { cause: held.code, said: held.detail }),
    },
    priority: "high",
    vehicleId: context.vehicle?.vehicleId,
  };
}

const containerIn = ({ consignment }: MissionContext): { readonly containerNo?: string } =>
  consignment === undefined ? {} : { containerNo: consignment.containerNo };

function clearHeldAlarm(context: MissionContext): MissionEffect {
  const alarmId = heldAlarmId(context);
  return { effectId: `clear:${alarmId}`, kind: "clearAlarm", alarmId };
}

const returnedAlarmId = (missionId: string): string => `mission.returned:${missionId}`;

function clearReturnedAlarm(missionId: string): MissionEffect {
  const alarmId = returnedAlarmId(missionId);
  return { effectId: `clear:${alarmId}`, kind: "clearAlarm", alarmId };
}

/**
 * What an ended mission takes back: its word to the partner, the ground it asked for (outbound: beyond the hold line), a
 * vehicle that never became ours. One that comes to the portal or the exit gate is let go on, to its bay or to the hold line:
 * no way back begins at a gate, and everybody behind it would stand there too.
 */
function undoing(context: MissionContext): readonly MissionEffect[] {
  const { handoff, vehicle, missionId } = context;
  const effects: MissionEffect[] = [];
  const open = handoff !== undefined && !handoff.switched && handoff.phase !== "over";
  if (context.bound === "outbound" && open) {
    const reason = context.returnReason ?? "returned";
    effects.push({
      effectId: `withdraw:${handoff.handoffId}`,
      kind: "withdrawHandoff",
      handoffId: handoff.handoffId,
      reason: reason.slice(0, 200),
    });
  }
  if (vehicle === undefined) return effects;
  const { vehicleId } = vehicle;
  // Of a vehicle that passes the line, or is to. To its pad under the crane, or to where its visit would begin, it drives all the same,
  // and from there home.
  const endsBefore =
    context.bound === "outbound" ? byVehicle(context) === undefined : byCrane(context) !== undefined;
  const lineLeg = endsBefore
    ? undefined
    : legOf(context, context.bound === "outbound" ? "guard-exit" : "accept");
  if (lineLeg?.state === "requested") {
    effects.push({
      effectId: `abandon:${lineLeg.legId}`,
      kind: "abandonLeg",
      vehicleId,
      legId: lineLeg.legId,
    });
  }
  if (context.bound === "inbound") {
    if (context.admission?.state === "admitted" || lineLeg !== undefined) {
      effects.push({ effectId: `dismiss:${missionId}`, kind: "dismissVehicle", vehicleId });
    }
    return effects;
  }
  const { portal, exitGate } = context.places;
  effects.push(
    ...proceed(context, "identify", portal?.nodeId),
    ...proceed(context, "guard-exit", exitGate?.nodeId),
  );
  // Nobody waits for a vehicle that stays: dispatch has it again.
  if (isEmptyRun(context)) return effects;
  const alarmId = returnedAlarmId(missionId);
  const detail = `${cargoName(context)} on ${vehicleId}: ${context.returnReason ?? ""}`;
  effects.push({
    effectId: `alarm:${alarmId}`,
    kind: "raiseAlarm",
    alarmId,
    code: "mission.returned",
    detail,
    facts: { ...containerIn(context), said: context.returnReason ?? "" },
    priority: "medium",
    vehicleId,
  });
  return effects;
}
