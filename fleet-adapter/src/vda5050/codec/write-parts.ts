import type { Action } from "../model/action.ts";
import type { NodePosition, OrderBody, OrderEdge } from "../model/order.ts";

/** What of an order all versions write alike; each adds what is its own. */

/** Identity and nodes of an order; a version says how it writes a position and an action. */
export function orderParts<P, A>(
  { orderId, orderUpdateId, nodes }: OrderBody,
  write: { readonly position: (position: NodePosition) => P; readonly action: (action: Action) => A },
) {
  return {
    orderId,
    orderUpdateId,
    nodes: nodes.map(({ nodeId, sequenceId, released, position, actions }) => ({
      nodeId,
      sequenceId,
      released,
      ...(position === undefined ? {} : { nodePosition: write.position(position) }),
      actions: actions.map(write.action),
    })),
  };
}

/** An edge but for its ends, which 3.0 does not name, and its limit of speed, which it calls otherwise. */
export function edgeParts<A>(
  { edgeId, sequenceId, released, trajectory, actions }: OrderEdge,
  write: (action: Action) => A,
) {
  return {
    edgeId,
    sequenceId,
    released,
    ...(trajectory === undefined ? {} : { trajectory }),
    actions: actions.map(write),
  };
}

/** A place but for the deviation that is allowed there: a radius in 2.x, an ellipse in 3.0. */
export function positionParts<D>(
  { xM, yM, headingRad, deviationM, deviationRad, mapId }: NodePosition,
  write: (deviationM: number) => D,
) {
  return {
    x: xM,
    y: yM,
    ...(headingRad === undefined ? {} : { theta: headingRad }),
    ...(deviationM === undefined ? {} : { allowedDeviationXY: write(deviationM) }),
    ...(deviationRad === undefined ? {} : { allowedDeviationTheta: deviationRad }),
    mapId,
  };
}
