import {
  type Action,
  type InstantActions,
  type Order,
  type OrderNode,
  readTransferControl,
  TRANSFER_CONTROL,
  type TransferControl,
  type VehicleErrorEntry,
} from "@baton/fleet-adapter/vda5050";
import type { Side } from "@baton/maps";
import { latch, transferControl, unlatch } from "./control-register.ts";
import { nearestStop } from "./driving.ts";
import { NODE_ACTIONS } from "./loading.ts";
import { judgeOrder } from "./order-rules.ts";
import { isBusy, progressOf } from "./progress.ts";
import type { Lead } from "./route.ts";
import { layOut } from "./route.ts";
import {
  type ActionRecord,
  type ActiveOrder,
  endAction,
  isOver,
  nodeNameFor,
  recordOf,
  type Vehicle,
  type VehicleModel,
  withAction,
} from "./vehicle.ts";
import { enableZoneSet } from "./zones/take-zone-messages.ts";

/** Instant actions remembered a side, so that a repeated one is known. */
const MAX_INSTANT_ACTIONS = 30;
/** Refusals told at once. */
const MAX_REFUSALS = 10;

/**
 * Instant actions that this vehicle takes from either side. `stopPause` lifts the latch of the side that asks and no
 * other: a latch that only the holder could lift would stay for ever when the vehicle was handed over meanwhile.
 */
export const ANYONES_ACTIONS: readonly string[] = [
  "startPause",
  "stopPause",
  "stateRequest",
  "factsheetRequest",
];
/** Instant actions that it takes from the register's holder only. */
const HOLDERS_ACTIONS: readonly string[] = ["cancelOrder", "startCharging", "stopCharging", TRANSFER_CONTROL];
/** Those of them that only 3.0 knows. */
const HOLDERS_ACTIONS_3_0: readonly string[] = ["enableZoneSet", "startHibernation", "stopHibernation"];

export function holdersActions({ protocol }: VehicleModel): readonly string[] {
  return protocol === "3.0" ? [...HOLDERS_ACTIONS, ...HOLDERS_ACTIONS_3_0] : HOLDERS_ACTIONS;
}

/** Takes in an order that came over one side's broker. */
export function obeyOrder(vehicle: Vehicle, model: VehicleModel, side: Side, order: Order): Vehicle {
  const current = vehicle.order?.side === side ? vehicle.order : undefined;
  const verdict = judgeOrder(order, {
    askedBy: side,
    authority: vehicle.register.authority,
    frame: model.frames[side],
    at: vehicle.pose,
    current,
    busy: isBusy(vehicle),
    rollsTo: rollsTo(vehicle, model, side),
    nodeActions: NODE_ACTIONS,
  });
  switch (verdict.kind) {
    case "known":
      return vehicle;
    case "refused":
      return withRefusal(vehicle, side, verdict.error);
    case "new":
      return accept(vehicle, side, order, 0);
    case "update":
      return accept(vehicle, side, order, vehicle.alongM, current);
    default:
      return verdict satisfies never;
  }
}

/** Tells a side for a while why something it sent was not done; saying the same again only renews it. */
export function withRefusal(vehicle: Vehicle, side: Side, error: VehicleErrorEntry): Vehicle {
  const others = vehicle.refusals.filter((one) => one.side !== side || !isSameRefusal(one.error, error));
  const refusals = [...others, { side, atMs: vehicle.atMs, error }];
  return { ...vehicle, refusals: refusals.slice(-MAX_REFUSALS) };
}

function isSameRefusal(a: VehicleErrorEntry, b: VehicleErrorEntry): boolean {
  return a.errorType === b.errorType && a.errorDescription === b.errorDescription;
}

function accept(vehicle: Vehicle, side: Side, order: Order, alongM: number, current?: ActiveOrder): Vehicle {
  const merged = current === undefined ? order : stitch(current, order);
  const { orderId, orderUpdateId } = order;
  const { nodes, edges } = merged;
  const lead = current === undefined ? leadTo(vehicle) : current.lead;
  const route = layOut(nodes, edges, lead, current);
  const plain = { side, orderId, orderUpdateId, nodes, edges, cancelled: false, route };
  const next: Vehicle = {
    ...vehicle,
    order: lead === undefined ? plain : { ...plain, lead },
    alongM:
      current === undefined && lead !== undefined ? vehicle.alongM - (route.lead?.lengthM ?? 0) : alongM,
    lastOrders: { ...vehicle.lastOrders, [side]: { orderId, orderUpdateId } },
    refusals: withoutRefusalsOf(vehicle, side),
    actions: actionsAfter(vehicle, side, nodes, current !== undefined),
  };
  const first = nodes[0];
  if (current !== undefined || lead !== undefined || first === undefined) return next;
  return { ...next, lastNode: { side, nodeId: first.nodeId, sequenceId: first.sequenceId } };
}

/** The very same list where there is nothing to take out: who compares would think that there is news. */
function withoutRefusalsOf({ refusals }: Vehicle, side: Side): Vehicle["refusals"] {
  return refusals.some((refusal) => refusal.side === side)
    ? refusals.filter((refusal) => refusal.side !== side)
    : refusals;
}

/** An order that was let go of and is not driven to the end of its base yet. */
function rolling(vehicle: Vehicle): ActiveOrder | undefined {
  const { order } = vehicle;
  return order?.letGo === true && isBusy(vehicle) ? order : undefined;
}

/** Where the vehicle is rolling to, as the side names it, with nobody's order. */
function rollsTo(vehicle: Vehicle, model: VehicleModel, side: Side): string | undefined {
  const order = rolling(vehicle);
  const end = order?.nodes[order.route.baseEnd];
  if (order === undefined || end === undefined) return undefined;
  return nodeNameFor(model, { side: order.side, nodeId: end.nodeId, sequenceId: end.sequenceId }, side) ?? "";
}

function leadTo(vehicle: Vehicle): Lead | undefined {
  const order = rolling(vehicle);
  return order === undefined ? undefined : { side: order.side, nodes: order.nodes, edges: order.edges };
}

/** The base so far, with the update's nodes from the stitching node on. */
function stitch(current: ActiveOrder, update: Order): Pick<ActiveOrder, "nodes" | "edges"> {
  // What is released comes first (section 6.6.1).
  const { nodes, edges, route } = current;
  const { baseEnd } = route;
  const last = nodes[baseEnd];
  const [first, ...rest] = update.nodes;
  if (last === undefined || first === undefined) throw new Error("an update was stitched to nothing");
  const added = first.actions.filter(
    (action) => !last.actions.some((one) => one.actionId === action.actionId),
  );
  return {
    nodes: [...nodes.slice(0, baseEnd), { ...last, actions: [...last.actions, ...added] }, ...rest],
    edges: [...edges.slice(0, baseEnd), ...update.edges],
  };
}

/** Action states once an order is accepted: its own, and the instant ones that came before. */
function actionsAfter(
  vehicle: Vehicle,
  side: Side,
  nodes: readonly OrderNode[],
  isUpdate: boolean,
): readonly ActionRecord[] {
  const kept = vehicle.actions.filter((record) => record.side !== side || !record.ofOrder);
  const ofOrder: ActionRecord[] = [];
  for (const node of nodes) {
    for (const action of node.actions) {
      const before = isUpdate ? recordOf(vehicle, side, action.actionId) : undefined;
      ofOrder.push(before ?? { side, action, ofOrder: true, status: "WAITING", result: undefined });
    }
  }
  const after = [...kept, ...ofOrder];
  const isSame =
    after.length === vehicle.actions.length && after.every((record, at) => record === vehicle.actions[at]);
  return isSame ? vehicle.actions : after;
}

/** Takes in instant actions that came over one side's broker; one seen before is not done again. */
export function obeyInstantActions(
  vehicle: Vehicle,
  model: VehicleModel,
  side: Side,
  message: InstantActions,
): Vehicle {
  let next = vehicle;
  for (const action of message.actions) {
    // One that sleeps hears nothing else, and answers nothing (3.0 section 6.2.3.1).
    if (next.asleep && action.actionType !== "stopHibernation") continue;
    if (recordOf(next, side, action.actionId) === undefined) next = obeyInstant(next, model, side, action);
  }
  return forgetOldest(next, side);
}

function obeyInstant(vehicle: Vehicle, model: VehicleModel, side: Side, action: Action): Vehicle {
  const record: ActionRecord = { side, action, ofOrder: false, status: "RUNNING", result: undefined };
  const seen = withAction(vehicle, record);
  const end = (status: "FINISHED" | "FAILED", result?: string, change: Partial<Vehicle> = {}): Vehicle =>
    endAction({ ...seen, ...change }, side, action.actionId, status, result);
  const { actionType } = action;
  const ofHolder = holdersActions(model);
  if (!ANYONES_ACTIONS.includes(actionType) && !ofHolder.includes(actionType)) {
    return end("FAILED", `${actionType} is not supported`);
  }
  if (actionType === TRANSFER_CONTROL) return obeyTransfer(vehicle, model, side, action, end);
  if (ofHolder.includes(actionType) && side !== vehicle.register.authority) {
    return end("FAILED", `notInControl: ${vehicle.register.authority} holds the vehicle`);
  }
  switch (actionType) {
    case "startPause": {
      const paused = { ...seen, pausedBy: latch(vehicle.pausedBy, side) };
      return vehicle.speedMps > 0 ? paused : endAction(paused, side, action.actionId, "FINISHED");
    }
    case "stopPause":
      return end("FINISHED", undefined, { pausedBy: unlatch(vehicle.pausedBy, side) });
    case "cancelOrder":
      return obeyCancel(seen, model, side, action.actionId);
    case "startCharging":
      return vehicle.speedMps > 0 || isBusy(vehicle)
        ? end("FAILED", "the vehicle is not free")
        : end("FINISHED", undefined, { charging: true });
    case "stopCharging":
      return end("FINISHED", undefined, { charging: false });
    case "enableZoneSet": {
      const zoneSetId = String(action.actionParameters?.find(({ key }) => key === "zoneSetId")?.value);
      const enabled = enableZoneSet(seen, side, zoneSetId);
      return enabled === undefined
        ? end("FAILED", `there is no zone set ${zoneSetId}`)
        : endAction(enabled, side, action.actionId, "FINISHED");
    }
    case "startHibernation":
      return vehicle.speedMps > 0 || isBusy(vehicle)
        ? end("FAILED", "the vehicle is not free")
        : end("FINISHED", undefined, { asleep: true });
    case "stopHibernation":
      return end("FINISHED", undefined, { asleep: false });
    default:
      return end("FINISHED");
  }
}

function obeyTransfer(
  vehicle: Vehicle,
  model: VehicleModel,
  side: Side,
  action: Action,
  end: (status: "FINISHED" | "FAILED", result?: string, change?: Partial<Vehicle>) => Vehicle,
): Vehicle {
  const request = readTransferControl(action);
  if (request === undefined) return end("FAILED", "from, expectedEpoch, to and handoffId are needed");
  const outcome = transferControl(vehicle.register, request, side, obstacleTo(request, vehicle, model));
  switch (outcome.kind) {
    case "changed": {
      const { register } = outcome;
      if (register.authority === side) return end("FINISHED", undefined, { register });
      // What the new holder ordered when it last had the vehicle is over: a vehicle that comes back has no order.
      const { [register.authority]: _over, ...lastOrders } = vehicle.lastOrders;
      if (vehicle.order === undefined || !isBusy(vehicle))
        return end("FINISHED", undefined, { register, lastOrders });
      return end("FINISHED", undefined, { register, lastOrders, order: { ...vehicle.order, letGo: true } });
    }
    case "unchanged":
      return end("FINISHED", "done before");
    case "refused":
      return end("FAILED", `transferRefused: ${outcome.reason}`);
    default:
      return outcome satisfies never;
  }
}

/**
 * Control passes from standstill without an order; or, where the vehicle is built for it, while it rolls to the end of a
 * base beyond which nothing is planned and at which nothing is to be done.
 */
function obstacleTo(
  { baseEndsAtNodeId }: TransferControl,
  vehicle: Vehicle,
  model: VehicleModel,
): string | undefined {
  const { order, work, cancelling } = vehicle;
  if (vehicle.speedMps === 0 && !isBusy(vehicle)) return undefined;
  if (model.rollingHandoff !== true || order === undefined) return "the vehicle moves or has an active order";
  const progress = progressOf(vehicle);
  if (progress === undefined || cancelling !== undefined || work !== undefined)
    return "the vehicle ends its order";
  if (progress.node < 0) return "the vehicle is not on its order's way yet";
  if (progress.baseEnd < order.nodes.length - 1) return "the order goes on beyond its base";
  if (progress.actionNode !== undefined) return "something is left to be done";
  const end = order.nodes[progress.baseEnd]?.nodeId;
  if (baseEndsAtNodeId !== undefined && end !== baseEndsAtNodeId)
    return `the base ends at ${end}, not at ${baseEndsAtNodeId}`;
  return undefined;
}

function obeyCancel(vehicle: Vehicle, model: VehicleModel, side: Side, actionId: string): Vehicle {
  const progress = progressOf(vehicle);
  if (vehicle.cancelling !== undefined)
    return endAction(vehicle, side, actionId, "FAILED", "a cancellation is under way");
  if (progress === undefined || !isBusy(vehicle)) {
    return endAction(vehicle, side, actionId, "FAILED", "noOrderToCancel");
  }
  return { ...vehicle, cancelling: { side, actionId, stopNode: nearestStop(vehicle, progress, model) } };
}

/** Ends a cancellation once the vehicle stands and its locks do not move. */
export function endCancellation(vehicle: Vehicle): Vehicle {
  const { cancelling, order, work } = vehicle;
  if (cancelling === undefined || order === undefined || vehicle.speedMps > 0) return vehicle;
  const stopAtM = order.route.nodeAtM[cancelling.stopNode] ?? 0;
  if (vehicle.alongM < stopAtM - 1e-3) return vehicle;
  // A container between crane and deck is no place to stop at.
  if (work !== undefined && (work.phase !== "landing" || vehicle.deck !== undefined)) return vehicle;
  const ended = vehicle.actions.map((record): ActionRecord => {
    const given = record.ofOrder && record.side === order.side && !isOver(record);
    return given ? { ...record, status: "FAILED", result: "order cancelled" } : record;
  });
  return endAction(
    {
      ...vehicle,
      actions: ended,
      order: { ...order, cancelled: true },
      work: undefined,
      cancelling: undefined,
    },
    cancelling.side,
    cancelling.actionId,
    "FINISHED",
  );
}

function forgetOldest(vehicle: Vehicle, side: Side): Vehicle {
  const instant = vehicle.actions.filter(
    (record) => record.side === side && !record.ofOrder && isOver(record),
  );
  const old = new Set(instant.slice(0, Math.max(0, instant.length - MAX_INSTANT_ACTIONS)));
  return old.size === 0
    ? vehicle
    : { ...vehicle, actions: vehicle.actions.filter((record) => !old.has(record)) };
}
