import {
  handoffPointFor,
  type Network,
  pairOf,
  type Side,
  type Site,
  type Station,
  type StationKind,
  stationsOf as stationsOfSite,
} from "@baton/maps";
import { type Way, wayOver } from "./way.ts";

/** The half of an unmanned lane that lies on one side: its stations and the ways between them. */
export interface SideLane {
  readonly side: Side;
  readonly bound: "outbound" | "inbound";
  /** Which pair of unmanned lanes it is of. */
  readonly pair: number;
  readonly network: Network;
  readonly cranes: readonly Station[];
  readonly bays: readonly Station[];
  readonly docks: readonly Station[];
  readonly portal: Station | undefined;
  readonly weighbridge: Station | undefined;
  readonly scanner: Station | undefined;
  readonly gate: Station;
  /** Past all bays: from the middle crane (or to it, inbound) to the end of the side's road at the line. */
  readonly main: Way;
  /** From the scanner's (or the portal's, or the gate's) node to each bay, and from each bay to the gate, or to the crane. */
  readonly intoBays: readonly Way[];
  readonly outOfBays: readonly Way[];
  /** Into and out of the middle crane. */
  readonly crane: { readonly into: Way; readonly outOf: Way };
}

/** @throws {Error} naming what the layout lacks: a way, or a station. */
export function sideLaneOf(site: Site, network: Network, bound: "outbound" | "inbound", pair = 1): SideLane {
  const { side } = network;
  const stationsOf = (kind: StationKind, of: "outbound" | "inbound"): readonly Station[] =>
    stationsOfSite(site, side, kind, of).filter((station) => pairOf(station) === pair);
  const one = (kind: StationKind): Station | undefined => stationsOf(kind, bound)[0];
  const cranes = stationsOfSite(site, side, "crane");
  const bays = stationsOf("buffer", bound);
  const gate = one(bound === "outbound" ? "exit-gate" : "entry-gate");
  const middle = cranes[Math.floor(cranes.length / 2)];
  if (gate === undefined || middle === undefined) throw new Error(`${side} has no gate or no crane ${bound}`);
  const portal = one("portal");
  const scanner = one("scanner");
  const weighbridge = one("weighbridge");
  const way = (...nodes: (string | undefined)[]): Way => {
    const named = nodes.filter((node) => node !== undefined);
    const found = wayOver(network, named);
    if (found === undefined) throw new Error(`${side} has no way over ${named.join(", ")}`);
    return found;
  };
  const craneNode = middle.nodeId;
  const lastBefore = scanner?.nodeId ?? weighbridge?.nodeId ?? portal?.nodeId ?? gate.nodeId;
  const { line, beyond } = lineNodes(site, { side, pair }, bound);
  // A crane is reached from the lane inbound, and left to the lane outbound, whichever lane is looked at.
  const inboundGate = stationsOf("entry-gate", "inbound")[0]?.nodeId;
  const outboundPortal = stationsOf("portal", "outbound")[0]?.nodeId;
  return {
    side,
    bound,
    pair,
    network,
    cranes,
    bays,
    docks: stationsOf("inspection-dock", bound),
    portal,
    weighbridge,
    scanner,
    gate,
    main:
      bound === "outbound"
        ? way(craneNode, portal?.nodeId, weighbridge?.nodeId, scanner?.nodeId, gate.nodeId, line, beyond)
        : way(line, beyond, gate.nodeId, scanner?.nodeId, craneNode),
    intoBays: bays.map((bay) => way(lastBefore, bay.nodeId)),
    outOfBays: bays.map((bay) => way(bay.nodeId, bound === "outbound" ? gate.nodeId : craneNode)),
    crane: { into: way(inboundGate, craneNode), outOf: way(craneNode, outboundPortal) },
  };
}

/** The hold line and the first stop beyond it, as the side's own layout names them. */
export function lineNodes(
  site: Site,
  { side, pair }: Pick<SideLane, "side" | "pair">,
  bound: "outbound" | "inbound",
): { readonly line: string; readonly beyond: string } {
  const direction = (side === "vn") === (bound === "outbound") ? "export" : "import";
  const point = handoffPointFor(site, direction, pair);
  if (point === undefined) throw new Error(`${site.siteId} has no hand-off point for ${direction}`);
  return bound === "outbound"
    ? { line: point.hold.giverNodeId, beyond: point.beyond.giverNodeId }
    : { line: point.hold.takerNodeId, beyond: point.beyond.takerNodeId };
}

/** The part of a way from one node to another. */
export function partOf(way: Way, fromNode: string, toNode: string): Way {
  const { moves, poses } = way.network;
  const from = way.moves.findIndex((move) => poses.nodeIds[moves.from[move] ?? -1] === fromNode);
  const to = way.moves.findIndex((move) => poses.nodeIds[moves.to[move] ?? -1] === toNode);
  return { network: way.network, moves: way.moves.slice(Math.max(0, from), to + 1) };
}

/** What comes before and after a node on a way. */
export function aroundNode(way: Way, nodeId: string): { readonly into: Way; readonly outOf: Way } {
  const { moves, poses } = way.network;
  const at = way.moves.findIndex((move) => poses.nodeIds[moves.to[move] ?? -1] === nodeId);
  return {
    into: { network: way.network, moves: way.moves.slice(0, at + 1) },
    outOf: { network: way.network, moves: way.moves.slice(at + 1) },
  };
}
