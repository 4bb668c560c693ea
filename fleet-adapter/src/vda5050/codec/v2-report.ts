import type { Checked } from "../../link/json.ts";
import type { ConnectionNews, Load, OperatingMode, Report } from "../model/report.ts";
import type { Connection } from "../wire/v2_1/connection.ts";
import type { State } from "../wire/v2_1/state.ts";

const OPERATING_MODES = {
  AUTOMATIC: "AUTOMATIC",
  SEMIAUTOMATIC: "SEMIAUTOMATIC",
  MANUAL: "MANUAL",
  SERVICE: "SERVICE",
  TEACHIN: "TEACH_IN",
} as const satisfies Record<State["operatingMode"], OperatingMode>;

const CONNECTIONS = {
  ONLINE: "ONLINE",
  OFFLINE: "OFFLINE",
  CONNECTIONBROKEN: "CONNECTION_BROKEN",
} as const satisfies Record<Connection["connectionState"], ConnectionNews["connection"]>;

/** What 2.x does not have. */
const NONE = [] as const;

/**
 * A state of 2.0 or 2.1 in the model's words. Lists that mean the same in both are taken over as they are, not
 * copied: a fleet's states are most of what a fleet control reads.
 */
export function reportOf(state: State): Report {
  const { velocity, agvPosition, batteryState, safetyState } = state;
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
    operatingMode: OPERATING_MODES[state.operatingMode],
    nodeStates: state.nodeStates,
    edgeStates: state.edgeStates,
    position:
      agvPosition === undefined
        ? undefined
        : {
            xM: agvPosition.x,
            yM: agvPosition.y,
            headingRad: agvPosition.theta,
            mapId: agvPosition.mapId,
            localised: agvPosition.positionInitialized,
          },
    speedMps: Math.hypot(velocity?.vx ?? 0, velocity?.vy ?? 0),
    loads: state.loads?.map(loadOf),
    actionStates: state.actionStates,
    instantActionStates: NONE,
    power: { chargePct: batteryState.batteryCharge, charging: batteryState.charging },
    errors: state.errors,
    safety: { emergencyStop: safetyState.eStop, fieldViolation: safetyState.fieldViolation },
    requests: NONE,
    zoneSets: NONE,
    plannedWays: NONE,
    control: state.batonControl,
  };
}

function loadOf({ loadId, loadType, weight }: NonNullable<State["loads"]>[number]): Load {
  return {
    ...(loadId === undefined ? {} : { loadId }),
    ...(loadType === undefined ? {} : { loadType }),
    ...(weight === undefined ? {} : { weightKg: weight }),
  };
}

export function connectionNewsOf({
  manufacturer,
  serialNumber,
  connectionState,
}: Connection): ConnectionNews {
  return { manufacturer, serialNumber, connection: CONNECTIONS[connectionState] };
}

/** What was checked, read; what was refused, as it was. */
export function read<W, M>(checked: Checked<W>, into: (wire: W) => M): Checked<M> {
  return checked.ok ? { ok: true, value: into(checked.value) } : checked;
}
