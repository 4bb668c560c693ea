import { type Curve, curveOf } from "../geometry/curve.ts";
import { pointToSiteFrame, toSiteFrame } from "../geometry/frames.ts";
import type { Trajectory } from "../geometry/nurbs.ts";
import type { Pose } from "../geometry/pose.ts";
import type { Side } from "../ids.ts";
import { lifIndex, poseInMap, type Site, trajectoryIn } from "../layout/site.ts";
import type { RigidTransform, VehicleClass } from "../layout/site-file.ts";

/** A stop pose, site frame. */
interface RoadPose {
  readonly nodeId: string;
  readonly pose: Pose;
}

/** A move between two stop poses (by index), site frame. */
interface RoadMove {
  readonly edgeId: string;
  readonly from: number;
  readonly to: number;
  readonly speedMps: number;
  readonly curve: Curve;
}

/** The part of a side's layout that one vehicle class may use. */
export interface Roads {
  readonly poses: readonly RoadPose[];
  readonly moves: readonly RoadMove[];
  /** Moves by pose: those that start there and those that end there. */
  readonly outgoing: readonly (readonly number[])[];
  readonly incoming: readonly (readonly number[])[];
}

/** Reads the roads of a vehicle class from a side's LIF and brings them into the site frame. */
export function roadsOf(site: Site, side: Side, vehicle: VehicleClass): Roads {
  const { layout } = lifIndex(site.lif[side]);
  const { mapToSite } = site.file.sides[side];
  const typeId = vehicle.vehicleClassId;
  const poses: RoadPose[] = [];
  const indexOf = new Map<string, number>();
  const thetas = new Map<string, number>();
  for (const node of layout.nodes) {
    const properties = node.vehicleTypeNodeProperties.find((candidate) => candidate.vehicleTypeId === typeId);
    if (properties === undefined) continue;
    if (properties.theta !== undefined) thetas.set(node.nodeId, properties.theta);
    indexOf.set(node.nodeId, poses.length);
    poses.push({ nodeId: node.nodeId, pose: toSiteFrame(mapToSite, poseInMap(node, properties.theta)) });
  }
  const moves: RoadMove[] = [];
  for (const edge of layout.edges) {
    const properties = edge.vehicleTypeEdgeProperties.find((candidate) => candidate.vehicleTypeId === typeId);
    const from = indexOf.get(edge.startNodeId);
    const to = indexOf.get(edge.endNodeId);
    if (properties === undefined || from === undefined || to === undefined) continue;
    const trajectory = trajectoryIn(properties);
    const start = poses[from];
    const end = poses[to];
    if (start === undefined || end === undefined) continue;
    const curve = curveOf(
      trajectory === undefined
        ? { kind: "straight", from: start.pose, to: end.pose }
        : { kind: "trajectory", trajectory: trajectoryToSite(mapToSite, trajectory) },
    );
    const speedMps = Math.min(properties.maxSpeed ?? vehicle.maxSpeedMps, vehicle.maxSpeedMps);
    moves.push({ edgeId: edge.edgeId, from, to, speedMps, curve });
  }
  const outgoing = poses.map((): number[] => []);
  const incoming = poses.map((): number[] => []);
  moves.forEach((move, i) => {
    outgoing[move.from]?.push(i);
    incoming[move.to]?.push(i);
  });
  return { poses: facing(poses, moves, thetas), moves, outgoing, incoming };
}

/** LIF may leave a node's heading out: then it is that of a road there. */
function facing(
  poses: readonly RoadPose[],
  moves: readonly RoadMove[],
  thetas: ReadonlyMap<string, number>,
): RoadPose[] {
  return poses.map((entry, i) => {
    if (thetas.has(entry.nodeId)) return entry;
    const leaving = moves.find((move) => move.from === i);
    const arriving = moves.find((move) => move.to === i);
    const headingRad =
      leaving?.curve.poseAt(0).headingRad ?? arriving?.curve.poseAt(arriving.curve.lengthM).headingRad;
    return headingRad === undefined ? entry : { ...entry, pose: { ...entry.pose, headingRad } };
  });
}

function trajectoryToSite(mapToSite: RigidTransform, trajectory: Trajectory): Trajectory {
  return {
    ...trajectory,
    controlPoints: trajectory.controlPoints.map((point) => {
      const place = pointToSiteFrame(mapToSite, { xM: point.x, yM: point.y });
      return { x: place.xM, y: place.yM, weight: point.weight ?? 1 };
    }),
  };
}
