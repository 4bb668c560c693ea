import {
  ANNOUNCEMENTS,
  checkCancelOrderRequest,
  checkFollowPathGoal,
  checkGetStatusRequest,
  checkGrantRequest,
  checkNavigateThroughPosesGoal,
  checkStopRequest,
  checkTransferControlRequest,
  checkWorkRequest,
  type GoalHandle,
  type GrantRequest,
  interfacesOf,
  msOf,
  type Path,
  type RosNode,
  type RosPublisher,
  type Verdict,
  WORK_KIND,
  type WorkRequest,
} from "@baton/fleet-adapter/ros2";
import { type InstantActions, TRANSFER_CONTROL } from "@baton/fleet-adapter/vda5050";
import type { Point, Side } from "@baton/maps";
import { isBusy, progressOf } from "../progress.ts";
import type { VehicleEvent } from "../step.ts";
import { recordOf, type Vehicle, type VehicleModel } from "../vehicle.ts";
import { grantedUpdateId, orderOfGrant, orderOfWork } from "./body-order.ts";
import { isInside, ownWay } from "./own-way.ts";
import {
  announcementOf,
  type Drift,
  namespaceOf,
  odometryOf,
  placeInMap,
  statusOf,
  transformOf,
} from "./ros-report.ts";

export interface RosFaceOptions {
  readonly model: VehicleModel;
  readonly side: Side;
  /** On that side's graph. */
  readonly node: RosNode;
  nowMs(): number;
  /** The body as it is at this moment. */
  vehicle(): Vehicle;
  drift(): Drift;
  /** Something happens to the body. */
  take(event: VehicleEvent): void;
}

/** An action of VDA 5050 2.1, in which the body thinks. */
type PlainAction = InstantActions["actions"][number];

interface Following {
  readonly handle: GoalHandle;
  readonly orderId: string;
  readonly updateId: number;
}

const MAX_CANCELLED = 16;
const ANNOUNCE_EVERY_MS = 10_000;
const ACCEPTED: Verdict = { accepted: true, reason: "" };
const refused = (reason: string): Verdict => ({ accepted: false, reason });

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** How a simulated vehicle speaks to one side over ROS 2: the vehicle's part of `docs/ros2.md`. */
export class RosFace {
  readonly #options: RosFaceOptions;
  readonly #publishers: Readonly<
    Record<"announcement" | "status" | "odometry" | "tf" | "battery", RosPublisher>
  >;
  #pending: GrantRequest | undefined;
  /** Of one that plans its own way: the corners that came with the last grant, map frame. */
  #fence: readonly Point[] = [];
  /** Orders that were cancelled before they came. Bound: MAX_CANCELLED. */
  #cancelledIds: readonly string[] = [];
  #following: Following | undefined;
  #announceAtMs = Number.NEGATIVE_INFINITY;
  /** When the newest stop that was taken from this side was asked for. */
  #stopAskedAtMs = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  #asked = 0;

  constructor(options: RosFaceOptions) {
    this.#options = options;
    const { node, model } = options;
    const at = interfacesOf(namespaceOf(model));
    this.#publishers = {
      announcement: node.advertise(ANNOUNCEMENTS),
      status: node.advertise(at.status),
      odometry: node.advertise(at.odometry),
      tf: node.advertise(at.tf),
      battery: node.advertise(at.battery),
    };
    node.serve(
      at.grant,
      answering(checkGrantRequest, (request) => this.#grant(request)),
    );
    node.serve(
      at.cancelOrder,
      answering(checkCancelOrderRequest, (request) => this.#cancel(request.order_id, request)),
    );
    node.serve(
      at.stop,
      answering(checkStopRequest, (request) => this.#stop(request.stop, msOf(request.stamp), request.side)),
    );
    node.serve(
      at.work,
      answering(checkWorkRequest, (request) => this.#work(request)),
    );
    node.serve(
      at.transferControl,
      answering(checkTransferControlRequest, (request) =>
        this.#transfer({
          from: request.from_side,
          expectedEpoch: request.expected_epoch,
          to: request.to_side,
          handoffId: request.handoff_id,
          ...(request.base_ends_at_node_id === "" ? {} : { baseEndsAtNodeId: request.base_ends_at_node_id }),
        }),
      ),
    );
    node.serve(
      at.getStatus,
      answering(checkGetStatusRequest, () => {
        this.#tellTransform();
        return this.#now();
      }),
    );
    node.serveAction(at.followPath, (goal, handle) => {
      const checked = checkFollowPathGoal(goal);
      return checked.ok && model.plansOwnWay !== true && this.#follow(checked.value.path, handle);
    });
    node.serveAction(at.navigateThroughPoses, (goal, handle) => {
      const checked = checkNavigateThroughPosesGoal(goal);
      return checked.ok && model.plansOwnWay === true && this.#navigate(checked.value.poses, handle);
    });
  }

  report(): void {
    const { nowMs, model, side, vehicle } = this.#options;
    if (nowMs() >= this.#announceAtMs) {
      this.#announceAtMs = nowMs() + ANNOUNCE_EVERY_MS;
      this.#publishers.announcement.publish(announcementOf(model, side, nowMs()));
    }
    const { status, odometry } = this.#now();
    this.#publishers.battery.publish({ percentage: vehicle().batteryPct / 100 });
    // First where its frame lies by now: odometry is taken at what is known of that when it comes.
    this.#tellTransform();
    this.#publishers.odometry.publish(odometry);
    this.#publishers.status.publish(status);
    this.#endGoal();
  }

  #tellTransform(): void {
    const { model, side, vehicle } = this.#options;
    if (model.hasOwnOdometry === true) this.#publishers.tf.publish(transformOf(vehicle(), model, side));
  }

  #now(): { status: ReturnType<typeof statusOf>; odometry: ReturnType<typeof odometryOf> } {
    const { model, side, vehicle, drift } = this.#options;
    this.#sequence += 1;
    return {
      status: statusOf(vehicle(), model, side, this.#sequence, drift()),
      odometry: odometryOf(vehicle(), model, side, drift()),
    };
  }

  /** A goal is over when its path is driven, or its order is given up or let go of. */
  #endGoal(): void {
    const following = this.#following;
    const vehicle = this.#options.vehicle();
    const { order } = vehicle;
    if (following === undefined) return;
    const progress = progressOf(vehicle);
    if (order?.orderId !== following.orderId || order.letGo === true) following.handle.succeed();
    else if (this.#options.drift().isOff) following.handle.abort(105, "off the path");
    else if (order.cancelled) following.handle.cancel();
    else if (progress?.atNode === true && progress.node >= progress.baseEnd) following.handle.succeed();
    else return;
    this.#following = undefined;
  }

  #flawOfHolder({ side, epoch }: { readonly side: Side; readonly epoch: number }): string | undefined {
    const { register } = this.#options.vehicle();
    if (side !== this.#options.side) return `this is the graph of ${this.#options.side}, not of ${side}`;
    if (register.authority !== side) return `not in control: ${register.authority} holds the vehicle`;
    return register.epoch === epoch
      ? undefined
      : `not in control: the register is at epoch ${register.epoch}`;
  }

  #grant(request: GrantRequest): Verdict {
    const flaw = this.#flawOfHolder(request);
    if (flaw !== undefined) return refused(flaw);
    if (this.#cancelledIds.includes(request.order_id)) return refused("the order was cancelled");
    const vehicle = this.#options.vehicle();
    const current = vehicle.order?.side === this.#options.side ? vehicle.order : undefined;
    if (current?.orderId === request.order_id) {
      if (current.cancelled) return refused("the order was cancelled");
      if (request.update_id <= grantedUpdateId(current)) return ACCEPTED;
    } else if (isBusy(vehicle) && vehicle.order?.letGo !== true)
      return refused("the vehicle is not done with its order");
    this.#pending = request;
    return ACCEPTED;
  }

  /** The names of the path or of the poses that have this stamp, if they still hold. */
  #namesOf(stamp: Path["header"]["stamp"] | undefined): GrantRequest | undefined {
    const pending = this.#pending;
    if (pending === undefined || stamp === undefined || this.#options.drift().isOff) return undefined;
    if (this.#flawOfHolder(pending) !== undefined) return undefined;
    const isMeant = pending.path_stamp.sec === stamp.sec && pending.path_stamp.nanosec === stamp.nanosec;
    return isMeant ? pending : undefined;
  }

  #follow(path: Path, handle: GoalHandle): boolean {
    const pending = this.#namesOf(path.header.stamp);
    return pending !== undefined && this.#setOut(pending, path, handle);
  }

  #navigate(poses: Path["poses"], handle: GoalHandle): boolean {
    const pending = this.#namesOf(poses[0]?.header.stamp);
    const { model, side, vehicle, drift } = this.#options;
    const here = placeInMap(vehicle(), model, side, drift());
    const found = pending === undefined ? undefined : ownWay(pending, poses, here, model);
    if (found === undefined || !this.#setOut(found.grant, found.path, handle)) return false;
    this.#fence = found.grant.fence.map(({ x, y }) => ({ xM: x, yM: y }));
    return true;
  }

  /** Whether a part of its body is beyond the fence that this side gave it. */
  isOutOfFence(drift: Drift): boolean {
    const { model, side, vehicle } = this.#options;
    return !isInside(this.#fence, placeInMap(vehicle(), model, side, drift), model);
  }

  #setOut(pending: GrantRequest, path: Path, handle: GoalHandle): boolean {
    const { model, side, vehicle, take } = this.#options;
    const { order: held } = vehicle();
    const current = held?.side === side && held.orderId === pending.order_id ? held : undefined;
    const order = orderOfGrant(model, side, pending, path, current);
    if (order === undefined) return false;
    this.#pending = undefined;
    take({ kind: "order", side, order });
    const now = vehicle().order;
    if (now?.orderId !== order.orderId || now.orderUpdateId !== order.orderUpdateId) return false;
    this.#following = { handle, orderId: pending.order_id, updateId: pending.update_id };
    return true;
  }

  #cancel(orderId: string, asker: { readonly side: Side; readonly epoch: number }): Verdict {
    const flaw = this.#flawOfHolder(asker);
    if (flaw !== undefined) return refused(flaw);
    this.#pending = undefined;
    if (this.#options.vehicle().order?.orderId !== orderId) {
      this.#cancelledIds = [...this.#cancelledIds, orderId].slice(-MAX_CANCELLED);
      return ACCEPTED;
    }
    this.#instant({ actionType: "cancelOrder", actionId: `cancel ${orderId}`, blockingType: "HARD" });
    return ACCEPTED;
  }

  #stop(isSet: boolean, askedAtMs: number, asker: Side): Verdict {
    if (asker !== this.#options.side) return refused(`this is the graph of ${this.#options.side}`);
    if (askedAtMs < this.#stopAskedAtMs) return ACCEPTED;
    this.#stopAskedAtMs = askedAtMs;
    const actionType = isSet ? "startPause" : "stopPause";
    this.#instant({ actionType, actionId: this.#nextId(actionType), blockingType: "NONE" });
    return ACCEPTED;
  }

  #work(request: WorkRequest): Verdict {
    const flaw = this.#flawOfHolder(request);
    if (flaw !== undefined) return refused(flaw);
    const { model, side, vehicle, take } = this.#options;
    if (recordOf(vehicle(), side, request.work_id) !== undefined) return ACCEPTED;
    const action = workAction(request);
    if (action === undefined) return refused(`work of kind ${request.kind} is not supported`);
    if (request.kind === WORK_KIND.stopCharging) {
      this.#instant(action);
      return ACCEPTED;
    }
    const { order } = vehicle();
    const update = order?.side === side && !order.cancelled ? orderOfWork(model, order, action) : undefined;
    if (update === undefined) return refused("the vehicle has no order to do it in");
    take({ kind: "order", side, order: update });
    return recordOf(vehicle(), side, request.work_id) === undefined
      ? refused("the vehicle cannot do it now")
      : ACCEPTED;
  }

  #transfer(transfer: {
    readonly from: Side;
    readonly expectedEpoch: number;
    readonly to: Side;
    readonly handoffId: string;
    readonly baseEndsAtNodeId?: string;
  }): Verdict {
    const actionId = this.#nextId(TRANSFER_CONTROL);
    const actionParameters = Object.entries(transfer).map(([key, value]) => ({ key, value }));
    this.#instant({ actionType: TRANSFER_CONTROL, actionId, blockingType: "NONE", actionParameters });
    const record = recordOf(this.#options.vehicle(), this.#options.side, actionId);
    return record?.status === "FINISHED"
      ? ACCEPTED
      : refused(record?.result ?? "the vehicle did not take it");
  }

  #instant(action: PlainAction): void {
    const { model, side, nowMs, take } = this.#options;
    const { manufacturer, serialNumber } = model;
    const timestamp = new Date(nowMs()).toISOString();
    const head = { headerId: 0, timestamp, version: "2.1.0", manufacturer, serialNumber };
    take({ kind: "instantActions", side, message: { ...head, actions: [action] } });
  }

  #nextId(what: string): string {
    this.#asked += 1;
    return `${what} ${this.#options.nowMs()} ${this.#asked}`;
  }
}

/** Checks a request before anything is done about it; nonsense is refused in words. */
function answering<T>(
  check: (request: unknown) => Checked<T>,
  answer: (request: T) => object,
): (request: unknown) => object {
  return (request) => {
    const checked = check(request);
    return checked.ok ? answer(checked.value) : refused(checked.reason);
  };
}

function workAction({ kind, work_id: actionId, load_id, station_id }: WorkRequest): PlainAction | undefined {
  const actionType = Object.entries(WORK_KIND).find(([, number]) => number === kind)?.[0];
  if (actionType === undefined) return undefined;
  const actionParameters = [
    { key: "stationName", value: station_id },
    { key: "loadId", value: load_id },
  ];
  return { actionType, actionId, blockingType: "HARD", actionParameters };
}
