import type { State, VehicleErrorEntry } from "@baton/fleet-adapter/vda5050";
import type { State as State3_0 } from "@baton/fleet-adapter/vda5050/v3_0";
import type { MoreState } from "./tongue.ts";

/** Names that 2.x vehicles give to errors, and those of 3.0 (section 6.6.5.4). */
const ERROR_TYPES: Readonly<Record<string, string>> = {
  validationError: "VALIDATION_FAILURE",
  orderError: "INVALID_ORDER_ACTION",
  orderUpdateError: "OUTDATED_ORDER_UPDATE",
  noRouteError: "START_NODE_OUT_OF_RANGE",
  noOrderToCancel: "NO_ORDER_TO_CANCEL",
  notInControl: "MOBILE_ROBOT_NOT_AVAILABLE",
};

/** A side that does not hold the vehicle may look, not command: INTERVENED, which 2.x has to call SERVICE (section 6.6.6). */
const OPERATING_MODES = {
  AUTOMATIC: "AUTOMATIC",
  SEMIAUTOMATIC: "SEMIAUTOMATIC",
  MANUAL: "MANUAL",
  SERVICE: "INTERVENED",
  TEACHIN: "TEACH_IN",
} as const satisfies Record<State["operatingMode"], State3_0["operatingMode"]>;

/** A state of 2.1 as 3.0 has it (section 7.8): instant actions stand by themselves. */
export function writeState(state: State, moreOf: () => MoreState): State3_0 {
  const { isInstant, errors, ...more } = moreOf();
  const { agvPosition: at, batteryState, safetyState } = state;
  const actionStates: State3_0["actionStates"] = [];
  const instantActionStates: State3_0["actionStates"] = [];
  for (const { actionId, actionType, actionStatus, resultDescription } of state.actionStates) {
    (isInstant(actionId) ? instantActionStates : actionStates).push({
      actionId,
      ...(actionType === undefined ? {} : { actionType }),
      actionStatus,
      ...(resultDescription === undefined ? {} : { actionResult: resultDescription }),
    });
  }
  return {
    headerId: state.headerId,
    timestamp: state.timestamp,
    version: "3.0.0",
    manufacturer: state.manufacturer,
    serialNumber: state.serialNumber,
    orderId: state.orderId,
    orderUpdateId: state.orderUpdateId,
    lastNodeId: state.lastNodeId,
    lastNodeSequenceId: state.lastNodeSequenceId,
    nodeStates: state.nodeStates,
    edgeStates: state.edgeStates.map(({ edgeId, sequenceId, released }) => ({
      edgeId,
      sequenceId,
      released,
    })),
    ...(at === undefined
      ? {}
      : {
          mobileRobotPosition: {
            x: at.x,
            y: at.y,
            theta: at.theta,
            mapId: at.mapId,
            localized: at.positionInitialized,
            ...(at.localizationScore === undefined ? {} : { localizationScore: at.localizationScore }),
          },
        }),
    ...(state.velocity === undefined ? {} : { velocity: state.velocity }),
    ...(state.loads === undefined ? {} : { loads: state.loads }),
    driving: state.driving,
    ...(state.paused === undefined ? {} : { paused: state.paused }),
    ...(state.newBaseRequest === undefined ? {} : { newBaseRequest: state.newBaseRequest }),
    ...more,
    edgeRequests: [],
    ...(state.distanceSinceLastNode === undefined
      ? {}
      : { distanceSinceLastNode: state.distanceSinceLastNode }),
    actionStates,
    instantActionStates,
    powerSupply: { stateOfCharge: batteryState.batteryCharge, charging: batteryState.charging },
    operatingMode: OPERATING_MODES[state.operatingMode],
    errors: [...state.errors.map(errorOf), ...errors],
    safetyState: {
      activeEmergencyStop: safetyState.eStop === "AUTOACK" ? "REMOTE" : safetyState.eStop,
      fieldViolation: safetyState.fieldViolation,
    },
    ...(state.batonControl === undefined ? {} : { batonControl: state.batonControl }),
  };
}

function errorOf(error: VehicleErrorEntry): State3_0["errors"][number] {
  return { ...error, errorType: ERROR_TYPES[error.errorType] ?? upperSnake(error.errorType) };
}

/** `batteryEmpty` is `BATTERY_EMPTY` in 3.0 (section 7.1.3). */
function upperSnake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
}
