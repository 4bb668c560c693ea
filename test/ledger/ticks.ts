import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { TickChange } from "../../orchestrator/src/reservation/core/change.ts";
import type { LeaderId, Ledger, TickCommit } from "../../orchestrator/src/reservation/ledger/ledger.ts";

export const LEADER = "a leader" as LeaderId;
export const CAR = "sim.vn-01" as VehicleId;

/** A tick that grants blocks to a vehicle and changes nothing else. */
export function granting(tick: number, blockIds: readonly string[], vehicleId = CAR): TickChange {
  return {
    tick,
    releases: [],
    grants: [{ vehicleId, blockIds: blockIds.map((id) => id as BlockId) }],
    itineraries: [],
    vehicles: [],
    closures: [],
    orders: [],
  };
}

/** A leader that commits ticks 1, 2, 3... and knows where it is. */
export async function leaderOf(ledger: Ledger) {
  const { epoch, lastTick, whole } = await ledger.takeLeadership(LEADER, 0);
  let tick = lastTick;
  const next = (blockIds: readonly string[]): TickCommit => ({
    epoch,
    previousTick: tick,
    keepFromTick: 0,
    change: granting(tick + 1, blockIds),
  });
  return {
    epoch,
    whole,
    /** Sends the next tick; until it is in the ledger, asking again sends the same one. */
    async grant(...blockIds: readonly string[]) {
      const outcome = await ledger.commit(next(blockIds));
      if (outcome.kind === "committed" || outcome.kind === "repeated") tick++;
      return outcome.kind;
    },
  };
}
