import type { Lif, RigidTransform } from "@baton/maps";

/**
 * The judge's own reading of a layout: where a body is on each edge, from the file's nodes and control points (VDMA
 * LIF 1.0, NURBS evaluated by de Boor's algorithm in homogeneous coordinates). Shares no code with what it judges.
 */
export interface JudgedPath {
  readonly edgeId: string;
  readonly fromNodeId: string;
  readonly toNodeId: string;
  readonly lengthM: number;
  readonly maxSpeedMps: number;
  /** Samples at equal distances, both ends included; headings are unwrapped. Site frame. */
  readonly stepM: number;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly headingRad: Float64Array;
}

export interface JudgedNode {
  readonly nodeId: string;
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
}

/** A place and heading that is written into, so that nothing is allocated a tick. */
export interface Spot {
  xM: number;
  yM: number;
  headingRad: number;
}

const STEP_M = 0.25;
/** A curve is first walked in so many pieces, to find distances along it. */
const FINE_PIECES = 600;

type LifEdge = Lif["layouts"][number]["edges"][number];
type Trajectory = NonNullable<LifEdge["vehicleTypeEdgeProperties"][number]["trajectory"]>;

export interface JudgedLayout {
  readonly nodes: ReadonlyMap<string, JudgedNode>;
  readonly paths: ReadonlyMap<string, JudgedPath>;
}

export function readLayout(lif: Lif, mapToSite: RigidTransform, vehicleTypeId: string): JudgedLayout {
  const cos = Math.cos(mapToSite.rotationRad);
  const sin = Math.sin(mapToSite.rotationRad);
  const toSite = (x: number, y: number) => ({
    xM: cos * x - sin * y + mapToSite.dxM,
    yM: sin * x + cos * y + mapToSite.dyM,
  });
  const nodes = new Map<string, JudgedNode>();
  const paths = new Map<string, JudgedPath>();
  for (const layout of lif.layouts) {
    for (const node of layout.nodes) {
      const own = node.vehicleTypeNodeProperties.find((entry) => entry.vehicleTypeId === vehicleTypeId);
      if (own === undefined) continue;
      nodes.set(node.nodeId, {
        nodeId: node.nodeId,
        ...toSite(node.nodePosition.x, node.nodePosition.y),
        headingRad: (own.theta ?? 0) + mapToSite.rotationRad,
      });
    }
    for (const edge of layout.edges) {
      const own = edge.vehicleTypeEdgeProperties.find((entry) => entry.vehicleTypeId === vehicleTypeId);
      const from = nodes.get(edge.startNodeId);
      const to = nodes.get(edge.endNodeId);
      if (own === undefined || from === undefined || to === undefined) continue;
      const points =
        own.trajectory === undefined
          ? [from, to]
          : finePoints(own.trajectory).map(({ x, y }) => toSite(x, y));
      paths.set(edge.edgeId, {
        edgeId: edge.edgeId,
        fromNodeId: edge.startNodeId,
        toNodeId: edge.endNodeId,
        maxSpeedMps: own.maxSpeed ?? Number.POSITIVE_INFINITY,
        ...evenly(points),
      });
    }
  }
  return { nodes, paths };
}

/** The body's place `alongM` metres into a path, clamped to it. */
export function spotOn(path: JudgedPath, alongM: number, into: Spot): void {
  const last = path.xM.length - 1;
  const place = Math.min(Math.max(alongM / path.stepM, 0), last);
  const i = Math.min(Math.floor(place), last - 1);
  const t = place - i;
  into.xM = mix(path.xM, i, t);
  into.yM = mix(path.yM, i, t);
  into.headingRad = mix(path.headingRad, i, t);
}

function mix(values: Float64Array, i: number, t: number): number {
  const from = values[i] ?? 0;
  return from + t * ((values[i + 1] ?? from) - from);
}

interface PlainPoint {
  readonly xM: number;
  readonly yM: number;
}

/** A polyline sampled again at equal distances, with the heading of the line there. */
function evenly(points: readonly PlainPoint[]) {
  const alongM = [0];
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a === undefined || b === undefined) continue;
    alongM.push((alongM[i - 1] ?? 0) + Math.hypot(b.xM - a.xM, b.yM - a.yM));
  }
  const lengthM = alongM.at(-1) ?? 0;
  const count = Math.max(2, Math.ceil(lengthM / STEP_M) + 1);
  const stepM = lengthM / (count - 1);
  const xM = new Float64Array(count);
  const yM = new Float64Array(count);
  const headingRad = new Float64Array(count);
  let piece = 0;
  for (let i = 0; i < count; i++) {
    const sM = i * stepM;
    while (piece + 2 < points.length && (alongM[piece + 1] ?? 0) < sM) piece++;
    const a = points[piece];
    const b = points[piece + 1];
    if (a === undefined || b === undefined) continue;
    const startM = alongM[piece] ?? 0;
    const t = (sM - startM) / ((alongM[piece + 1] ?? 0) - startM);
    xM[i] = a.xM + t * (b.xM - a.xM);
    yM[i] = a.yM + t * (b.yM - a.yM);
    const raw = Math.atan2(b.yM - a.yM, b.xM - a.xM);
    const before = i === 0 ? raw : (headingRad[i - 1] ?? raw);
    headingRad[i] = before + Math.atan2(Math.sin(raw - before), Math.cos(raw - before));
  }
  return { lengthM, stepM, xM, yM, headingRad };
}

function finePoints(trajectory: Trajectory): { x: number; y: number }[] {
  const degree = trajectory.degree ?? 1;
  const knots = trajectory.knotVector;
  const from = knots[degree] ?? 0;
  const to = knots[knots.length - 1 - degree] ?? 1;
  return Array.from({ length: FINE_PIECES + 1 }, (_, i) =>
    deBoor(trajectory, degree, from + ((to - from) * i) / FINE_PIECES),
  );
}

/** de Boor (1972), on points lifted by their weights. */
function deBoor(
  { knotVector: knots, controlPoints }: Trajectory,
  degree: number,
  u: number,
): { x: number; y: number } {
  let span = degree;
  while (span + 1 < controlPoints.length && u >= (knots[span + 1] ?? 1)) span++;
  const lifted = Array.from({ length: degree + 1 }, (_, j) => {
    const point = controlPoints[span - degree + j];
    const weight = point?.weight ?? 1;
    return { x: (point?.x ?? 0) * weight, y: (point?.y ?? 0) * weight, w: weight };
  });
  for (let round = 1; round <= degree; round++) {
    for (let j = degree; j >= round; j--) {
      const low = knots[span - degree + j] ?? 0;
      const high = knots[span + 1 + j - round] ?? 1;
      const t = high === low ? 0 : (u - low) / (high - low);
      const a = lifted[j - 1];
      const b = lifted[j];
      if (a === undefined || b === undefined) continue;
      b.x = a.x + t * (b.x - a.x);
      b.y = a.y + t * (b.y - a.y);
      b.w = a.w + t * (b.w - a.w);
    }
  }
  const end = lifted[degree] ?? { x: 0, y: 0, w: 1 };
  return { x: end.x / end.w, y: end.y / end.w };
}
