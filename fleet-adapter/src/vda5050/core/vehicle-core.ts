import type { Delivery } from "../../delivery/delivery.ts";
import type { Freshness } from "../../delivery/freshness.ts";
import type {
  ActionStatus,
  ConnectionState,
  DriveOrder,
  FleetEvent,
  FleetOrderId,
  Instruction,
} from "../../port.ts";
import type { Action } from "../model/action.ts";
import type { VehicleSheet } from "../model/factsheet.ts";
import type { OrderBody } from "../model/order.ts";
import type { Report } from "../model/report.ts";

/** All that the adapter remembers of one vehicle. Values are never changed in place. */
export interface VehicleCore {
  /** Whether this side has a session with its broker. */
  readonly linkUp: boolean;
  readonly connection: ConnectionState;
  readonly freshness: Freshness | undefined;
  /** The newest state. */
  readonly seen: Report | undefined;
  /** The order that is being delivered or was delivered last. */
  readonly task: OrderTask | undefined;
  /** The newest order that has to wait until the vehicle is done with `task`. */
  readonly queued: DriveOrder | undefined;
  readonly cancel: CancelTask | undefined;
  /** What the vehicle can do and take, by its newest factsheet. */
  readonly sheet: VehicleSheet | undefined;
  readonly orderSentAtMs: number | undefined;
  /** Instant actions that the vehicle has not shown yet. */
  readonly instants: readonly InstantTask[];
  /** What was last told of each action. Bound: MAX_STATUSES, oldest go first. */
  readonly statuses: ReadonlyMap<string, ToldStatus>;
  /** Troubles that are still there, so that each is told once. */
  readonly told: ReadonlySet<string>;
  /**
   * Whether a person was told of an order that the vehicle lost, gave up or does not hold, and it has not been seen to hold
   * an order since.
   */
  readonly isOrderInDoubt: boolean;
}

export interface ToldStatus {
  readonly status: ActionStatus;
  readonly detail: string;
}

export interface OrderTask {
  /** What was asked for last. */
  readonly drive: DriveOrder;
  /** Sent and not reflected yet. One at a time: the next update has to begin where this one ends. */
  readonly inFlight: SentOrder | undefined;
  /** The newest message that the vehicle's state has reflected. */
  readonly reflected: OrderBody | undefined;
  /**
   * Whether a state has shown the vehicle to hold `reflected`. Its update id alone does not say so: a former
   * life of this adapter may have used the same one.
   */
  readonly wasHeld: boolean;
  /** The newest revision that the vehicle is known to hold; -1 when none of this run. */
  readonly reflectedRevision: number;
  /** Above every update id used or seen. */
  readonly nextUpdateId: number;
  /** Whether the vehicle's state has shown this order. */
  readonly known: boolean;
  /** Updates sent for the newest revision. */
  readonly updatesOfRevision: number;
  readonly ended: "finished" | "cancelled" | undefined;
  /** By what the order is told to the vehicle, from the first message on. */
  readonly fit: Fit | undefined;
  /** The cancellation that ended it; should the order turn up on the vehicle after all, it is repeated once. */
  readonly cancelledBy: string | undefined;
}

export interface Fit {
  readonly sheet: VehicleSheet | undefined;
}

export interface SentOrder {
  readonly body: OrderBody;
  readonly revision: number;
  readonly isUpdate: boolean;
  readonly delivery: Delivery;
}

export interface CancelTask {
  readonly actionId: string;
  readonly delivery: Delivery;
  /** What it is to end; undefined until a state has told. */
  readonly orderId: FleetOrderId | undefined;
  /** Whether it repeats an earlier one, because the order turned up after that had ended. */
  readonly isRepeat: boolean;
}

export interface InstantTask {
  readonly instruction: Instruction;
  readonly action: Action;
  readonly delivery: Delivery;
}

export type CoreEvent =
  | { readonly kind: "drive"; readonly order: DriveOrder; readonly nowMs: number }
  /** `actionId` is fresh. */
  | { readonly kind: "cancel"; readonly actionId: string; readonly nowMs: number }
  | { readonly kind: "instruct"; readonly instruction: Instruction; readonly nowMs: number }
  | { readonly kind: "state"; readonly state: Report; readonly nowMs: number }
  | { readonly kind: "connection"; readonly connection: ConnectionState; readonly nowMs: number }
  | { readonly kind: "factsheet"; readonly sheet: VehicleSheet; readonly nowMs: number }
  /** This side's session with its broker came or went. */
  | { readonly kind: "link"; readonly up: boolean; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number };

export type CoreEffect =
  | { readonly kind: "publishOrder"; readonly body: OrderBody }
  | { readonly kind: "publishInstantActions"; readonly actions: readonly Action[] }
  | { readonly kind: "tell"; readonly event: FleetEvent };

/** Actions remembered after the vehicle stopped listing them. */
export const MAX_STATUSES = 256;

export function newVehicle(linkUp: boolean): VehicleCore {
  return {
    linkUp,
    connection: "offline",
    freshness: undefined,
    seen: undefined,
    task: undefined,
    queued: undefined,
    cancel: undefined,
    sheet: undefined,
    orderSentAtMs: undefined,
    instants: [],
    statuses: new Map(),
    told: new Set(),
    isOrderInDoubt: false,
  };
}

/** Whether something of it may fall due, a message to be repeated or one that waits for the vehicle; else time does nothing to it. */
export function awaitsTime({ cancel, instants, task, queued, sheet }: VehicleCore): boolean {
  // A vehicle that wants time between orders may get the next one by time alone.
  const isPaced =
    task !== undefined && task.ended === undefined && (sheet?.limits.minOrderIntervalMs ?? 0) > 0;
  if (isPaced && task.reflectedRevision !== task.drive.revision) return true;
  return cancel !== undefined || instants.length > 0 || queued !== undefined || task?.inFlight !== undefined;
}

export function newTask(drive: DriveOrder): OrderTask {
  return {
    drive,
    inFlight: undefined,
    reflected: undefined,
    wasHeld: false,
    reflectedRevision: -1,
    nextUpdateId: 0,
    known: false,
    updatesOfRevision: 0,
    ended: undefined,
    fit: undefined,
    cancelledBy: undefined,
  };
}
