import type { ActionState } from "../model/action.ts";
import type { AccessRequest, ConnectionNews, Load, Report, ReportedError } from "../model/report.ts";
import type { Connection, EdgeRequest, State, ZoneRequest } from "../wire/v3_0/index.ts";
import { plannedWaysOf } from "./planned-ways.ts";

/** A state of 3.0 in the model's words; fields that it leaves out are as the standard says that they then are. */
export function reportOf(state: State): Report {
  const { velocity, mobileRobotPosition: at, powerSupply, safetyState } = state;
  return {
    manufacturer: state.manufacturer,
    serialNumber: state.serialNumber,
    headerId: state.headerId,
    atMs: Date.parse(state.timestamp),
    orderId: state.orderId,
    orderUpdateId: state.orderUpdateId,
    lastNodeId: state.lastNodeId,
    lastNodeSequenceId: state.lastNodeSequenceId,
    driving: state.driving,
    paused: state.paused === true,
    newBaseRequest: state.newBaseRequest === true,
    operatingMode: state.operatingMode,
    nodeStates: state.nodeStates,
    edgeStates: state.edgeStates,
    position:
      at === undefined
        ? undefined
        : { xM: at.x, yM: at.y, headingRad: at.theta, mapId: at.mapId, localised: at.localized },
    speedMps: Math.hypot(velocity?.vx ?? 0, velocity?.vy ?? 0),
    loads: state.loads?.map(loadOf),
    actionStates: state.actionStates.map(actionStateOf),
    instantActionStates: state.instantActionStates.map(actionStateOf),
    power: { chargePct: powerSupply.stateOfCharge, charging: powerSupply.charging },
    errors: state.errors.map(errorOf),
    safety: { emergencyStop: safetyState.activeEmergencyStop, fieldViolation: safetyState.fieldViolation },
    requests: requestsOf(state),
    zoneSets: (state.zoneSets ?? []).map(({ zoneSetId, mapId, zoneSetStatus }) => ({
      zoneSetId,
      mapId,
      enabled: zoneSetStatus === "ENABLED",
    })),
    plannedWays: plannedWaysOf(state),
    control: state.batonControl,
  };
}

function loadOf({ loadId, loadType, weight }: NonNullable<State["loads"]>[number]): Load {
  return {
    // An empty one is a load that was not identified yet (section 7.8).
    ...(loadId === undefined || loadId === "" ? {} : { loadId }),
    ...(loadType === undefined ? {} : { loadType }),
    ...(weight === undefined ? {} : { weightKg: weight }),
  };
}

/** The text of section 7.8 calls the result `resultDescription`, the schema `actionResult`. */
function actionStateOf(action: State["actionStates"][number]): ActionState {
  const { actionId, actionType, actionStatus } = action;
  const result = action.actionResult ?? action.resultDescription;
  return {
    actionId,
    ...(actionType === undefined ? {} : { actionType }),
    actionStatus,
    ...(result === undefined ? {} : { resultDescription: result }),
  };
}

function errorOf(error: State["errors"][number]): ReportedError {
  const { errorDescriptionTranslations: translations, errorHintTranslations: hints } = error;
  return {
    errorType: error.errorType,
    errorLevel: error.errorLevel,
    ...(error.errorDescription === undefined ? {} : { errorDescription: error.errorDescription }),
    ...(error.errorHint === undefined ? {} : { errorHint: error.errorHint }),
    ...(error.errorReferences === undefined ? {} : { errorReferences: error.errorReferences }),
    ...(translations === undefined ? {} : { translations: byLanguage(translations) }),
    ...(hints === undefined ? {} : { hintTranslations: byLanguage(hints) }),
  };
}

const byLanguage = (
  translations: NonNullable<State["errors"][number]["errorHintTranslations"]>,
): Record<string, string> =>
  Object.fromEntries(
    translations.map(({ translationKey, translationValue }) => [translationKey, translationValue]),
  );

function requestsOf({ zoneRequests = [], edgeRequests = [] }: State): readonly AccessRequest[] {
  return [...zoneRequests.map(zoneRequestOf), ...edgeRequests.map(edgeRequestOf)];
}

function zoneRequestOf(request: ZoneRequest): AccessRequest {
  const { requestId, requestStatus, requestType, zoneId, zoneSetId } = request;
  const kind = requestType === "ACCESS" ? "zone" : "replanning";
  return { kind, requestId, status: requestStatus, zoneId, zoneSetId };
}

function edgeRequestOf({ requestId, requestStatus, edgeId, sequenceId }: EdgeRequest): AccessRequest {
  return { kind: "corridor", requestId, status: requestStatus, edgeId, sequenceId };
}

export function connectionNewsOf({
  manufacturer,
  serialNumber,
  connectionState,
}: Connection): ConnectionNews {
  return { manufacturer, serialNumber, connection: connectionState };
}
