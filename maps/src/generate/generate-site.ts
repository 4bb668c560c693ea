import { composed, inverseOf, pointToSiteFrame, toMapFrame, toSiteFrame } from "../geometry/frames.ts";
import type { Trajectory } from "../geometry/nurbs.ts";
import type { Point, Pose } from "../geometry/pose.ts";
import { type Direction, SIDES, type Side } from "../ids.ts";
import type { Lif } from "../layout/lif.ts";
import type { HandoffPoint, RigidTransform, SiteFile, Station } from "../layout/site-file.ts";
import type { ExchangePad } from "./exchange-pad.ts";
import { BEYOND_INDEX } from "./lane-builder.ts";
import { laneOffsets, pairIn, pairSuffix } from "./lane-pairs.ts";
import { lanesOf, rounded } from "./manned-lanes.ts";
import type { CrossingFigures, SiteParameters } from "./parameters.ts";
import { sectionsOf } from "./sections.ts";
import { type LanePair, layOutSide, type SideLayout } from "./side-layout.ts";
import { stationsFor } from "./stations.ts";

/** The files of a site, as data. */
export interface GeneratedSite {
  readonly siteFile: SiteFile;
  readonly lif: Record<Side, Lif>;
}

const VEHICLE_CLASS_ID = "sim.carrier-15";

const OUTWARD_TO_SITE: Record<Side, RigidTransform> = {
  vn: { dxM: 0, dyM: 0, rotationRad: 0 },
  cn: { dxM: 0, dyM: 0, rotationRad: Math.PI },
};

/** Makes a site's files from its parameters: the same parameters give the same files. */
export function generateSite(parameters: SiteParameters): GeneratedSite {
  const { crossing } = parameters;
  const offsets = laneOffsets(crossing, parameters);
  const layouts = {
    vn: layOutSide("vn", parameters.vn, crossing, offsets.vn),
    cn: layOutSide("cn", parameters.cn, crossing, offsets.cn),
  };
  const stations = {
    vn: stationsFor(layouts.vn, parameters.vn, (pose) => toSiteFrame(OUTWARD_TO_SITE.vn, pose)),
    cn: stationsFor(layouts.cn, parameters.cn, (pose) => toSiteFrame(OUTWARD_TO_SITE.cn, pose)),
  };
  const strip = pairStrip(layouts);
  // What the partner's survey finds a few millimetres away: the nodes that both sides have measured.
  const surveyErrors = new Map(strip.nodes.map(({ cn }, i) => [cn, surveyErrorM(i)]));
  const lif = {
    vn: lifOf(parameters, layouts.vn, stations.vn, new Map()),
    cn: lifOf(parameters, layouts.cn, stations.cn, surveyErrors),
  };
  const vnToCn = roundedTransform(composed(inverseOf(parameters.cn.mapToSite), parameters.vn.mapToSite));
  const sharedPoints = strip.nodes.map(({ vn, cn }, i) => {
    const expected = pointToSiteFrame(vnToCn, nodeAt(lif.vn, vn));
    const found = nodeAt(lif.cn, cn);
    const residualM = rounded(Math.hypot(found.xM - expected.xM, found.yM - expected.yM), 4);
    return { pointId: `strip-${i + 1}`, vnNodeId: vn, cnNodeId: cn, residualM };
  });
  const siteFile: SiteFile = {
    siteFileVersion: 1,
    siteId: parameters.siteId,
    name: parameters.name,
    safetyMarginM: crossing.safetyMarginM.value,
    sides: {
      vn: sideSite(parameters, layouts.vn, stations.vn),
      cn: sideSite(parameters, layouts.cn, stations.cn),
    },
    zones: SIDES.map((side) => {
      const reachM = Math.max(parameters[side].figures.truckGateM.value, layouts[side].yardEndM) + 100;
      return {
        zoneId: `${side}.${parameters.siteId}`,
        side,
        fromXM: side === "vn" ? -rounded(reachM, 0) : 0,
        toXM: side === "vn" ? 0 : rounded(reachM, 0),
      };
    }),
    survey: {
      version: parameters.surveyVersion,
      surveyedOn: parameters.surveyedOn,
      vnToCn,
      toleranceM: crossing.surveyToleranceM.value,
      sharedPoints,
    },
    strip: {
      fromXM: -crossing.stripEndM.value,
      toXM: crossing.stripEndM.value,
      nodes: strip.nodes,
      edges: strip.edges,
    },
    handoffPoints: [
      ...layouts.vn.pairs.flatMap((vn, i) => passingPoints(vn, layouts.cn.pairs[i])),
      ...transferPoint("export", layouts.vn, layouts.cn),
      ...transferPoint("import", layouts.cn, layouts.vn),
      ...visitPoint("export", layouts.vn, layouts.cn),
    ],
    sections: SIDES.flatMap((side) => sectionsOf(layouts[side], crossing)),
    queues: SIDES.flatMap((side) => queuesOf(layouts[side])),
    vehicleClasses: [vehicleClassOf(crossing)],
    ...(parameters.targets === undefined ? {} : { targets: [...parameters.targets] }),
    figures: figuresOf(parameters),
  };
  return { siteFile, lif };
}

function sideSite(
  parameters: SiteParameters,
  layout: SideLayout,
  stations: Station[],
): SiteFile["sides"]["vn"] {
  const side = parameters[layout.side];
  return {
    lifFile: `${layout.side}.lif.json`,
    mapId: mapIdOf(parameters, layout.side),
    timeZone: side.timeZone,
    utcOffsetMinutes: side.utcOffsetMinutes,
    mapToSite: { ...side.mapToSite },
    lanes: lanesOf(layout, parameters.crossing, (point) =>
      pointToSiteFrame(OUTWARD_TO_SITE[layout.side], point),
    ),
    stations,
    calendar: [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, from: "00:00", to: "24:00" })),
  };
}

function mapIdOf(parameters: SiteParameters, side: Side): string {
  return `${parameters.siteId}.${side}`;
}

function pairStrip(layouts: Record<Side, SideLayout>): Pick<SiteFile["strip"], "nodes" | "edges"> {
  const pair = (vn: readonly string[], cn: readonly string[]) =>
    vn.map((id, i) => ({ vn: id, cn: cn[i] ?? "" }));
  const [vn, cn] = [layouts.vn.exchange, layouts.cn.exchange];
  return {
    nodes: [
      ...layouts.vn.pairs.flatMap(({ out, in: inbound }, i) => [
        ...pair(out.strip, layouts.cn.pairs[i]?.in.strip ?? []),
        ...pair(inbound.strip, layouts.cn.pairs[i]?.out.strip ?? []),
      ]),
      ...pair(padsIn(vn.partners), padsIn(cn.own)),
    ],
    edges: [
      ...layouts.vn.pairs.flatMap(({ out, in: inbound }, i) => [
        ...pair(out.stripEdges, layouts.cn.pairs[i]?.in.stripEdges ?? []),
        ...pair(inbound.stripEdges, layouts.cn.pairs[i]?.out.stripEdges ?? []),
      ]),
      ...pair(turnsIn(vn.partners), turnsIn(cn.own)),
    ],
  };
}

const padsIn = (pad: ExchangePad | undefined): readonly string[] => (pad === undefined ? [] : [pad.pad]);
/** What of the way to the pad and back is not the strip's already: the two halves of the U-turn. */
const turnsIn = (pad: ExchangePad | undefined): readonly string[] =>
  pad === undefined ? [] : [...pad.inEdges.slice(-1), ...pad.outEdges.slice(0, 1)];

/** The queues before the hold line and before the cranes; none where there is no room for a second place. */
function queuesOf({ side, pairs }: SideLayout): NonNullable<SiteFile["queues"]> {
  const queues = pairs.flatMap(({ pair, out, in: inbound }) => [
    { queueId: `${side}.out${pairSuffix(pair)}.hold`, side, nodeIds: [...out.queue] },
    {
      queueId: `${side}.in${pairSuffix(pair)}.yard`,
      side,
      nodeIds: [...inbound.yardQueue],
      leadsTo: "cranes" as const,
      ...pairIn(pair),
    },
  ]);
  return queues.filter((queue) => queue.nodeIds.length >= 2);
}

function passingPoints(vn: LanePair, cn: LanePair | undefined): HandoffPoint[] {
  if (cn === undefined) throw new Error("both sides have the same pairs of lanes");
  return [handoffPoint("export", vn, cn), handoffPoint("import", cn, vn)];
}

function handoffPoint(direction: Direction, giver: LanePair, taker: LanePair): HandoffPoint {
  const at = (strip: readonly string[], index: number) => strip[index] ?? "";
  return {
    handoffPointId: `${direction}-${giver.pair}`,
    direction,
    mode: "control-passes",
    ...pairIn(giver.pair),
    hold: { giverNodeId: at(giver.out.strip, 0), takerNodeId: at(taker.in.strip, 0) },
    beyond: {
      giverNodeId: at(giver.out.strip, BEYOND_INDEX),
      takerNodeId: at(taker.in.strip, BEYOND_INDEX),
    },
  };
}

/** One crane runs along the middle of the road over both sides' pads, and serves both directions. */
function transferPoint(direction: Direction, giver: SideLayout, taker: SideLayout): HandoffPoint[] {
  const isLaidOut = giver.pad !== undefined && taker.pad !== undefined;
  if (!isLaidOut || giver.loadWay === undefined || taker.loadWay === undefined) return [];
  return [
    {
      handoffPointId: `${direction}-crane`,
      direction,
      mode: "container-transfers",
      deviceId: "line-crane-1",
      pads: { giverNodeId: giver.pad, takerNodeId: taker.pad },
      loadWay: { giverEdgeId: giver.loadWay, takerEdgeId: taker.loadWay },
    },
  ];
}

/** There and back over the line, for vehicles that their own side drives on the partner's ground. */
function visitPoint(direction: Direction, giver: SideLayout, taker: SideLayout): HandoffPoint[] {
  const [home, host] = [giver.exchange.partners, taker.exchange.own];
  if (home === undefined || host === undefined) return [];
  const at = (strip: readonly string[], index: number) => strip[index] ?? "";
  return [
    {
      handoffPointId: `${direction}-visit`,
      direction,
      mode: "host-grants",
      hold: { giverNodeId: at(giver.out.strip, 0), takerNodeId: at(taker.in.strip, 0) },
      pad: { giverNodeId: home.pad, takerNodeId: host.pad },
      home: { giverNodeId: at(giver.in.strip, BEYOND_INDEX), takerNodeId: at(taker.out.strip, BEYOND_INDEX) },
      in: { stretchId: `${taker.side}.visit-in`, takerEdgeIds: [...host.inEdges] },
      out: { stretchId: `${taker.side}.visit-out`, takerEdgeIds: [...host.outEdges] },
      homePointId: `${direction}-visit-home`,
    },
  ];
}

/** A survey's error at the i-th shared point: 2 to 8 mm, in directions spread by the golden angle. */
function surveyErrorM(i: number): Point {
  const lengthM = 0.002 + ((i * 5) % 7) * 0.001;
  const angleRad = i * 2.399963;
  return { xM: lengthM * Math.cos(angleRad), yM: lengthM * Math.sin(angleRad) };
}

function lifOf(
  parameters: SiteParameters,
  layout: SideLayout,
  stations: readonly Station[],
  errors: ReadonlyMap<string, Point>,
): Lif {
  const { mapToSite } = parameters[layout.side];
  const mapId = mapIdOf(parameters, layout.side);
  const toMap = (pose: Pose): Pose => toMapFrame(mapToSite, toSiteFrame(OUTWARD_TO_SITE[layout.side], pose));
  const measured = (nodeId: string): Pose => {
    const pose = toMap(layout.track.poseOf(nodeId));
    const error = errors.get(nodeId) ?? { xM: 0, yM: 0 };
    return {
      xM: rounded(pose.xM + error.xM, 4),
      yM: rounded(pose.yM + error.yM, 4),
      headingRad: rounded(pose.headingRad, 6),
    };
  };
  const trajectoryInMap = (trajectory: Trajectory, from: string, to: string) => ({
    degree: trajectory.degree,
    knotVector: [...trajectory.knotVector],
    controlPoints: trajectory.controlPoints.map((point, i, all) => {
      const ends = i === 0 ? measured(from) : i === all.length - 1 ? measured(to) : undefined;
      const place = ends ?? toMap({ xM: point.x, yM: point.y, headingRad: 0 });
      return { x: rounded(place.xM, 4), y: rounded(place.yM, 4), weight: rounded(point.weight ?? 1, 9) };
    }),
  });
  return {
    metaInformation: {
      projectIdentification: `Baton ${parameters.siteId} ${layout.side}`,
      creator: "Baton layout generator",
      exportTimestamp: parameters.exportTimestamp,
      lifVersion: "1.0.0",
    },
    layouts: [
      {
        layoutId: mapId,
        layoutName: parameters.name.en,
        layoutVersion: "1",
        nodes: [...layout.track.nodes.keys()].map((nodeId) => {
          const pose = measured(nodeId);
          return {
            nodeId,
            mapId,
            nodePosition: { x: pose.xM, y: pose.yM },
            vehicleTypeNodeProperties: [{ vehicleTypeId: VEHICLE_CLASS_ID, theta: pose.headingRad }],
          };
        }),
        edges: [...layout.track.edges.values()].map((edge) => ({
          edgeId: edge.id,
          startNodeId: edge.from,
          endNodeId: edge.to,
          vehicleTypeEdgeProperties: [
            {
              vehicleTypeId: VEHICLE_CLASS_ID,
              vehicleOrientation: 0,
              orientationType: "TANGENTIAL" as const,
              rotationAllowed: false,
              rotationAtStartNodeAllowed: "NONE" as const,
              rotationAtEndNodeAllowed: "NONE" as const,
              maxSpeed: edge.speedMps,
              ...(edge.trajectory === undefined
                ? {}
                : { trajectory: trajectoryInMap(edge.trajectory, edge.from, edge.to) }),
            },
          ],
        })),
        stations: stations.flatMap((station) => {
          if (station.nodeId === undefined) return [];
          const at = toMapFrame(mapToSite, station.at);
          return [
            {
              stationId: station.stationId,
              interactionNodeIds: [station.nodeId],
              stationName: station.stationId,
              stationDescription: station.kind,
              stationHeight: station.sizeM.heightM,
              stationPosition: {
                x: rounded(at.xM, 4),
                y: rounded(at.yM, 4),
                theta: rounded(at.headingRad, 6),
              },
            },
          ];
        }),
      },
    ],
  };
}

function nodeAt(lif: Lif, nodeId: string): Point {
  const node = lif.layouts[0]?.nodes.find((candidate) => candidate.nodeId === nodeId);
  if (node === undefined) throw new Error(`there is no node ${nodeId}`);
  return { xM: node.nodePosition.x, yM: node.nodePosition.y };
}

function vehicleClassOf(crossing: CrossingFigures): SiteFile["vehicleClasses"][number] {
  return {
    vehicleClassId: VEHICLE_CLASS_ID,
    lengthM: crossing.vehicleLengthM.value,
    widthM: crossing.vehicleWidthM.value,
    heightM: crossing.vehicleHeightM.value,
    massKg: crossing.vehicleMassKg.value,
    maxLoadKg: crossing.vehicleMaxLoadKg.value,
    maxSpeedMps: crossing.vehicleMaxSpeedMps.value,
    accelerationMps2: crossing.vehicleAccelerationMps2.value,
    brakingMps2: crossing.vehicleBrakingMps2.value,
    turningRadiusM: crossing.vehicleTurningRadiusM.value,
    batteryHours: crossing.vehicleBatteryHours.value,
    chargeHours: crossing.vehicleChargeHours.value,
  };
}

function figuresOf(parameters: SiteParameters): SiteFile["figures"] {
  const named = (prefix: string, figures: object) =>
    Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, { ...value }] as const);
  return Object.fromEntries([
    ...named("crossing", parameters.crossing),
    ...named("vn", parameters.vn.figures),
    ...named("cn", parameters.cn.figures),
  ]);
}

function roundedTransform(transform: RigidTransform): RigidTransform {
  return {
    dxM: rounded(transform.dxM, 6),
    dyM: rounded(transform.dyM, 6),
    rotationRad: rounded(transform.rotationRad, 10),
  };
}
