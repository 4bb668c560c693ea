import type {
  Action,
  ActionState,
  BatonControl,
  Order,
  OrderEdge,
  OrderNode,
  State,
  VehicleErrorEntry,
} from "../wire/index.ts";
import { VDA5050_VERSION } from "../wire/index.ts";

/** An order of 2.1 without its header. */
export type WireOrder = Pick<Order, "orderId" | "orderUpdateId" | "nodes" | "edges">;

/**
 * For tests: a vehicle that takes orders as VDA 5050 2.1 section 6.6.2, figure 8, says, and nothing more
 * leniently. It moves from node to node when told to. What it refuses, and what it accepts although the
 * standard's words on updates forbid it, is written down.
 */
export class ModelVehicle {
  orderId = "";
  orderUpdateId = 0;
  lastNodeId: string;
  lastNodeSequenceId = 0;
  nodes: OrderNode[] = [];
  edges: OrderEdge[] = [];
  actionStates: ActionState[] = [];
  errors: VehicleErrorEntry[] = [];
  control: BatonControl = { authority: "vn", epoch: 1, pausedBy: [] };
  position: State["agvPosition"];
  operatingMode: State["operatingMode"] = "AUTOMATIC";
  /** Every node reached, in order. */
  readonly driven: string[] = [];
  readonly refusals: string[] = [];
  readonly violations: string[] = [];
  readonly instantActionIds: string[] = [];
  #stitch: OrderNode | undefined;
  #headerId = 0;

  constructor(standsAt: string) {
    this.lastNodeId = standsAt;
  }

  get isBusy(): boolean {
    const open = this.actionStates.some(
      ({ actionStatus }) => actionStatus !== "FINISHED" && actionStatus !== "FAILED",
    );
    return this.nodes.length > 0 || open;
  }

  receiveOrder(order: WireOrder): void {
    this.#checkForm(order);
    if (order.orderId !== this.orderId) this.#receiveNew(order);
    else if (order.orderUpdateId < this.orderUpdateId) this.#refuse("orderUpdateError", order, "deprecated");
    else if (order.orderUpdateId > this.orderUpdateId) this.#receiveUpdate(order);
  }

  #receiveNew(order: WireOrder): void {
    const [first] = order.nodes;
    if (this.isBusy) {
      this.#refuse("orderError", order, "busy");
      return;
    }
    if (first?.nodeId !== this.lastNodeId) {
      this.#refuse("noRouteError", order, "does not begin here");
      return;
    }
    if (first.sequenceId !== 0) this.violations.push("a new order counts from 0");
    this.actionStates = [];
    this.lastNodeSequenceId = 0;
    this.#take(order, order.nodes, order.edges);
    // It stands on the first node already: that one counts as reached.
    this.#reach();
  }

  #receiveUpdate(order: WireOrder): void {
    const [first] = order.nodes;
    const end = this.nodes.findLast((node) => node.released);
    const sequenceId = end?.sequenceId ?? this.lastNodeSequenceId;
    const nodeId = end?.nodeId ?? this.lastNodeId;
    if (first?.nodeId !== nodeId || first.sequenceId !== sequenceId) {
      this.#refuse("orderUpdateError", order, `begins at ${first?.sequenceId}, base ends at ${sequenceId}`);
      return;
    }
    if (this.#stitch !== undefined && JSON.stringify(this.#stitch) !== JSON.stringify(first)) {
      this.violations.push(`the stitching node ${first.nodeId} changed`);
    }
    const base = this.nodes.filter((node) => node.released);
    const baseEdges = this.edges.filter((edge) => edge.released);
    this.#take(order, [...base, ...order.nodes.slice(1)], [...baseEdges, ...order.edges]);
  }

  #take(order: WireOrder, nodes: OrderNode[], edges: OrderEdge[]): void {
    this.orderId = order.orderId;
    this.orderUpdateId = order.orderUpdateId;
    this.nodes = nodes;
    this.edges = edges;
    this.errors = [];
    this.#stitch = order.nodes.findLast((node) => node.released) ?? this.#stitch;
    const listed = new Set(nodes.flatMap((node) => node.actions.map((action) => action.actionId)));
    const kept = this.actionStates.filter(
      (state) => state.actionStatus !== "WAITING" || listed.has(state.actionId),
    );
    const known = new Set(kept.map((state) => state.actionId));
    const added = nodes.flatMap((node) => node.actions).filter((action) => !known.has(action.actionId));
    this.actionStates = [...kept, ...added.map((action) => stateOf(action, "WAITING"))];
  }

  /** Does the next thing: ends an action, or reaches the next released node. */
  move(): void {
    const running = this.actionStates.find((state) => state.actionStatus === "RUNNING");
    if (running !== undefined) this.#setStatus(running.actionId, "FINISHED");
    else if (this.nodes[0]?.released === true) this.#reach();
  }

  #reach(): void {
    const [node, ...ahead] = this.nodes;
    if (node === undefined) return;
    this.nodes = ahead;
    if (this.edges[0] !== undefined && this.edges[0].sequenceId < node.sequenceId)
      this.edges = this.edges.slice(1);
    this.lastNodeId = node.nodeId;
    this.lastNodeSequenceId = node.sequenceId;
    this.driven.push(`${this.orderId}/${node.nodeId}`);
    for (const action of node.actions) this.#setStatus(action.actionId, "RUNNING");
  }

  receiveInstantActions(actions: readonly Action[]): void {
    for (const action of actions) {
      if (this.actionStates.some((state) => state.actionId === action.actionId)) continue;
      this.instantActionIds.push(action.actionId);
      if (action.actionType === "cancelOrder") this.#cancel(action);
      else this.actionStates = [...this.actionStates, stateOf(action, "FINISHED")];
    }
  }

  #cancel(action: Action): void {
    const cancelled = this.isBusy;
    this.clearOrder();
    this.actionStates = [...this.actionStates, stateOf(action, cancelled ? "FINISHED" : "FAILED")];
    if (!cancelled) this.errors = [{ errorType: "noOrderToCancel", errorLevel: "WARNING" }];
  }

  /** As a cancellation does, or a person who takes the vehicle in hand. */
  clearOrder(): void {
    this.nodes = [];
    this.edges = [];
    this.#stitch = undefined;
    this.actionStates = this.actionStates.map((state) =>
      state.actionStatus === "FINISHED" ? state : { ...state, actionStatus: "FAILED" },
    );
  }

  /** Starts again with nothing but the place it stands at. */
  forget(): void {
    this.clearOrder();
    this.actionStates = [];
    this.orderId = "";
    this.orderUpdateId = 0;
    this.lastNodeSequenceId = 0;
    this.#headerId = 0;
  }

  state(nowMs: number): State {
    this.#headerId += 1;
    return {
      headerId: this.#headerId,
      timestamp: new Date(nowMs).toISOString(),
      version: VDA5050_VERSION,
      manufacturer: "sim",
      serialNumber: "vn-01",
      orderId: this.orderId,
      orderUpdateId: this.orderUpdateId,
      lastNodeId: this.lastNodeId,
      lastNodeSequenceId: this.lastNodeSequenceId,
      driving: this.nodes[0]?.released === true,
      operatingMode: this.operatingMode,
      nodeStates: this.nodes.map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
      edgeStates: this.edges.map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released })),
      ...(this.position === undefined ? {} : { agvPosition: this.position }),
      actionStates: this.actionStates,
      batteryState: { batteryCharge: 80, charging: false },
      errors: this.errors,
      safetyState: { eStop: "NONE", fieldViolation: false },
      batonControl: this.control,
    };
  }

  /** Section 6.6.1: edges between nodes, even and odd sequence ids without a gap, the base first. */
  #checkForm(order: WireOrder): void {
    const { nodes, edges } = order;
    if (nodes.length === 0 || edges.length !== nodes.length - 1)
      this.violations.push("edges do not fit the nodes");
    if (nodes[0]?.released !== true || (nodes[0].sequenceId & 1) === 1)
      this.violations.push("a bad first node");
    for (const [index, edge] of edges.entries()) {
      const from = nodes[index];
      const to = nodes[index + 1];
      if (edge.startNodeId !== from?.nodeId || edge.endNodeId !== to?.nodeId)
        this.violations.push("a loose edge");
      if (edge.sequenceId !== (from?.sequenceId ?? 0) + 1 || to?.sequenceId !== edge.sequenceId + 1) {
        this.violations.push("a gap in the sequence ids");
      }
      if (edge.released !== to?.released || (edge.released && from?.released !== true)) {
        this.violations.push("released after something that is not");
      }
    }
  }

  #setStatus(actionId: string, actionStatus: ActionState["actionStatus"]): void {
    this.actionStates = this.actionStates.map((state) =>
      state.actionId === actionId ? { ...state, actionStatus } : state,
    );
  }

  #refuse(errorType: string, order: WireOrder, why: string): void {
    this.refusals.push(`${order.orderId}.${order.orderUpdateId} ${errorType}: ${why}`);
    const references = [
      { referenceKey: "orderId", referenceValue: order.orderId },
      { referenceKey: "orderUpdateId", referenceValue: String(order.orderUpdateId) },
    ];
    this.errors = [{ errorType, errorLevel: "WARNING", errorDescription: why, errorReferences: references }];
  }
}

function stateOf(action: Action, actionStatus: ActionState["actionStatus"]): ActionState {
  return { actionId: action.actionId, actionType: action.actionType, actionStatus };
}
