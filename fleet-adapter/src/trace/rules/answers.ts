import { isOf, type Rule } from "../rule.ts";
import { sections } from "../versions.ts";
import { requestsOf } from "./commands.ts";
import { isTerminal } from "./order-book.ts";

/** Rules on what a vehicle makes of what it is told: orders, instant actions, cancellations, grants. */

const ordersAnswered: Rule = {
  id: "orders-reflected",
  party: "vehicle",
  says: "An order is reflected by the state that follows, or refused in its errors.",
  sections: sections("6.10, 6.6.4", "6.6, 6.1.4"),
  check(talk, judge) {
    const open = new Map<string, Parameters<typeof judge.doubt>[0]>();
    for (const one of talk.heard) {
      if (isOf(one, "order")) {
        judge.occasion(one);
        for (const id of open.keys()) if (id === one.message.order.orderId) open.delete(id);
        open.set(one.message.order.orderId, one);
      } else if (isOf(one, "state")) {
        const { state } = one.message;
        for (const [orderId, sent] of open) {
          const updateId = isOf(sent, "order") ? sent.message.order.orderUpdateId : 0;
          const isTaken = state.orderId === orderId && state.orderUpdateId >= updateId;
          if (isTaken || state.errors.length > 0) open.delete(orderId);
        }
      }
    }
    for (const [orderId, one] of open)
      judge.doubt(one, {
        expected: `a state with order ${orderId}, or an error`,
        found: "neither in this trace",
      });
  },
};

const instantsShown: Rule = {
  id: "instant-actions-reflected",
  party: "vehicle",
  says: "An instant action is added to the states of actions.",
  sections: sections("6.9", "6.2.1"),
  check(talk, judge) {
    const open = new Map<string, Parameters<typeof judge.doubt>[0]>();
    for (const one of talk.heard) {
      if (isOf(one, "instantActions")) {
        for (const { actionId } of one.message.actions) {
          judge.occasion(one);
          if (!open.has(actionId)) open.set(actionId, one);
        }
      } else if (isOf(one, "state")) {
        const { actionStates, instantActionStates = [] } = one.message.state;
        for (const { actionId } of [...actionStates, ...instantActionStates]) open.delete(actionId);
      }
    }
    for (const [actionId, one] of open)
      judge.doubt(one, { expected: `${actionId} in a state after it`, found: "not in this trace" });
  },
};

const cancelEnds: Rule = {
  id: "cancel-clears-order",
  party: "vehicle",
  says: "When cancelOrder is FINISHED the vehicle has no way left, all actions of the order have ended, and orderId is kept.",
  sections: sections("6.6.3", "6.1.3, 6.6.7"),
  check(talk, judge) {
    const cancels = new Set<string>();
    const judged = new Set<string>();
    for (const one of talk.heard) {
      if (isOf(one, "instantActions"))
        for (const { actionType, actionId } of one.message.actions)
          if (actionType === "cancelOrder") cancels.add(actionId);
      if (!isOf(one, "state")) continue;
      const { state } = one.message;
      const all = [...state.actionStates, ...(state.instantActionStates ?? [])];
      for (const { actionId, actionStatus } of all) {
        if (actionStatus !== "FINISHED" || !cancels.has(actionId) || judged.has(actionId)) continue;
        judged.add(actionId);
        judge.occasion(one);
        const left = state.nodeStates.length + state.edgeStates.length;
        const instants = new Set([
          ...cancels,
          ...(state.instantActionStates ?? []).map((action) => action.actionId),
        ]);
        const running = state.actionStates.find(
          (action) => !instants.has(action.actionId) && !isTerminal(action.actionStatus),
        );
        const was = one.before.state?.value.orderId;
        if (left > 0) judge.violation(one, { expected: "no way left", found: `${left} nodes and edges` });
        if (running !== undefined && one.version === "3.0")
          judge.violation(one, {
            expected: "all actions ended",
            found: `${running.actionId} is ${running.actionStatus}`,
          });
        if (was !== undefined && was !== state.orderId)
          judge.violation(one, {
            expected: `orderId ${was} kept`,
            found: state.orderId === "" ? "none" : state.orderId,
          });
      }
    }
  },
};

const grantsHeld: Rule = {
  id: "grants-before-use",
  party: "vehicle",
  says: "A request is GRANTED only after the fleet control has granted it, and not after its lease.",
  sections: sections(undefined, "6.4.3, 6.9"),
  check(talk, judge) {
    const grants = new Map<string, { readonly line: number; readonly expiresAtMs: number }>();
    for (const one of talk.heard) {
      if (isOf(one, "responses"))
        for (const { requestId, grantType, leaseExpiry } of one.message.responses) {
          if (grantType === "REJECTED") grants.delete(requestId);
          if (grantType === "GRANTED")
            grants.set(requestId, {
              line: one.line,
              expiresAtMs: leaseExpiry === undefined ? Number.POSITIVE_INFINITY : Date.parse(leaseExpiry),
            });
        }
      if (!isOf(one, "state")) continue;
      const requests = requestsOf(one.message.state);
      const ids = requests.map(({ requestId }) => requestId);
      for (const { requestId, requestStatus } of requests) {
        judge.occasion(one);
        if (ids.indexOf(requestId) !== ids.lastIndexOf(requestId))
          judge.violation(one, {
            expected: `${requestId} once`,
            found: "more than one request of that name",
          });
        if (requestStatus !== "GRANTED") continue;
        const grant = grants.get(requestId);
        const saidAtMs = Date.parse(one.header?.timestamp ?? "");
        if (grant === undefined)
          judge.violation(one, { expected: `a grant of ${requestId} before`, found: "none" });
        else if (saidAtMs > grant.expiresAtMs)
          judge.violation(one, {
            expected: `${requestId} EXPIRED`,
            found: "GRANTED after its lease",
            because: [grant.line],
          });
      }
    }
  },
};

export const ANSWER_RULES: readonly Rule[] = [ordersAnswered, instantsShown, cancelEnds, grantsHeld];
