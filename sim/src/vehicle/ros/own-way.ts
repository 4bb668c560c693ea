import { type GrantRequest, headingOf, type Path, quaternionOf } from "@baton/fleet-adapter/ros2";
import type { Point, Pose } from "@baton/maps";

type StampedPose = Path["poses"][number];

/** How far it swings out to the left between two nodes: as a planner does that goes around something. */
const SWING_M = 1.5;
const SPACING_M = 0.5;

export interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

/**
 * The way that a vehicle finds by itself from where it is through the poses of the nodes ahead: a smooth one, with a swing. The grant
 * comes back with the indices of this path. Map frame; undefined when the poses do not fit the names, or the body would not stay
 * inside of the fence.
 */
export function ownWay(
  grant: GrantRequest,
  poses: readonly StampedPose[],
  here: Pose,
  body: Body,
): { readonly grant: GrantRequest; readonly path: Path } | undefined {
  const [first] = poses;
  if (first === undefined || poses.length !== Math.max(1, grant.way.length - 1)) return undefined;
  const places = grant.way.map((_, index) => (index === 0 ? here : placeOf(poses[index - 1] ?? first)));
  const found: Pose[] = [here];
  const way = grant.way.map((stop, index) => {
    const from = places[index - 1];
    const to = places[index];
    if (from !== undefined && to !== undefined) found.push(...between(from, to));
    return { ...stop, path_index: found.length - 1 };
  });
  const corners = grant.fence.map(({ x, y }) => ({ xM: x, yM: y }));
  if (!found.every((pose) => isInside(corners, pose, body))) return undefined;
  const { header } = first;
  const stamped = found.map(({ xM, yM, headingRad }) => ({
    header,
    pose: { position: { x: xM, y: yM, z: 0 }, orientation: quaternionOf(headingRad) },
  }));
  return { grant: { ...grant, way }, path: { header, poses: stamped } };
}

/** Whether the whole body is inside of a convex outline, counter-clockwise, in the frame of the pose. */
export function isInside(corners: readonly Point[], { xM, yM, headingRad }: Pose, body: Body): boolean {
  const ahead = body.lengthM / 2;
  const beside = body.widthM / 2;
  const [cos, sin] = [Math.cos(headingRad), Math.sin(headingRad)];
  return [-ahead, ahead].every((x) =>
    [-beside, beside].every((y) =>
      corners.every((a, i) => {
        const b = corners[(i + 1) % corners.length] ?? a;
        const atXM = xM + x * cos - y * sin;
        const atYM = yM + x * sin + y * cos;
        return (b.xM - a.xM) * (atYM - a.yM) - (b.yM - a.yM) * (atXM - a.xM) >= 0;
      }),
    ),
  );
}

function placeOf({ pose: { position, orientation } }: StampedPose): Pose {
  return { xM: position.x, yM: position.y, headingRad: headingOf(orientation) };
}

/** A cubic of Hermite from one pose to the next, without its first, swung out to the left. */
function between(from: Pose, to: Pose): readonly Pose[] {
  const apartM = Math.hypot(to.xM - from.xM, to.yM - from.yM);
  const pieces = Math.max(1, Math.ceil(apartM / SPACING_M));
  const at = (t: number): Point => {
    const [h00, h10, h01, h11] = [
      2 * t ** 3 - 3 * t ** 2 + 1,
      t ** 3 - 2 * t ** 2 + t,
      -2 * t ** 3 + 3 * t ** 2,
      t ** 3 - t ** 2,
    ];
    const along = (a: number, ra: number, b: number, rb: number): number =>
      h00 * a + h10 * apartM * ra + h01 * b + h11 * apartM * rb;
    const swing = apartM === 0 ? 0 : (SWING_M * Math.sin(Math.PI * t) ** 2) / apartM;
    return {
      xM:
        along(from.xM, Math.cos(from.headingRad), to.xM, Math.cos(to.headingRad)) - swing * (to.yM - from.yM),
      yM:
        along(from.yM, Math.sin(from.headingRad), to.yM, Math.sin(to.headingRad)) + swing * (to.xM - from.xM),
    };
  };
  return Array.from({ length: pieces }, (_, i) => {
    const before = at(i / pieces);
    const point = at((i + 1) / pieces);
    const headingRad =
      i + 1 === pieces ? to.headingRad : Math.atan2(point.yM - before.yM, point.xM - before.xM);
    return { ...point, headingRad };
  });
}
