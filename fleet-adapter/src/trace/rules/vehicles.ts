import type { TraceState } from "../messages.ts";
import { isOf, type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";
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

export const VEHICLE_RULES: readonly Rule[] = [
  insideBase,
  onItsWay,
  forward,
  wayLeft,
  actionsShown,
  transitions,
];
