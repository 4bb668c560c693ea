import { toSiteFrame } from "../geometry/frames.ts";
import type { Trajectory } from "../geometry/nurbs.ts";
import type { Pose } from "../geometry/pose.ts";
import type { Bound, Direction, EdgeId, NodeId, Side, StationId, VehicleClassId } from "../ids.ts";
import type { Lif, LifEdge, LifLayout, LifNode } from "./lif.ts";
import type {
  PassingPoint,
  SiteFile,
  Station,
  StationKind,
  TransferPoint,
  VehicleClass,
  VisitPoint,
} from "./site-file.ts";

/** A crossing: its site file and the layout of each side, checked against each other. */
export interface Site {
  readonly siteId: string;
  readonly file: SiteFile;
  readonly lif: Record<Side, Lif>;
}

/** The stations of a side, in the site file's order, narrowed to a kind and a bound where these are given. */
export function stationsOf(
  site: Site,
  side: Side,
  kind?: StationKind,
  bound?: Bound | "yard",
): readonly Station[] {
  return site.file.sides[side].stations.filter(
    (station) =>
      (kind === undefined || station.kind === kind) && (bound === undefined || station.bound === bound),
  );
}

/** A station of either side, by its id. */
export function stationById(site: Site, stationId: StationId | string): Station | undefined {
  return [...site.file.sides.vn.stations, ...site.file.sides.cn.stations].find(
    (station) => station.stationId === stationId,
  );
}

export function vehicleClass(site: Site, vehicleClassId: VehicleClassId | string): VehicleClass | undefined {
  return site.file.vehicleClasses.find((candidate) => candidate.vehicleClassId === vehicleClassId);
}

/** The first hand-off point of a direction where vehicles pass the line. */
export function handoffPointFor(site: Site, direction: Direction, pair = 1): PassingPoint | undefined {
  for (const point of site.file.handoffPoints) {
    if (point.direction === direction && point.mode === "control-passes" && pairOf(point) === pair)
      return point;
  }
  return undefined;
}

/** Of a station, or of a point where vehicles pass: the pair of unmanned lanes that it belongs to. */
export const pairOf = ({ pair }: { readonly pair?: number | undefined }): number => pair ?? 1;

/** The numbers of a site's pairs of unmanned lanes, from the middle of the road outwards. */
export function lanePairsOf(site: Site): readonly number[] {
  const stations = [...stationsOf(site, "vn"), ...stationsOf(site, "cn")];
  return [...new Set([1, ...stations.map(pairOf)])].sort((a, b) => a - b);
}

/** The points where vehicles are driven over the line and back by their own side. */
export function visitPoints(site: Site): readonly VisitPoint[] {
  return site.file.handoffPoints.flatMap((point) => (point.mode === "host-grants" ? [point] : []));
}

/** The first hand-off point of a direction where containers change vehicle under a crane. */
export function transferPointFor(site: Site, direction: Direction): TransferPoint | undefined {
  for (const point of site.file.handoffPoints) {
    if (point.direction === direction && point.mode === "container-transfers") return point;
  }
  return undefined;
}

/** The edge's curve as the LIF has it, in the side's map frame; undefined for a straight or unknown edge. */
export function trajectoryOf(site: Site, side: Side, edgeId: EdgeId | string): Trajectory | undefined {
  const properties = lifIndex(site.lif[side]).edges.get(edgeId)?.vehicleTypeEdgeProperties;
  return trajectoryIn(properties?.find((candidate) => candidate.trajectory !== undefined));
}

/** Where a node is and which way a vehicle faces there, in the side's map frame. */
export function nodePoseInMap(site: Site, side: Side, nodeId: NodeId | string): Pose | undefined {
  const node = lifIndex(site.lif[side]).nodes.get(nodeId);
  if (node === undefined) return undefined;
  return poseInMap(node, node.vehicleTypeNodeProperties[0]?.theta);
}

/** Where a node is and which way a vehicle faces there, in the site frame. */
export function nodePoseInSite(site: Site, side: Side, nodeId: NodeId | string): Pose | undefined {
  const pose = nodePoseInMap(site, side, nodeId);
  return pose === undefined ? undefined : toSiteFrame(site.file.sides[side].mapToSite, pose);
}

export interface LifIndex {
  readonly layout: LifLayout;
  readonly nodes: ReadonlyMap<string, LifNode>;
  readonly edges: ReadonlyMap<string, LifEdge>;
}

const indices = new WeakMap<Lif, LifIndex>();

/** The nodes and edges of a checked LIF by id; made once for each. */
export function lifIndex(lif: Lif): LifIndex {
  const known = indices.get(lif);
  if (known !== undefined) return known;
  const [layout] = lif.layouts;
  if (layout === undefined) throw new Error("a checked LIF has a layout");
  const made: LifIndex = {
    layout,
    nodes: new Map(layout.nodes.map((node) => [node.nodeId, node])),
    edges: new Map(layout.edges.map((edge) => [edge.edgeId, edge])),
  };
  indices.set(lif, made);
  return made;
}

export function poseInMap(node: LifNode, theta: number | undefined): Pose {
  return { xM: node.nodePosition.x, yM: node.nodePosition.y, headingRad: theta ?? 0 };
}

export type EdgeProperties = LifEdge["vehicleTypeEdgeProperties"][number];

/** The trajectory of one vehicle type on an edge, with LIF's default for the degree. */
export function trajectoryIn(properties: EdgeProperties | undefined): Trajectory | undefined {
  const found = properties?.trajectory;
  if (found === undefined) return undefined;
  return {
    degree: found.degree ?? 1,
    knotVector: found.knotVector,
    controlPoints: found.controlPoints.map((point) =>
      point.weight === undefined
        ? { x: point.x, y: point.y }
        : { x: point.x, y: point.y, weight: point.weight },
    ),
  };
}
