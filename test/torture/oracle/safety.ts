import type { Csr, Network } from "@baton/maps";
import { type FindingKind, Found } from "../findings.ts";
import { edgeItem, type JudgedGround, nodeItem } from "./ground.ts";
import type { Spot } from "./path.ts";
import { type HalfSize, rectanglesOverlap } from "./rectangles.ts";

/** A block operation of the tick stream. */
export interface StreamBlocks {
  readonly vehicleId: string;
  readonly blockIds: readonly string[];
}

/** Where a body truly is: on an edge, so far along it, or (`edge` -1) standing at a node since it came. */
export interface TrueBody {
  readonly vehicleId: string;
  readonly spot: Spot;
  readonly edgeItem: number;
  readonly alongM: number;
  readonly nodeItem: number;
}

/** Nearer than this two bodies must not come: the layout's margins, less what standing and measuring may be off. */
const NEAR_M = 0.3;

/**
 * Judges safety from the tick stream and from where the bodies truly are. Of the product's network it uses only the
 * lists that say which blocks an edge or a node needs: the key to read the stream with. What overlaps what is its own
 * finding, by its own geometry.
 */
export class SafetyJudge {
  readonly #ground: JudgedGround;
  readonly #body: HalfSize;
  /** Blocks that each item needs, and the items that need each block. */
  readonly #needs: Int32Array;
  readonly #itemsOf: ReadonlyMap<string, readonly number[]>;
  readonly #holder = new Map<string, string>();
  /** How many of an item's blocks a vehicle holds. */
  readonly #held = new Map<string, Int16Array>();
  /** Who holds all of an item's blocks. */
  readonly #full: (string | undefined)[];
  #tick = 0;
  nearestM = Number.POSITIVE_INFINITY;

  constructor(ground: JudgedGround, network: Network, body: HalfSize) {
    this.#ground = ground;
    this.#body = body;
    const itemsOf = new Map<string, number[]>();
    this.#needs = new Int32Array(ground.items.length);
    this.#full = new Array<string | undefined>(ground.items.length).fill(undefined);
    const note = (names: readonly string[], blocks: Csr, name: (id: string) => string): void => {
      names.forEach((id, i) => {
        const item = ground.indexOf.get(name(id));
        if (item === undefined)
          throw new Error(`the network has ${id}, which the layout's file does not have`);
        const row = blocks.values.subarray(blocks.offsets[i], blocks.offsets[i + 1]);
        this.#needs[item] = row.length;
        for (const block of row) {
          const blockId = network.blocks.ids[block] ?? "";
          const items = itemsOf.get(blockId);
          if (items === undefined) itemsOf.set(blockId, [item]);
          else items.push(item);
        }
      });
    };
    note(network.poses.nodeIds, network.poses.blocks, nodeItem);
    note(network.moves.edgeIds, network.moves.blocks, edgeItem);
    this.#itemsOf = itemsOf;
  }

  holders(): ReadonlyMap<string, string> {
    return this.#holder;
  }

  /** One tick as the ledger took it. Releases come before grants. */
  committed(tick: number, releases: readonly StreamBlocks[], grants: readonly StreamBlocks[]): void {
    this.#tick = tick;
    for (const { vehicleId, blockIds } of releases) {
      const held = this.#heldBy(vehicleId);
      for (const blockId of blockIds) {
        const holder = this.#holder.get(blockId);
        if (holder !== vehicleId)
          this.#found("stream-contradicts-itself", vehicleId, `releases ${blockId} of ${holder ?? "nobody"}`);
        this.#holder.delete(blockId);
        for (const item of this.#itemsOf.get(blockId) ?? []) {
          held[item] = (held[item] ?? 0) - 1;
          if (this.#full[item] === vehicleId) this.#full[item] = undefined;
        }
      }
    }
    for (const { vehicleId, blockIds } of grants) {
      const held = this.#heldBy(vehicleId);
      for (const blockId of blockIds) {
        const holder = this.#holder.get(blockId);
        if (holder !== undefined && holder !== vehicleId)
          this.#found("stream-contradicts-itself", vehicleId, `is granted ${blockId}, which ${holder} holds`);
        if (holder === vehicleId) continue;
        this.#holder.set(blockId, vehicleId);
        for (const item of this.#itemsOf.get(blockId) ?? []) {
          const count = (held[item] ?? 0) + 1;
          held[item] = count;
          if (count === this.#needs[item]) this.#nowFull(item, vehicleId);
        }
      }
    }
  }

  /** Whether the vehicle holds all that an edge or node needs. */
  holdsAll(vehicleId: string, item: number): boolean {
    return this.#full[item] === vehicleId;
  }

  /** Every body, after a tick: on its own ground, and clear of the others. */
  judgeBodies(tick: number, bodies: readonly TrueBody[]): void {
    this.#tick = tick;
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i];
      if (body === undefined) continue;
      this.#judgeGround(body);
      for (let j = i + 1; j < bodies.length; j++) {
        const other = bodies[j];
        if (other !== undefined) this.#judgePair(body, other);
      }
    }
  }

  #judgeGround(body: TrueBody): void {
    const held = this.#heldBy(body.vehicleId);
    const rows = body.edgeItem < 0 ? undefined : this.#ground.underBody.get(body.edgeItem);
    const sample = Math.round(body.alongM / this.#ground.sampleM);
    const under =
      rows?.[Math.max(0, Math.min(sample, rows.length - 1))] ?? this.#ground.meets[body.nodeItem] ?? [];
    for (const item of under) {
      if ((held[item] ?? 0) > 0) continue;
      const { xM, yM } = body.spot;
      const name = this.#ground.items[item]?.name ?? "";
      this.#found(
        "off-its-ground",
        body.vehicleId,
        `at (${xM.toFixed(2)}, ${yM.toFixed(2)}), ${body.alongM.toFixed(2)} m into ${this.#ground.items[body.edgeItem]?.name ?? "its node"}, is on ground of ${name} and holds nothing of it`,
      );
    }
  }

  #judgePair(a: TrueBody, b: TrueBody): void {
    const size = this.#body;
    const apartM = Math.hypot(a.spot.xM - b.spot.xM, a.spot.yM - b.spot.yM);
    if (apartM > 2 * (size.alongM + size.acrossM)) return;
    if (!rectanglesOverlap(a.spot, size, b.spot, size, NEAR_M)) return;
    const kind = rectanglesOverlap(a.spot, size, b.spot, size) ? "collision" : "near-miss";
    this.#found(
      kind,
      a.vehicleId,
      `and ${b.vehicleId} at (${a.spot.xM.toFixed(1)}, ${a.spot.yM.toFixed(1)})`,
    );
  }

  #nowFull(item: number, vehicleId: string): void {
    this.#full[item] = vehicleId;
    for (const other of this.#ground.meets[item] ?? []) {
      const who = this.#full[other];
      if (who === undefined || who === vehicleId) continue;
      const name = (index: number): string => this.#ground.items[index]?.name ?? "";
      this.#found("overlapping-grants", vehicleId, `has ${name(item)} while ${who} has ${name(other)}`);
    }
  }

  #heldBy(vehicleId: string): Int16Array {
    const known = this.#held.get(vehicleId);
    if (known !== undefined) return known;
    const made = new Int16Array(this.#ground.items.length);
    this.#held.set(vehicleId, made);
    return made;
  }

  #found(kind: FindingKind, vehicleId: string, detail: string): never {
    throw new Found({ kind, tick: this.#tick, vehicleId, detail });
  }
}
