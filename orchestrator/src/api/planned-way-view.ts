import type { VehicleState } from "@baton/fleet-adapter";
import type { Point } from "@baton/maps";
import { MAX_WAY_POINTS, type VehicleView } from "../contract/index.ts";

/** A point that lies so near to the straight line past it says nothing. */
const STRAIGHT_WITHIN_M = 0.1;

type Ways = NonNullable<VehicleState["plannedWays"]>;
const seen = new WeakMap<Ways, VehicleView["plannedWay"]>();

/**
 * The way that a vehicle has planned, as a viewer is told of it: without its beginning, which is where the vehicle is, and
 * without points on the straight. So it is the same from report to report until the vehicle has come round a bend.
 */
export function plannedWayOf({ plannedWays }: Pick<VehicleState, "plannedWays">): VehicleView["plannedWay"] {
  const [way] = plannedWays ?? [];
  if (plannedWays === undefined || way === undefined || way.length < 2) return undefined;
  if (seen.has(plannedWays)) return seen.get(plannedWays);
  const bends = way.filter((point, at) => at > 0 && !isOnStraight(way[at - 1], point, way[at + 1]));
  const shown = bends.slice(0, MAX_WAY_POINTS);
  const view = { xM: shown.map(({ xM }) => rounded(xM)), yM: shown.map(({ yM }) => rounded(yM)) };
  seen.set(plannedWays, view);
  return view;
}

/** Whether a way goes on straight at a point: neither aside, nor back. */
function isOnStraight(before: Point | undefined, { xM, yM }: Point, after: Point | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const [dxM, dyM] = [after.xM - before.xM, after.yM - before.yM];
  const lengthM = Math.hypot(dxM, dyM);
  if (lengthM === 0) return false;
  const asideM = Math.abs((xM - before.xM) * dyM - (yM - before.yM) * dxM) / lengthM;
  const alongM = ((xM - before.xM) * dxM + (yM - before.yM) * dyM) / lengthM;
  return asideM < STRAIGHT_WITHIN_M && alongM >= 0 && alongM <= lengthM;
}

const rounded = (metres: number): number => Math.round(metres * 10) / 10;
