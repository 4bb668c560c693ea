import type { Checked, InstantActions, Order } from "@baton/fleet-adapter/vda5050";
import {
  checkInstantActions,
  checkOrder,
  type Order as Order2_0,
  type InstantActions as Spoken,
} from "@baton/fleet-adapter/vda5050/v2_0";
import type { Tongue } from "./tongue.ts";

const VERSION = "2.0.0";

/** VDA 5050 2.0. This vehicle was built after the schema, where that and the text differ. */
export const v2_0: Tongue = {
  version: VERSION,
  topicVersion: "v2",
  readOrder: (message) => {
    const checked = checkOrder(message);
    return checked.ok ? { ok: true, value: orderOf(checked.value) } : checked;
  },
  readInstantActions: (message) => {
    const checked = checkInstantActions(message);
    return checked.ok ? instantActionsOf(checked.value) : checked;
  },
  writeState: (state) => ({ ...state, version: VERSION }),
  writeConnection: (connection) => ({ ...connection, version: VERSION }),
  writeHibernating: () => undefined,
  writeFactsheet: (factsheet) => ({ ...factsheet, version: VERSION }),
};

function orderOf(order: Order2_0): Order {
  return {
    ...order,
    nodes: order.nodes.map(({ nodePosition, ...node }) => {
      if (nodePosition === undefined) return node;
      const { allowedDeviationXy, allowedDeviationXY: _text, ...position } = nodePosition;
      return {
        ...node,
        nodePosition:
          allowedDeviationXy === undefined
            ? position
            : { ...position, allowedDeviationXY: allowedDeviationXy },
      };
    }),
  };
}

function instantActionsOf(message: Spoken): Checked<InstantActions> {
  const actions: InstantActions["actions"] = [];
  for (const { actionName, actionType: _text, ...action } of message.actions) {
    if (actionName === undefined) {
      return { ok: false, reason: `action ${action.actionId} has no actionName` };
    }
    actions.push({ ...action, actionType: actionName });
  }
  return { ok: true, value: { ...message, actions } };
}
