import type { Site } from "@baton/maps";

type Side = "vn" | "cn";

/** The names that the emulated country needs of its own layout, in VDA 5050's words. */
export interface RoadNode {
  readonly nodeId: string;
  readonly nodePosition: {
    readonly x: number;
    readonly y: number;
    readonly theta?: number;
    readonly mapId: string;
  };
}

export interface RoadEdge {
  readonly edgeId: string;
  readonly startNodeId: string;
  readonly endNodeId: string;
  readonly maxSpeed?: number;
  readonly trajectory?: object;
}

export interface Way {
  readonly nodes: readonly RoadNode[];
  readonly edges: readonly RoadEdge[];
}

/** Where vehicles of a direction pass the line, in this country's names. */
export interface LinePlace {
  readonly handoffPointId: string;
  readonly holdNodeId: string;
  /** The first place beyond the line; of a vehicle that comes, where it is clear of it. */
  readonly beyondNodeId: string;
}

/** One country's roads as its LIF file has them: where the line is, and the shortest way between two nodes. */
export interface Road {
  place(direction: string): LinePlace | undefined;
  /** Undefined when none leads there. */
  way(fromNodeId: string, toNodeId: string): Way | undefined;
}

/** @throws when the layout is empty, which no checked site is. */
export function roadOf(site: Site, side: Side): Road {
  const [layout] = site.lif[side].layouts;
  if (layout === undefined) throw new Error(`${site.siteId} has no layout of ${side}`);
  const { mapId } = site.file.sides[side];
  const nodes = new Map<string, RoadNode>(
    layout.nodes.map(({ nodeId, nodePosition: { x, y }, vehicleTypeNodeProperties: [first] }) => [
      nodeId,
      {
        nodeId,
        nodePosition: { x, y, ...(first?.theta === undefined ? {} : { theta: first.theta }), mapId },
      },
    ]),
  );
  const leaving = new Map<string, RoadEdge[]>();
  for (const { edgeId, startNodeId, endNodeId, vehicleTypeEdgeProperties } of layout.edges) {
    const { maxSpeed, trajectory } = vehicleTypeEdgeProperties[0] ?? {};
    const edge: RoadEdge = {
      edgeId,
      startNodeId,
      endNodeId,
      ...(maxSpeed === undefined ? {} : { maxSpeed }),
      ...(trajectory === undefined ? {} : { trajectory }),
    };
    leaving.set(startNodeId, [...(leaving.get(startNodeId) ?? []), edge]);
  }
  const givesAt = (direction: string): boolean => (direction === "export") === (side === "vn");
  return {
    place(direction) {
      for (const point of site.file.handoffPoints) {
        if (point.direction !== direction || point.mode !== "control-passes") continue;
        const name = givesAt(direction) ? "giverNodeId" : "takerNodeId";
        const { handoffPointId, hold, beyond } = point;
        return { handoffPointId, holdNodeId: hold[name], beyondNodeId: beyond[name] };
      }
      return undefined;
    },
    way: (from, to) => shortestWay(nodes, leaving, from, to),
  };
}

/** Dijkstra's search with the straight distance between two nodes as an edge's length. */
function shortestWay(
  nodes: ReadonlyMap<string, RoadNode>,
  leaving: ReadonlyMap<string, readonly RoadEdge[]>,
  from: string,
  to: string,
): Way | undefined {
  const origin = nodes.get(from);
  if (origin === undefined) return undefined;
  const open = new Map<string, { readonly lengthM: number; readonly way: Way }>([
    [from, { lengthM: 0, way: { nodes: [origin], edges: [] } }],
  ]);
  const closed = new Set<string>();
  while (open.size > 0) {
    const [nearest] = [...open].sort(([, a], [, b]) => a.lengthM - b.lengthM);
    if (nearest === undefined) return undefined;
    const [nodeId, { lengthM, way }] = nearest;
    if (nodeId === to) return way;
    open.delete(nodeId);
    closed.add(nodeId);
    for (const edge of leaving.get(nodeId) ?? []) {
      const [here, next] = [nodes.get(nodeId), nodes.get(edge.endNodeId)];
      if (here === undefined || next === undefined || closed.has(next.nodeId)) continue;
      const { x, y } = here.nodePosition;
      const reachedM = lengthM + Math.hypot(next.nodePosition.x - x, next.nodePosition.y - y);
      if ((open.get(next.nodeId)?.lengthM ?? Number.POSITIVE_INFINITY) <= reachedM) continue;
      open.set(next.nodeId, {
        lengthM: reachedM,
        way: { nodes: [...way.nodes, next], edges: [...way.edges, edge] },
      });
    }
  }
  return undefined;
}
