import type { Point, Pose, Side } from "@baton/maps";
import { actionIdOf, edgeIdOf, nodeIdOf, orderIdOf } from "../../names.ts";
import type { RetriableAction, VehicleState } from "../../port.ts";
import type { Report } from "../model/report.ts";
import { errorKindOf } from "./error-kinds.ts";
import type { CoreContext } from "./order-messages.ts";
import { endDetail } from "./tell.ts";

const OPERATING_MODES = {
  STARTUP: "startup",
  AUTOMATIC: "automatic",
  SEMIAUTOMATIC: "semiautomatic",
  INTERVENED: "intervened",
  MANUAL: "manual",
  SERVICE: "service",
  TEACH_IN: "teach-in",
} as const;

/**
 * A state message in the words of the port and in the site frame. `orderRevision` is what the caller has
 * found the vehicle to hold: the protocol does not carry it.
 */
export function vehicleStateOf(context: CoreContext, state: Report, orderRevision: number): VehicleState {
  const { control } = state;
  const nodes = releasedOf(state.nodeStates);
  const edges = releasedOf(state.edgeStates);
  const left = state.nodeStates.length + state.edgeStates.length;
  const retriable = retriableIn(state);
  const pose = poseOf(context, state);
  const paused: readonly Side[] = control?.pausedBy ?? (state.paused ? [context.side] : []);
  return {
    vehicleId: context.vehicleId,
    atMs: state.atMs,
    pose,
    speedMps: state.speedMps,
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
    batteryPct: state.power.chargePct,
    charging: state.power.charging,
    loadIds: (state.loads ?? []).flatMap((load) => (load.loadId === undefined ? [] : [load.loadId])),
    operatingMode: operatingModeOf(context.side, state),
    emergencyStop: state.safety.emergencyStop !== "NONE",
    fieldViolation: state.safety.fieldViolation,
    control:
      control === undefined
        ? undefined
        : {
            authority: control.authority,
            epoch: control.epoch,
            ...(control.handoffId === undefined ? {} : { handoffId: control.handoffId }),
          },
    errors: state.errors.map((error) => {
      const kind = errorKindOf(error.errorType);
      return {
        type: error.errorType,
        ...(kind === undefined ? {} : { kind }),
        fatal: error.errorLevel === "FATAL",
        description: error.errorDescription ?? "",
      };
    }),
    ...(retriable.length === 0 ? {} : { retriable }),
    ...(pose === undefined || state.plannedWays.length === 0
      ? {}
      : { plannedWays: state.plannedWays.map((way) => way.map((point) => siteOf(context, point))) }),
  };
}

function retriableIn(state: Report): readonly RetriableAction[] {
  return state.actionStates.flatMap((action) => {
    if (action.actionStatus !== "RETRIABLE") return [];
    const { actionId, actionType = "an action" } = action;
    const why = endDetail(actionId, action.resultDescription, state);
    return [{ actionId: actionIdOf(actionId), detail: why === "" ? actionType : `${actionType}: ${why}` }];
  });
}

/** Not every vehicle lists them in the order in which it will come to them; the sequence says it (section 6.6.1). */
function releasedOf<T extends { readonly sequenceId: number; readonly released: boolean }>(
  list: readonly T[],
): readonly T[] {
  const released: T[] = [];
  let isInOrder = true;
  let lastId = Number.NEGATIVE_INFINITY;
  for (const one of list) {
    if (!one.released) continue;
    released.push(one);
    if (one.sequenceId < lastId) isInOrder = false;
    lastId = one.sequenceId;
  }
  return isInOrder ? released : released.sort((a, b) => a.sequenceId - b.sequenceId);
}

/** A vehicle that answers to the other side reports SERVICE to this one: 2.x has no word for `intervened`. */
function operatingModeOf(side: Side, state: Report): VehicleState["operatingMode"] {
  const elsewhere = state.control !== undefined && state.control.authority !== side;
  return state.operatingMode === "SERVICE" && elsewhere ? "intervened" : OPERATING_MODES[state.operatingMode];
}

function siteOf({ chart }: CoreContext, { xM, yM }: Point): Point {
  const at = chart.toSite({ xM, yM, headingRad: 0 });
  return { xM: at.xM, yM: at.yM };
}

/** Undefined while the vehicle is not localised, or localised on a map that is not this side's. */
function poseOf({ chart }: CoreContext, { position }: Report): Pose | undefined {
  if (position === undefined || !position.localised || position.mapId !== chart.mapId) return undefined;
  return chart.toSite({ xM: position.xM, yM: position.yM, headingRad: position.headingRad });
}
