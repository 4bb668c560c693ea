import { nurbsEvaluator, type Point } from "@baton/maps";
import type { State } from "../wire/v3_0/index.ts";

/** A longer one is not read: it would be dear, and no order of a site reaches as far. */
const MAX_POINTS = 500;
/** Between two knots a curve is smooth: it is looked at so often. */
const SAMPLES_A_SPAN = 8;

type Spoken = NonNullable<State["plannedPath"]>["trajectory"];

/**
 * The planned path and the intermediate one of a state (3.0 section 6.8), as points in the map frame. One that makes no
 * sense is left out, and the rest of the state believed: nothing is granted by it.
 */
export function plannedWaysOf({ plannedPath, intermediatePath }: State): readonly (readonly Point[])[] {
  const planned = plannedPath === undefined ? [] : alongTrajectory(plannedPath.trajectory);
  const soon = (intermediatePath?.polyline ?? []).slice(0, MAX_POINTS).map(({ x, y }) => ({ xM: x, yM: y }));
  return [planned, soon].filter((way) => way.length > 0 && way.every(isFinitePoint));
}

const isFinitePoint = ({ xM, yM }: Point): boolean => Number.isFinite(xM) && Number.isFinite(yM);

/** Section 7.3: a degree that is left out is 1, and knots that are left out are evenly spread. */
function alongTrajectory({ degree = 1, controlPoints, knotVector }: Spoken): readonly Point[] {
  const count = controlPoints.length;
  if (count > MAX_POINTS || count <= degree) return [];
  // Of the first degree it is the line through its points, whatever they weigh.
  if (degree === 1) return controlPoints.map(({ x, y }) => ({ xM: x, yM: y }));
  const knots = knotVector ?? evenKnots(count, degree);
  if (knots.length !== count + degree + 1) return [];
  if (knots.some((knot, index) => knot < (knots[index - 1] ?? 0))) return [];
  const { breaks, at } = nurbsEvaluator({ degree, knotVector: knots, controlPoints });
  return breaks.flatMap((to, index) => {
    const from = breaks[index - 1];
    if (from === undefined) return [at(to)];
    return Array.from({ length: SAMPLES_A_SPAN }, (_, i) =>
      at(from + ((to - from) * (i + 1)) / SAMPLES_A_SPAN),
    );
  });
}

function evenKnots(count: number, degree: number): number[] {
  const spans = count - degree;
  return Array.from({ length: count + degree + 1 }, (_, index) =>
    Math.min(1, Math.max(0, (index - degree) / spans)),
  );
}
