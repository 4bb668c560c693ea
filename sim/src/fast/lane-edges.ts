import { type EdgeId, nodePoseInSite, type Point, type Side, type Site } from "@baton/maps";

/** The edges of a side's layout that run along one of its lanes, from its first metre to its last. */
export function edgesOfLane(site: Site, side: Side, laneId: string): EdgeId[] {
  const lane = site.file.sides[side].lanes.find((one) => one.laneId === laneId);
  if (lane === undefined) return [];
  const onLane = (nodeId: string): boolean => {
    const pose = nodePoseInSite(site, side, nodeId);
    return pose !== undefined && distanceM(pose, lane.centreLine) <= lane.widthM / 2;
  };
  return site.lif[side].layouts
    .flatMap((layout) => layout.edges)
    .filter(({ startNodeId, endNodeId }) => onLane(startNodeId) && onLane(endNodeId))
    .map(({ edgeId }) => edgeId as EdgeId);
}

/** How far a point is from a line through points. */
function distanceM(point: Point, line: readonly Point[]): number {
  let nearestM = Number.POSITIVE_INFINITY;
  for (let at = 1; at < line.length; at++) {
    const from = line[at - 1];
    const to = line[at];
    if (from === undefined || to === undefined) continue;
    const lengthSquared = (to.xM - from.xM) ** 2 + (to.yM - from.yM) ** 2;
    const along =
      ((point.xM - from.xM) * (to.xM - from.xM) + (point.yM - from.yM) * (to.yM - from.yM)) / lengthSquared;
    const part = Math.max(0, Math.min(1, along));
    const xM = from.xM + part * (to.xM - from.xM);
    const yM = from.yM + part * (to.yM - from.yM);
    nearestM = Math.min(nearestM, Math.hypot(point.xM - xM, point.yM - yM));
  }
  return nearestM;
}
