import type {
  ActionId,
  FleetAdapter,
  Timers,
  VehicleId,
  VehicleRecord,
  VehicleState,
} from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import { type Account, type LegId, type Witnesses, WitnessesAway } from "./port.ts";

export interface FleetWitnessOptions {
  readonly side: Side;
  readonly fleet: Pick<FleetAdapter, "instruct" | "subscribe" | "vehicles">;
  readonly timers: Timers;
  readonly nextId: () => string;
  /** Resolves when vehicles can be heard. It is waited for as long as it takes: without it nobody could answer. */
  readonly fleetIsUp: () => Promise<void>;
  /** Whether the vehicle has all that it was told by this process: what is still on its way it may yet take up. */
  readonly hasAllTold: (state: VehicleState) => boolean;
  /** How long an answer may take. */
  readonly answerWithinMs?: number;
  /** What others told the vehicles before this long has arrived, or never will. */
  readonly settleMs?: number;
}

const ANSWER_WITHIN_MS = 8_000;
const SETTLE_MS = 1_500;
const ASK_AGAIN_MS = 2_000;
const LOOK_MS = 100;

/**
 * Asks vehicles where they are, over whatever protocol they speak (`stateRequest`).
 *
 * Two things may still be on their way when a leader begins: orders of the leader before, and states from before these
 * arrived. So vehicles are asked only after `settleMs`, and an account counts when the vehicle's state shows this very
 * request, or comes from a vehicle that does not show requests and again `settleMs` later; and when it holds all that
 * this process has told it. What is left out: a vehicle that is not located, or has an order from the other side, of
 * which its states here say nothing.
 */
export function createFleetWitnesses(options: FleetWitnessOptions): Witnesses {
  const { side, fleet, timers, fleetIsUp } = options;
  const settleMs = options.settleMs ?? SETTLE_MS;
  const answerWithinMs = options.answerWithinMs ?? ANSWER_WITHIN_MS;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timers.after(ms, resolve);
    });

  return {
    async accounts(known) {
      await fleetIsUp();
      const shown = new Map<VehicleId, VehicleState>();
      const came = new Map<VehicleId, VehicleState>();
      const probes = new Map<string, VehicleId>();
      let isLate = false;
      const end = fleet.subscribe((event) => {
        if (event.kind === "state" && isLate) came.set(event.vehicleId, event.state);
        if (event.kind !== "actionChanged" || event.status !== "finished") return;
        const vehicleId = probes.get(event.actionId);
        // The state that shows it was told right before.
        const state = vehicleId === undefined ? undefined : fleet.vehicles().get(vehicleId)?.state;
        if (state !== undefined && vehicleId === event.vehicleId) shown.set(vehicleId, state);
      });
      const answerOf = (vehicleId: VehicleId): Account | "cannot-say" | undefined => {
        // The newest of what counts: a vehicle that drives on has said more since it answered.
        const state = shown.has(vehicleId) ? fleet.vehicles().get(vehicleId)?.state : came.get(vehicleId);
        if (state === undefined || !options.hasAllTold(state)) return undefined;
        return accountOf(side, state) ?? "cannot-say";
      };
      const expected = (): Set<VehicleId> =>
        new Set([...known, ...othersOf(side, fleet.vehicles().values())]);
      const isComplete = (): boolean =>
        [...expected()].every((vehicleId) => answerOf(vehicleId) !== undefined);
      const ask = (): void => {
        for (const vehicleId of expected()) {
          if (answerOf(vehicleId) !== undefined) continue;
          const probe = options.nextId();
          probes.set(probe, vehicleId);
          fleet.instruct(vehicleId, { kind: "stateRequest", actionId: probe as ActionId });
        }
      };
      try {
        await pause(settleMs);
        ask();
        for (let waitedMs = 0; waitedMs < answerWithinMs && !isComplete(); waitedMs += LOOK_MS) {
          await pause(LOOK_MS);
          if (waitedMs + LOOK_MS >= settleMs) isLate = true;
          if ((waitedMs + LOOK_MS) % ASK_AGAIN_MS === 0) ask();
        }
        const accounts = [...expected()].flatMap((vehicleId) => {
          const answer = answerOf(vehicleId);
          return answer === undefined || answer === "cannot-say" ? [] : [answer];
        });
        if (accounts.length === 0 && known.length > 1) {
          throw new WitnessesAway(
            `none of ${known.length} vehicles says where it is: is the broker up, and are they on it?`,
          );
        }
        return accounts;
      } finally {
        end();
      }
    },
  };
}

/** Vehicles on the broker that may be this side's and are not in its ledger: they came in ticks that were lost. */
function othersOf(side: Side, records: Iterable<VehicleRecord>): VehicleId[] {
  return [...records].flatMap(({ vehicleId, connection, state }) => {
    const authority = state?.control?.authority ?? side;
    return connection === "online" && authority === side ? [vehicleId] : [];
  });
}

/** A state as an account; `undefined` when it does not say what ground the vehicle may be on, or drive onto. */
function accountOf(side: Side, state: VehicleState): Account | undefined {
  const { vehicleId, pose, lastNodeId, control } = state;
  if (pose === undefined || lastNodeId === undefined) return undefined;
  if (control !== undefined && control.authority !== side) return undefined;
  return {
    vehicleId,
    pose,
    legId: legOfOrder(state),
    lastNodeId,
    releasedEdgeIds: state.releasedEdgeIds,
    releasedNodeIds: state.releasedNodeIds,
    isOrderDone:
      state.releasedEdgeIds.length === 0 && state.releasedNodeIds.length === 0 && state.plannedAhead === 0,
    confirmedProbe: true,
  };
}

/** A leg's identity is its order's (`orders.ts`). */
function legOfOrder({ orderId }: VehicleState): LegId | undefined {
  const text: string | undefined = orderId;
  return text as LegId | undefined;
}
