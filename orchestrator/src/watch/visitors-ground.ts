import type { VehicleId } from "@baton/fleet-adapter";
import { bodyAt, boundOf, type EdgeId, type Network, type Side, type VisitPoint } from "@baton/maps";
import type { GroundClaim, VisitGround } from "../handoff/visit-port.ts";
import type { Closure, ClosureId } from "../reservation/port.ts";
import type { SideReservation } from "../reservation/service-port.ts";
import { closedGround } from "./closure-alarms.ts";

export interface VisitorsGroundRooms {
  readonly network: Network;
  readonly reservation: Pick<
    SideReservation,
    "close" | "open" | "outOfUse" | "standing" | "holding" | "onCommitted"
  >;
  /** The stretches of this side's ground that visitors may have, by the edges that lead over them. */
  readonly stretches: ReadonlyMap<string, readonly EdgeId[]>;
}

/** A side's ground for visitors, as the site has it; none where it is the home. */
export function stretchesFor(
  side: Side,
  points: readonly VisitPoint[],
): ReadonlyMap<string, readonly EdgeId[]> {
  return new Map(
    points
      .filter(({ direction }) => boundOf(side, direction) === "inbound")
      .flatMap((point) => [point.in, point.out])
      .map(({ stretchId, takerEdgeIds }) => [stretchId, takerEdgeIds as EdgeId[]] as const),
  );
}

const VISITORS = "visitor:";

/** Whether ground is closed for a foreign vehicle. */
export const isVisitors = (closureId: ClosureId): boolean => closureId.startsWith(VISITORS);

/**
 * This side's ground for foreign vehicles. What a visitor has, or waits for, is closed to this side's own in the ledger, so it is planned
 * around and outlasts a restart. It is the visitor's once the ledger has confirmed that, nobody of this side is on it, or may yet drive
 * there on an older grant, and no other visitor has it.
 */
export function visitorsGround({ network, reservation, stretches }: VisitorsGroundRooms): VisitGround {
  const { groundOf } = closedGround(network);
  const blocksOf = new Map([...stretches].map(([stretchId, edgeIds]) => [stretchId, groundOf(edgeIds)]));
  let claims: readonly GroundClaim[] | undefined;
  /** Closed in the ledger's last tick, and nothing of ours on its way that opens it. */
  let confirmed = new Set<ClosureId>();
  const opening = new Set<ClosureId>();

  const closureOf = ({ vehicleId, stretchId }: GroundClaim): Closure => ({
    closureId: `${VISITORS}${vehicleId}:${stretchId}` as ClosureId,
    edgeIds: stretches.get(stretchId) ?? [],
    reason: `${vehicleId}, which its own side drives, has it or waits for it`,
  });
  const standing = (): Set<ClosureId> =>
    new Set(
      reservation.outOfUse().closures.flatMap(({ closureId }) => (isVisitors(closureId) ? [closureId] : [])),
    );
  /** Makes the ledger's closures those of the claims; before the first claims nobody knows what they are. */
  const settle = (): void => {
    if (claims === undefined) return;
    const wanted = new Map(claims.map((claim) => [closureOf(claim).closureId, claim]));
    const stand = standing();
    for (const closureId of stand) {
      if (wanted.has(closureId)) continue;
      opening.add(closureId);
      confirmed.delete(closureId);
      reservation.open(closureId);
    }
    for (const [closureId, claim] of wanted)
      if (opening.delete(closureId) || !stand.has(closureId)) reservation.close(closureOf(claim));
  };
  const overlap = (a: string, b: string): boolean => {
    const [ours, theirs] = [blocksOf.get(a), blocksOf.get(b)];
    return ours !== undefined && theirs !== undefined && meets(ours, theirs);
  };
  const isOccupied = (ground: ReadonlySet<number>): boolean =>
    reservation.standing().some(({ vehicleId, nodeIds }) => {
      const { grantedEdgeIds = [] } = reservation.holding(vehicleId) ?? {};
      const bodies = nodeIds.flatMap((nodeId) => {
        const pose = network.poseIndex(nodeId);
        return pose === undefined ? [] : [...bodyAt(network, pose)];
      });
      return meets(bodies, ground) || meets(groundOf(grantedEdgeIds), ground);
    });

  /** By a person or a watch, for whatever reason: nobody is let onto it, a visitor as little as our own. */
  const isClosed = (ground: ReadonlySet<number>): boolean =>
    reservation
      .outOfUse()
      .closures.some(({ closureId, edgeIds }) => !isVisitors(closureId) && meets(groundOf(edgeIds), ground));

  reservation.onCommitted(() => {
    const stand = standing();
    for (const closureId of opening) if (!stand.delete(closureId)) opening.delete(closureId);
    confirmed = stand;
    settle();
  });

  return {
    knows: (stretchId) => blocksOf.has(stretchId),
    keep: (all) => {
      claims = all.filter(({ stretchId }) => blocksOf.has(stretchId));
      settle();
    },
    isHeld: (vehicleId: VehicleId, stretchId: string) => {
      const own = claims?.find((one) => one.vehicleId === vehicleId && one.stretchId === stretchId);
      const ground = blocksOf.get(stretchId);
      if (own === undefined || ground === undefined || claims === undefined) return false;
      if (!confirmed.has(closureOf(own).closureId)) return false;
      const isOthers = claims.some(
        (one) => one.vehicleId !== vehicleId && one.isKept && overlap(one.stretchId, stretchId),
      );
      // Who is there already drives off.
      const isThere = claims.some((one) => one.vehicleId === vehicleId && one.isKept);
      return !isOthers && !isOccupied(ground) && (isThere || !isClosed(ground));
    },
  };
}

function meets(blocks: Iterable<number>, ground: ReadonlySet<number>): boolean {
  for (const block of blocks) if (ground.has(block)) return true;
  return false;
}
