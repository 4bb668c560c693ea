import type { DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { Network } from "@baton/maps";
import { at } from "../core/runs.ts";
import type { Account, LegId, Observation } from "../port.ts";

/**
 * A vehicle that does what its order says and no more: drives along the released edges, as fast as it may,
 * stops at the end of them. It refuses an order that takes back what was released.
 */
export class ModelVehicle {
  readonly vehicleId: VehicleId;
  readonly #network: Network;
  #order: DriveOrder | undefined;
  /** Index of the edge it is on, and how far along. */
  #edge = 0;
  #alongM = 0;
  #standing: number;
  speedMps = 0;

  constructor(network: Network, vehicleId: VehicleId, pose: number) {
    this.#network = network;
    this.vehicleId = vehicleId;
    this.#standing = pose;
  }

  take(order: DriveOrder): void {
    const last = this.#order;
    if (last === undefined || last.orderId !== order.orderId) {
      if (last !== undefined) this.#finish(last);
      const start = this.#network.poseIndex(at(order.nodes, 0).nodeId);
      if (start !== this.#standing) throw new Error(`${this.vehicleId}: the order begins elsewhere`);
      this.#order = order;
      this.#edge = 0;
      this.#alongM = 0;
      return;
    }
    if (order.revision < last.revision) return;
    last.edges.forEach((edge, i) => {
      const now = order.edges[i];
      if (edge.released && !(now?.released === true && now.edgeId === edge.edgeId)) {
        throw new Error(`${this.vehicleId}: the base shrank at ${edge.edgeId}`);
      }
    });
    this.#order = order;
  }

  /** Gives its order up, where it stands at a node. */
  cancel(): void {
    this.#order = undefined;
    this.#edge = 0;
    this.#alongM = 0;
  }

  /** Standing a little short of its last node counts as being there. */
  #finish(order: DriveOrder): void {
    const edge = order.edges[this.#edge];
    if (edge === undefined) return;
    const leftM = this.#lengthM(edge.edgeId) - this.#alongM;
    if (this.#edge < order.edges.length - 1 || leftM > 0.5)
      throw new Error(
        `${this.vehicleId}: a new order ${leftM.toFixed(3)} m before node ${this.#edge + 1} of ${order.edges.length}`,
      );
    this.#standing = at(this.#network.moves.to, this.#move(edge.edgeId));
  }

  /** Drives for a while, at most to the end of what is released. */
  drive(seconds: number, share: number): void {
    let leftM = 0;
    const edges = this.#order?.edges ?? [];
    for (let i = this.#edge; edges[i]?.released === true; i++) leftM += this.#lengthM(at(edges, i).edgeId);
    leftM -= this.#alongM;
    const edge = edges[this.#edge];
    if (edge === undefined || leftM <= 1e-9) {
      this.speedMps = 0;
      return;
    }
    const wantedMps = Math.min(edge.maxSpeedMps, Math.max(0.3, Math.sqrt(2 * leftM))) * share;
    let stepM = Math.min(leftM, wantedMps * seconds);
    this.speedMps = stepM / seconds;
    while (stepM > 0) {
      const here = edges[this.#edge];
      if (here === undefined) break;
      const lengthM = this.#lengthM(here.edgeId);
      if (this.#alongM + stepM < lengthM - 1e-9) {
        this.#alongM += stepM;
        break;
      }
      stepM -= lengthM - this.#alongM;
      this.#alongM = 0;
      this.#edge++;
      this.#standing = at(this.#network.moves.to, this.#move(here.edgeId));
    }
  }

  /** Where it really is, reported as it is. */
  report(atMs: number): Observation {
    const edge = this.#order?.edges[this.#edge];
    const { xM, yM, headingRad } = this.#network.poses;
    const pose =
      edge !== undefined && this.#alongM > 0
        ? this.#network.poseAlong(this.#move(edge.edgeId), this.#alongM)
        : {
            xM: at(xM, this.#standing),
            yM: at(yM, this.#standing),
            headingRad: this.#arrivalHeading(at(headingRad, this.#standing)),
          };
    return { vehicleId: this.vehicleId, pose, speedMps: this.speedMps, driving: this.speedMps > 0, atMs };
  }

  /** What it says when it is asked where it is, and what it is released to drive. */
  account(): Account {
    const order = this.#order;
    const nodes = order?.nodes ?? [];
    const edges = order?.edges ?? [];
    const released = (index: number): boolean => index >= this.#edge && edges[index]?.released === true;
    const text: string | undefined = order?.orderId;
    return {
      vehicleId: this.vehicleId,
      pose: this.report(0).pose,
      legId: text as LegId | undefined,
      lastNodeId: nodes[this.#edge]?.nodeId ?? at(this.#network.poses.nodeIds, this.#standing),
      releasedEdgeIds: edges.filter((_, i) => released(i)).map((edge) => edge.edgeId),
      releasedNodeIds: nodes.filter((_, i) => i > 0 && released(i - 1)).map((node) => node.nodeId),
      isOrderDone: this.#edge >= edges.length,
      confirmedProbe: true,
    };
  }

  /**
   * Blocks that its body covers, or is about to cover: computed from where it is, not from what it was granted.
   * The last half metre of leaving one is the safety margin's: a vehicle that stands that near to a pose is at it.
   */
  covers(): number[] {
    const edge = this.#order?.edges[this.#edge];
    const { poses, moves } = this.#network;
    if (edge === undefined || this.#alongM === 0) {
      const from = at(poses.blocks.offsets, this.#standing);
      return [...poses.blocks.values.subarray(from, at(poses.blocks.offsets, this.#standing + 1))];
    }
    const move = this.#move(edge.edgeId);
    const covered: number[] = [];
    for (let i = at(moves.blocks.offsets, move); i < at(moves.blocks.offsets, move + 1); i++) {
      if (at(moves.clearAtM, i) > this.#alongM + 0.5) covered.push(at(moves.blocks.values, i));
    }
    return covered;
  }

  /** On a network made by hand a heading differs from one move to the next; it keeps the one it came with. */
  #arrivalHeading(otherwise: number): number {
    const last = this.#order?.edges[this.#edge - 1];
    return last === undefined
      ? otherwise
      : this.#network.poseAlong(this.#move(last.edgeId), Number.POSITIVE_INFINITY).headingRad;
  }

  #lengthM(edgeId: DriveOrder["edges"][number]["edgeId"]): number {
    return at(this.#network.moves.lengthM, this.#move(edgeId));
  }

  #move(edgeId: DriveOrder["edges"][number]["edgeId"]): number {
    const move = this.#network.moveIndex(edgeId);
    if (move === undefined) throw new Error(`no edge ${edgeId}`);
    return move;
  }
}
