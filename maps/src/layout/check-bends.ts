import { angleBetweenRad } from "../geometry/angle.ts";
import { type Curve, curveOf } from "../geometry/curve.ts";
import type { Side } from "../ids.ts";
import type { MapProblem } from "./problems.ts";
import { lifIndex, type Site, trajectoryIn } from "./site.ts";

/** Curves are rounded to a tenth of a millimetre in files: a bend may seem this much tighter than it is. */
const RADIUS_TOLERANCE = 0.99;

/** Bends that a vehicle class cannot drive. */
export function checkBends(site: Site, side: Side, file: string): MapProblem[] {
  const problems: MapProblem[] = [];
  lifIndex(site.lif[side]).layout.edges.forEach((edge, i) => {
    edge.vehicleTypeEdgeProperties.forEach((properties, j) => {
      const vehicle = site.file.vehicleClasses.find(
        (candidate) => candidate.vehicleClassId === properties.vehicleTypeId,
      );
      const trajectory = trajectoryIn(properties);
      if (vehicle === undefined || trajectory === undefined) return;
      const radiusM = tightestRadiusM(curveOf({ kind: "trajectory", trajectory }));
      if (radiusM >= vehicle.turningRadiusM * RADIUS_TOLERANCE) return;
      problems.push({
        code: "lif.turn-too-tight",
        file,
        path: `/layouts/0/edges/${i}/vehicleTypeEdgeProperties/${j}/trajectory`,
        message: `edge ${edge.edgeId} bends with a radius of ${radiusM.toFixed(1)} m, but ${vehicle.vehicleClassId} needs ${vehicle.turningRadiusM} m`,
        hint: "Widen the bend, or leave the edge out for this vehicle class.",
      });
    });
  });
  return problems;
}

function tightestRadiusM(curve: Curve): number {
  const pieces = Math.max(8, Math.ceil(curve.lengthM));
  const stepM = curve.lengthM / pieces;
  let tightest = Number.POSITIVE_INFINITY;
  let before = curve.poseAt(0).headingRad;
  for (let i = 1; i <= pieces; i += 1) {
    const heading = curve.poseAt(i * stepM).headingRad;
    const turnRad = angleBetweenRad(heading, before);
    if (turnRad > 0) tightest = Math.min(tightest, stepM / turnRad);
    before = heading;
  }
  return tightest;
}
