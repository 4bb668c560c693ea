import type { DriveOrder } from "@baton/fleet-adapter";
import type { Random } from "../../../sim/src/random/seeded.ts";
import { edgeItem, type JudgedGround, nodeItem } from "../oracle/ground.ts";
import { type JudgedLayout, type JudgedPath, type Spot, spotOn } from "../oracle/path.ts";

/** How a true vehicle drives. */
export interface Motion {
  readonly maxSpeedMps: number;
  readonly accelerationMps2: number;
  readonly brakingMps2: number;
}

/** One edge of the way that was released to it; `endM` counts from where the vehicle first stood. */
interface Stretch {
  readonly path: JudgedPath;
  readonly item: number;
  readonly endM: number;
  readonly speedMps: number;
}

/** A vehicle may come to stand this much before where it was to. */
const SHORTEST_STOP_M = 0.3;
const SLOWEST_MPS = 0.3;

/**
 * A vehicle as it truly is. It drives what its orders release and no more, as VDA 5050 asks (base only), each edge
 * at a fifth to all of its speed, and stops a little short of the end.
 */
export class TrueVehicle {
  readonly vehicleId: string;
  readonly spot: Spot;
  readonly #layout: JudgedLayout;
  readonly #ground: JudgedGround;
  readonly #motion: Motion;
  readonly #random: Random;
  readonly #nodeItem: number;
  #way: Stretch[] = [];
  /** Index in `way` of the stretch it is on. */
  #on = 0;
  #sM = 0;
  #endNodeId: string;
  #order: DriveOrder | undefined;
  readonly #pastOrders = new Set<string>();
  #shortM = 0;
  speedMps = 0;
  /** How much slower than it may it drives on each edge, at most; 1 for full speed. */
  slowest = 1;
  /** It stands, whatever it may do. */
  halted = false;

  constructor(
    vehicleId: string,
    nodeId: string,
    layout: JudgedLayout,
    ground: JudgedGround,
    motion: Motion,
    random: Random,
  ) {
    const node = layout.nodes.get(nodeId);
    if (node === undefined) throw new Error(`there is no node ${nodeId}`);
    this.vehicleId = vehicleId;
    this.spot = { xM: node.xM, yM: node.yM, headingRad: node.headingRad };
    this.#layout = layout;
    this.#ground = ground;
    this.#motion = motion;
    this.#random = random;
    this.#nodeItem = ground.indexOf.get(nodeItem(nodeId)) ?? -1;
    this.#endNodeId = nodeId;
  }

  /** Takes an order as it arrives, late or twice as may be. Returns what is wrong with it. */
  take(order: DriveOrder): string | undefined {
    const last = this.#order;
    if (last?.orderId !== order.orderId) {
      if (this.#pastOrders.has(order.orderId)) return undefined;
      if (last !== undefined && this.#leftM() > 2 * SHORTEST_STOP_M)
        return `order ${order.orderId} comes ${this.#leftM().toFixed(1)} m before the end of ${last.orderId}`;
      const startNodeId = order.nodes[0]?.nodeId;
      if (startNodeId !== this.#endNodeId)
        return `order ${order.orderId} begins at ${startNodeId}, not at ${this.#endNodeId}`;
      if (last !== undefined) this.#pastOrders.add(last.orderId);
      this.#order = order;
      this.#release(order, 0);
      return undefined;
    }
    const before = last.edges.filter((edge) => edge.released);
    const now = order.edges.filter((edge) => edge.released);
    if (order.revision <= last.revision) {
      const longer = now.length > before.length;
      return longer && order.revision === last.revision
        ? `revision ${order.revision} was used for two orders`
        : undefined;
    }
    for (let i = 0; i < before.length; i++) {
      if (now[i]?.edgeId !== before[i]?.edgeId)
        return `its base shrank or changed at edge ${before[i]?.edgeId}`;
    }
    this.#order = order;
    this.#release(order, before.length);
    return undefined;
  }

  #release(order: DriveOrder, from: number): void {
    for (let i = from; i < order.edges.length; i++) {
      const edge = order.edges[i];
      if (edge?.released !== true) break;
      const path = this.#layout.paths.get(edge.edgeId);
      if (path === undefined) throw new Error(`there is no edge ${edge.edgeId}`);
      const slower = 1 + (this.slowest - 1) * this.#random.next();
      const speedMps = Math.min(this.#motion.maxSpeedMps, path.maxSpeedMps, edge.maxSpeedMps) / slower;
      const item = this.#ground.indexOf.get(edgeItem(edge.edgeId)) ?? -1;
      this.#way.push({ path, item, endM: this.#endM() + path.lengthM, speedMps });
      this.#endNodeId = path.toNodeId;
      this.#shortM = SHORTEST_STOP_M * this.#random.next();
    }
    if (this.#on > 32) {
      this.#way = this.#way.slice(this.#on);
      this.#on = 0;
    }
  }

  #endM(): number {
    return this.#way.at(-1)?.endM ?? 0;
  }

  #leftM(): number {
    return this.#endM() - this.#sM;
  }

  /** It has something to drive and is not where it should be yet. */
  wantsToDrive(): boolean {
    return this.#leftM() - this.#shortM > 0.01;
  }

  drive(seconds: number): void {
    const { accelerationMps2, brakingMps2 } = this.#motion;
    const leftM = Math.max(0, this.#leftM() - this.#shortM);
    const here = this.#way[this.#on];
    if (here === undefined || leftM <= 0.01) {
      this.speedMps = 0;
      return;
    }
    const allowedMps = this.halted
      ? 0
      : Math.min(here.speedMps, Math.max(SLOWEST_MPS, Math.sqrt(2 * brakingMps2 * leftM)));
    // Braking for a stop uses what the class can do; slowing down for a bend is immediate.
    this.speedMps = this.halted
      ? Math.max(0, this.speedMps - brakingMps2 * seconds)
      : Math.min(allowedMps, Math.max(SLOWEST_MPS, this.speedMps + accelerationMps2 * seconds));
    const stepM = Math.min(leftM, this.speedMps * seconds);
    if (stepM === 0) return;
    this.#sM += stepM;
    while (this.#on + 1 < this.#way.length && this.#sM >= (this.#way[this.#on]?.endM ?? 0)) this.#on++;
    const now = this.#way[this.#on];
    if (now !== undefined) spotOn(now.path, this.#sM - (now.endM - now.path.lengthM), this.spot);
  }

  get edgeItem(): number {
    return this.#way[this.#on]?.item ?? -1;
  }

  get nodeItem(): number {
    return this.#nodeItem;
  }

  get alongM(): number {
    const here = this.#way[this.#on];
    return here === undefined ? 0 : this.#sM - (here.endM - here.path.lengthM);
  }

  /** Items of the released edges that begin clearly ahead of where it is. */
  *itemsAhead(): Generator<number> {
    for (let i = this.#on + 1; i < this.#way.length; i++) {
      const stretch = this.#way[i];
      if (stretch !== undefined && stretch.endM - stretch.path.lengthM > this.#sM + 1) yield stretch.item;
    }
  }

  /** Whether it has been given so much of an order. */
  hasTaken(orderId: string, edges: number): boolean {
    const order = this.#order;
    return order?.orderId === orderId && order.edges.filter((edge) => edge.released).length >= edges;
  }

  /** How near a place is to its way around where it is: for reports that are to be wrong beyond doubt. */
  offWayM(xM: number, yM: number): number {
    let nearest = Math.hypot(xM - this.spot.xM, yM - this.spot.yM);
    for (let i = Math.max(0, this.#on - 2); i < this.#way.length; i++) {
      const path = this.#way[i]?.path;
      if (path === undefined) continue;
      for (let k = 0; k < path.xM.length; k += 2)
        nearest = Math.min(nearest, Math.hypot(xM - (path.xM[k] ?? 0), yM - (path.yM[k] ?? 0)));
    }
    return nearest;
  }
}
