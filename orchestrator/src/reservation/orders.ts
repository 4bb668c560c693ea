import type {
  DriveEdge,
  DriveNode,
  DriveOrder,
  FleetAdapter,
  FleetEvent,
  FleetOrderId,
  VehicleId,
  VehicleState,
} from "@baton/fleet-adapter";
import type { EdgeId, Network } from "@baton/maps";
import type { CommittedLeg } from "./core/committed-leg.ts";
import { at } from "./core/runs.ts";
import type { LegId } from "./port.ts";

export interface OrderWriterOptions {
  readonly network: Network;
  readonly fleet: Pick<FleetAdapter, "drive">;
  /** Whether the vehicle's control register names this side. */
  readonly mayCommand: (vehicleId: VehicleId) => boolean;
  /** How many planned nodes beyond its grants a vehicle is shown at most; 12 if not given. */
  readonly horizonNodes?: number;
}

export interface OrderWriter {
  /** Tells vehicles what is new; to be called after each tick with the legs that the ledger has confirmed. */
  write(legs: readonly CommittedLeg[]): void;
  /** Tells of what came of an order: one that was given up on the vehicle is over, whatever of it was told last. */
  hear(event: Extract<FleetEvent, { readonly kind: "orderEnded" }>): void;
  /** Whether a vehicle in this state has all that it was told from here, by this process, and that still counts. */
  hasAllTold(state: Pick<VehicleState, "vehicleId" | "orderId" | "orderRevision">): boolean;
}

/** The horizon shows a vehicle at most this much of what is planned beyond its grants. */
const HORIZON_NODES = 12;
const HORIZON_M = 300;

/**
 * Turns committed legs into orders: granted = base, planned = horizon (VDA 5050, 6.6). Only for vehicles that
 * this side commands, and only when something changed since the vehicle was told; when a vehicle becomes this
 * side's to command (a hand-off), its order goes out with the next tick.
 */
export function createOrderWriter(options: OrderWriterOptions): OrderWriter {
  const { network, fleet, mayCommand, horizonNodes } = options;
  const told = new Map<VehicleId, { readonly legId: LegId; readonly revision: number }>();
  /** The order of each vehicle that was given up last; it does not come back under its id. */
  const givenUp = new Map<VehicleId, string>();
  return {
    write(legs) {
      for (const leg of legs) {
        if (leg.commandedBy !== "us") continue;
        const orderLegId = orderLegOf(leg);
        const last = told.get(leg.vehicleId);
        if (last?.legId === orderLegId && last.revision >= leg.revision) continue;
        if (givenUp.get(leg.vehicleId) === orderLegId || !mayCommand(leg.vehicleId)) continue;
        // Nothing to drive yet, or not known yet which way: an order of one node would end before it began.
        if (leg.grantedEdges === 0 && (leg.edgeIds.length > 0 || !leg.leadsToEnd)) continue;
        told.set(leg.vehicleId, { legId: orderLegId, revision: leg.revision });
        fleet.drive(leg.vehicleId, orderOf(network, leg, horizonNodes));
      }
      if (told.size > legs.length) forgetOthers(told, legs);
      if (givenUp.size > legs.length) forgetOthers(givenUp, legs);
    },
    hear({ vehicleId, orderId, how }) {
      if (how === "cancelled") givenUp.set(vehicleId, orderId);
    },
    hasAllTold({ vehicleId, orderId, orderRevision }) {
      const last = told.get(vehicleId);
      const ofLast: string | undefined = last?.legId;
      if (last === undefined || givenUp.get(vehicleId) === ofLast) return true;
      return orderId === ofLast && orderRevision >= orderRevisionOf(last);
    },
  };
}

function forgetOthers(told: Map<VehicleId, unknown>, legs: readonly CommittedLeg[]): void {
  const known = new Set(legs.map((leg) => leg.vehicleId));
  for (const vehicleId of told.keys()) if (!known.has(vehicleId)) told.delete(vehicleId);
}

const NO_ACTIONS: DriveNode["actions"] = [];

/** The order that a leg is at this moment: from its first node to the end of its horizon. */
export function orderOf(network: Network, leg: CommittedLeg, horizonNodes = HORIZON_NODES): DriveOrder {
  const { edgeIds, grantedEdges } = leg;
  const end = horizonEnd(network, leg, horizonNodes);
  // A path that was cut ends somewhere on the way: nothing is to be done there.
  const whole = leg.leadsToEnd && end === edgeIds.length;
  const actionsAt = (node: number): DriveNode["actions"] =>
    whole && node === end ? leg.actionsAtEnd : NO_ACTIONS;
  const parts = grantedParts.get(network) ?? new Map<EdgeId, GrantedPart>();
  grantedParts.set(network, parts);
  const edges: DriveEdge[] = [];
  const nodes: DriveNode[] = [{ nodeId: leg.startNodeId, released: true, actions: actionsAt(0) }];
  for (let i = 0; i < end; i++) {
    const { edge, node } = grantedPart(network, parts, at(edgeIds, i));
    const actions = actionsAt(i + 1);
    if (i < grantedEdges) {
      edges.push(edge);
      nodes.push(actions.length === 0 ? node : { ...node, actions });
    } else {
      edges.push({ ...edge, released: false });
      nodes.push({ ...node, released: false, actions });
    }
  }
  const orderId: string = orderLegOf(leg);
  return { orderId: orderId as FleetOrderId, revision: orderRevisionOf(leg), nodes, edges };
}

/**
 * A leg's identity is its order's: asked again, it is the same order. A vehicle that is sent elsewhere on its way goes on with the order
 * that it has: what is granted of it stays, what is planned is replaced (VDA 5050, 6.6.2).
 */
const orderLegOf = ({ legId, orderedAs }: Pick<CommittedLeg, "legId" | "orderedAs">): LegId =>
  orderedAs ?? legId;

/** An edge that is granted, and the node that it leads to, with nothing to be done there. */
interface GrantedPart {
  readonly edge: DriveEdge;
  readonly node: DriveNode;
}

/** An order is stated from its beginning each time, and all vehicles are sent over the same edges: parts are made once. */
const grantedParts = new WeakMap<Network, Map<EdgeId, GrantedPart>>();

function grantedPart(network: Network, parts: Map<EdgeId, GrantedPart>, edgeId: EdgeId): GrantedPart {
  const known = parts.get(edgeId);
  if (known !== undefined) return known;
  const move = moveOf(network, edgeId);
  const nodeId = at(network.poses.nodeIds, at(network.moves.to, move));
  const part: GrantedPart = {
    edge: { edgeId, released: true, maxSpeedMps: at(network.moves.speedMps, move) },
    node: { nodeId, released: true, actions: NO_ACTIONS },
  };
  parts.set(edgeId, part);
  return part;
}

/** A leg is not told of before something of it is granted, which is its revision 1. */
function orderRevisionOf({ revision }: Pick<CommittedLeg, "revision">): number {
  return Math.max(0, revision - 1);
}

/** How many edges are shown: the granted ones and the horizon. */
function horizonEnd(network: Network, leg: CommittedLeg, horizonNodes: number): number {
  let end = leg.grantedEdges;
  let lengthM = 0;
  while (end < leg.edgeIds.length && end - leg.grantedEdges < horizonNodes) {
    lengthM += at(network.moves.lengthM, moveOf(network, at(leg.edgeIds, end)));
    if (lengthM > HORIZON_M) break;
    end++;
  }
  return end;
}

function moveOf(network: Network, edgeId: EdgeId): number {
  const move = network.moveIndex(edgeId);
  if (move === undefined) throw new Error(`bug: no edge ${edgeId} in the network the leg was planned on`);
  return move;
}
