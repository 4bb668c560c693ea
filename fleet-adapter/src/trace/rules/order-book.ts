import type { TraceNode, TraceOrder } from "../messages.ts";
import type { HeardOf } from "../rule.ts";

/** What a fleet control has said of one order so far, told message by message. */
export class OrderBook {
  readonly #orders = new Map<string, OrderSoFar>();

  /** Takes in a message; tells whether it says something for the first time. */
  take(heard: HeardOf<"order">): boolean {
    const { order } = heard.message;
    const known = this.#orders.get(order.orderId);
    if (known?.updates.some((update) => update.text === textOf(order)) === true) return false;
    const soFar = known ?? { updates: [] };
    soFar.updates.push({ line: heard.line, order, text: textOf(order), isAfterGap: heard.isAfterGap });
    this.#orders.set(order.orderId, soFar);
    return true;
  }

  of(orderId: string): readonly Update[] {
    return this.#orders.get(orderId)?.updates ?? [];
  }
}

interface OrderSoFar {
  readonly updates: Update[];
}

export interface Update {
  readonly line: number;
  readonly order: TraceOrder;
  readonly text: string;
  readonly isAfterGap: boolean;
}

/** What an order says, as a text that is equal for equal content; its header does not count. */
export function textOf({ orderId, orderUpdateId, nodes, edges }: TraceOrder): string {
  return JSON.stringify([orderId, orderUpdateId, nodes, edges]);
}

export function lastReleased(nodes: readonly TraceNode[]): TraceNode | undefined {
  return nodes.findLast((node) => node.released);
}

/** The nodes of an order that a vehicle holding update `updateId` knows, by sequence: every base, and the newest horizon. */
export function nodesKnown(updates: readonly Update[], updateId: number): ReadonlyMap<number, TraceNode> {
  const nodes = new Map<number, TraceNode>();
  for (const { order } of updates) {
    if (order.orderUpdateId > updateId) continue;
    const begin = order.nodes[0]?.sequenceId ?? 0;
    for (const [sequenceId, node] of nodes)
      if (sequenceId > begin && !node.released) nodes.delete(sequenceId);
    for (const node of order.nodes) nodes.set(node.sequenceId, node);
  }
  return nodes;
}

export function isTerminal(status: string): boolean {
  return status === "FINISHED" || status === "FAILED";
}
