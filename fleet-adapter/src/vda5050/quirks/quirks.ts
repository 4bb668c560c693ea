import { isObject, type JsonObject, objectsOf, withList } from "./json-parts.ts";
import type { QuirkName, Vendor } from "./vendor.ts";

/** A way in which vehicles deviate from the standard, and what Baton does about it: changes of messages, pure. */
export interface Quirk {
  /** What such a vehicle does. */
  readonly vehicle: string;
  /** What Baton does with such a vehicle, and with no other. */
  readonly baton: string;
  readState?(state: JsonObject): JsonObject;
  readFactsheet?(factsheet: JsonObject, vendor: Vendor): JsonObject;
  writeOrder?(order: JsonObject, vendor: Vendor): JsonObject;
  writeInstantActions?(message: JsonObject, vendor: Vendor): JsonObject;
}

/** All that are known. Seen in vda-5050-lib 1.4.0 unless said otherwise; each has a test against it. */
export const QUIRKS: Readonly<Record<QuirkName, Quirk>> = {
  "instant-actions-key": {
    vehicle: "takes instant actions under the key `instantActions` of VDA 5050 1.1 and refuses `actions`",
    baton: "sends them under both keys",
    writeInstantActions: (message) => ({ ...message, instantActions: message.actions }),
  },
  "stitch-appends-actions": {
    vehicle:
      "appends the actions of the node at which an update begins to those that it has there, and carries them out twice",
    baton: "leaves them out of the update: the vehicle has them",
    writeOrder: (order) => {
      if (order.orderUpdateId === 0) return order;
      return withList(order, "nodes", (node, index) => (index === 0 ? { ...node, actions: [] } : node));
    },
  },
  "double-action-states": {
    vehicle: "lists an action more than once in `actionStates`",
    baton: "believes the entry that is furthest on",
    readState: (state) => ({ ...state, actionStates: oncePerAction(objectsOf(state.actionStates)) }),
  },
  "refusal-in-errors-only": {
    vehicle: "answers an instant action that it refuses with an error, and lists no state of the action",
    baton: "takes the error that names the action for its state FAILED",
    readState: (state) => {
      const states = objectsOf(state.actionStates);
      const listed = new Set(states.map(({ actionId }) => actionId));
      const refused = objectsOf(state.errors).flatMap((error) => {
        const actionId = objectsOf(error.errorReferences).find(
          ({ referenceKey }) => referenceKey === "actionId",
        )?.referenceValue;
        if (typeof actionId !== "string" || listed.has(actionId)) return [];
        const detail = error.errorDescription;
        const result = typeof detail === "string" ? { resultDescription: detail } : {};
        return [{ actionId, actionStatus: "FAILED", ...result }];
      });
      return refused.length === 0 ? state : { ...state, actionStates: [...states, ...refused] };
    },
  },
  "deviation-key-xy": {
    vehicle: "reads the deviation of a node from `allowedDeviationXy`, as VDA 5050 1.1 wrote it",
    baton: "sends it under both keys",
    writeOrder: (order) =>
      withList(order, "nodes", (node) => {
        const position = node.nodePosition;
        if (!isObject(position) || position.allowedDeviationXY === undefined) return node;
        return { ...node, nodePosition: { ...position, allowedDeviationXy: position.allowedDeviationXY } };
      }),
  },
  "own-action-parameters": {
    vehicle: "needs parameters of its own with an action, or other values than Baton's",
    baton: "adds those that its vendor's entry names",
    writeOrder: (order, vendor) => {
      const withOwn = (part: JsonObject): JsonObject => withList(part, "actions", ownParameters(vendor));
      return withList(withList(order, "nodes", withOwn), "edges", withOwn);
    },
    writeInstantActions: (message, vendor) => {
      const own = ownParameters(vendor);
      return withList(withList(message, "actions", own), "instantActions", own);
    },
  },
  "empty-factsheet": {
    vehicle: "says nothing in its factsheet",
    baton: "takes what its vendor's entry says instead",
    readFactsheet: (factsheet, { factsheet: known = {} }) => ({ ...known, ...factsheet }),
  },
};

const PROGRESS: readonly unknown[] = [
  "WAITING",
  "INITIALIZING",
  "PAUSED",
  "RUNNING",
  "RETRIABLE",
  "FAILED",
  "FINISHED",
];

function oncePerAction(states: readonly JsonObject[]): readonly JsonObject[] {
  const furthest = new Map<unknown, JsonObject>();
  for (const state of states) {
    const before = furthest.get(state.actionId);
    if (before === undefined || progress(state) > progress(before)) furthest.set(state.actionId, state);
  }
  return [...furthest.values()];
}

function progress({ actionStatus }: JsonObject): number {
  return PROGRESS.indexOf(actionStatus);
}

function ownParameters({ actionParameters }: Vendor): (action: JsonObject) => JsonObject {
  return (action) => {
    const { actionType } = action;
    const own = typeof actionType === "string" ? actionParameters?.[actionType] : undefined;
    if (own === undefined) return action;
    const ours = objectsOf(action.actionParameters).filter(
      ({ key }) => typeof key !== "string" || own[key] === undefined,
    );
    const added = Object.entries(own).map(([key, value]) => ({ key, value }));
    return { ...action, actionParameters: [...ours, ...added] };
  };
}
