import type { Pose, Side } from "@baton/maps";
import type { Factsheet, VehicleState } from "../../port.ts";
import { edgeIdOf, nodeIdOf, orderIdOf } from "../names.ts";
import type { FactsheetMessage, State } from "../wire/index.ts";
import type { CoreContext } from "./order-messages.ts";

const OPERATING_MODES = {
  AUTOMATIC: "automatic",
  SEMIAUTOMATIC: "semiautomatic",
  MANUAL: "manual",
  SERVICE: "service",
  TEACHIN: "teach-in",
} as const;

/**
 * A state message in the words of the port and in the site frame. `orderRevision` is what the caller has
 * found the vehicle to hold: the protocol does not carry it.
 */
export function vehicleStateOf(context: CoreContext, state: State, orderRevision: number): VehicleState {
  const { velocity, batonControl } = state;
  const nodes = releasedOf(state.nodeStates);
  const edges = releasedOf(state.edgeStates);
  const left = state.nodeStates.length + state.edgeStates.length;
  const paused: readonly Side[] = batonControl?.pausedBy ?? (state.paused === true ? [context.side] : []);
  return {
    vehicleId: context.vehicleId,
    atMs: Date.parse(state.timestamp),
    pose: poseOf(context, state),
    speedMps: Math.hypot(velocity?.vx ?? 0, velocity?.vy ?? 0),
    driving: state.driving,
    pausedBy: paused,
    orderId: state.orderId === "" ? undefined : orderIdOf(state.orderId),
    orderRevision,
    lastNodeId: state.lastNodeId === "" ? undefined : nodeIdOf(state.lastNodeId),
    lastNodeSequence: state.lastNodeSequenceId,
    nodesAhead: nodes.length,
    releasedNodeIds: nodes.map((node) => nodeIdOf(node.nodeId)),
    releasedEdgeIds: edges.map((edge) => edgeIdOf(edge.edgeId)),
    plannedAhead: left - nodes.length - edges.length,
    batteryPct: state.batteryState.batteryCharge,
    charging: state.batteryState.charging,
    loadIds: (state.loads ?? []).flatMap((load) => (load.loadId === undefined ? [] : [load.loadId])),
    operatingMode: operatingModeOf(context.side, state),
    emergencyStop: state.safetyState.eStop !== "NONE",
    control:
      batonControl === undefined
        ? undefined
        : {
            authority: batonControl.authority,
            epoch: batonControl.epoch,
            ...(batonControl.handoffId === undefined ? {} : { handoffId: batonControl.handoffId }),
          },
    errors: state.errors.map((error) => ({
      type: error.errorType,
      fatal: error.errorLevel === "FATAL",
      description: error.errorDescription ?? "",
    })),
  };
}

/** Not every vehicle lists them in the order in which it will come to them; the sequence says it (section 6.6.1). */
function releasedOf<T extends { readonly sequenceId: number; readonly released: boolean }>(
  list: readonly T[],
): readonly T[] {
  const released = list.filter((one) => one.released);
  const inOrder = released.every(
    (one, at) => at === 0 || (released[at - 1]?.sequenceId ?? 0) <= one.sequenceId,
  );
  return inOrder ? released : released.sort((a, b) => a.sequenceId - b.sequenceId);
}

/** A vehicle that answers to the other side reports SERVICE to this one: 2.x has no word for `intervened`. */
function operatingModeOf(side: Side, state: State): VehicleState["operatingMode"] {
  const elsewhere = state.batonControl !== undefined && state.batonControl.authority !== side;
  return state.operatingMode === "SERVICE" && elsewhere ? "intervened" : OPERATING_MODES[state.operatingMode];
}

/** Undefined while the vehicle is not localised, or localised on a map that is not this side's. */
function poseOf({ chart }: CoreContext, { agvPosition }: State): Pose | undefined {
  if (agvPosition === undefined || !agvPosition.positionInitialized) return undefined;
  if (agvPosition.mapId !== chart.mapId) return undefined;
  return chart.toSite({ xM: agvPosition.x, yM: agvPosition.y, headingRad: agvPosition.theta });
}

export function factsheetOf(message: FactsheetMessage): Factsheet {
  return {
    manufacturer: message.manufacturer,
    serialNumber: message.serialNumber,
    seriesName: message.typeSpecification.seriesName,
    lengthM: message.physicalParameters.length,
    widthM: message.physicalParameters.width,
    maxSpeedMps: message.physicalParameters.speedMax,
    maxLoadKg: message.typeSpecification.maxLoadMass,
    actionTypes: message.protocolFeatures.agvActions.map((action) => action.actionType),
  };
}
