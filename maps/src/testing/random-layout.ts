import fc from "fast-check";
import type { Trajectory } from "../geometry/nurbs.ts";
import type { Pose } from "../geometry/pose.ts";
import type { Lif } from "../layout/lif.ts";
import type { Site } from "../layout/site.ts";
import type { VehicleClass } from "../layout/site-file.ts";

/** A road of a random layout: where it begins, and pieces that follow one another. */
export interface Road {
  readonly start: Pose;
  readonly pieces: readonly Piece[];
}

type Piece =
  | { readonly kind: "straight"; readonly lengthM: number }
  /** A degree 3 NURBS that leaves ahead, ends `sideM` to the left and turned by `turnRad`, with a weight in the middle. */
  | {
      readonly kind: "bend";
      readonly aheadM: number;
      readonly sideM: number;
      readonly turnRad: number;
      readonly weight: number;
      /** One more control point, half way: the knot vector then has an inner knot. */
      readonly inner: boolean;
    };

const metres = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) }).map((mm) => mm / 1000);

const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ kind: fc.constant("straight" as const), lengthM: metres(3, 25) }),
  fc.record({
    kind: fc.constant("bend" as const),
    aheadM: metres(14, 26),
    sideM: metres(-9, 9),
    turnRad: metres(-0.9, 0.9),
    weight: metres(1, 2),
    inner: fc.boolean(),
  }),
);

/** Roads that cross, join and pass each other on a field of 70 by 50 m. */
export const randomRoads: fc.Arbitrary<readonly Road[]> = fc.array(
  fc.record({
    start: fc.record({ xM: metres(-150, -80), yM: metres(-25, 25), headingRad: metres(-3.1, 3.1) }),
    pieces: fc.array(piece, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 2, maxLength: 3 },
);

/** One piece of road each: two that may be brought together until they touch. */
export const twoPieces: fc.Arbitrary<readonly [Road, Road]> = fc
  .tuple(piece, piece, metres(-3.1, 3.1), metres(-3.1, 3.1))
  .map(([one, two, a, b]) => [
    { start: { xM: -150, yM: 0, headingRad: a }, pieces: [one] },
    { start: { xM: -150, yM: 0, headingRad: b }, pieces: [two] },
  ]);

/** A road moved along +x. */
export function shifted(road: Road, byM: number): Road {
  return { ...road, start: { ...road.start, xM: road.start.xM + byM } };
}

interface Edge {
  readonly edgeId: string;
  readonly from: string;
  readonly to: string;
  readonly trajectory: Trajectory | undefined;
}

/**
 * A site whose Vietnamese side is made of roads and of links between their nodes; everything else is another site's. Nodes are a little off their roads, as
 * a layout may have them. The map frame is the site frame.
 */
export function siteOfRoads(
  like: Site,
  roads: readonly Road[],
  classes: readonly VehicleClass[],
  links: readonly { readonly from: string; readonly to: string }[] = [],
): { readonly site: Site; readonly nodes: ReadonlyMap<string, Pose>; readonly edges: readonly Edge[] } {
  const nodes = new Map<string, Pose>();
  const edges: Edge[] = [];
  roads.forEach((road, r) => {
    let at = road.start;
    nodes.set(`n${r}.0`, at);
    road.pieces.forEach((next, i) => {
      const from = `n${r}.${i}`;
      const to = `n${r}.${i + 1}`;
      const end = endOf(at, next);
      nodes.set(to, { ...end, headingRad: end.headingRad + (i % 2 === 0 ? 0.01 : -0.01) });
      edges.push({
        edgeId: `e${r}.${i}`,
        from,
        to,
        trajectory: next.kind === "straight" ? undefined : trajectoryOf(at, end, next),
      });
      at = end;
    });
  });
  for (const { from, to } of links) {
    const a = nodes.get(from);
    const b = nodes.get(to);
    if (a === undefined || b === undefined) throw new Error(`no node ${from} or ${to}`);
    // Arms of 4/3 r: nearly a half circle for two nodes that are side by side.
    const aheadM = 2 * Math.hypot(b.xM - a.xM, b.yM - a.yM);
    edges.push({
      edgeId: `${from}_${to}`,
      from,
      to,
      trajectory: trajectoryOf(a, b, { aheadM, weight: 1, inner: false }),
    });
  }
  const types = classes.map((vehicle) => vehicle.vehicleClassId);
  const vn: Lif = {
    ...like.lif.vn,
    layouts: [
      {
        layoutId: "random",
        layoutName: "random",
        layoutVersion: "1",
        nodes: [...nodes].map(([nodeId, pose]) => ({
          nodeId,
          mapId: "random",
          nodePosition: { x: pose.xM, y: pose.yM },
          vehicleTypeNodeProperties: types.map((vehicleTypeId) => ({
            vehicleTypeId,
            theta: pose.headingRad,
          })),
        })),
        edges: edges.map((edge) => ({
          edgeId: edge.edgeId,
          startNodeId: edge.from,
          endNodeId: edge.to,
          vehicleTypeEdgeProperties: types.map((vehicleTypeId) => ({
            vehicleTypeId,
            vehicleOrientation: 0,
            orientationType: "TANGENTIAL" as const,
            rotationAllowed: false,
            rotationAtStartNodeAllowed: "NONE" as const,
            rotationAtEndNodeAllowed: "NONE" as const,
            ...(edge.trajectory === undefined
              ? {}
              : {
                  trajectory: {
                    degree: edge.trajectory.degree,
                    knotVector: [...edge.trajectory.knotVector],
                    controlPoints: edge.trajectory.controlPoints.map(({ x, y, weight = 1 }) => ({
                      x,
                      y,
                      weight,
                    })),
                  },
                }),
          })),
        })),
        stations: [],
      },
    ],
  };
  const here = { ...like.file.sides.vn, mapToSite: { dxM: 0, dyM: 0, rotationRad: 0 }, stations: [] };
  const file = {
    ...like.file,
    vehicleClasses: [...classes],
    sides: { ...like.file.sides, vn: here },
    sections: [],
    queues: [],
  };
  return { site: { ...like, file, lif: { ...like.lif, vn } }, nodes, edges };
}

function endOf(at: Pose, next: Piece): Pose {
  const cos = Math.cos(at.headingRad);
  const sin = Math.sin(at.headingRad);
  const aheadM = next.kind === "straight" ? next.lengthM : next.aheadM;
  const sideM = next.kind === "straight" ? 0 : next.sideM;
  return {
    xM: at.xM + cos * aheadM - sin * sideM,
    yM: at.yM + sin * aheadM + cos * sideM,
    headingRad: at.headingRad + (next.kind === "straight" ? 0 : next.turnRad),
  };
}

function trajectoryOf(
  from: Pose,
  to: Pose,
  bend: { readonly aheadM: number; readonly weight: number; readonly inner: boolean },
): Trajectory {
  const armM = bend.aheadM / 3;
  const first = { x: from.xM, y: from.yM, weight: 1 };
  const last = { x: to.xM, y: to.yM, weight: 1 };
  const leaving = {
    x: from.xM + armM * Math.cos(from.headingRad),
    y: from.yM + armM * Math.sin(from.headingRad),
    weight: bend.weight,
  };
  const arriving = {
    x: to.xM - armM * Math.cos(to.headingRad),
    y: to.yM - armM * Math.sin(to.headingRad),
    weight: bend.weight,
  };
  if (!bend.inner) {
    return {
      degree: 3,
      knotVector: [0, 0, 0, 0, 1, 1, 1, 1],
      controlPoints: [first, leaving, arriving, last],
    };
  }
  const middle = { x: (leaving.x + arriving.x) / 2, y: (leaving.y + arriving.y) / 2, weight: 1 };
  return {
    degree: 3,
    knotVector: [0, 0, 0, 0, 0.5, 1, 1, 1, 1],
    controlPoints: [first, leaving, middle, arriving, last],
  };
}
