import {
  type EdgeId,
  fencedPlaces,
  nodePoseInMap,
  type Point,
  type Pose,
  type Side,
  type Site,
  toMapFrame,
  toSiteFrame,
  trajectoryOf,
} from "@baton/maps";
import { edgeIdOf } from "../names.ts";
import type { Trajectory } from "../vda5050/model/trajectory.ts";
import type { Chart, ChartFence } from "./chart.ts";

/** One side's layout of a loaded site, as its vehicles know it. */
export function chartOf(site: Site, side: Side): Chart {
  const { mapId, mapToSite } = site.file.sides[side];
  /** The same object each time: an edge's path never changes, and is told with every order that goes over it. */
  const trajectories = new Map<string, Trajectory | undefined>();
  const poses = new Map<string, Pose | undefined>();
  let fences: readonly ChartFence[] | undefined;
  return {
    mapId,
    nodeInMap: (nodeId) => {
      const known = poses.get(nodeId);
      if (known !== undefined || poses.has(nodeId)) return known;
      const pose = nodePoseInMap(site, side, nodeId);
      poses.set(nodeId, pose);
      return pose;
    },
    trajectory: (edgeId) => {
      const known = trajectories.get(edgeId);
      if (known !== undefined || trajectories.has(edgeId)) return known;
      const trajectory = trajectoryIn(site, side, edgeId);
      trajectories.set(edgeId, trajectory);
      return trajectory;
    },
    edgeIds: () => edgesOf(site, side),
    fences: () => {
      fences ??= fencesOf(site, side);
      return fences;
    },
    toSite: (pose) => toSiteFrame(mapToSite, pose),
    toMap: (pose) => toMapFrame(mapToSite, pose),
  };
}

function fencesOf(site: Site, side: Side): readonly ChartFence[] {
  const { mapToSite } = site.file.sides[side];
  const toMap = (corner: Point): Point => {
    const { xM, yM } = toMapFrame(mapToSite, { ...corner, headingRad: 0 });
    return { xM, yM };
  };
  return fencedPlaces(site, side).map((fence) => ({ ...fence, corners: fence.corners.map(toMap) }));
}

function edgesOf(site: Site, side: Side): readonly EdgeId[] {
  return site.lif[side].layouts.flatMap(({ edges }) => edges.map(({ edgeId }) => edgeIdOf(edgeId)));
}

function trajectoryIn(site: Site, side: Side, edgeId: string): Trajectory | undefined {
  const found = trajectoryOf(site, side, edgeId);
  if (found === undefined) return undefined;
  return {
    degree: found.degree,
    knotVector: [...found.knotVector],
    controlPoints: found.controlPoints.map((point) => ({ ...point })),
  };
}
