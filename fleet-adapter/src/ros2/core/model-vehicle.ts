import type { Side } from "@baton/maps";
import type {
  CancelOrderRequest,
  GrantRequest,
  StopRequest,
  TransferControlRequest,
  Verdict,
  WorkRequest,
} from "../wire/services.ts";
import {
  type FollowPathGoal,
  msOf,
  type NavigateThroughPosesGoal,
  type Odometry,
  quaternionOf,
  type Time,
  timeOf,
} from "../wire/standard.ts";
import { MODE, type VehicleStatus, WORK_STATUS, type WorkState } from "../wire/vehicle-status.ts";

const yes: Verdict = { accepted: true, reason: "" };
const no = (reason: string): Verdict => ({ accepted: false, reason });

/**
 * For tests: a vehicle that takes orders as `docs/ros2.md` says, and nothing more leniently. It moves from node to node when
 * told to. What it refuses, and what it was told although the contract forbids it, is written down.
 */
export class ModelVehicle {
  orderId = "";
  updateId = 0;
  isCancelled = false;
  lastNodeId: string;
  lastSequence = 0;
  ahead: VehicleStatus["ahead"] = [];
  leadsToEnd = true;
  isFollowing = false;
  works: WorkState[] = [];
  authority: Side = "vn";
  epoch = 1;
  handoffId = "";
  pausedBy: Side[] = [];
  mode: VehicleStatus["mode"] = MODE.automatic;
  offPathM: number | undefined;
  isDriving = false;
  /** Every node reached, in order. */
  readonly driven: string[] = [];
  readonly refusals: string[] = [];
  readonly violations: string[] = [];
  readonly workDone: string[] = [];
  /** Orders that were cancelled before they came. */
  readonly #cancelledIds = new Set<string>();
  #pending: GrantRequest | undefined;
  #stopStamp: Record<Side, number> = { vn: 0, cn: 0 };
  #sequence = 0;

  constructor(standsAt: string) {
    this.lastNodeId = standsAt;
  }

  get isBusy(): boolean {
    return !this.isCancelled && (this.ahead.length > 0 || !this.leadsToEnd || this.works.some(isOpen));
  }

  grant(request: GrantRequest): Verdict {
    const flaw = this.#flawOf(request);
    if (flaw !== undefined) {
      this.refusals.push(`grant ${request.order_id}.${request.update_id}: ${flaw}`);
      return no(flaw);
    }
    if (!this.#isKnown(request)) this.#pending = request;
    return yes;
  }

  #isKnown({ order_id, update_id }: GrantRequest): boolean {
    return order_id === this.orderId && (update_id <= this.updateId || this.isCancelled);
  }

  #flawOf(request: GrantRequest): string | undefined {
    if (request.side !== this.authority || request.epoch !== this.epoch) return "not in control";
    if (this.#isKnown(request)) return undefined;
    if (this.#cancelledIds.has(request.order_id)) return "cancelled";
    const [first] = request.way;
    for (const [index, stop] of request.way.entries()) {
      if (stop.sequence !== (first?.sequence ?? 0) + index) this.violations.push("a gap in the sequences");
      const before = request.way[index - 1];
      if (
        before !== undefined &&
        stop.path_index <= before.path_index &&
        (request.fence.length === 0 || index > 1)
      )
        this.violations.push("a node not on the path");
      if (index > 0 && stop.edge_id !== `${before?.node_id}>${stop.node_id}`)
        this.violations.push("a loose edge");
    }
    if (request.order_id !== this.orderId) {
      if (this.isBusy) return "busy";
      return first?.node_id === this.lastNodeId ? undefined : "does not begin here";
    }
    return this.#goesOn(request) ? undefined : "does not go on from the base";
  }

  #goesOn({ way }: GrantRequest): boolean {
    const base = [{ sequence: this.lastSequence, node_id: this.lastNodeId }, ...this.ahead];
    const [first] = way;
    if (first === undefined || first.sequence > this.lastSequence) return false;
    return base.every(({ sequence, node_id }) => way[sequence - first.sequence]?.node_id === node_id);
  }

  followPath({ path }: FollowPathGoal): boolean {
    return this.#setOut(path.header.stamp, path.poses.length, false);
  }

  navigateThroughPoses({ poses }: NavigateThroughPosesGoal): boolean {
    const stamp = poses[0]?.header.stamp;
    return stamp !== undefined && this.#setOut(stamp, poses.length, true);
  }

  #setOut(stamp: Time, poses: number, isFenced: boolean): boolean {
    const pending = this.#pending;
    if (pending === undefined || !isSameTime(pending.path_stamp, stamp)) return false;
    if (pending.fence.length > 0 !== isFenced) this.violations.push("a fence for a path, or none for poses");
    // It was named; meanwhile it may have driven on, been cancelled, or handed over.
    if (this.#flawOf(pending) !== undefined || this.#isKnown(pending)) return false;
    if (poses !== (pending.way.at(-1)?.path_index ?? -1) + 1) this.violations.push("another path");
    this.#pending = undefined;
    if (pending.order_id !== this.orderId) {
      this.lastSequence = 0;
      this.driven.push(`${pending.order_id}/${this.lastNodeId}`);
    }
    this.orderId = pending.order_id;
    this.updateId = pending.update_id;
    this.isCancelled = false;
    this.ahead = pending.way.filter((stop) => stop.sequence > this.lastSequence);
    this.leadsToEnd = pending.leads_to_end;
    this.isFollowing = this.ahead.length > 0;
    return true;
  }

  cancelOrder(request: CancelOrderRequest): Verdict {
    if (request.side !== this.authority || request.epoch !== this.epoch) return no("not in control");
    if (request.order_id === this.orderId) this.clearOrder();
    else this.#cancelledIds.add(request.order_id);
    return yes;
  }

  /** As a cancellation does, or a person who takes the vehicle in hand. */
  clearOrder(): void {
    this.isCancelled = true;
    this.ahead = [];
    this.leadsToEnd = true;
    this.isFollowing = false;
    this.#pending = undefined;
    this.works = this.works.map((work) =>
      isOpen(work) ? { ...work, status: WORK_STATUS.failed, detail: "order cancelled" } : work,
    );
  }

  stop(request: StopRequest): Verdict {
    const atMs = msOf(request.stamp);
    if (atMs < this.#stopStamp[request.side]) return yes;
    this.#stopStamp[request.side] = atMs;
    const others = this.pausedBy.filter((side) => side !== request.side);
    this.pausedBy = request.stop ? [...others, request.side] : others;
    return yes;
  }

  work(request: WorkRequest): Verdict {
    if (request.side !== this.authority || request.epoch !== this.epoch) return no("not in control");
    if (this.works.some((work) => work.work_id === request.work_id)) return yes;
    if (this.ahead.length > 0) this.violations.push("work was asked for on the way");
    this.workDone.push(request.work_id);
    this.works = [
      ...this.works,
      { work_id: request.work_id, kind: request.kind, status: WORK_STATUS.running, detail: "" },
    ];
    return yes;
  }

  transferControl(request: TransferControlRequest): Verdict {
    const isDone = this.handoffId === request.handoff_id && this.epoch === request.expected_epoch + 1;
    if (isDone) return yes;
    if (this.authority !== request.from_side || this.epoch !== request.expected_epoch)
      return no("not in control");
    if (this.isBusy) return no("busy");
    this.authority = request.to_side;
    this.epoch += 1;
    this.handoffId = request.handoff_id;
    return yes;
  }

  /** Does the next thing: ends a piece of work, or reaches the next granted node. */
  move(): void {
    const running = this.works.find(isOpen);
    if (running !== undefined) {
      this.works = this.works.map((work) =>
        work === running ? { ...work, status: WORK_STATUS.finished } : work,
      );
      return;
    }
    const [next, ...rest] = this.ahead;
    if (next === undefined || !this.isFollowing || this.pausedBy.length > 0 || this.offPathM !== undefined)
      return;
    this.ahead = rest;
    this.lastNodeId = next.node_id;
    this.lastSequence = next.sequence;
    this.isFollowing = rest.length > 0;
    this.driven.push(`${this.orderId}/${next.node_id}`);
  }

  /** Starts again: what it was to do it knows, but no path to follow. */
  reboot(): void {
    this.isFollowing = false;
    this.#pending = undefined;
    this.#sequence = 0;
  }

  status(nowMs: number): VehicleStatus {
    this.#sequence += 1;
    return {
      header: { stamp: timeOf(nowMs), frame_id: "map-vn" },
      sequence: this.#sequence,
      authority: this.authority,
      epoch: this.epoch,
      handoff_id: this.handoffId,
      paused_by: this.pausedBy,
      order_id: this.orderId,
      update_id: this.updateId,
      cancelled: this.isCancelled,
      last_node_id: this.lastNodeId,
      last_node_sequence: this.lastSequence,
      ahead: this.ahead,
      leads_to_end: this.leadsToEnd,
      following: this.isFollowing,
      works: this.works,
      driving: this.isDriving,
      off_path: this.offPathM !== undefined,
      off_path_m: this.offPathM ?? 0,
      emergency_stop: false,
      charging: false,
      load_ids: [],
      mode: this.mode,
    };
  }

  odometry(nowMs: number): Odometry {
    return {
      header: { stamp: timeOf(nowMs), frame_id: "map-vn" },
      pose: { pose: { position: { x: 1000, y: 500, z: 0 }, orientation: quaternionOf(0) } },
      twist: { twist: { linear: { x: 0, y: 0 } } },
    };
  }
}

function isOpen({ status }: WorkState): boolean {
  return status === WORK_STATUS.running || status === WORK_STATUS.waiting;
}

function isSameTime(one: Time, other: Time): boolean {
  return one.sec === other.sec && one.nanosec === other.nanosec;
}
