import { weightFits } from "../../gate/conditions.ts";
import { byVisit, cargoOf, isEmptyRun, type MissionContext } from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { evidenceText } from "../evidence.ts";
import { legOf } from "../ids.ts";
import { type Procedure, ruleOf, type StepRule } from "../procedure.ts";
import type { Place } from "../records.ts";
import {
  agency,
  askDevice,
  type DeviceWork,
  DONE,
  deviceStep,
  type Examination,
  judgeLeg,
  judgeWork,
  laneLegStep,
  laneReached,
  proceed,
  requestLeg,
  resultOf,
  type StepLogic,
  WAIT,
} from "./step-logic.ts";

/** Container, vehicle and seal as a portal or gate read them, against the order. */
export function examineIdentity(
  context: MissionContext,
  read: { containerNo: string; vehicleId: string; sealIntact: boolean; pictureReference: string },
): Examination {
  const { vehicle } = context;
  const consignment = cargoOf(context);
  if (read.containerNo !== consignment.containerNo) {
    return {
      kind: "mismatch",
      code: "container-mismatch",
      detail: `read ${read.containerNo}, expected ${consignment.containerNo}`,
    };
  }
  if (read.vehicleId !== vehicle?.vehicleId) {
    return {
      kind: "mismatch",
      code: "vehicle-mismatch",
      detail: `read ${read.vehicleId}, expected ${vehicle?.vehicleId ?? "none"}`,
    };
  }
  if (!read.sealIntact)
    return {
      kind: "mismatch",
      code: "seal-broken",
      detail: `the seal of ${consignment.containerNo} is not intact`,
    };
  return {
    kind: "fits",
    evidence: { code: "picture", reference: read.pictureReference },
    findings: { sealState: "intact" },
  };
}

const portalWork: DeviceWork = {
  step: "identify",
  isReading: true,
  device: (context) => context.places.portal?.deviceIds[0],
  task: (context) => ({ kind: "identify", containerNo: cargoOf(context).containerNo }),
  ready: (context) => {
    const nodeId = context.places.portal?.nodeId;
    const leg = legOf(context, "identify");
    return (
      leg !== undefined &&
      (leg.state === "completed" || (nodeId !== undefined && leg.stoodAt.includes(nodeId)))
    );
  },
  examine: (context, result) => examineIdentity(context, resultOf(result, "identify")),
};

/**
 * A weighbridge and a scanner see what drives through them while they are there: no vehicle is sent on to one that is away,
 * since what passed it unseen would have to come back.
 */
export function lanePassable({ places, downDevices = [] }: MissionContext): boolean {
  const through = [places.weighbridge, places.scanner].flatMap((place) => place?.deviceIds ?? []);
  return !through.some((deviceId) => downDevices.includes(deviceId));
}

/** From the crane through the whole lane to the bay; stands at the portal until it is known who it is. */
export const identify: StepLogic = {
  desired: (context, rule, procedure) => {
    const { buffer, portal } = context.places;
    if (buffer?.nodeId === undefined) return [];
    const via =
      portal?.nodeId === undefined ? [] : [{ nodeId: portal.nodeId, expectedDwellMs: rule.expectedMs ?? 0 }];
    const known = judgeWork(context, portalWork, rule, procedure).kind === "done";
    return [
      ...requestLeg(context, "identify", {
        fromNodeId: (context.passedAgain === undefined ? context.places.crane : buffer)?.nodeId,
        toNodeId: buffer.nodeId,
        via,
      }),
      ...askDevice(context, portalWork),
      ...(known && lanePassable(context) ? proceed(context, "identify", portal?.nodeId) : []),
    ];
  },
  judge: (context, rule, procedure) => {
    const way = judgeLeg(context, "identify");
    if (way.kind === "held") return way;
    const known = judgeWork(context, portalWork, rule, procedure);
    return known.kind === "done" && !lanePassable(context) ? WAIT : known;
  },
};

const weighWork: DeviceWork = {
  step: "weigh",
  device: (context) => context.places.weighbridge?.deviceIds[0],
  task: (context) => ({ kind: "weigh", containerNo: cargoOf(context).containerNo }),
  // The scale begins where the portal stands, perhaps: asked once the vehicle has passed over it.
  ready: (context) => laneReached(context, context.places.weighbridge?.nodeId),
  examine: (context, result, procedure) => {
    const consignment = cargoOf(context);
    const { grossKg, scaleClass } = resultOf(result, "weigh");
    const findings = { weighedGrossKg: grossKg, scaleClass };
    const evidence = {
      code: "weighed",
      grossKg: Math.round(grossKg),
      declaredKg: Math.round(consignment.declaredGrossKg),
    } as const;
    return weightFits(consignment.declaredGrossKg, grossKg, procedure.weightTolerancePct)
      ? { kind: "fits", evidence, findings }
      : { kind: "mismatch", code: "weight-mismatch", detail: evidenceText(evidence), findings };
  },
};

const scanWork: DeviceWork = {
  step: "scan",
  device: (context) => context.places.scanner?.deviceIds[0],
  task: (context) => ({ kind: "scan", containerNo: cargoOf(context).containerNo }),
  // The passage is the scan: asked as it begins.
  ready: (context) =>
    laneReached(context, context.places.scanner?.beginNodeId, context.places.scanner?.nodeId),
  examine: (_context, result) => {
    const { scanReference, sha256 } = resultOf(result, "scan");
    return {
      kind: "fits",
      evidence: { code: "scan", reference: scanReference },
      findings: { scanReference, scanSha256: sha256 },
    };
  },
};

export const weigh = deviceStep(weighWork);
export const scan = deviceStep(scanWork);

/**
 * The vehicle does not stop at the weighbridge and in the scanner: they are asked when it is there, even when the
 * mission is held at an earlier step, or the container would pass unweighed or unscanned.
 */
export function driveThroughJobs(context: MissionContext, procedure: Procedure): readonly MissionEffect[] {
  const inForce = (rule: StepRule | undefined): boolean =>
    rule !== undefined && !isBehind(context, procedure, rule);
  return [
    ...(inForce(ruleOf(procedure, "weigh")) ? askDevice(context, weighWork) : []),
    ...(inForce(ruleOf(procedure, "scan")) ? askDevice(context, scanWork) : []),
  ];
}

const isBehind = (context: MissionContext, procedure: Procedure, rule: StepRule): boolean =>
  procedure.steps.findIndex((one) => one.step === context.step) > procedure.steps.indexOf(rule);

/** A visitor comes no further than the exchange pad. */
export const driveToBuffer: StepLogic = {
  // With nothing aboard it has not been through the lane on any business: it passes it on its way to the line.
  desired: (context) =>
    context.bound === "outbound" && isEmptyRun(context) && context.places.buffer?.nodeId !== undefined
      ? requestLeg(context, "identify", { toNodeId: context.places.buffer.nodeId })
      : [],
  judge: (context) =>
    context.bound === "inbound" && byVisit(context) !== undefined
      ? DONE
      : judgeLeg(context, laneLegStep(context)),
};

export const verdict = deviceStep({
  step: "verdict",
  device: (context) => agency(context, "analyst"),
  task: (context) => ({
    kind: "judge-scan",
    containerNo: cargoOf(context).containerNo,
    scanReference: context.findings.scanReference ?? "",
  }),
  ready: () => true,
  examine: (_context, result) => {
    const { verdict: said, account } = resultOf(result, "judge-scan");
    // A suspect scan is no failure of the step: it sends the container to inspection.
    return {
      kind: "fits",
      evidence: { code: `scan-${said}` },
      account,
      findings: { verdict: said },
      holds: said === "clear" ? ["verdict"] : [],
    };
  },
});

export const quarantineWork: DeviceWork = {
  step: "quarantine",
  onPaper: () => ({ findings: { quarantine: "certified" } }),
  device: (context) => agency(context, "quarantine"),
  task: (context) => ({ kind: "quarantine", containerNo: cargoOf(context).containerNo }),
  ready: () => true,
  examine: (_context, result) => {
    const { outcome, certificate } = resultOf(result, "quarantine");
    if (outcome === "refused") return { kind: "refused", code: "quarantine-refused", detail: certificate };
    return {
      kind: "fits",
      evidence: outcome === "certified" ? { code: "certificate", reference: certificate } : { code: outcome },
      findings: { quarantine: outcome },
    };
  },
};
export const quarantine = deviceStep(quarantineWork);

export const decisionWork: DeviceWork = {
  step: "decision",
  onPaper: () => ({ findings: { decision: "release" } }),
  device: (context) => agency(context, "customs"),
  task: (context) => ({
    kind: "decide",
    containerNo: cargoOf(context).containerNo,
    declarationNo: cargoOf(context).declarationNo,
    verdict: context.findings.verdict ?? "none",
  }),
  ready: () => true,
  examine: (_context, result) => {
    const { decision: said, account } = resultOf(result, "decide");
    if (said === "return") return { kind: "return", reason: `customs: return, by ${account}` };
    return {
      kind: "fits",
      evidence: { code: said === "release" ? "released" : "to-inspect", account },
      account,
      findings: { decision: said },
      holds: said === "release" ? ["customs-release"] : [],
    };
  },
};
export const decision = deviceStep(decisionWork);

const inspectionWork: DeviceWork = {
  step: "inspection",
  device: (context) => agency(context, "customs"),
  task: (context) => ({ kind: "inspect", containerNo: cargoOf(context).containerNo }),
  ready: (context) =>
    inspectionDue(context) && (!isForDock(context) || legOf(context, "inspection")?.state === "completed"),
  examine: (_context, result) => {
    const { outcome, officers, newSealNo } = resultOf(result, "inspect");
    if (outcome === "return")
      return { kind: "return", reason: `inspection: return, by ${officers.join(" and ")}` };
    // Opened under two officers and sealed again: one alone does not release a container.
    if (new Set(officers).size < 2)
      return { kind: "refused", code: "inspection-one-officer", detail: `signed by ${officers.join(", ")}` };
    return {
      kind: "fits",
      evidence: { code: "inspected", officers },
      account: officers.join("+"),
      findings: { sealNo: newSealNo, sealState: "replaced" },
    };
  },
};

/** Channel and verdict are separate; either may send the container to inspection, and so may a person. */
export function inspectionDue({ findings, diverted }: MissionContext): boolean {
  return findings.decision === "inspect" || findings.verdict === "suspect" || diverted !== undefined;
}

/** What a person has sent to be inspected leaves its bay for a dock before all is decided; the agencies decide meanwhile. */
const leavesEarly = (context: MissionContext): boolean =>
  context.diverted !== undefined && judgeLeg(context, laneLegStep(context)).kind === "done";

const isForDock = ({ hasDocks }: MissionContext): boolean => hasDocks === true;

/** It is to be opened and has no dock yet: dispatch finds one. It waits in its bay. */
export const wantsDock = (context: MissionContext): boolean =>
  (context.step === "inspection" ? inspectionDue(context) : leavesEarly(context)) &&
  isForDock(context) &&
  context.places.dock === undefined;

/** Where the vehicle stands when all is decided. */
export function afterInspection(context: MissionContext): Place | undefined {
  const { dock, buffer } = context.places;
  return legOf(context, "inspection")?.state === "completed" ? dock : buffer;
}

function wayToDock(context: MissionContext): readonly MissionEffect[] {
  const { dock, buffer } = context.places;
  return dock?.nodeId === undefined
    ? []
    : requestLeg(context, "inspection", { fromNodeId: buffer?.nodeId, toNodeId: dock.nodeId });
}

/** Whatever step it is at. */
export const earlyWayToDock = (context: MissionContext): readonly MissionEffect[] =>
  leavesEarly(context) ? wayToDock(context) : [];

/**
 * Only when somebody asked for it. It takes hours, and nobody gets past a bay that is not left: where there are docks the vehicle drives
 * on to one. Where there are none, the container is inspected in its bay.
 */
export const inspection: StepLogic = {
  desired: (context) =>
    inspectionDue(context) ? [...wayToDock(context), ...askDevice(context, inspectionWork)] : [],
  judge: (context, rule, procedure) => {
    if (!inspectionDue(context)) return DONE;
    if (isForDock(context)) {
      const way = judgeLeg(context, "inspection");
      if (way.kind !== "done") return way;
    }
    return judgeWork(context, inspectionWork, rule, procedure);
  },
};
