import type { ZoneSet } from "@baton/fleet-adapter";
import {
  type Curve,
  compileNetwork,
  curveOf,
  type EdgeId,
  type Network,
  nodePoseInMap,
  otherSide,
  rowOf,
  SIDES,
  type Side,
  type Site,
  toSiteFrame,
  trajectoryOf,
} from "@baton/maps";
import type { SiteView } from "../contract/index.ts";

/** On curves the centre line is sampled this often; a straight edge needs its two ends only. */
const SAMPLE_M = 1;

type Road = SiteView["roads"][number];
type Edge = Site["lif"]["vn"]["layouts"][number]["edges"][number];

/** An edge's way in its side's map frame; undefined when an end of it is not in the layout. */
function edgeCurve(site: Site, side: Side, edge: Edge): Curve | undefined {
  const trajectory = trajectoryOf(site, side, edge.edgeId);
  if (trajectory !== undefined) return curveOf({ kind: "trajectory", trajectory });
  const from = nodePoseInMap(site, side, edge.startNodeId);
  const to = nodePoseInMap(site, side, edge.endNodeId);
  return from === undefined || to === undefined ? undefined : curveOf({ kind: "straight", from, to });
}

/** The centre line of every edge of one side, in the site frame, with the ground that it takes. */
function roadsOf(site: Site, side: Side, network: Network): Road[] {
  const layout = site.lif[side];
  const { mapToSite } = site.file.sides[side];
  return layout.layouts.flatMap((each) =>
    // The strip is in both layouts, under each side's own names: either side's grants can be drawn.
    each.edges.flatMap((edge): Road[] => {
      const curve = edgeCurve(site, side, edge);
      if (curve === undefined) return [];
      const pieces = curve.isStraight ? 1 : Math.max(1, Math.ceil(curve.lengthM / SAMPLE_M));
      const xM: number[] = [];
      const yM: number[] = [];
      for (let i = 0; i <= pieces; i++) {
        const at = toSiteFrame(mapToSite, curve.poseAt((curve.lengthM * i) / pieces));
        xM.push(round(at.xM));
        yM.push(round(at.yM));
      }
      return [{ edgeId: edge.edgeId, side, xM, yM, ...groundOfEdge(network, edge.edgeId as EdgeId) }];
    }),
  );
}

function groundOfEdge(network: Network, edgeId: EdgeId): Pick<Road, "blocks"> {
  const move = network.moveIndex(edgeId);
  return move === undefined ? {} : { blocks: [...rowOf(network.moves.blocks, move)] };
}

const round = (metres: number): number => Math.round(metres * 1000) / 1000;

/** Fenced ground of both sides, and the zones of this one; what there is none of is left out. */
function areasOf(site: Site, side: Side, zoneSets: readonly ZoneSet[]): Pick<SiteView, "fences" | "zones"> {
  const { mapToSite } = site.file.sides[side];
  const fences = (site.file.fences ?? []).map(({ fenceId, side: of, vehicleIds, outline }) => ({
    fenceId,
    side: of,
    vehicleIds: [...vehicleIds],
    xM: outline.map(({ xM }) => xM),
    yM: outline.map(({ yM }) => yM),
  }));
  const zones = zoneSets.flatMap((zoneSet) =>
    zoneSet.zones.map((zone) => {
      const corners = zone.vertices.map((corner) => toSiteFrame(mapToSite, { ...corner, headingRad: 0 }));
      return {
        zoneId: zone.zoneId,
        kind: zone.kind,
        ...(zone.kind === "SPEED_LIMIT" ? { maxSpeedMps: zone.maxSpeedMps } : {}),
        xM: corners.map(({ xM }) => round(xM)),
        yM: corners.map(({ yM }) => round(yM)),
      };
    }),
  );
  return { ...(fences.length === 0 ? {} : { fences }), ...(zones.length === 0 ? {} : { zones }) };
}

/**
 * What a viewer needs to draw the crossing, made once. `own`: this side's network, as it was compiled already; `zoneSets`: what
 * this side tells its vehicles of zones, in its map frame.
 */
export function siteViewOf(
  site: Site,
  side: Side,
  own: Network,
  zoneSets: readonly ZoneSet[],
  feeds: SiteView["feeds"],
): SiteView {
  const networkOf = (each: Side): Network =>
    each === side ? own : compileNetwork(site, each, own.vehicleClassId);
  const both: readonly Side[] = [side, otherSide(side)];
  return {
    siteId: site.siteId,
    side,
    name: site.file.name,
    lanes: both.flatMap((each) =>
      site.file.sides[each].lanes.map((lane) => ({
        laneId: lane.laneId,
        side: each,
        direction: lane.direction,
        kind: lane.kind,
        widthM: lane.widthM,
        xM: lane.centreLine.map((point) => point.xM),
        yM: lane.centreLine.map((point) => point.yM),
      })),
    ),
    stations: both.flatMap((each) =>
      site.file.sides[each].stations.map((station) => ({
        stationId: station.stationId,
        side: each,
        kind: station.kind,
        bound: station.bound,
        ...station.at,
        ...station.sizeM,
      })),
    ),
    roads: SIDES.flatMap((each) => roadsOf(site, each, networkOf(each))),
    ...areasOf(site, side, zoneSets),
    vehicleClasses: site.file.vehicleClasses.map(({ vehicleClassId, lengthM, widthM, heightM }) => ({
      vehicleClassId,
      lengthM,
      widthM,
      heightM,
    })),
    hours: both.map((each) => {
      const { timeZone, utcOffsetMinutes, calendar } = site.file.sides[each];
      return { side: each, timeZone, utcOffsetMinutes, openingHours: [...calendar] };
    }),
    targets: [...(site.file.targets ?? [])],
    feeds,
  };
}
