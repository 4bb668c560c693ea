import type { RigidTransform } from "../layout/site-file.ts";
import { normaliseRad } from "./angle.ts";
import type { Point, Pose } from "./pose.ts";

/** A point of a side's map frame, in the site frame. `transform` leads from map to site. */
export function pointToSiteFrame(transform: RigidTransform, point: Point): Point {
  const cos = Math.cos(transform.rotationRad);
  const sin = Math.sin(transform.rotationRad);
  return {
    xM: cos * point.xM - sin * point.yM + transform.dxM,
    yM: sin * point.xM + cos * point.yM + transform.dyM,
  };
}

/** A point of the site frame, in a side's map frame. `transform` leads from map to site. */
function pointToMapFrame(transform: RigidTransform, point: Point): Point {
  const cos = Math.cos(transform.rotationRad);
  const sin = Math.sin(transform.rotationRad);
  const xM = point.xM - transform.dxM;
  const yM = point.yM - transform.dyM;
  return { xM: cos * xM + sin * yM, yM: cos * yM - sin * xM };
}

/** A pose of a side's map frame, in the site frame. `transform` is the side's `mapToSite`. */
export function toSiteFrame(transform: RigidTransform, pose: Pose): Pose {
  return {
    ...pointToSiteFrame(transform, pose),
    headingRad: normaliseRad(pose.headingRad + transform.rotationRad),
  };
}

/** A pose of the site frame, in a side's map frame. `transform` is the side's `mapToSite`. */
export function toMapFrame(transform: RigidTransform, pose: Pose): Pose {
  return {
    ...pointToMapFrame(transform, pose),
    headingRad: normaliseRad(pose.headingRad - transform.rotationRad),
  };
}

/** The transform that undoes `transform`. */
export function inverseOf(transform: RigidTransform): RigidTransform {
  const origin = pointToMapFrame(transform, { xM: 0, yM: 0 });
  return { dxM: origin.xM, dyM: origin.yM, rotationRad: normaliseRad(-transform.rotationRad) };
}

/** First `inner`, then `outer`. */
export function composed(outer: RigidTransform, inner: RigidTransform): RigidTransform {
  const origin = pointToSiteFrame(outer, { xM: inner.dxM, yM: inner.dyM });
  return {
    dxM: origin.xM,
    dyM: origin.yM,
    rotationRad: normaliseRad(outer.rotationRad + inner.rotationRad),
  };
}
