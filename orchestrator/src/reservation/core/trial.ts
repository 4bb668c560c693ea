import { isGranted } from "./claims.ts";
import { grown, intAt } from "./int-arrays.ts";
import type { PlanStep } from "./plan-step.ts";
import { at } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import { numberAt, type VehicleRecord, type Visit } from "./vehicle.ts";

/** A use: block, first tick, first tick after it, member; and the next use of the same block. */
export const USE_SIZE = 5;
const BLOCK = 0;
export const USE_START = 1;
export const USE_CLEAR = 2;
export const USE_MEMBER = 3;
export const USE_NEXT = 4;
/** Instead of a member: what is left out for whoever is planned; and, less a member, for that one alone. */
const EVERYBODY = -2;
const ITSELF = -3;

/** One of those that would be planned again: what is left of its way, from where its grants end. */
export interface TrialMember {
  readonly vehicle: VehicleRecord;
  readonly fromRun: number;
  /** The pose where the grants end, and when the vehicle is, or was, there. */
  readonly from: number;
  readonly arrivalTick: number;
}

/** How soon a body at a pose can have left a block, ticks. */
type SoonestLeft = (pose: number, block: number) => number;

/**
 * What the claims would be if a few vehicles gave back all that is not granted to them and were planned again, one after
 * the other: so that a plan for all of them can be looked for without a change to any queue. Most such plans are
 * no better than what is there, and cost no more than the search then.
 *
 * Blocks that the members use, or are planned to use, are *touched*: each change to one of them gives it a new version,
 * by which the search knows what it has read already (`gaps.ts`). What is granted stays as it is, but for the ground
 * of the body where the grants end: until its vehicle is planned that counts as left as soon as it can have been left.
 */
export class Trial {
  readonly #soonestLeft: SoonestLeft;
  #members: readonly TrialMember[] = [];
  #number = 0;
  /** By block: its version, beyond `#begun` when it is touched; its first use, plus one; and the first of what is left out. */
  readonly #version: Float64Array;
  readonly #first: Int32Array;
  readonly #firstHidden: Int32Array;
  #begun = 0;
  #newest = 0;
  uses = new Int32Array(USE_SIZE * 512);
  #size = 0;
  /** By block: the use that a member which is being planned has not ended yet, for the plan `#openIn`. */
  readonly #open: Int32Array;
  readonly #openIn: Int32Array;
  #plans = 0;
  /** The member that is being planned. */
  #current = -1;

  constructor(blockCount: number, soonestLeft: SoonestLeft) {
    this.#soonestLeft = soonestLeft;
    this.#version = new Float64Array(blockCount);
    this.#first = new Int32Array(blockCount);
    this.#firstHidden = new Int32Array(blockCount);
    this.#open = new Int32Array(blockCount);
    this.#openIn = new Int32Array(blockCount);
  }

  begin(members: readonly TrialMember[]): void {
    this.#members = members;
    this.#number++;
    this.#begun = this.#newest;
    this.#size = 0;
    this.#current = -1;
    members.forEach(({ vehicle, fromRun, arrivalTick, from }, member) => {
      vehicle.timing.trial = this.#number;
      for (const visit of vehicle.visits) {
        if (!isGranted(visit)) this.#hide(visit, EVERYBODY);
        else if (visit.last >= fromRun) {
          const clearTick = arrivalTick + this.#soonestLeft(from, visit.block);
          this.#hide(visit, EVERYBODY);
          this.#add(visit.block, visit.startTick, clearTick, member);
        } else this.#hide(visit, ITSELF - member);
      }
    });
  }

  /** A member is about to be planned: what it has is not in its way. */
  turnTo(member: number): void {
    this.#touchGround();
    this.#current = member;
    this.#touchGround();
  }

  /** Nobody is planned any more, and the queues are what they are. */
  end(): void {
    this.#members = [];
    this.#number++;
  }

  /** The member goes this way; those after it are planned around that. */
  adopt(member: number, { steps }: { readonly steps: readonly PlanStep[] }): void {
    const plan = ++this.#plans;
    for (let use = 0; use < this.#size; use += USE_SIZE) {
      if (this.uses[use + USE_MEMBER] !== member) continue;
      const block = intAt(this.uses, use + BLOCK);
      this.uses[use + USE_CLEAR] = ENDLESS;
      this.#open[block] = use;
      this.#openIn[block] = plan;
      this.#touch(block);
    }
    for (const { run, startTick, extraTicks } of steps) {
      for (let i = 0; i < run.blocks.length; i++) {
        const block = numberAt(run.blocks, i);
        const clear = numberAt(run.clearTicks, i);
        if (this.#openIn[block] !== plan) {
          this.#open[block] = this.#add(block, startTick + numberAt(run.enterTicks, i), ENDLESS, member);
          this.#openIn[block] = plan;
        }
        if (clear === ENDLESS) continue;
        this.uses[intAt(this.#open, block) + USE_CLEAR] = startTick + extraTicks + clear;
        this.#openIn[block] = -1;
      }
    }
  }

  /** Whether the way that a member has now crosses the one that another was planned to go. */
  isCrossed(member: number, by: number): boolean {
    const { vehicle, fromRun } = at(this.#members, member);
    for (const visit of vehicle.visits) {
      if (isGranted(visit) && visit.last < fromRun) continue;
      for (let use = this.firstUse(visit.block); use >= 0; use = intAt(this.uses, use + USE_NEXT)) {
        if (this.uses[use + USE_MEMBER] !== by || intAt(this.uses, use + USE_START) >= visit.clearTick)
          continue;
        if (intAt(this.uses, use + USE_CLEAR) > visit.startTick) return true;
      }
    }
    return false;
  }

  /** The member goes on as it does now; those after it are planned around that. */
  keep(member: number): void {
    const { vehicle, fromRun } = at(this.#members, member);
    for (const visit of vehicle.visits) {
      const { block, startTick, clearTick } = visit;
      if (!isGranted(visit)) this.#add(block, startTick, clearTick, member);
      else if (visit.last >= fromRun) this.#stays(block, clearTick, member);
    }
  }

  /** The version of a block; 0 for one that is as its queue says. */
  versionOf(block: number): number {
    const version = this.#version[block] ?? 0;
    return version > this.#begun ? version : 0;
  }

  /** Whether a visit counts for the one that is being planned; else, if it is of a member, its uses here do. */
  counts(visit: Visit): boolean {
    const { vehicle } = visit;
    if (vehicle.timing.trial !== this.#number) return true;
    if (vehicle === this.#members[this.#current]?.vehicle || !isGranted(visit)) return false;
    return visit.last < (vehicle.leg?.grantedRuns ?? 0);
  }

  /** The first use of a touched block by members, to be followed by `USE_NEXT`; -1 when there is none. */
  firstUse(block: number): number {
    return intAt(this.#first, block) - 1;
  }

  /** Whether a visit to a touched block, by its times, does not count for the member that is being planned. */
  hides(block: number, startTick: number, clearTick: number): boolean {
    const { uses } = this;
    for (let use = intAt(this.#firstHidden, block) - 1; use >= 0; use = intAt(uses, use + USE_NEXT)) {
      if (uses[use + USE_START] !== startTick || uses[use + USE_CLEAR] !== clearTick) continue;
      const from = intAt(uses, use + USE_MEMBER);
      if (from === EVERYBODY || from === ITSELF - this.#current) return true;
    }
    return false;
  }

  /** Another member was planned to stay on the block. */
  isTaken(block: number): boolean {
    if (this.versionOf(block) === 0) return false;
    for (let use = this.firstUse(block); use >= 0; use = intAt(this.uses, use + USE_NEXT)) {
      if (!this.isOwn(use) && intAt(this.uses, use + USE_CLEAR) >= ENDLESS) return true;
    }
    return false;
  }

  /** A use by the member that is being planned. */
  isOwn(use: number): boolean {
    return this.uses[use + USE_MEMBER] === this.#current;
  }

  /** The body of a member leaves the ground where its grants end then. */
  #stays(block: number, clearTick: number, member: number): void {
    for (let use = this.firstUse(block); use >= 0; use = intAt(this.uses, use + USE_NEXT))
      if (this.uses[use + USE_MEMBER] === member) this.uses[use + USE_CLEAR] = clearTick;
    this.#touch(block);
  }

  #touchGround(): void {
    const vehicle: VehicleRecord | undefined = this.#members[this.#current]?.vehicle;
    if (vehicle === undefined) return;
    for (const visit of vehicle.visits) if (isGranted(visit)) this.#touch(visit.block);
  }

  #touch(block: number): void {
    if (this.versionOf(block) === 0) {
      this.#first[block] = 0;
      this.#firstHidden[block] = 0;
    }
    this.#version[block] = ++this.#newest;
  }

  #add(block: number, startTick: number, clearTick: number, member: number): number {
    this.#touch(block);
    return this.#note(this.#first, block, startTick, clearTick, member);
  }

  /** Leaves a visit out of the row of its block, for everybody or for its own vehicle only. */
  #hide({ block, startTick, clearTick }: Visit, from: number): void {
    this.#touch(block);
    this.#note(this.#firstHidden, block, startTick, clearTick, from);
  }

  #note(lists: Int32Array, block: number, startTick: number, clearTick: number, member: number): number {
    const use = this.#size;
    this.#size += USE_SIZE;
    if (this.#size > this.uses.length) this.uses = grown(this.uses);
    this.uses[use + BLOCK] = block;
    this.uses[use + USE_START] = startTick;
    this.uses[use + USE_CLEAR] = clearTick;
    this.uses[use + USE_MEMBER] = member;
    this.uses[use + USE_NEXT] = intAt(lists, block) - 1;
    lists[block] = use + 1;
    return use;
  }
}
