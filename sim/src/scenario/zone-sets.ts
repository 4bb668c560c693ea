import type { ZoneSet } from "@baton/fleet-adapter";
import {
  type Curve,
  nodePoseInMap,
  nurbsCurve,
  type Point,
  reachesOver,
  type Side,
  type Site,
  type Station,
  stationById,
  straightCurve,
  toMapFrame,
  trajectoryOf,
} from "@baton/maps";
import type { Scenario } from "./scenario.ts";

/** Edges are looked at this often along them. */
const STEP_M = 1;
const POINT = { lengthM: 0, widthM: 0 };

/** The zones that a scenario lays over stations of a side, as that side's orchestrator reads them; none or one set. */
export function zoneSetsOf(scenario: Scenario, site: Site, side: Side): readonly ZoneSet[] {
  const { mapId, stations } = site.file.sides[side];
  const zones = scenario.zones.flatMap(({ stationId, marginM, onLoss }) => {
    const station = stationById(site, stationId);
    if (station === undefined || !stations.includes(station)) return [];
    const vertices = groundOf(site, side, station, marginM);
    const edgeIds = edgesOver(site, side, vertices);
    return [{ kind: "RELEASE" as const, zoneId: stationId, onLoss, vertices, edgeIds }];
  });
  return zones.length === 0 ? [] : [{ zoneSetId: `${scenario.scenarioId}.${side}`, mapId, zones }];
}

/** The corners of a station, longer by the margin at both ends, in the side's map frame. */
function groundOf(site: Site, side: Side, { at, sizeM }: Station, marginM: number): Point[] {
  const cos = Math.cos(at.headingRad);
  const sin = Math.sin(at.headingRad);
  return (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).map(([ahead, left]) => {
    const aheadM = ahead * (sizeM.lengthM / 2 + marginM);
    const leftM = (left * sizeM.widthM) / 2;
    const corner = {
      xM: at.xM + aheadM * cos - leftM * sin,
      yM: at.yM + aheadM * sin + leftM * cos,
      headingRad: 0,
    };
    const { xM, yM } = toMapFrame(site.file.sides[side].mapToSite, corner);
    return { xM, yM };
  });
}

function edgesOver(site: Site, side: Side, outline: readonly Point[]): string[] {
  const edges = site.lif[side].layouts.flatMap((layout) => layout.edges);
  return edges.flatMap(({ edgeId, startNodeId, endNodeId }) => {
    const curve = curveOfEdge(site, side, edgeId, startNodeId, endNodeId);
    if (curve === undefined) return [];
    const steps = Math.max(1, Math.ceil(curve.lengthM / STEP_M));
    const isOver = Array.from({ length: steps + 1 }, (_, step) => (step / steps) * curve.lengthM).some(
      (atM) => reachesOver(outline, curve.poseAt(atM), POINT),
    );
    return isOver ? [edgeId] : [];
  });
}

function curveOfEdge(site: Site, side: Side, edgeId: string, from: string, to: string): Curve | undefined {
  const trajectory = trajectoryOf(site, side, edgeId);
  if (trajectory !== undefined) return nurbsCurve(trajectory);
  const start = nodePoseInMap(site, side, from);
  const end = nodePoseInMap(site, side, to);
  return start === undefined || end === undefined ? undefined : straightCurve(start, end);
}
