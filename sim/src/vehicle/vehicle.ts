import type { Action, OrderEdge, OrderNode, Protocol, VehicleErrorEntry } from "@baton/fleet-adapter/vda5050";
import type { Pose, Side } from "@baton/maps";
import type { ControlRegister } from "./control-register.ts";
import type { Kinematics } from "./motion.ts";
import type { Pace } from "./pace.ts";
import type { Lead, MapFrame, Route } from "./route.ts";
import { NO_ZONE_WORK, type ZoneWork } from "./zones/zone-work.ts";

/** What never changes about one vehicle. */
export interface VehicleModel {
  readonly vehicleId: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
  /** The version of VDA 5050 that it speaks; 2.1 if not given. */
  readonly protocol?: Protocol;
  /** It speaks ROS 2, and no VDA 5050. */
  readonly speaksRos?: boolean;
  /** Of one that speaks ROS 2: its odometry is in a frame of its own, which tf puts into the map. */
  readonly hasOwnOdometry?: boolean;
  /** Of one that speaks ROS 2: it is given poses and finds its way between them, inside a fence. */
  readonly plansOwnWay?: boolean;
  readonly kinematics: Kinematics;
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly maxLoadKg: number;
  readonly frames: Readonly<Record<Side, MapFrame>>;
  /** Per side: how the other side names that side's nodes in the shared strip. */
  readonly pairedNodes: Readonly<Record<Side, ReadonlyMap<string, string>>>;
  /** Time that the twist locks take to close or to open. */
  readonly twistLockMs: number;
  /** Hours of driving that a full battery lasts, and hours to fill an empty one. */
  readonly batteryHours: number;
  readonly chargeHours: number;
  /** The fastest that it may drive at an instant, whatever the road allows: weather, or a stop of its own. */
  readonly speedCapMpsAt?: (atMs: number) => number;
  /** Whether it can be handed over while it rolls; from standstill only, if not given. */
  readonly rollingHandoff?: boolean;
  /** How often it tells of itself; `EAGER_PACE` if not given. */
  readonly pace?: Pace;
  /** The longest stretch of time over which its speed changes evenly; `INTEGRATION_STEP_S` if not given. */
  readonly integrationStepS?: number;
}

/**
 * The whole state of one vehicle, as its own computer would hold it. Plain data but for `order.route`, which
 * follows from the order. Poses are in the site frame; messages are not.
 */
export interface Vehicle {
  /** The instant of this state. */
  readonly atMs: number;
  readonly register: ControlRegister;
  /** Latches of `startPause`, one a side. */
  readonly pausedBy: readonly Side[];
  readonly pose: Pose;
  readonly speedMps: number;
  /** The node passed last, as the side that ordered it names it. */
  readonly lastNode: PassedNode | undefined;
  /** The order in force, or the one finished last. */
  readonly order: ActiveOrder | undefined;
  /** Metres into the order's route; below 0 on the way of its `lead`. */
  readonly alongM: number;
  readonly actions: readonly ActionRecord[];
  readonly work: Work | undefined;
  readonly cancelling: Cancelling | undefined;
  /** The last order that each side gave. */
  readonly lastOrders: Readonly<
    Partial<Record<Side, { readonly orderId: string; readonly orderUpdateId: number }>>
  >;
  /** The container that stands on the deck, whether locked or not. */
  readonly deck: string | undefined;
  readonly locks: "open" | "moving" | "closed";
  /** Containers locked on board: what the vehicle reports as its loads. */
  readonly loadIds: readonly string[];
  /** The last lift that was felt, so that a repeated message is not felt again. */
  readonly lastLiftId: string | undefined;
  readonly batteryPct: number;
  readonly charging: boolean;
  readonly refusals: readonly Refusal[];
  readonly zoneWork: ZoneWork;
  /** It sleeps: it stands, says nothing, and hears only that it is to wake up (VDA 5050 3.0 section 6.2.3.1). */
  readonly asleep: boolean;
  /** When each side was told last. */
  readonly reportedAtMs: Readonly<Record<Side, number>>;
  readonly seenAtMs: number;
}

export interface PassedNode {
  readonly side: Side;
  readonly nodeId: string;
  readonly sequenceId: number;
}

export interface ActiveOrder {
  readonly side: Side;
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
  readonly cancelled: boolean;
  /**
   * Let go of when control passed while it rolled: what is left of its base is driven to the end, and that side has no
   * say in it any more.
   */
  readonly letGo?: boolean;
  /** The order that was let go of, while what is left of it leads to this one's first node: the way before that node. */
  readonly lead?: Lead;
  readonly route: Route;
}

export interface ActionRecord {
  readonly side: Side;
  readonly action: Action;
  /** Part of an order, or instant. */
  readonly ofOrder: boolean;
  readonly status: "WAITING" | "RUNNING" | "FINISHED" | "FAILED";
  readonly result: string | undefined;
}

/** The action that the vehicle is busy with while it stands at a node. */
export interface Work {
  readonly actionId: string;
  readonly phase: "landing" | "locking" | "unlocking" | "lifting";
  /** When the locks are done moving. */
  readonly untilMs: number | undefined;
}

interface Cancelling {
  readonly side: Side;
  readonly actionId: string;
  /** The node of the order at which the vehicle ends. */
  readonly stopNode: number;
}

/** Something refused, told to the side that asked for it, for a while. */
interface Refusal {
  readonly side: Side;
  readonly atMs: number;
  readonly error: VehicleErrorEntry;
}

export interface VehicleStart {
  readonly atMs: number;
  readonly home: Side;
  /** The side on whose ground it stands. */
  readonly side: Side;
  readonly nodeId: string;
  readonly pose: Pose;
  readonly batteryPct: number;
  readonly charging: boolean;
  readonly containerNo: string | undefined;
}

/** Of a vehicle that has told nobody yet. */
export const NEVER_REPORTED = { vn: Number.NEGATIVE_INFINITY, cn: Number.NEGATIVE_INFINITY } as const;

/**
 * A vehicle that comes to life standing at a node. One that starts on the other side's ground has been handed
 * over once before.
 */
export function newVehicle(start: VehicleStart): Vehicle {
  return {
    atMs: start.atMs,
    register: { authority: start.side, epoch: start.side === start.home ? 0 : 1 },
    pausedBy: [],
    pose: start.pose,
    speedMps: 0,
    lastNode: { side: start.side, nodeId: start.nodeId, sequenceId: 0 },
    order: undefined,
    alongM: 0,
    actions: [],
    work: undefined,
    cancelling: undefined,
    lastOrders: {},
    deck: start.containerNo,
    locks: start.containerNo === undefined ? "open" : "closed",
    loadIds: start.containerNo === undefined ? [] : [start.containerNo],
    lastLiftId: undefined,
    batteryPct: start.batteryPct,
    charging: start.charging,
    refusals: [],
    zoneWork: NO_ZONE_WORK,
    asleep: false,
    reportedAtMs: NEVER_REPORTED,
    seenAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** Whether an action is over, one way or the other. */
export function isOver(record: ActionRecord): boolean {
  return record.status === "FINISHED" || record.status === "FAILED";
}

export function recordOf(vehicle: Vehicle, side: Side, actionId: string): ActionRecord | undefined {
  return vehicle.actions.find((record) => record.side === side && record.action.actionId === actionId);
}

export function withAction(vehicle: Vehicle, record: ActionRecord): Vehicle {
  const others = vehicle.actions.filter(
    (other) => other.side !== record.side || other.action.actionId !== record.action.actionId,
  );
  const known = others.length < vehicle.actions.length;
  return {
    ...vehicle,
    actions: known
      ? vehicle.actions.map((other) =>
          other.side === record.side && other.action.actionId === record.action.actionId ? record : other,
        )
      : [...others, record],
  };
}

export function endAction(
  vehicle: Vehicle,
  side: Side,
  actionId: string,
  status: "FINISHED" | "FAILED",
  result?: string,
): Vehicle {
  const record = recordOf(vehicle, side, actionId);
  return record === undefined ? vehicle : withAction(vehicle, { ...record, status, result });
}

/** The node as the given side names it; undefined when it lies outside the strip that both sides map. */
export function nodeNameFor(model: VehicleModel, node: PassedNode, side: Side): string | undefined {
  return node.side === side ? node.nodeId : model.pairedNodes[node.side].get(node.nodeId);
}
