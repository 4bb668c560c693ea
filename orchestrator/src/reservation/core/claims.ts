import { QueueTimes } from "./queue-times.ts";
import { StaleEvents } from "./stale-events.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import { type VehicleRecord, type Visit, visitAt } from "./vehicle.ts";

export function isGranted(visit: Visit): boolean {
  return visit.first < (visit.vehicle.leg?.grantedRuns ?? 0);
}

export function isEndless(visit: Visit): boolean {
  return visit.clearAtM === Number.POSITIVE_INFINITY;
}

/**
 * Who uses each block in which order (the queues), and who holds it (the mirror of the ledger's grants).
 * Order within a queue is what keeps vehicles apart: it only changes by insertion of a new plan into a gap
 * between projected times, and by removal.
 */
export class Claims {
  readonly queues: readonly Visit[][];
  /** What is to be timed again. */
  readonly stale = new StaleEvents();
  readonly times: QueueTimes;
  readonly #holders: (VehicleRecord | undefined)[];
  /** Blocks whose holder was set since `takeChanges`, with the holder before. */
  readonly #holderBefore = new Map<number, VehicleRecord | undefined>();
  /** Blocks whose order cannot be had from the stored order by dropping visits that are over. */
  readonly #reordered = new Set<number>();

  constructor(blockCount: number) {
    this.queues = Array.from({ length: blockCount }, () => []);
    this.#holders = new Array(blockCount).fill(undefined);
    this.times = new QueueTimes(this.queues);
  }

  holder(block: number): VehicleRecord | undefined {
    return this.#holders[block];
  }

  hold(block: number, vehicle: VehicleRecord): void {
    const holder = this.#holders[block];
    if (holder === vehicle) return;
    if (holder !== undefined)
      throw new Error(`bug: block ${block} of ${holder.vehicleId} would go to ${vehicle.vehicleId}`);
    this.#setHolder(block, vehicle);
  }

  /** Puts a visit where its times fit. Throws when they fit nowhere: the plan was not made against these claims. */
  insert(visit: Visit): void {
    const queue = this.#queue(visit.block);
    const place = this.times.placeFor(visit);
    const index = place < 0 ? placeAmong(queue, visit) : place;
    this.#put(queue, index, visit);
    this.#reordered.add(visit.block);
    this.stale.mark(visit.vehicle, visit.first);
    this.#markFrom(visit.behind);
  }

  /** Puts a visit at the end, in a queue that is being rebuilt in its stored order. */
  append(visit: Visit): void {
    const queue = this.#queue(visit.block);
    this.#put(queue, queue.length, visit);
    this.stale.mark(visit.vehicle, visit.first);
  }

  /** Ends a visit. The block becomes free unless another granted visit of the same vehicle still needs it. */
  remove(visit: Visit): void {
    const queue = this.#queue(visit.block);
    const index = queue.indexOf(visit);
    if (index < 0) throw new Error(`bug: no visit of ${visit.vehicle.vehicleId} to block ${visit.block}`);
    takeAt(queue, index);
    this.times.take(visit.block, index);
    const { behind } = visit;
    unlink(visit);
    this.#markFrom(behind);
    if (index > 0) this.#reordered.add(visit.block);
    if (this.#holders[visit.block] !== visit.vehicle) return;
    for (const other of queue) if (other.vehicle === visit.vehicle && isGranted(other)) return;
    this.#setHolder(visit.block, undefined);
  }

  /** Takes a claim out so that `putBack` undoes it exactly, when all that came after it was undone before. */
  take(claim: Visit): TakenClaim {
    const index = this.#queue(claim.block).indexOf(claim);
    const marked = this.#reordered.has(claim.block);
    this.remove(claim);
    return { claim, index, marked };
  }

  putBack({ claim, index, marked }: TakenClaim): void {
    const queue = this.#queue(claim.block);
    this.#put(queue, index, claim);
    if (!marked) this.#reordered.delete(claim.block);
    this.stale.mark(claim.vehicle, claim.first);
    this.#markFrom(claim.behind);
  }

  /** Blocks whose order is to be stored again; what was changed and undone since goes with `restoreOrderMarks`. */
  orderMarks(): readonly number[] {
    return [...this.#reordered];
  }

  restoreOrderMarks(marks: readonly number[]): void {
    this.#reordered.clear();
    for (const block of marks) this.#reordered.add(block);
  }

  /** Puts another visit of the same vehicle in the place of one. */
  replace(visit: Visit, by: Visit): void {
    const queue = this.#queue(visit.block);
    const index = queue.indexOf(visit);
    queue[index] = by;
    this.times.spoil(visit.block);
    unlink(visit);
    link(queue, index);
    this.#reordered.add(visit.block);
    this.#markFrom(by.behind);
  }

  /** Moves a visit forward in its queue, to right before another one. */
  advance(visit: Visit, before: Visit): void {
    const queue = this.#queue(visit.block);
    const from = queue.indexOf(visit);
    const to = queue.indexOf(before);
    if (to < 0 || from <= to || isGranted(before))
      throw new Error(`bug: no way forward on block ${visit.block}`);
    takeAt(queue, from);
    const { behind } = visit;
    unlink(visit);
    this.#markFrom(behind);
    putAt(queue, to, visit);
    link(queue, to);
    this.times.spoil(visit.block);
    this.#reordered.add(visit.block);
    this.stale.mark(visit.vehicle, visit.first);
    this.#markFrom(visit.behind);
  }

  /** A visit begins at another time than was thought; that is nothing to who comes after it. */
  begins(visit: Visit, tick: Tick): void {
    if (visit.startTick === tick) return;
    visit.startTick = tick;
    this.times.spoil(visit.block);
  }

  /** The visit's end changed: whoever comes next on the block is to be timed again. */
  markBehind(visit: Visit): void {
    this.times.spoil(visit.block);
    this.#markFrom(visit.behind);
  }

  /** The visit is over at another tick; whoever does not wait for that need not be timed again. */
  ends(visit: Visit, tick: Tick): void {
    const before = visit.clearTick;
    if (before === tick) return;
    visit.clearTick = tick;
    this.times.spoil(visit.block);
    this.#markFrom(visit.behind, before);
  }

  /** The nearest visit of another vehicle before this one, if any. */
  predecessor(visit: Visit): Visit | undefined {
    let { before } = visit;
    while (before !== undefined && before.vehicle === visit.vehicle) before = before.before;
    return before;
  }

  /** Holders that differ from those at the last call, and blocks to store the order of again. */
  takeChanges(): { holders: HolderChange[]; reordered: number[] } {
    const holders: HolderChange[] = [];
    for (const [block, before] of this.#holderBefore) {
      const after = this.#holders[block];
      if (before !== after) holders.push({ block, before, after });
    }
    const reordered = [...this.#reordered];
    this.#holderBefore.clear();
    this.#reordered.clear();
    return { holders, reordered };
  }

  #put(queue: Visit[], index: number, visit: Visit): void {
    putAt(queue, index, visit);
    link(queue, index);
    this.times.put(visit, index);
  }

  #queue(block: number): Visit[] {
    const queue = this.queues[block];
    if (queue === undefined) throw new Error(`bug: no block ${block}`);
    return queue;
  }

  /**
   * The visit, and what follows it, may come sooner, or must come later than expected: what is before it was over at
   * `wasTick` till now. Who was to come after that, and still can when expected, had other reasons to come no sooner.
   */
  #markFrom(visit: Visit | undefined, wasTick: Tick = ENDLESS): void {
    const before = visit?.before;
    // Of one vehicle's visits that follow each other each waits for what is before all of them.
    for (let one = visit; one !== undefined; one = one.behind) {
      const { vehicle, first, startTick } = one;
      if (before !== undefined && before.vehicle !== vehicle && before.clearTick > startTick)
        this.stale.markLate(vehicle, first, before.clearTick);
      else if (wasTick >= startTick) this.stale.mark(vehicle, first, before?.clearTick);
      if (vehicle !== one.behind?.vehicle) return;
    }
  }

  #setHolder(block: number, vehicle: VehicleRecord | undefined): void {
    if (!this.#holderBefore.has(block)) this.#holderBefore.set(block, this.#holders[block]);
    this.#holders[block] = vehicle;
  }
}

/** As `splice`, which makes an array of what it takes out: queues are short, and this is done for every visit there is. */
function takeAt(queue: Visit[], index: number): void {
  for (let i = index + 1; i < queue.length; i++) queue[i - 1] = visitAt(queue, i);
  queue.pop();
}

function putAt(queue: Visit[], index: number, visit: Visit): void {
  queue.push(visit);
  for (let i = queue.length - 1; i > index; i--) queue[i] = visitAt(queue, i - 1);
  queue[index] = visit;
}

/** Where a visit fits in a queue in which visits of the same vehicle are. Throws when it fits nowhere. */
function placeAmong(queue: readonly Visit[], visit: Visit): number {
  let index = 0;
  for (const other of queue) {
    if (other.vehicle !== visit.vehicle && other.startTick >= visit.clearTick) break;
    index++;
    if (other.vehicle !== visit.vehicle && other.clearTick > visit.startTick) {
      throw new Error(
        `bug: visits of ${other.vehicle.vehicleId} and ${visit.vehicle.vehicleId} overlap on block ${visit.block}`,
      );
    }
  }
  return index;
}

/** The visit at an index is new there: ties it to those beside it. */
function link(queue: readonly Visit[], index: number): void {
  const visit = visitAt(queue, index);
  const before = queue[index - 1];
  const behind = queue[index + 1];
  visit.before = before;
  visit.behind = behind;
  if (before !== undefined) before.behind = visit;
  if (behind !== undefined) behind.before = visit;
}

/** The visit is in no queue any more: ties those beside it to each other. */
function unlink(visit: Visit): void {
  const { before, behind } = visit;
  if (before !== undefined) before.behind = behind;
  if (behind !== undefined) behind.before = before;
  visit.before = undefined;
  visit.behind = undefined;
}

/** A claim that was taken out of its queue, where it was in it, and whether the block's order was to be stored anyway. */
export interface TakenClaim {
  readonly claim: Visit;
  readonly index: number;
  readonly marked: boolean;
}

export interface HolderChange {
  readonly block: number;
  readonly before: VehicleRecord | undefined;
  readonly after: VehicleRecord | undefined;
}
