import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Pose } from "../geometry/pose.ts";
import { nodeIdOf, SIDES, type Side } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { type Cells, cellsMeet, rasterOf } from "../testing/raster.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { compileNetwork } from "./compile.ts";
import { rowOf, rowsMeet } from "./csr.ts";
import { type Network, PoseKind } from "./network.ts";

let mini: Site;
let network: Network;
let lengthM: number;
let widthM: number;

beforeAll(async () => {
  mini = await committedSite("mini");
  network = compileNetwork(mini, "vn", CARRIER);
  const [vehicle] = mini.file.vehicleClasses;
  lengthM = (vehicle?.lengthM ?? 0) + 2 * mini.file.safetyMarginM;
  widthM = (vehicle?.widthM ?? 0) + 2 * mini.file.safetyMarginM;
});

/** A pose or a move: what a vehicle can hold ground for. */
interface Item {
  readonly name: string;
  readonly blocks: Int32Array;
  readonly poses: readonly Pose[];
}

const STEP_M = 0.25;

function itemsOf(of: Network): Item[] {
  const poses = Array.from({ length: of.poses.count }, (_, i) => ({
    name: of.poses.nodeIds[i] ?? "",
    blocks: rowOf(of.poses.blocks, i),
    poses: [poseOf(of, i)],
  }));
  const moves = Array.from({ length: of.moves.count }, (_, i) => ({
    name: of.moves.edgeIds[i] ?? "",
    blocks: rowOf(of.moves.blocks, i),
    poses: alongMove(of, i),
  }));
  return [...poses, ...moves];
}

function poseOf(of: Network, pose: number): Pose {
  return {
    xM: of.poses.xM[pose] ?? 0,
    yM: of.poses.yM[pose] ?? 0,
    headingRad: of.poses.headingRad[pose] ?? 0,
  };
}

function alongMove(of: Network, move: number): Pose[] {
  const length = of.moves.lengthM[move] ?? 0;
  const steps = Math.ceil(length / STEP_M);
  return Array.from({ length: steps + 1 }, (_, i) => of.poseAlong(move, (length * i) / steps));
}

/** A block that both hold on one side's ground. */
function sharesOn(of: Network, ground: Side, a: Item, b: Item): boolean {
  const own = ground === of.side ? 1 : 0;
  const there = (item: Item): Int32Array => item.blocks.filter((block) => of.blocks.own[block] === own);
  return rowsMeet(there(a), there(b));
}

/** No body of the one is anywhere near a body of the other. */
function farApart(a: Item, b: Item): boolean {
  const spanM = (item: Item, axis: "xM" | "yM") => {
    const values = item.poses.map((pose) => pose[axis]);
    return { from: Math.min(...values) - lengthM, to: Math.max(...values) + lengthM };
  };
  return (["xM", "yM"] as const).some((axis) => {
    const one = spanM(a, axis);
    const two = spanM(b, axis);
    return one.to < two.from || two.to < one.from;
  });
}

describe("blocks of the mini crossing", () => {
  it("are shared by two stop poses or moves exactly when their bodies can touch, on each side's ground by itself", () => {
    const items = itemsOf(network);
    const covered = items.map((item) => rasterOf(item.poses, lengthM, widthM, 0));
    const nearby = items.map((item) => rasterOf(item.poses, lengthM, widthM, 0.2));
    const missed: string[] = [];
    const falselyExclusive: string[] = [];
    const nothing: Cells = { vn: new Set(), cn: new Set() };
    for (let i = 0; i < items.length; i += 1) {
      for (let j = i + 1; j < items.length; j += 1) {
        const a = items[i];
        const b = items[j];
        if (a === undefined || b === undefined) continue;
        if (farApart(a, b) && !rowsMeet(a.blocks, b.blocks)) continue;
        for (const ground of SIDES) {
          const shares = sharesOn(network, ground, a, b);
          const meet = cellsMeet((covered[i] ?? nothing)[ground], (covered[j] ?? nothing)[ground]);
          if (meet && !shares) missed.push(`${a.name} ${b.name} ${ground}`);
          if (!shares || meet) continue;
          if (!cellsMeet((nearby[i] ?? nothing)[ground], (nearby[j] ?? nothing)[ground])) {
            falselyExclusive.push(`${a.name} ${b.name} ${ground}`);
          }
        }
      }
    }
    expect(missed).toEqual([]);
    expect(falselyExclusive).toEqual([]);
  });

  it("are never given back while the body is still on ground of another move that holds them", () => {
    const early: string[] = [];
    const grounds = Array.from({ length: network.moves.count }, (_, i) =>
      rasterOf(alongMove(network, i), lengthM, widthM, 0),
    );
    for (let move = 0; move < network.moves.count; move += 1) {
      const blocks = rowOf(network.moves.blocks, move);
      const start = network.moves.blocks.offsets[move] ?? 0;
      const length = network.moves.lengthM[move] ?? 0;
      for (let other = 0; other < network.moves.count; other += 1) {
        if (other === move) continue;
        const shared = Array.from(blocks.keys()).filter((k) =>
          rowOf(network.moves.blocks, other).includes(blocks[k] ?? -1),
        );
        for (const ground of SIDES) {
          const own = ground === network.side ? 1 : 0;
          const clear = shared
            .filter((k) => network.blocks.own[blocks[k] ?? -1] === own)
            .map((k) => network.moves.clearAtM[start + k] ?? 0);
          const clearAtM = Math.max(...clear, 0);
          if (clear.length === 0 || clearAtM >= length) continue;
          const after = Array.from({ length: 12 }, (_, i) =>
            network.poseAlong(move, clearAtM + ((length - clearAtM) * (i + 0.01)) / 12),
          );
          const body = rasterOf(after, lengthM, widthM, 0);
          if (cellsMeet(body[ground], grounds[other]?.[ground] ?? new Set())) {
            early.push(`${network.moves.edgeIds[move]} ${network.moves.edgeIds[other]} ${ground}`);
          }
        }
      }
    }
    expect(early).toEqual([]);
  });

  it("are given back soon: a straight move frees what lies behind once the tail is past it", () => {
    const move = network.moveIndex(edge("vn.out.strip-4", "vn.out.partner-stop"));
    const before = network.poseIndex(nodeIdOf("vn.out.strip-4"));
    if (move === undefined || before === undefined) throw new Error("the mini crossing has a strip");
    const blocks = rowOf(network.moves.blocks, move);
    const start = network.moves.blocks.offsets[move] ?? 0;
    const behind = new Set(rowOf(network.poses.blocks, before));
    const clear = Array.from(blocks.keys())
      .filter((k) => behind.has(blocks[k] ?? -1))
      .map((k) => network.moves.clearAtM[start + k] ?? 0);
    expect(Math.min(...clear)).toBeGreaterThanOrEqual(lengthM - 0.01);
    expect(Math.min(...clear)).toBeLessThan(lengthM + 0.2);
  });

  it("on the partner's ground are marked as not our own, and only the strip at the line has them", () => {
    const foreign = Array.from(network.blocks.own.keys()).filter((block) => network.blocks.own[block] === 0);
    expect(foreign.length).toBeGreaterThan(0);
    for (const block of foreign)
      expect(network.blocks.zoneIds[network.blocks.zone[block] ?? -1]).toBe("cn.mini");
    for (let pose = 0; pose < network.poses.count; pose += 1) {
      const onForeign = rowOf(network.poses.blocks, pose).some((block) => network.blocks.own[block] === 0);
      expect(onForeign).toBe((network.poses.xM[pose] ?? 0) + lengthM / 2 > 0.001);
    }
  });
});

describe.each(["mini", "1119-1120", "1088-1089"])("the compiled network of %s", (siteId) => {
  const compiled: Network[] = [];
  beforeAll(async () => {
    const site = await committedSite(siteId);
    for (const side of SIDES) compiled.push(compileNetwork(site, side, CARRIER));
  });

  it("gives every move the blocks of both its ends", () => {
    for (const of of compiled) {
      for (let move = 0; move < of.moves.count; move += 1) {
        const swept = new Set(rowOf(of.moves.blocks, move));
        for (const end of [of.moves.from[move] ?? -1, of.moves.to[move] ?? -1]) {
          expect(rowOf(of.poses.blocks, end).every((block) => swept.has(block))).toBe(true);
        }
      }
    }
  });

  it("gives every stop pose and every move a block, with names that are unique and lead back", () => {
    for (const of of compiled) {
      expect(new Set(of.blocks.ids).size).toBe(of.blocks.count);
      of.blocks.ids.forEach((id, i) => {
        expect(of.blockIndex(id)).toBe(i);
      });
      for (let pose = 0; pose < of.poses.count; pose += 1) {
        expect(rowOf(of.poses.blocks, pose).length).toBeGreaterThan(0);
      }
    }
  });

  it("keeps a block beyond a move exactly when the pose at its end holds it", () => {
    for (const of of compiled) {
      for (let move = 0; move < of.moves.count; move += 1) {
        const atEnd = new Set(rowOf(of.poses.blocks, of.moves.to[move] ?? -1));
        const start = of.moves.blocks.offsets[move] ?? 0;
        rowOf(of.moves.blocks, move).forEach((block, k) => {
          const clear = of.moves.clearAtM[start + k] ?? Number.NaN;
          expect(clear === Number.POSITIVE_INFINITY).toBe(atEnd.has(block));
          if (clear !== Number.POSITIVE_INFINITY) {
            expect(clear).toBeLessThanOrEqual((of.moves.lengthM[move] ?? 0) + 1e-9);
          }
        });
      }
    }
  });

  it("starts and ends every move at its poses, facing their way", () => {
    for (const of of compiled) {
      for (let move = 0; move < of.moves.count; move += 1) {
        const length = of.moves.lengthM[move] ?? 0;
        for (const [end, along] of [
          [of.moves.from[move] ?? -1, 0],
          [of.moves.to[move] ?? -1, length],
        ] as const) {
          const pose = of.poseAlong(move, along);
          expect(
            Math.hypot(pose.xM - (of.poses.xM[end] ?? 0), pose.yM - (of.poses.yM[end] ?? 0)),
          ).toBeLessThan(0.02);
          expect(Math.cos(pose.headingRad - (of.poses.headingRad[end] ?? 0))).toBeGreaterThan(0.999);
        }
      }
    }
  });

  it("finds a place on a move where it is", () => {
    for (const of of compiled) {
      fc.assert(
        fc.property(
          fc.nat(of.moves.count - 1),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: -1.5, max: 1.5, noNaN: true }),
          (move, share, asideM) => {
            const alongM = share * (of.moves.lengthM[move] ?? 0);
            const pose = of.poseAlong(move, alongM);
            const found = of.project(
              move,
              pose.xM - asideM * Math.sin(pose.headingRad),
              pose.yM + asideM * Math.cos(pose.headingRad),
            );
            // Bends are followed by chords of 0.25 m: beside them a place may be told a centimetre or two off.
            expect(Math.abs(found.alongM - alongM)).toBeLessThan(0.02);
            expect(Math.abs(found.offM - Math.abs(asideM))).toBeLessThan(0.01);
          },
        ),
      );
    }
  });

  it("lets nobody stop astride the line, and a vehicle stay only in bays and on the hold line", () => {
    for (const of of compiled) {
      for (let pose = 0; pose < of.poses.count; pose += 1) {
        const astride = Math.abs(of.poses.xM[pose] ?? 0) < 7.5;
        if (astride) expect(of.poses.kind[pose]).toBe(PoseKind.passing);
        const name = of.poses.nodeIds[pose] ?? "";
        const isBay = /\.(buffer|dock|crane|parking|charger)-\d+$|\.out\.hold$/.test(name);
        expect(of.poses.kind[pose] === PoseKind.endpoint).toBe(isBay);
      }
    }
  });

  it("is the same for the same files, and says so by its hash", async () => {
    const [first] = compiled;
    const again = compileNetwork(await committedSite(siteId), "vn", CARRIER);
    expect(again.hash).toBe(first?.hash);
    expect(again.moves.blocks).toEqual(first?.moves.blocks);
    expect(again.moves.clearAtM).toEqual(first?.moves.clearAtM);
    expect(again.blocks.ids).toEqual(first?.blocks.ids);
    expect(new Set(compiled.map((of) => of.hash)).size).toBe(2);
  });
});

function edge(from: string, to: string) {
  const fromPose = network.poseIndex(nodeIdOf(from)) ?? -1;
  const toPose = network.poseIndex(nodeIdOf(to)) ?? -1;
  const move = rowOf(network.poses.outgoing, fromPose).find(
    (candidate) => network.moves.to[candidate] === toPose,
  );
  const id = network.moves.edgeIds[move ?? -1];
  if (id === undefined) throw new Error(`no edge from ${from} to ${to}`);
  return id;
}
