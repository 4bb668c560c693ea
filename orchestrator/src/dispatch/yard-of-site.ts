import {
  boundOf,
  type DeviceId,
  type EdgeId,
  fencedPlaces,
  type HandoffPointId,
  type NodeId,
  nodePoseInSite,
  otherSide,
  type Side,
  type Site,
  type StationId,
  type StationKind,
  stationsOf,
  type VehicleClassId,
  type VisitPoint,
} from "@baton/maps";
import { ways } from "./ways.ts";
import type { VisitLine, Yard, YardLine, YardStation } from "./yard.ts";

const made = new WeakMap<Site, Map<Side, Yard>>();

/**
 * One side's yard from its site, made once for each. Names become branded ids here: the site was checked when it
 * was loaded.
 */
export function yardOfSite(site: Site, side: Side): Yard {
  const ofSite = made.get(site) ?? new Map<Side, Yard>();
  made.set(site, ofSite);
  const yard = ofSite.get(side) ?? makeYard(site, side);
  ofSite.set(side, yard);
  return yard;
}

function makeYard(site: Site, side: Side): Yard {
  const layout = site.lif[side].layouts[0];
  if (layout === undefined) throw new Error(`the layout of ${site.siteId} ${side} is empty`);
  const startOf = new Map(layout.edges.map((edge) => [edge.edgeId, edge.startNodeId]));
  const poses = new Map(
    layout.nodes.flatMap((node) => {
      const pose = nodePoseInSite(site, side, node.nodeId);
      return pose === undefined ? [] : [[node.nodeId, pose] as const];
    }),
  );
  const roads = layout.edges.flatMap((edge) => {
    const from = poses.get(edge.startNodeId);
    const to = poses.get(edge.endNodeId);
    if (from === undefined || to === undefined) return [];
    // The chord: dispatch compares ways, it does not plan them.
    const lengthM = Math.hypot(to.xM - from.xM, to.yM - from.yM);
    return [{ from: edge.startNodeId, to: edge.endNodeId, lengthM }];
  });
  const endingAt = (nodeId: string | undefined): readonly EdgeId[] =>
    layout.edges.flatMap((edge) => (edge.endNodeId === nodeId ? [edge.edgeId as EdgeId] : []));
  const fences = site.file.fences?.filter((fence) => fence.side === side) ?? [];
  const fenced = fencedNodes(site, side);
  return {
    siteId: site.siteId,
    side,
    stations: stationsOf(site, side).map((station): YardStation => {
      const begin = startOf.get(station.throughEdgeIds?.[0] ?? "");
      return {
        stationId: station.stationId as StationId,
        kind: station.kind,
        bound: station.bound,
        ...optionalPair(station.pair),
        nodeId: station.nodeId as NodeId | undefined,
        pose: station.nodeId === undefined ? undefined : poses.get(station.nodeId),
        beginNodeId: begin as NodeId | undefined,
        deviceIds: station.deviceIds as DeviceId[],
        ...(IN_LANE.has(station.kind)
          ? { edgeIds: [...endingAt(station.nodeId), ...((station.throughEdgeIds ?? []) as EdgeId[])] }
          : {}),
        ...optionalFence(fenced.get(station.nodeId ?? "")),
      };
    }),
    nodes: [...poses].map(([nodeId, pose]) => ({ nodeId: nodeId as NodeId, pose })),
    vehicleClasses: site.file.vehicleClasses.map((one) => ({
      vehicleClassId: one.vehicleClassId as VehicleClassId,
      lengthM: one.lengthM,
      widthM: one.widthM,
      maxLoadKg: one.maxLoadKg,
    })),
    craneQueues: craneQueuesOf(site, side),
    lines: linesOf(site, side),
    fenceOf: (vehicleId) => fences.find((fence) => fence.vehicleIds.includes(vehicleId))?.fenceId,
    wayM: ways(roads),
  };
}

/** The stations at which a vehicle stands or is looked at in a lane. */
const IN_LANE: ReadonlySet<StationKind> = new Set([
  "portal",
  "weighbridge",
  "scanner",
  "exit-gate",
  "hold-line",
  "first-stop",
  "entry-gate",
]);

const optionalPair = (pair: number | undefined) => (pair === undefined ? {} : { pair });
const optionalFence = (fenceId: string | undefined) => (fenceId === undefined ? {} : { fenceId });

/** By node: the fence that it is inside of. */
function fencedNodes(site: Site, side: Side): ReadonlyMap<string, string> {
  return new Map(
    fencedPlaces(site, side).flatMap(({ fenceId, nodeIds }) =>
      [...nodeIds].map((nodeId) => [nodeId, fenceId] as const),
    ),
  );
}

type VisitGround = Omit<VisitLine, "handoffPointId" | "direction">;

function visitOf(
  site: Site,
  side: Side,
  role: "giverNodeId" | "takerNodeId",
  { mode, homePointId, hold, home, pad, in: into, out }: VisitPoint,
): VisitGround {
  const station = stationsOf(site, role === "takerNodeId" ? side : otherSide(side), "exchange-pad").find(
    (one) => one.nodeId === pad.takerNodeId,
  );
  const at = nodePoseInSite(site, side, pad[role]);
  if (station === undefined || at === undefined)
    throw new Error(`${pad.takerNodeId} was checked to be the node of an exchange pad`);
  return {
    mode,
    homePointId: homePointId as HandoffPointId,
    holdNodeId: hold[role] as NodeId,
    homeNodeId: home[role] as NodeId,
    pad: { stationId: station.stationId as StationId, nodeId: pad[role] as NodeId, xM: at.xM, yM: at.yM },
    inStretchId: into.stretchId,
    outStretchId: out.stretchId,
  };
}

function craneQueuesOf(site: Site, side: Side): Yard["craneQueues"] {
  const queues = site.file.queues?.filter((one) => one.side === side && one.leadsTo === "cranes") ?? [];
  return new Map(
    queues.flatMap(({ queueId, nodeIds, pair = 1 }) => {
      const head = nodeIds.at(-1);
      if (head === undefined) return [];
      return [[pair, { stationId: queueId as StationId, nodeId: head as NodeId, deviceIds: [] }] as const];
    }),
  );
}

function linesOf(site: Site, side: Side): readonly YardLine[] {
  return site.file.handoffPoints.map((point): YardLine => {
    const { direction } = point;
    const giver = boundOf(side, direction) === "outbound" ? side : otherSide(side);
    const role = giver === side ? "giverNodeId" : "takerNodeId";
    const common = { handoffPointId: point.handoffPointId as HandoffPointId, direction };
    if (point.mode === "container-transfers") {
      const { mode, deviceId, orderShare } = point;
      const nodeId = point.pads[role] as NodeId;
      const station = stationsOf(site, side, "transfer-pad").find((one) => one.nodeId === nodeId);
      if (station === undefined) throw new Error(`${nodeId} was checked to be the node of a transfer pad`);
      const pad = { stationId: station.stationId as StationId, nodeId };
      return { ...common, mode, deviceId, pad, ...(orderShare === undefined ? {} : { orderShare }) };
    }
    if (point.mode === "host-grants") return { ...common, ...visitOf(site, side, role, point) };
    const holdXM = nodePoseInSite(site, side, point.hold[role])?.xM;
    return {
      ...common,
      mode: point.mode,
      ...optionalPair(point.pair),
      holdNodeId: point.hold[role] as NodeId,
      beyondNodeId: point.beyond[role] as NodeId,
      ...(holdXM === undefined ? {} : { holdXM }),
    };
  });
}
