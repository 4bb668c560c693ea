import type { VehicleId, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import type { EdgeId, Side } from "@baton/maps";
import type { ClosureView, ExplanationView } from "../contract/index.ts";
import type { Closure, ClosureId, Explanation, Reservation } from "../reservation/port.ts";
import type { ReservationService } from "../reservation/service-port.ts";
import type { Desk, VehicleActOutcome } from "./desk.ts";

type StateOfIdle = Pick<
  VehicleState,
  "vehicleId" | "pose" | "lastNodeId" | "driving" | "pausedBy" | "nodesAhead" | "orderId" | "orderRevision"
>;

export interface GroundRooms {
  readonly side: Side;
  readonly reservation: Pick<
    Reservation,
    "close" | "open" | "fail" | "recover" | "explain" | "outOfUse" | "holding" | "standing"
  > &
    Pick<ReservationService, "vouch" | "whyNotIdleAt">;
  /** What a vehicle says now that it is asked; `undefined` when it does not answer in time. */
  readonly askState: (vehicleId: VehicleId) => Promise<StateOfIdle | undefined>;
  /** Gives up the order of a vehicle; resolves when it has none any more, or would not in time. */
  readonly cancelOrder: (vehicleId: VehicleId) => Promise<void>;
  /** Whether a vehicle in this state has all that it was told: nothing of an order is on its way to it. */
  readonly hasAllTold: (state: StateOfIdle) => boolean;
  /** Vehicles heard of, on whosever ground, as they were heard of last. */
  readonly vehicles: () => ReadonlyMap<
    VehicleId,
    Pick<VehicleRecord, "connection"> & { readonly state: StateOfIdle | undefined }
  >;
  /** Edges that lead over ground in this side's ledger. */
  readonly edgeIdOf: (text: string) => EdgeId | undefined;
  /** Closed by the orchestrator itself for what is on it: no person opens it, or closes other ground in its name. */
  readonly isKeptGround: (closureId: ClosureId) => boolean;
  readonly nextId: () => string;
}

type GroundDesk = Pick<
  Desk,
  "explain" | "closures" | "newClosureId" | "close" | "open" | "failVehicle" | "recoverVehicle" | "vouch"
>;

/** What people ask of the ground: why a vehicle waits, and what is out of use. Requests take effect with the next tick. */
export function createGroundDesk(rooms: GroundRooms): GroundDesk {
  const { reservation, vehicles, edgeIdOf, nextId } = rooms;
  const standing = (closureId: string): Closure | undefined =>
    reservation.outOfUse().closures.find((each) => each.closureId === closureId);

  /** One that is not accounted for may never have been heard of by this process. */
  const standingOf = (text: string): VehicleId | undefined =>
    reservation.standing().find((each) => each.vehicleId === text)?.vehicleId;

  const whyNotIdle = (vehicleId: VehicleId, state: StateOfIdle | undefined): string | undefined => {
    if (state?.pose === undefined || state.lastNodeId === undefined) return "it does not say where it is";
    if (state.driving) return "it drives";
    const why = reservation.whyNotIdleAt(vehicleId, state.lastNodeId, state.pose);
    return (
      why ?? (mayRoll(state) ? "it may begin to roll: stop it first, and lift that afterwards" : undefined)
    );
  };

  /**
   * One that began to roll after it was asked would lose its order between two nodes, where no other one can begin. It does not
   * as long as it is stopped from this side; nor when it has driven all that it was released, and is released no more, having failed.
   */
  const mayRoll = (state: StateOfIdle): boolean => {
    if (state.pausedBy.includes(rooms.side)) return false;
    const hasFailed = reservation.outOfUse().failed.some(({ vehicleId }) => vehicleId === state.vehicleId);
    return !hasFailed || state.nodesAhead > 0 || !rooms.hasAllTold(state);
  };

  /**
   * By what it said last, on this side's connection with it; and where that is well, by what it says when it is asked: it may
   * have begun to roll since.
   */
  const whyNotIdleNow = async (vehicleId: VehicleId): Promise<string | undefined> => {
    const record = vehicles().get(vehicleId);
    const why = whyNotIdle(vehicleId, record?.connection === "online" ? record.state : undefined);
    return why ?? whyNotIdle(vehicleId, await rooms.askState(vehicleId));
  };

  const onAdmitted = (text: string, act: (vehicleId: VehicleId) => void): VehicleActOutcome => {
    const known = [...vehicles().keys()].find((each) => each === text);
    if (known === undefined) return "unknown";
    if (reservation.holding(known) === undefined) return "not-admitted";
    act(known);
    return "asked";
  };

  return {
    explain(vehicleId) {
      const known = [...vehicles().keys()].find((each) => each === vehicleId);
      const explanation = known === undefined ? undefined : reservation.explain(known);
      return explanation === undefined ? undefined : explanationView(explanation);
    },
    closures: () => reservation.outOfUse().closures.map(closureView),
    newClosureId: nextId,
    close({ closureId, edgeIds, reason }) {
      if (rooms.isKeptGround(closureId as ClosureId)) return { kind: "kept", closureId };
      const known: EdgeId[] = [];
      for (const text of new Set(edgeIds)) {
        const edgeId = edgeIdOf(text);
        if (edgeId === undefined) return { kind: "edge-unknown", edgeId: text };
        known.push(edgeId);
      }
      const before = standing(closureId);
      if (before === undefined)
        reservation.close({ closureId: closureId as ClosureId, edgeIds: known, reason });
      else if (!isSameSet(before.edgeIds, known)) return { kind: "conflict", closureId };
      return { kind: "asked", closureId };
    },
    open(closureId) {
      const closure = standing(closureId);
      if (closure === undefined) return "unknown";
      if (rooms.isKeptGround(closure.closureId)) return "kept";
      reservation.open(closure.closureId);
      return "asked";
    },
    failVehicle: (vehicleId, reason) => onAdmitted(vehicleId, (known) => reservation.fail(known, reason)),
    async vouch(text, found) {
      const known = [...vehicles().keys()].find((each) => each === text) ?? standingOf(text);
      if (known === undefined) return { kind: "unknown" };
      if (reservation.holding(known) === undefined) return { kind: "not-admitted" };
      if (found === "stands-idle") {
        // Its order does not come back: it is given up only once it is clear that the vehicle may stay where it is.
        const why = await whyNotIdleNow(known);
        if (why !== undefined) return { kind: "refused", why };
        await rooms.cancelOrder(known);
      }
      const outcome = await reservation.vouch(known, found);
      return outcome.kind === "ok" ? { kind: "vouched" } : outcome;
    },
    recoverVehicle: (vehicleId) => onAdmitted(vehicleId, (known) => reservation.recover(known)),
  };
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

export function closureView({ closureId, edgeIds, reason }: Closure): ClosureView {
  return { closureId, edgeIds: [...edgeIds], reason };
}

/** The wire's form: times of day only, since ticks are the zone's own affair. */
export function explanationView({ vehicleId, legId, chain, head }: Explanation): ExplanationView {
  return {
    vehicleId,
    ...(legId === undefined ? {} : { legId }),
    chain: chain.map(({ projectedFreeAtMs, projectedFreeTick: _tick, ...link }) => ({
      ...link,
      ...(projectedFreeAtMs === undefined ? {} : { projectedFreeAtMs }),
    })),
    head,
  };
}
