import type { ActionId } from "@baton/fleet-adapter";
import { byVisit, cargoOf, hasItAboard, isEmptyRun, type MissionContext } from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { actionIdOf, legOf } from "../ids.ts";
import { sealNoOf } from "../once-more.ts";
import type { MissionVehicle, Place } from "../records.ts";
import {
  agency,
  askDevice,
  type DeviceWork,
  DONE,
  deviceStep,
  held,
  type Judgement,
  jobFor,
  judgeLeg,
  judgeWork,
  requestLeg,
  resultOf,
  type StepLogic,
  WAIT,
} from "./step-logic.ts";
import { isAtPad } from "./visit-steps.ts";

/** The platform knows the order and has a slot for it. */
export const registerOrder = deviceStep({
  step: "register-order",
  device: (context) => agency(context, "platform"),
  task: (context) => ({
    kind: "register-order",
    containerNo: cargoOf(context).containerNo,
    declarationNo: cargoOf(context).declarationNo,
  }),
  ready: () => true,
  examine: (_context, result) => {
    const { slot, pass } = resultOf(result, "register-order");
    return { kind: "fits", evidence: { code: "slot", slot }, findings: { pass } };
  },
});

export const admitTruck = deviceStep({
  step: "admit-truck",
  isReading: true,
  device: (context) => context.places.truckGate?.deviceIds[0],
  task: (context) => ({
    kind: "admit-truck",
    containerNo: cargoOf(context).containerNo,
    truckPlate: cargoOf(context).truckPlate,
  }),
  // The gate waits for the truck from when it is asked: it is asked when the truck is called.
  ready: ({ slot, calledAtMs }) => slot === undefined || calledAtMs !== undefined,
  examine: (context, result) => {
    const consignment = cargoOf(context);
    const read = resultOf(result, "admit-truck");
    if (read.containerNo !== consignment.containerNo) {
      return {
        kind: "mismatch",
        code: "container-mismatch",
        detail: `the truck carries ${read.containerNo}, not ${consignment.containerNo}`,
      };
    }
    if (read.truckPlate !== consignment.truckPlate) {
      return {
        kind: "mismatch",
        code: "truck-mismatch",
        detail: `truck ${read.truckPlate} came, not ${consignment.truckPlate}`,
      };
    }
    return { kind: "fits", evidence: { code: "picture", reference: read.pictureReference } };
  },
});

/** Dispatch answers this one; it says elsewhere why it has not yet. The bay beyond the lane comes later. */
export const assignVehicle: StepLogic = {
  desired: () => [],
  judge: ({ vehicle, places }) =>
    vehicle !== undefined && places.crane !== undefined
      ? { kind: "done", evidence: { code: howItComes(vehicle), reference: vehicle.vehicleId } }
      : WAIT,
};

/** One that is taken from another container is told of there. */
const howItComes = ({ calledFrom, orNever }: MissionVehicle): "vehicle" | "vehicle-called-off" =>
  calledFrom === undefined || orNever === true ? "vehicle" : "vehicle-called-off";

export const driveToCrane: StepLogic = {
  desired: (context) => {
    const crane = context.places.crane;
    if (crane?.nodeId === undefined) return [];
    const loadId = cargoOf(context).containerNo;
    return requestLeg(context, "drive-to-crane", {
      toNodeId: crane.nodeId,
      actionsAtEnd: [{ actionId: pickIdOf(context), kind: "pick", loadId, stationId: crane.stationId }],
      insteadOf: context.vehicle?.calledFrom,
      orNever: context.vehicle?.orNever,
    });
  },
  judge: (context) => {
    if (context.vehicle === undefined) return { kind: "no-vehicle" };
    return context.yielding === undefined ? judgeLeg(context, "drive-to-crane") : WAIT;
  },
};

/** Each vehicle that is to come picks it up under a name of its own. */
function pickIdOf(context: MissionContext): ActionId {
  const { "drive-to-crane": round = 1 } = context.legRounds;
  return actionIdOf(context, "load", round === 1 ? "pick" : `pick-${round}`);
}

const craneDevice = (crane: Place | undefined) =>
  crane?.deviceIds.find((deviceId) => !/seal/i.test(deviceId)) ?? crane?.deviceIds[0];

/** The seal reader of a crane is the device that says so in its id; a crane without one reads the seal itself. */
const sealDevice = (crane: Place | undefined) =>
  crane?.deviceIds.find((deviceId) => /seal/i.test(deviceId)) ?? crane?.deviceIds[0];

const lift = (step: "load" | "unload", way: "onto-vehicle" | "off-vehicle"): DeviceWork => ({
  step,
  device: (context) => craneDevice(context.places.crane),
  task: (context) => ({ kind: "lift", containerNo: cargoOf(context).containerNo, way }),
  ready: (context) => {
    if (step === "unload" && byVisit(context) !== undefined) return isAtPad(context);
    return legOf(context, step === "load" ? "drive-to-crane" : "unload")?.state === "completed";
  },
  examine: (_context, result) => {
    const { landed, twistLocksClosed } = resultOf(result, "lift");
    if (!landed)
      return { kind: "refused", code: "not-landed", detail: "the crane did not land the container" };
    if (way === "onto-vehicle" && !twistLocksClosed) {
      return {
        kind: "refused",
        code: "twist-locks-open",
        detail: "the container stands on the vehicle, its twist locks are not closed",
      };
    }
    return { kind: "fits", evidence: { code: "landed" } };
  },
});

/** The crane is done and the vehicle says so too: two witnesses, neither believed alone. */
function judgeLift(context: MissionContext, work: DeviceWork, byCrane: Judgement): Judgement {
  if (byCrane.kind !== "done") return byCrane;
  const aboard = hasItAboard(context);
  if (aboard === (work.step === "load")) return byCrane;
  const job = jobFor(context, work);
  if (job === undefined || context.nowMs < job.deadlineAtMs) return WAIT;
  return held(
    "load-not-reported",
    `the crane is done, the vehicle reports ${aboard ? "the container aboard" : "no container"}`,
  );
}

const liftOnto = lift("load", "onto-vehicle");
export const load: StepLogic = {
  desired: (context) => askDevice(context, liftOnto),
  judge: (context, rule, procedure) =>
    judgeLift(context, liftOnto, judgeWork(context, liftOnto, rule, procedure)),
};

export const armSeal = deviceStep({
  step: "arm-seal",
  device: (context) => sealDevice(context.places.crane),
  task: (context) => ({
    kind: "arm-seal",
    containerNo: cargoOf(context).containerNo,
    sealNo: sealNoOf(context),
  }),
  ready: () => true,
  examine: (context, result) => {
    const { sealNo, state } = resultOf(result, "arm-seal");
    if (state === "dead")
      return {
        kind: "refused",
        code: "seal-dead",
        detail: `seal ${sealNo} does not answer: replace it and try again`,
      };
    if (sealNo !== sealNoOf(context)) {
      return {
        kind: "mismatch",
        code: "seal-mismatch",
        detail: `seal ${sealNo}, not ${sealNoOf(context)}`,
        findings: { sealNo, sealState: state },
      };
    }
    return { kind: "fits", evidence: { code: "seal", sealNo }, findings: { sealNo, sealState: state } };
  },
});

/** Inbound: what the lane had to find out is found out, and the partner is told so. */
function receiptOf({ handoff }: MissionContext): readonly MissionEffect[] {
  if (handoff === undefined) return [];
  const { handoffId } = handoff;
  return [
    { effectId: `receive:${handoffId}`, kind: "receiveHandoff", handoffId, result: { kind: "accepted" } },
  ];
}

/**
 * Inbound: to the head of the queue before the cranes. Only there a crane is given to it: one that waited for a vehicle all the way
 * from the line would lift nothing meanwhile.
 */
export const driveToYard: StepLogic = {
  desired: (context) => {
    const { yardQueue, buffer } = context.places;
    const way =
      yardQueue?.nodeId === undefined
        ? []
        : requestLeg(context, "drive-to-yard", { fromNodeId: buffer?.nodeId, toNodeId: yardQueue.nodeId });
    return [...receiptOf(context), ...way];
  },
  judge: (context) => (context.places.yardQueue === undefined ? DONE : judgeLeg(context, "drive-to-yard")),
};

/** Inbound: where the vehicle sets out for its crane. */
export function beforeCrane(context: MissionContext): Place | undefined {
  const { yardQueue, buffer } = context.places;
  return legOf(context, "drive-to-yard")?.state === "completed" ? yardQueue : buffer;
}

const liftOff = lift("unload", "off-vehicle");
/** Inbound: a crane is found by dispatch, the container goes to the ground. */
export const unload: StepLogic = {
  desired: (context) => {
    const { places } = context;
    const receipt = receiptOf(context);
    const crane = places.crane;
    if (crane?.nodeId === undefined) return receipt;
    // Its home has brought it to the crane.
    if (byVisit(context) !== undefined) return [...receipt, ...askDevice(context, liftOff)];
    const way = requestLeg(context, "unload", {
      fromNodeId: beforeCrane(context)?.nodeId,
      toNodeId: crane.nodeId,
      actionsAtEnd: [
        {
          actionId: actionIdOf(context, "unload", "drop"),
          kind: "drop",
          loadId: cargoOf(context).containerNo,
          stationId: crane.stationId,
        },
      ],
    });
    return [...receipt, ...way, ...askDevice(context, liftOff)];
  },
  judge: (context, rule, procedure) => {
    if (context.places.crane === undefined) return WAIT;
    const way = judgeLeg(context, "unload");
    if (way.kind === "held") return way;
    return judgeLift(context, liftOff, judgeWork(context, liftOff, rule, procedure));
  },
};

const record: DeviceWork = {
  step: "close",
  device: (context) => agency(context, "platform"),
  task: (context) => ({
    kind: "close-order",
    containerNo: cargoOf(context).containerNo,
    declarationNo: cargoOf(context).declarationNo,
  }),
  ready: () => true,
  examine: (_context, result) => ({
    kind: "fits",
    evidence: { code: "confirmation", reference: resultOf(result, "close-order").confirmation },
  }),
};

/** The platform has the record, and both sides have signed the custody record. */
export const close: StepLogic = {
  desired: (context) => {
    const vehicleId = context.vehicle?.vehicleId;
    const gone =
      context.bound === "outbound" && context.clearOfGround && vehicleId !== undefined
        ? [{ effectId: `dismiss:${context.missionId}`, kind: "dismissVehicle", vehicleId } as const]
        : [];
    if (isEmptyRun(context)) return [...gone, ...(context.bound === "inbound" ? receiptOf(context) : [])];
    return [...gone, ...askDevice(context, record)];
  },
  judge: (context, rule, procedure) => {
    // The platform keeps containers.
    const recorded = isEmptyRun(context) ? DONE : judgeWork(context, record, rule, procedure);
    if (recorded.kind !== "done") return recorded;
    const { handoff } = context;
    if (handoff?.concluded === false) return WAIT;
    if (handoff?.recordHash === undefined) return recorded;
    return { ...recorded, evidence: { code: "custody-record", reference: handoff.recordHash } };
  },
};
