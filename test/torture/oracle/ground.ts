import { type JudgedLayout, type JudgedNode, type JudgedPath, type Spot, spotOn } from "./path.ts";
import type { HalfSize } from "./rectangles.ts";
import { rectanglesOverlap } from "./rectangles.ts";

/**
 * A thing that a vehicle can be given to use: standing at a node, or driving an edge. Its ground is a list of
 * rectangles: one for a body that stands, one long one for a straight edge, one every half metre along a bend.
 */
export interface Item {
  readonly name: string;
  readonly kind: "node" | "edge";
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly spot: Spot;
  readonly half: HalfSize;
}

export interface JudgedGround {
  readonly items: readonly Item[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** For each item the others whose true ground overlaps its own. */
  readonly meets: readonly (readonly number[])[];
  /** For each edge (by its item), a row a sample: the items whose ground a body there is on. */
  readonly underBody: ReadonlyMap<number, readonly Int32Array[]>;
  readonly sampleM: number;
}

const SAMPLE_M = 0.5;
const STRAIGHT_RAD = 1e-4;

export const nodeItem = (nodeId: string): string => `node ${nodeId}`;
export const edgeItem = (edgeId: string): string => `edge ${edgeId}`;

/** The ground of everything in a layout, for bodies of a size. */
export function judgeGround(layout: JudgedLayout, body: HalfSize): JudgedGround {
  const items: Item[] = [];
  for (const node of layout.nodes.values()) items.push(standing(node, body));
  for (const path of layout.paths.values()) items.push(driving(path, body));
  const indexOf = new Map(items.map((item, i) => [item.name, i]));
  const bounds = items.map(boundsOf);
  const near = (a: Bounds, b: Bounds): boolean =>
    a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
  const meets: number[][] = items.map(() => []);
  items.forEach((a, i) => {
    for (let j = i + 1; j < items.length; j++) {
      const b = items[j];
      const boundsA = bounds[i];
      const boundsB = bounds[j];
      if (b === undefined || boundsA === undefined || boundsB === undefined || !near(boundsA, boundsB))
        continue;
      if (!a.pieces.some((piece) => touches(piece, b))) continue;
      meets[i]?.push(j);
      meets[j]?.push(i);
    }
  });
  const underBody = new Map<number, readonly Int32Array[]>();
  for (const path of layout.paths.values()) {
    const self = indexOf.get(edgeItem(path.edgeId)) ?? -1;
    const candidates = [self, ...(meets[self] ?? [])];
    const rows: Int32Array[] = [];
    for (let k = 0; k <= Math.ceil(path.lengthM / SAMPLE_M); k++) {
      const spot = spotAt(path, k * SAMPLE_M);
      const on = candidates.filter((i) => {
        const item = items[i];
        return item !== undefined && touches({ spot, half: body }, item);
      });
      rows.push(Int32Array.from(on));
    }
    underBody.set(self, rows);
  }
  return { items, indexOf, meets, underBody, sampleM: SAMPLE_M };
}

function standing(node: JudgedNode, half: HalfSize): Item {
  const { xM, yM, headingRad } = node;
  return { name: nodeItem(node.nodeId), kind: "node", pieces: [{ spot: { xM, yM, headingRad }, half }] };
}

function driving(path: JudgedPath, half: HalfSize): Item {
  const name = edgeItem(path.edgeId);
  const turned = path.headingRad.some(
    (heading) => Math.abs(heading - (path.headingRad[0] ?? 0)) > STRAIGHT_RAD,
  );
  if (!turned) {
    const along = half.alongM + path.lengthM / 2;
    return {
      name,
      kind: "edge",
      pieces: [{ spot: spotAt(path, path.lengthM / 2), half: { ...half, alongM: along } }],
    };
  }
  const count = Math.ceil(path.lengthM / SAMPLE_M);
  const pieces = Array.from({ length: count + 1 }, (_, i) => ({
    spot: spotAt(path, (path.lengthM * i) / count),
    half,
  }));
  return { name, kind: "edge", pieces };
}

function spotAt(path: JudgedPath, alongM: number): Spot {
  const spot = { xM: 0, yM: 0, headingRad: 0 };
  spotOn(path, alongM, spot);
  return spot;
}

function touches(piece: Piece, item: Item): boolean {
  return item.pieces.some((other) => rectanglesOverlap(piece.spot, piece.half, other.spot, other.half));
}

interface Bounds {
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
}

function boundsOf(item: Item): Bounds {
  const bounds = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (const { spot, half } of item.pieces) {
    const c = Math.abs(Math.cos(spot.headingRad));
    const s = Math.abs(Math.sin(spot.headingRad));
    const dx = half.alongM * c + half.acrossM * s;
    const dy = half.alongM * s + half.acrossM * c;
    bounds.minX = Math.min(bounds.minX, spot.xM - dx);
    bounds.maxX = Math.max(bounds.maxX, spot.xM + dx);
    bounds.minY = Math.min(bounds.minY, spot.yM - dy);
    bounds.maxY = Math.max(bounds.maxY, spot.yM + dy);
  }
  return bounds;
}
