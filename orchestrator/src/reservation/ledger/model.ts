import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { BlocksOf } from "../core/change.ts";
import type { LedgerContent } from "../core/restore.ts";
import type { Recorded, StoredClosure, StoredItinerary, StoredOrder, StoredVehicle } from "../core/stored.ts";
import type { ClosureId } from "../port.ts";
import {
  type CommitOutcome,
  checkCommit,
  type LeaderId,
  type Leadership,
  type Ledger,
  type SettleOutcome,
  type TickCommit,
} from "./ledger.ts";

/**
 * The contract of the Lua scripts in TypeScript, sharing no code with them: the twin they are tested against,
 * and the ledger of fast simulations.
 */
export interface LedgerState {
  epoch: number;
  lastTick: number;
  readonly grants: Map<BlockId, VehicleId>;
  readonly itineraries: Map<VehicleId, StoredItinerary>;
  readonly vehicles: Map<VehicleId, StoredVehicle>;
  readonly closures: Map<ClosureId, StoredClosure>;
  readonly orders: Map<BlockId, StoredOrder>;
  /** Ticks of the stream's entries, oldest first. */
  ticks: number[];
}

function emptyLedger(): LedgerState {
  return {
    epoch: 0,
    lastTick: 0,
    grants: new Map(),
    itineraries: new Map(),
    vehicles: new Map(),
    closures: new Map(),
    orders: new Map(),
    ticks: [],
  };
}

/** Commits a tick: all of it, or nothing. */
function applyCommit(state: LedgerState, commit: TickCommit): CommitOutcome {
  const { change } = commit;
  if (commit.epoch !== state.epoch) return { kind: "stale-leader", epoch: state.epoch };
  if (change.tick === state.lastTick) return { kind: "repeated" };
  if (commit.previousTick !== state.lastTick || change.tick < state.lastTick) {
    return { kind: "wrong-tick", lastTick: state.lastTick };
  }
  /** Who will hold each block that the change names; `undefined` for nobody. */
  const after = new Map<BlockId, VehicleId | undefined>();
  const refusal = release(state, change.releases, after) ?? grant(state, change.grants, after);
  if (refusal !== undefined) return refusal;
  for (const [blockId, holder] of after) {
    if (holder === undefined) state.grants.delete(blockId);
    else state.grants.set(blockId, holder);
  }
  write(state.itineraries, change.itineraries);
  write(state.vehicles, change.vehicles);
  write(state.closures, change.closures);
  write(state.orders, change.orders);
  state.lastTick = change.tick;
  state.ticks.push(change.tick);
  const kept = state.ticks.findIndex((tick) => tick >= commit.keepFromTick);
  state.ticks.splice(0, kept < 0 ? state.ticks.length : kept);
  return { kind: "committed" };
}

type After = Map<BlockId, VehicleId | undefined>;

function holderIn(state: LedgerState, after: After, blockId: BlockId): VehicleId | undefined {
  return after.has(blockId) ? after.get(blockId) : state.grants.get(blockId);
}

function release(state: LedgerState, releases: readonly BlocksOf[], after: After): CommitOutcome | undefined {
  for (const { vehicleId, blockIds } of releases) {
    for (const blockId of blockIds) {
      const heldBy = holderIn(state, after, blockId);
      if (heldBy !== vehicleId) return { kind: "not-holder", blockId, heldBy };
      after.set(blockId, undefined);
    }
  }
  return undefined;
}

function grant(state: LedgerState, grants: readonly BlocksOf[], after: After): CommitOutcome | undefined {
  for (const { vehicleId, blockIds } of grants) {
    for (const blockId of blockIds) {
      const heldBy = holderIn(state, after, blockId);
      if (heldBy !== undefined && heldBy !== vehicleId) return { kind: "held", blockId, heldBy };
      after.set(blockId, vehicleId);
    }
  }
  return undefined;
}

function write<Id extends string, Stored>(
  to: Map<Id, Stored>,
  changes: readonly Recorded<Id, Stored>[],
): void {
  for (const { id, stored } of changes) if (stored !== undefined) to.set(id, stored);
  for (const { id, stored } of changes) if (stored === undefined) to.delete(id);
}

/** A ledger in memory, for tests and fast time. */
export function createModelLedger(state = emptyLedger()): Ledger & { state(): Readonly<LedgerState> } {
  return {
    state: () => state,
    async takeLeadership(_leaderId: LeaderId, _atMs: number): Promise<Leadership> {
      state.epoch++;
      return { epoch: state.epoch, lastTick: state.lastTick, whole: true };
    },
    async read(): Promise<LedgerContent> {
      const { epoch: _epoch, ticks: _ticks, ...content } = state;
      return structuredClone(content);
    },
    async validEpoch(): Promise<number> {
      return state.epoch;
    },
    async settle(epoch: number): Promise<SettleOutcome> {
      return epoch === state.epoch ? { kind: "committed" } : { kind: "stale-leader", epoch: state.epoch };
    },
    async commit(commit: TickCommit): Promise<CommitOutcome> {
      checkCommit(commit);
      return applyCommit(state, commit);
    },
  };
}
