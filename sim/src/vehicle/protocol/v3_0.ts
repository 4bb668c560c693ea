import type { Action, InstantActions, Order } from "@baton/fleet-adapter/vda5050";
import {
  checkInstantActions,
  checkOrder,
  type Order as Order3_0,
  type InstantActions as Spoken,
} from "@baton/fleet-adapter/vda5050/v3_0";
import type { Tongue } from "./tongue.ts";
import { writeFactsheet } from "./v3-factsheet.ts";
import { writeState } from "./v3-state.ts";

export const VERSION = "3.0.0";

/** VDA 5050 3.0. */
export const v3_0: Tongue = {
  version: VERSION,
  topicVersion: "v3",
  readOrder: (message) => {
    const checked = checkOrder(message);
    return checked.ok ? { ok: true, value: orderOf(checked.value) } : checked;
  },
  readInstantActions: (message) => {
    const checked = checkInstantActions(message);
    return checked.ok ? { ok: true, value: instantActionsOf(checked.value) } : checked;
  },
  writeState,
  writeConnection: ({ connectionState, ...header }) => ({
    ...header,
    version: VERSION,
    connectionState: connectionState === "CONNECTIONBROKEN" ? "CONNECTION_BROKEN" : connectionState,
  }),
  writeHibernating: (header) => ({ ...header, version: VERSION, connectionState: "HIBERNATING" }),
  writeFactsheet,
};

/** An edge of 3.0 does not name its nodes: they are the ones before and after it (section 6.1.1). */
function orderOf({ nodes, edges, orderDescription: _text, ...order }: Order3_0): Order {
  return {
    ...order,
    nodes: nodes.map(({ nodePosition, nodeDescriptor: _descriptor, actions, ...node }) => ({
      ...node,
      ...(nodePosition === undefined ? {} : { nodePosition: positionOf(nodePosition) }),
      actions: actions.map(actionOf),
    })),
    edges: edges.map((edge, index) => ({
      edgeId: edge.edgeId,
      sequenceId: edge.sequenceId,
      released: edge.released,
      startNodeId: nodes[index]?.nodeId ?? "",
      endNodeId: nodes[index + 1]?.nodeId ?? "",
      ...(edge.maximumSpeed === undefined ? {} : { maxSpeed: edge.maximumSpeed }),
      ...(edge.trajectory === undefined ? {} : { trajectory: trajectoryOf(edge.trajectory) }),
      actions: edge.actions.map(actionOf),
    })),
  };
}

/** The deviation is an ellipse; this vehicle keeps to the circle inside it. */
function positionOf(
  position: NonNullable<Order3_0["nodes"][number]["nodePosition"]>,
): NonNullable<Order["nodes"][number]["nodePosition"]> {
  const { allowedDeviationXY, ...rest } = position;
  return allowedDeviationXY === undefined
    ? rest
    : { ...rest, allowedDeviationXY: Math.min(allowedDeviationXY.a, allowedDeviationXY.b) };
}

type Curve = NonNullable<Order["edges"][number]["trajectory"]>;
type SpokenCurve = NonNullable<Order3_0["edges"][number]["trajectory"]>;

const completed = new WeakMap<SpokenCurve, Curve>();

/** Section 7.3: a degree that is left out is 1, and knots that are left out are evenly spread. The same object each time. */
function trajectoryOf(trajectory: SpokenCurve): Curve {
  const known = completed.get(trajectory);
  if (known !== undefined) return known;
  const degree = trajectory.degree ?? 1;
  const { controlPoints } = trajectory;
  const spans = controlPoints.length - degree;
  const inner = Array.from({ length: Math.max(0, spans - 1) }, (_, index) => (index + 1) / spans);
  const ends = Array.from({ length: degree + 1 });
  const even = [...ends.map(() => 0), ...inner, ...ends.map(() => 1)];
  const curve = { degree, knotVector: trajectory.knotVector ?? even, controlPoints };
  completed.set(trajectory, curve);
  return curve;
}

/** `SINGLE` lets a vehicle drive; this one stands for everything that it does alone. */
function actionOf({
  actionDescriptor: _descriptor,
  retriable: _retriable,
  ...action
}: Order3_0["nodes"][number]["actions"][number]): Action {
  return { ...action, blockingType: action.blockingType === "SINGLE" ? "HARD" : action.blockingType };
}

function instantActionsOf({ actions, ...header }: Spoken): InstantActions {
  return {
    ...header,
    actions: actions.map(({ actionDescriptor: _descriptor, ...action }) => action),
  };
}
