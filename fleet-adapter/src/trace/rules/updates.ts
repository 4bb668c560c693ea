import type { TraceNode } from "../messages.ts";
import { type HeardOf, type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";
import { lastReleased, OrderBook, textOf } from "./order-book.ts";

/** Rules on how a fleet control goes on with an order, and says it again. */

const stitch: Rule = {
  id: "update-stitches",
  party: "fleet control",
  says: "An update begins at the last released node of the order so far, with its sequence id and its content unchanged.",
  sections: sections("6.6.2", "6.1.2"),
  check(talk, judge) {
    eachUpdate(talk, (one, before) => {
      const first = one.message.order.nodes[0];
      const end = lastReleased(before.order.nodes);
      if (first === undefined || end === undefined) return;
      judge.occasion(one);
      const because = [before.line];
      const expected = `node ${end.nodeId}, sequence ${end.sequenceId}`;
      if (first.nodeId === end.nodeId && first.sequenceId === end.sequenceId) {
        if (JSON.stringify(first.actions) !== JSON.stringify(end.actions))
          judge.violation(one, {
            expected: `${expected} with the same actions`,
            found: actionsOf(first),
            because,
          });
        else if (JSON.stringify(first) !== JSON.stringify(end)) {
          const finding = {
            expected: `${expected} with the same content`,
            found: JSON.stringify(first),
            because,
          };
          if (one.version === "3.0") judge.violation(one, finding);
          else judge.doubt(one, finding);
        }
        return;
      }
      if (first.sequenceId < end.sequenceId) return;
      const finding = { expected, found: `node ${first.nodeId}, sequence ${first.sequenceId}`, because };
      if (one.isAfterGap) judge.doubt(one, finding);
      else judge.violation(one, finding);
    });
  },
};

const base: Rule = {
  id: "base-not-changed",
  party: "fleet control",
  says: "What was released is never taken back, changed or sent again but for the node at which an update begins.",
  sections: sections("6.6.2", "6.1.2"),
  check(talk, judge) {
    eachUpdate(talk, (one, before) => {
      const first = one.message.order.nodes[0];
      const end = lastReleased(before.order.nodes);
      if (first === undefined || end === undefined) return;
      judge.occasion(one);
      if (first.sequenceId >= end.sequenceId) return;
      const { state } = one.before;
      const finding = {
        expected: `nothing before sequence ${end.sequenceId}, which is released`,
        found: `it begins at sequence ${first.sequenceId}`,
        because: [before.line],
      };
      // The vehicle shows that it never got what was released: to begin where it stands is then the only way on.
      const hadNotArrived =
        state !== undefined &&
        state.value.orderId === one.message.order.orderId &&
        state.value.orderUpdateId < before.order.orderUpdateId &&
        state.heard.line > before.line;
      if (hadNotArrived || one.isAfterGap) judge.doubt(one, finding);
      else judge.violation(one, finding);
    });
  },
};

const updateIds: Rule = {
  id: "update-id-grows",
  party: "fleet control",
  says: "Each update of an order has a higher orderUpdateId than the ones before it.",
  sections: sections("6.6.2, 6.6.4.3", "6.1.2, 6.1.4.4"),
  check(talk, judge) {
    eachUpdate(talk, (one, before) => {
      judge.occasion(one);
      const { orderUpdateId } = one.message.order;
      if (orderUpdateId >= before.order.orderUpdateId) return;
      judge.violation(one, {
        expected: `above ${before.order.orderUpdateId}`,
        found: `${orderUpdateId}`,
        because: [before.line],
      });
    });
  },
};

const sameContent: Rule = {
  id: "same-id-same-content",
  party: "fleet control",
  says: "An order that is sent again under the same orderId and orderUpdateId says the same.",
  sections: sections("6.6.4.3", "6.1.4.5"),
  check(talk, judge) {
    const said = new Map<string, { readonly text: string; readonly line: number }>();
    for (const one of saidAs(talk, "order")) {
      const { order } = one.message;
      const id = `${order.orderId} ${order.orderUpdateId}`;
      const before = said.get(id);
      const text = textOf(order);
      said.set(id, { text, line: one.line });
      if (before === undefined) continue;
      judge.occasion(one);
      if (before.text !== text)
        judge.violation(one, {
          expected: `the content of line ${before.line}`,
          found: "another",
          because: [before.line],
        });
    }
  },
};

/** Each order message that says something new of an order said before, with the newest message on that order. */
function eachUpdate(
  talk: Parameters<Rule["check"]>[0],
  look: (
    one: HeardOf<"order">,
    before: { readonly order: HeardOf<"order">["message"]["order"]; readonly line: number },
  ) => void,
): void {
  const book = new OrderBook();
  for (const one of saidAs(talk, "order")) {
    const before = book.of(one.message.order.orderId).at(-1);
    if (book.take(one) && before !== undefined) look(one, before);
  }
}

function actionsOf(node: TraceNode): string {
  const ids = node.actions.map(({ actionId }) => actionId).join(", ");
  return ids === "" ? "no actions" : `actions ${ids}`;
}

export const UPDATE_RULES: readonly Rule[] = [stitch, base, updateIds, sameContent];
