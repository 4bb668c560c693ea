import { nodePoseInMap, type Side, type Site, toMapFrame, toSiteFrame, trajectoryOf } from "@baton/maps";
import type { Chart } from "./chart.ts";
import type { Trajectory } from "./wire/index.ts";

/** One side's layout of a loaded site, as its vehicles know it. */
export function chartOf(site: Site, side: Side): Chart {
  const { mapId, mapToSite } = site.file.sides[side];
  /** The same object each time: an edge's path never changes, and is told with every order that goes over it. */
  const trajectories = new Map<string, Trajectory>();
  return {
    mapId,
    nodeInMap: (nodeId) => nodePoseInMap(site, side, nodeId),
    trajectory: (edgeId) => {
      const known = trajectories.get(edgeId);
      if (known !== undefined) return known;
      const found = trajectoryOf(site, side, edgeId);
      if (found === undefined) return undefined;
      const trajectory = {
        degree: found.degree,
        knotVector: [...found.knotVector],
        controlPoints: found.controlPoints.map((point) => ({ ...point })),
      };
      trajectories.set(edgeId, trajectory);
      return trajectory;
    },
    toSite: (pose) => toSiteFrame(mapToSite, pose),
    toMap: (pose) => toMapFrame(mapToSite, pose),
  };
}
