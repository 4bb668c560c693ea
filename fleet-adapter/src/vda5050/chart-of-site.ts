import { nodePoseInMap, type Side, type Site, toMapFrame, toSiteFrame, trajectoryOf } from "@baton/maps";
import type { Chart } from "./chart.ts";

/** One side's layout of a loaded site, as its vehicles know it. */
export function chartOf(site: Site, side: Side): Chart {
  const { mapId, mapToSite } = site.file.sides[side];
  return {
    mapId,
    nodeInMap: (nodeId) => nodePoseInMap(site, side, nodeId),
    trajectory: (edgeId) => {
      const found = trajectoryOf(site, side, edgeId);
      if (found === undefined) return undefined;
      return {
        degree: found.degree,
        knotVector: [...found.knotVector],
        controlPoints: found.controlPoints.map((point) => ({ ...point })),
      };
    },
    toSite: (pose) => toSiteFrame(mapToSite, pose),
    toMap: (pose) => toMapFrame(mapToSite, pose),
  };
}
