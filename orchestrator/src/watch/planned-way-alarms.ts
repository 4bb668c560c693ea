import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { Network, Point, Side } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";
import type { Reservation } from "../reservation/port.ts";

/** So far beside the middle of its ground a vehicle may plan to drive: the layout keeps more than that free. */
const BESIDE_M = 1;
/** One place of a way is looked at every so often. */
const STEP_M = 2;
/** A plan may be older than what was granted or claimed since, a report or two. */
const GRACE_MS = 5_000;

export interface PlannedWayRooms {
  readonly side: Side;
  readonly network: Network;
  /** The largest body of the site: what is below a vehicle is its own. */
  readonly body: { readonly lengthM: number };
  readonly reservation: Pick<Reservation, "holding">;
  readonly alarms: Alarms;
}

/**
 * The alarm of each vehicle that says it will drive where nothing is granted to it or claimed for it, until it says so no
 * more. Nothing is granted or taken by what it says: order keeps vehicles apart, and this tells that one has other plans.
 */
export function plannedWayAlarms(rooms: PlannedWayRooms): { look(state: VehicleState, nowMs: number): void } {
  const { alarms } = rooms;
  /** Since when each vehicle's plan leaves its ground, and whether that was told. */
  const astray = new Map<VehicleId, { readonly sinceMs: number; isTold: boolean }>();

  return {
    look(state, nowMs) {
      const { vehicleId } = state;
      const off = firstOff(rooms, state);
      const alarmId = `vehicle.plans-off-ground:${vehicleId}`;
      const known = astray.get(vehicleId);
      if (off === undefined) {
        if (astray.delete(vehicleId) && known?.isTold === true) alarms.clear(alarmId);
        return;
      }
      const stray = known ?? { sinceMs: nowMs, isTold: false };
      astray.set(vehicleId, stray);
      if (stray.isTold || nowMs - stray.sinceMs < GRACE_MS) return;
      stray.isTold = true;
      const at = `(${off.xM.toFixed(1)}, ${off.yM.toFixed(1)})`;
      alarms.raise({
        alarmId,
        code: "vehicle.plans-off-ground",
        detail: `it says that it will drive by ${at}, where nothing is granted to it or claimed for it: stop it, and look why`,
        facts: { xM: off.xM, yM: off.yM },
        priority: "high",
        vehicleId,
      });
    },
  };
}

/** The first place of a vehicle's plan that is not on its ground. Of a vehicle that is the partner's, or not admitted, others take care. */
function firstOff(rooms: PlannedWayRooms, state: VehicleState): Point | undefined {
  const { vehicleId, pose, plannedWays, control } = state;
  if (plannedWays === undefined || pose === undefined || control?.authority !== rooms.side) return undefined;
  const holding = rooms.reservation.holding(vehicleId);
  if (holding === undefined) return undefined;
  const moves = [...holding.grantedEdgeIds, ...holding.plannedEdgeIds].flatMap(
    (edgeId) => rooms.network.moveIndex(edgeId) ?? [],
  );
  const isOn = (move: number | undefined, { xM, yM }: Point): boolean =>
    move !== undefined && rooms.network.project(move, xM, yM).offM <= BESIDE_M;
  // Most places are on the same move as the one before.
  let last: number | undefined;
  const isIts = (point: Point): boolean => {
    if (Math.hypot(point.xM - pose.xM, point.yM - pose.yM) <= rooms.body.lengthM / 2) return true;
    if (!isOn(last, point)) last = moves.find((move) => isOn(move, point));
    return last !== undefined;
  };
  for (const way of plannedWays) for (const point of placesOn(way)) if (!isIts(point)) return point;
  return undefined;
}

function* placesOn(way: readonly Point[]): Generator<Point> {
  let before: Point | undefined;
  for (const to of way) {
    const from = before ?? to;
    before = to;
    const steps = Math.max(1, Math.ceil(Math.hypot(to.xM - from.xM, to.yM - from.yM) / STEP_M));
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      yield { xM: from.xM + (to.xM - from.xM) * share, yM: from.yM + (to.yM - from.yM) * share };
    }
  }
}
