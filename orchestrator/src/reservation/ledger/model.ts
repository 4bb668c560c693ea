import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { LedgerContent } from "../core/restore.ts";
import type { StoredOrder, StoredVehicle } from "../core/stored.ts";
import type { CommitOutcome, LeaderId, Leadership, Ledger, TickCommit } from "./ledger.ts";

/**
 * The contract of the Lua scripts in TypeScript, sharing no code with them: the twin they are tested against,
 * and the ledger of fast simulations.
 */
export interface LedgerState {
  readonly epoch: number;
  readonly lastTick: number;
  readonly grants: ReadonlyMap<BlockId, VehicleId>;
  readonly vehicles: ReadonlyMap<VehicleId, StoredVehicle>;
  readonly orders: ReadonlyMap<BlockId, StoredOrder>;
  /** Ticks of the stream's entries, oldest first. */
  readonly ticks: readonly number[];
}

export const EMPTY_LEDGER: LedgerState = {
  epoch: 0,
  lastTick: 0,
  grants: new Map(),
  vehicles: new Map(),
  orders: new Map(),
  ticks: [],
};

export function applyCommit(state: LedgerState, commit: TickCommit): readonly [LedgerState, CommitOutcome] {
  const { change } = commit;
  if (commit.epoch !== state.epoch) return [state, { kind: "stale-leader", epoch: state.epoch }];
  if (change.tick === state.lastTick) return [state, { kind: "repeated" }];
  if (commit.previousTick !== state.lastTick || change.tick < state.lastTick) {
    return [state, { kind: "wrong-tick", lastTick: state.lastTick }];
  }
  const grants = new Map(state.grants);
  for (const { vehicleId, blockIds } of change.releases) {
    for (const blockId of blockIds) {
      const heldBy = grants.get(blockId);
      if (heldBy !== vehicleId) return [state, { kind: "not-holder", blockId, heldBy }];
      grants.delete(blockId);
    }
  }
  for (const { vehicleId, blockIds } of change.grants) {
    for (const blockId of blockIds) {
      const heldBy = grants.get(blockId);
      if (heldBy !== undefined && heldBy !== vehicleId) return [state, { kind: "held", blockId, heldBy }];
      grants.set(blockId, vehicleId);
    }
  }
  const vehicles = new Map(state.vehicles);
  for (const { vehicleId, stored } of change.vehicles) {
    if (stored === undefined) vehicles.delete(vehicleId);
    else vehicles.set(vehicleId, stored);
  }
  const orders = new Map(state.orders);
  for (const { blockId, stored } of change.orders) {
    if (stored.length === 0) orders.delete(blockId);
    else orders.set(blockId, stored);
  }
  const ticks = [...state.ticks, change.tick].filter((tick) => tick >= commit.keepFromTick);
  return [
    { epoch: state.epoch, lastTick: change.tick, grants, vehicles, orders, ticks },
    { kind: "committed" },
  ];
}

/** A ledger in memory, for tests and fast time. */
export function createModelLedger(): Ledger & { state(): LedgerState } {
  let state = EMPTY_LEDGER;
  return {
    state: () => state,
    async takeLeadership(_leaderId: LeaderId, _atMs: number): Promise<Leadership> {
      state = { ...state, epoch: state.epoch + 1 };
      return { epoch: state.epoch, lastTick: state.lastTick };
    },
    async read(): Promise<LedgerContent> {
      return structuredClone({
        lastTick: state.lastTick,
        grants: state.grants,
        vehicles: state.vehicles,
        orders: state.orders,
      });
    },
    async commit(commit: TickCommit): Promise<CommitOutcome> {
      const [next, outcome] = applyCommit(state, structuredClone(commit));
      state = next;
      return outcome;
    },
  };
}
