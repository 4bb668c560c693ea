import { at } from "./runs.ts";
import type { VehicleRecord, Visit } from "./vehicle.ts";

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
  readonly #holders: (VehicleRecord | undefined)[];
  /** Blocks whose holder was set since `takeChanges`, with the holder before. */
  readonly #holderBefore = new Map<number, VehicleRecord | undefined>();
  /** Blocks whose order cannot be had from the stored order by dropping visits that are over. */
  readonly #reordered = new Set<number>();

  constructor(blockCount: number) {
    this.queues = Array.from({ length: blockCount }, () => []);
    this.#holders = new Array(blockCount).fill(undefined);
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
    const queue = at(this.queues, visit.block);
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
    queue.splice(index, 0, visit);
    this.#reordered.add(visit.block);
  }

  /** Puts a visit at the end, in a queue that is being rebuilt in its stored order. */
  append(visit: Visit): void {
    at(this.queues, visit.block).push(visit);
  }

  /** Ends a visit. The block becomes free unless another granted visit of the same vehicle still needs it. */
  remove(visit: Visit): void {
    const queue = at(this.queues, visit.block);
    const index = queue.indexOf(visit);
    if (index < 0) throw new Error(`bug: no visit of ${visit.vehicle.vehicleId} to block ${visit.block}`);
    queue.splice(index, 1);
    if (index > 0) this.#reordered.add(visit.block);
    if (this.#holders[visit.block] !== visit.vehicle) return;
    if (queue.some((other) => other.vehicle === visit.vehicle && isGranted(other))) return;
    this.#setHolder(visit.block, undefined);
  }

  /** Puts another visit of the same vehicle in the place of one. */
  replace(visit: Visit, by: Visit): void {
    const queue = at(this.queues, visit.block);
    queue[queue.indexOf(visit)] = by;
    this.#reordered.add(visit.block);
  }

  /** The nearest visit of another vehicle before this one, if any. */
  predecessor(visit: Visit): Visit | undefined {
    const queue = at(this.queues, visit.block);
    for (let index = queue.indexOf(visit) - 1; index >= 0; index--) {
      const other = at(queue, index);
      if (other.vehicle !== visit.vehicle) return other;
    }
    return undefined;
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

  #setHolder(block: number, vehicle: VehicleRecord | undefined): void {
    if (!this.#holderBefore.has(block)) this.#holderBefore.set(block, this.#holders[block]);
    this.#holders[block] = vehicle;
  }
}

export interface HolderChange {
  readonly block: number;
  readonly before: VehicleRecord | undefined;
  readonly after: VehicleRecord | undefined;
}
