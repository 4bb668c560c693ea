import type { TraceState } from "../messages.ts";
import { isOf, type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";
import { requestsOf } from "./commands.ts";
import { isTerminal, nodesKnown, OrderBook } from "./order-book.ts";

/** Rules on what a vehicle says of its order. Its connection and modes: `presence.ts`. */

const insideBase: Rule = {
  id: "vehicle-stays-in-base",
  party: "vehicle",
  says: "A vehicle never goes past the last node that was released to it.",
  sections: sections("6.6.2", "6.1.1, 6.1.2"),
  check(talk, judge) {
    const book = new OrderBook();
    for (const one of talk.heard) {
      if (isOf(one, "order")) book.take(one);
      if (!isOf(one, "state")) continue;
      const { orderId, orderUpdateId, lastNodeSequenceId, lastNodeId } = one.message.state;
      const updates = book.of(orderId);
      if (updates.length === 0) continue;
      judge.occasion(one);
      const ends = updates.flatMap(({ order }) => order.nodes.filter((node) => node.released));
      const last = Math.max(...ends.map(({ sequenceId }) => sequenceId));
      if (lastNodeSequenceId <= last) continue;
      const finding = {
        expected: `at most sequence ${last} of order ${orderId}`,
        found: `sequence ${lastNodeSequenceId}, node ${lastNodeId}`,
        because: updates.slice(-1).map(({ line }) => line),
      };
      const isMissing = updates.every(({ order }) => order.orderUpdateId !== orderUpdateId);
      if (isMissing || updates.some(({ isAfterGap }) => isAfterGap)) judge.doubt(one, finding);
      else judge.violation(one, finding);
    }
  },
};

const onItsWay: Rule = {
  id: "vehicle-on-its-order",
  party: "vehicle",
  says: "lastNodeId and lastNodeSequenceId are those of one node of the order.",
  sections: sections("6.10.2", "6.6.2"),
  check(talk, judge) {
    const book = new OrderBook();
    for (const one of talk.heard) {
      if (isOf(one, "order")) book.take(one);
      if (!isOf(one, "state")) continue;
      const { orderId, lastNodeSequenceId, lastNodeId } = one.message.state;
      const updates = book.of(orderId);
      if (!isDriving(one.message.state)) continue;
      // A node that the trace does not have, from before it began, says nothing.
      const node = updates
        .flatMap(({ order }) => order.nodes)
        .findLast(({ sequenceId }) => sequenceId === lastNodeSequenceId);
      if (node === undefined || lastNodeId === "") continue;
      judge.occasion(one);
      if (node.nodeId !== lastNodeId)
        judge.violation(one, {
          expected: `node ${node.nodeId} at sequence ${lastNodeSequenceId}`,
          found: lastNodeId,
          because: updates.slice(-1).map(({ line }) => line),
        });
    }
  },
};

const forward: Rule = {
  id: "vehicle-goes-forward",
  party: "vehicle",
  says: "Within one order lastNodeSequenceId never goes back, nor does orderUpdateId.",
  sections: sections("6.6.2, 6.10.2", "6.1.2, 6.6.2"),
  check(talk, judge) {
    for (const one of saidAs(talk, "state")) {
      const before = one.before.state;
      const now = one.message.state;
      if (before === undefined || before.value.orderId !== now.orderId || now.orderId === "") continue;
      if (!isDriving(before.value) || !isDriving(now)) continue;
      judge.occasion(one);
      const because = [before.heard.line];
      const was = before.value;
      if (now.lastNodeSequenceId < was.lastNodeSequenceId)
        judge.violation(one, {
          expected: `sequence ${was.lastNodeSequenceId} or more`,
          found: `${now.lastNodeSequenceId}`,
          because,
        });
      if (now.orderUpdateId < was.orderUpdateId)
        judge.violation(one, {
          expected: `update ${was.orderUpdateId} or more`,
          found: `${now.orderUpdateId}`,
          because,
        });
    }
  },
};

const wayLeft: Rule = {
  id: "state-shows-way-left",
  party: "vehicle",
  says: "nodeStates lists the nodes of the order still to be reached, released as the order says.",
  sections: sections("6.10.1", "6.6.1"),
  check(talk, judge) {
    const book = new OrderBook();
    let hasCancelled = false;
    for (const one of talk.heard) {
      if (isOf(one, "order")) book.take(one);
      if (isOf(one, "instantActions"))
        hasCancelled ||= one.message.actions.some(
          ({ actionType }) => actionType === "cancelOrder" || actionType === "startHibernation",
        );
      if (!isOf(one, "state")) continue;
      const { state } = one.message;
      const updates = book.of(state.orderId);
      const newest = updates.find(({ order }) => order.orderUpdateId === state.orderUpdateId);
      // Without the message that the vehicle took last, nothing is known of what it should list.
      if (newest === undefined || !isDriving(state)) continue;
      judge.occasion(one);
      const isCleared = state.nodeStates.length === 0;
      if (isCleared && hasCancelled) continue;
      const known = nodesKnown(updates, state.orderUpdateId);
      const listed = new Map(state.nodeStates.map((node) => [node.sequenceId, node]));
      const because = [newest.line];
      for (const [sequenceId, node] of known) {
        if (sequenceId <= state.lastNodeSequenceId) continue;
        const shown = listed.get(sequenceId);
        const expected = `node ${node.nodeId}, sequence ${sequenceId}, ${node.released ? "released" : "not released"}`;
        if (shown === undefined) {
          const finding = { expected, found: "not listed", because };
          if (node.released) judge.violation(one, finding);
          else judge.doubt(one, finding);
        } else if (shown.nodeId !== node.nodeId || shown.released !== node.released) {
          const found = `node ${shown.nodeId}, ${shown.released ? "released" : "not released"}`;
          judge.violation(one, { expected, found, because });
        }
      }
      for (const { sequenceId, nodeId } of state.nodeStates)
        if (
          !known.has(sequenceId) &&
          newest.order.nodes.some((node) => node.sequenceId <= sequenceId) &&
          updates[0]?.order.orderUpdateId === 0
        )
          judge.violation(one, {
            expected: "nodes of its order only",
            found: `${nodeId}, sequence ${sequenceId}`,
            because,
          });
    }
  },
};

/** In the other modes somebody else moves the vehicle, and it has cleared its order or may have. */
function isDriving({ operatingMode }: TraceState): boolean {
  return operatingMode === "AUTOMATIC" || operatingMode === "SEMIAUTOMATIC";
}

const actionsShown: Rule = {
  id: "state-shows-actions",
  party: "vehicle",
  says: "Each action of the way still to be driven is in actionStates.",
  sections: sections("6.11", "6.6.9, 6.6.9.1"),
  check(talk, judge) {
    const book = new OrderBook();
    for (const one of talk.heard) {
      if (isOf(one, "order")) book.take(one);
      if (!isOf(one, "state")) continue;
      const { state } = one.message;
      const updates = book.of(state.orderId);
      const newest = updates.find(({ order }) => order.orderUpdateId === state.orderUpdateId);
      if (newest === undefined || state.nodeStates.length === 0) continue;
      const shown = new Set(state.actionStates.map(({ actionId }) => actionId));
      for (const [sequenceId, node] of nodesKnown(updates, state.orderUpdateId)) {
        if (sequenceId <= state.lastNodeSequenceId) continue;
        for (const { actionId } of node.actions) {
          judge.occasion(one);
          if (shown.has(actionId)) continue;
          const finding = {
            expected: `${actionId} of node ${node.nodeId}`,
            found: "not in actionStates",
            because: [newest.line],
          };
          if (node.released) judge.violation(one, finding);
          else judge.doubt(one, finding);
        }
      }
    }
  },
};

const transitions: Rule = {
  id: "action-status-order",
  party: "vehicle",
  says: "An action that has finished or failed stays so, and one that has begun does not wait again.",
  sections: sections("6.11 (figure 16)", "6.6.9 (table 13)"),
  check(talk, judge) {
    const last = new Map<string, { readonly status: string; readonly line: number }>();
    for (const one of saidAs(talk, "state")) {
      const { actionStates, instantActionStates = [] } = one.message.state;
      for (const { actionId, actionStatus } of [...actionStates, ...instantActionStates]) {
        const before = last.get(actionId);
        if (before?.status === actionStatus) continue;
        last.set(actionId, { status: actionStatus, line: one.line });
        if (before === undefined) continue;
        judge.occasion(one);
        const isOver = isTerminal(before.status);
        if (!isOver && actionStatus !== "WAITING") continue;
        judge.violation(one, {
          expected: isOver
            ? `${actionId} to stay ${before.status}`
            : `${actionId}, which was ${before.status}, not to wait again`,
          found: actionStatus,
          because: [before.line],
        });
      }
    }
  },
};

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

export const VEHICLE_RULES: readonly Rule[] = [
  insideBase,
  onItsWay,
  forward,
  wayLeft,
  actionsShown,
  transitions,
  ordersAnswered,
  instantsShown,
  cancelEnds,
  grantsHeld,
];
