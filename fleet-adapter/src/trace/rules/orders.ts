import type { TraceNode, TraceState } from "../messages.ts";
import { type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";
import { isTerminal } from "./order-book.ts";

/** Rules on what a fleet control orders. How an order goes on: `updates.ts`. */

const structure: Rule = {
  id: "order-structure",
  party: "fleet control",
  says: "An order has at least one node, one edge fewer than nodes, and sequence ids without a gap: even for nodes, odd for edges.",
  sections: sections("6.6.1, 6.6.2", "6.1.1"),
  check(talk, judge) {
    for (const one of saidAs(talk, "order")) {
      judge.occasion(one);
      const { nodes, edges } = one.message.order;
      const begin = nodes[0]?.sequenceId;
      if (begin === undefined || edges.length !== nodes.length - 1) {
        judge.violation(one, {
          expected: "at least one node, one edge fewer",
          found: `${nodes.length} nodes, ${edges.length} edges`,
        });
        continue;
      }
      const said = [...nodes, ...edges].map(({ sequenceId }) => sequenceId).sort((a, b) => a - b);
      const isGapless = said.every((sequenceId, index) => sequenceId === begin + index);
      const inTurn = nodes.every(({ sequenceId }, index) => sequenceId === begin + 2 * index);
      if (begin % 2 !== 0 || !isGapless || !inTurn) {
        judge.violation(one, {
          expected: `sequence ids from ${begin} on, nodes even`,
          found: said.join(", "),
        });
      }
      for (const [index, edge] of edges.entries()) {
        const [from, to] = [nodes[index]?.nodeId, nodes[index + 1]?.nodeId];
        const leads = (edge.startNodeId ?? from) === from && (edge.endNodeId ?? to) === to;
        if (!leads)
          judge.violation(one, {
            expected: `edge ${edge.edgeId} from ${from} to ${to}`,
            found: `from ${edge.startNodeId} to ${edge.endNodeId}`,
          });
      }
    }
  },
};

const released: Rule = {
  id: "base-before-horizon",
  party: "fleet control",
  says: "The first node is released, an edge is released with both its ends, and nothing is released after something that is not.",
  sections: sections("6.6.1", "6.1.1"),
  check(talk, judge) {
    for (const one of saidAs(talk, "order")) {
      const { nodes, edges } = one.message.order;
      judge.occasion(one);
      const parts = [...nodes, ...edges].sort((a, b) => a.sequenceId - b.sequenceId);
      const end = parts.findIndex((part) => !part.released);
      const after = end < 0 ? undefined : parts.slice(end).find((part) => part.released);
      if (parts[0]?.released === false)
        judge.violation(one, { expected: "the first node released", found: "it is not" });
      else if (after !== undefined)
        judge.violation(one, {
          expected: `nothing released after sequence ${parts[end]?.sequenceId}`,
          found: `sequence ${after.sequenceId} is`,
        });
      else if (parts[end]?.sequenceId !== undefined && (parts[end]?.sequenceId ?? 0) % 2 === 0)
        judge.violation(one, {
          expected: `edge ${(parts[end]?.sequenceId ?? 0) - 1} not released: its end is not`,
          found: "it is released",
        });
    }
  },
};

const begins: Rule = {
  id: "new-order-begins-at-zero",
  party: "fleet control",
  says: "A new order counts its sequence from 0, and in 3.0 its updates as well.",
  sections: sections("6.6.2", "6.1.1, 6.1.2 (figure 8, question 4)"),
  check(talk, judge) {
    const seen = new Set<string>();
    for (const one of saidAs(talk, "order")) {
      const { orderId, orderUpdateId, nodes } = one.message.order;
      if (seen.has(orderId)) continue;
      seen.add(orderId);
      // The first order of a trace may have begun before it did.
      if (one.before.order === undefined && one.before.state?.value.orderId === orderId) continue;
      judge.occasion(one);
      const updateFits = one.version !== "3.0" || orderUpdateId === 0;
      if (nodes[0]?.sequenceId === 0 && updateFits) continue;
      const finding = {
        expected: one.version === "3.0" ? "sequence 0, update 0" : "sequence 0",
        found: `sequence ${nodes[0]?.sequenceId}, update ${orderUpdateId}`,
      };
      if (one.before.order === undefined || one.isAfterGap) judge.doubt(one, finding);
      else judge.violation(one, finding);
    }
  },
};

const idle: Rule = {
  id: "new-order-to-idle-vehicle",
  party: "fleet control",
  says: "A new order is sent when the vehicle has nothing left to reach and no action that has not ended.",
  sections: sections("6.6.2 (figure 8, question 3)", "6.1.4.6, 6.6.8"),
  check(talk, judge) {
    const seen = new Set<string>();
    for (const one of saidAs(talk, "order")) {
      const { orderId } = one.message.order;
      if (seen.has(orderId)) continue;
      seen.add(orderId);
      const { state, order } = one.before;
      if (state?.value.orderId === orderId) continue;
      judge.occasion(one);
      const expected = "an idle vehicle";
      if (state === undefined) {
        judge.doubt(one, { expected, found: "no state of the vehicle before it" });
        continue;
      }
      const busy = whyBusy(state.value);
      const because = [state.heard.line];
      if (busy !== undefined) judge.violation(one, { expected, found: busy, because });
      else if (
        order !== undefined &&
        order.value.orderId !== state.value.orderId &&
        order.heard.line > state.heard.line
      )
        judge.doubt(one, {
          expected,
          found: `order ${order.value.orderId} was sent before and no state has shown what became of it`,
          because: [order.heard.line],
        });
    }
  },
};

function whyBusy(state: TraceState): string | undefined {
  const left = state.nodeStates.length + state.edgeStates.length;
  if (left > 0) return `${left} nodes and edges left of order ${state.orderId}`;
  const open = state.actionStates.find(({ actionStatus }) => !isTerminal(actionStatus));
  return open === undefined ? undefined : `action ${open.actionId} is ${open.actionStatus}`;
}

const reachable: Rule = {
  id: "new-order-begins-at-vehicle",
  party: "fleet control",
  says: "The first node of a new order is trivially reachable: the vehicle was at it last, or is within its deviation.",
  sections: sections("6.6.1, 6.6.3.1", "6.1.1, 6.1.3.1"),
  check(talk, judge) {
    const seen = new Set<string>();
    for (const one of saidAs(talk, "order")) {
      const { orderId, nodes } = one.message.order;
      const first = nodes[0];
      if (seen.has(orderId) || first === undefined) continue;
      seen.add(orderId);
      const { state } = one.before;
      if (state?.value.orderId === orderId) continue;
      judge.occasion(one);
      const expected = `a vehicle at ${first.nodeId} or within its deviation`;
      if (state === undefined) {
        judge.doubt(one, { expected, found: "no state of the vehicle before it" });
        continue;
      }
      const because = [state.heard.line];
      const offM = distanceM(first, state.value);
      if (offM === undefined) {
        if (state.value.lastNodeId === first.nodeId) continue;
        judge.doubt(one, {
          expected,
          found: `it was at ${state.value.lastNodeId} last, and where is not told`,
          because,
        });
      } else if (offM > deviationM(first) && state.value.lastNodeId !== first.nodeId) {
        judge.violation(one, {
          expected,
          found: `it is ${offM.toFixed(2)} m off, at ${state.value.lastNodeId} last`,
          because,
        });
      }
    }
  },
};

function distanceM(node: TraceNode, state: TraceState): number | undefined {
  const at = state.agvPosition ?? state.mobileRobotPosition;
  const to = node.nodePosition;
  if (at === undefined || to === undefined || at.mapId !== to.mapId) return undefined;
  return Math.hypot(at.x - to.x, at.y - to.y);
}

/** The longer half axis of an ellipse stands for it: who is outside of that is outside of it. */
function deviationM({ nodePosition }: TraceNode): number {
  const deviation = nodePosition?.allowedDeviationXY;
  if (deviation === undefined) return 0;
  return typeof deviation === "number" ? deviation : Math.max(deviation.a, deviation.b);
}

const actionIds: Rule = {
  id: "action-ids-unique",
  party: "fleet control",
  says: "An actionId belongs to one action: another action never has it, at another place or in another order.",
  sections: sections("6.6.6", "7.3"),
  check(talk, judge) {
    const known = new Map<string, { readonly place: string; readonly line: number }>();
    for (const one of talk.heard) {
      const { message } = one;
      const said: { readonly actionId: string; readonly place: string }[] = [];
      if (message?.kind === "instantActions")
        for (const action of message.actions)
          said.push({ actionId: action.actionId, place: `instant ${action.actionType}` });
      if (message?.kind === "order")
        for (const { actions, sequenceId } of [...message.order.nodes, ...message.order.edges])
          for (const action of actions)
            said.push({
              actionId: action.actionId,
              place: `${action.actionType} at sequence ${sequenceId} of order ${message.order.orderId}`,
            });
      const here = new Map<string, string>();
      for (const { actionId, place } of said) {
        judge.occasion(one);
        const before = known.get(actionId);
        const twice = here.get(actionId) === place;
        here.set(actionId, place);
        if (before !== undefined && before.place !== place)
          judge.violation(one, {
            expected: `${actionId} for ${before.place} only`,
            found: place,
            because: [before.line],
          });
        else if (twice) judge.violation(one, { expected: `${actionId} once`, found: `twice: ${place}` });
        known.set(actionId, before ?? { place, line: one.line });
      }
    }
  },
};

const cancelled: Rule = {
  id: "no-order-while-cancelling",
  party: "fleet control",
  says: "Between a cancelOrder and its end no order is sent, and the cancelled order is not updated after it.",
  sections: sections("6.6.3", "6.1.2 (figure 8, question 7), 6.1.3.1"),
  check(talk, judge) {
    let cancel: { readonly actionId: string; readonly orderId: string; readonly line: number } | undefined;
    const over = new Map<string, number>();
    for (const one of talk.heard) {
      const { message } = one;
      if (message?.kind === "instantActions") {
        const action = message.actions.find(({ actionType }) => actionType === "cancelOrder");
        const { state, order } = one.before;
        if (action === undefined || cancel?.actionId === action.actionId) continue;
        const asked = action.actionParameters?.find(({ key }) => key === "orderId")?.value;
        const orderId =
          typeof asked === "string" ? asked : (order?.value.orderId ?? state?.value.orderId ?? "");
        cancel = { actionId: action.actionId, orderId, line: one.line };
      } else if (message?.kind === "state" && cancel !== undefined) {
        const all = [...message.state.actionStates, ...(message.state.instantActionStates ?? [])];
        const status = all.find(({ actionId }) => actionId === cancel?.actionId)?.actionStatus;
        if (status === "FINISHED") over.set(cancel.orderId, cancel.line);
        if (status === "FINISHED" || status === "FAILED") cancel = undefined;
      } else if (message?.kind === "order") {
        if (cancel === undefined && over.size === 0) continue;
        judge.occasion(one);
        const { orderId } = message.order;
        const ended = over.get(orderId);
        if (cancel !== undefined)
          judge.violation(one, {
            expected: "no order before the cancellation has ended",
            found: `order ${orderId}`,
            because: [cancel.line],
          });
        else if (ended !== undefined) {
          const finding = {
            expected: `nothing more of order ${orderId}`,
            found: "it goes on",
            because: [ended],
          };
          if (one.version === "3.0") judge.violation(one, finding);
          else judge.doubt(one, finding);
        }
      }
    }
  },
};

export const ORDER_RULES: readonly Rule[] = [
  structure,
  released,
  begins,
  idle,
  reachable,
  actionIds,
  cancelled,
];
