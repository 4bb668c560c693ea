import { beforeAll, describe, expect, it } from "vitest";
import { edgeIdOf, nodeIdOf } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { cellsMeet, rasterOf } from "../testing/raster.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { TRACTOR, withTractors } from "../testing/tractors.ts";
import { compileNetwork, compileNetworks } from "./compile.ts";
import { rowOf } from "./csr.ts";
import type { Network } from "./network.ts";
import { checkWellFormed } from "./well-formed.ts";

describe("a site with carriers of 15 m and yard tractors of 7 m", () => {
  let mini: Site;
  let mixed: Site;
  let carrier: Network;
  let tractor: Network;

  beforeAll(async () => {
    mini = await committedSite("mini");
    mixed = withTractors(mini);
    carrier = compileNetwork(mixed, "vn", CARRIER);
    tractor = compileNetwork(mixed, "vn", TRACTOR);
  });

  it("has one network a class over the same blocks, in the same order", () => {
    expect([...compileNetworks(mixed, "vn").keys()]).toEqual([CARRIER, TRACTOR]);
    expect(tractor.blocks).toEqual(carrier.blocks);
    expect(tractor.hash).not.toBe(carrier.hash);
    expect(tractor.vehicleClassId).toBe(TRACTOR);
  });

  it("keeps the two apart where they would meet: on the same road a carrier's ground and a tractor's share a block", () => {
    for (let move = 0; move < carrier.moves.count; move += 1) {
      const same = tractor.moveIndex(carrier.moves.edgeIds[move] ?? edgeIdOf("")) ?? -1;
      const blocks = new Set(rowOf(carrier.moves.blocks, move));
      expect(rowOf(tractor.moves.blocks, same).some((block) => blocks.has(block))).toBe(true);
    }
  });

  it("lets a tractor stand where a carrier would not fit: beside a bay that it does not reach into", () => {
    const pairs = (network: Network): number => {
      let sharing = 0;
      for (let a = 0; a < network.poses.count; a += 1) {
        const blocks = new Set(rowOf(network.poses.blocks, a));
        for (let b = a + 1; b < network.poses.count; b += 1) {
          if (rowOf(network.poses.blocks, b).some((block) => blocks.has(block))) sharing += 1;
        }
      }
      return sharing;
    };
    expect(pairs(tractor)).toBeLessThan(pairs(carrier));
  });

  it("gives each class the blocks of both ends of its moves, and gives them back by its own length", () => {
    for (const network of [carrier, tractor]) {
      for (let move = 0; move < network.moves.count; move += 1) {
        const swept = new Set(rowOf(network.moves.blocks, move));
        for (const end of [network.moves.from[move] ?? -1, network.moves.to[move] ?? -1]) {
          expect(rowOf(network.poses.blocks, end).every((block) => swept.has(block))).toBe(true);
        }
      }
    }
    const strip = mixed.file.strip.edges[1]?.vn;
    const before = mixed.file.strip.nodes[1]?.vn;
    const firstClear = (network: Network): number => {
      const move = network.moveIndex(edgeIdOf(strip ?? "")) ?? -1;
      const behind = network.poseIndex(nodeIdOf(before ?? "")) ?? -1;
      const blocks = new Set(rowOf(network.poses.blocks, behind));
      const start = network.moves.blocks.offsets[move] ?? 0;
      return Math.min(
        ...Array.from(rowOf(network.moves.blocks, move)).flatMap((block, k) =>
          blocks.has(block) ? [network.moves.clearAtM[start + k] ?? 0] : [],
        ),
      );
    };
    expect(firstClear(tractor)).toBeLessThan(firstClear(carrier));
  });

  it("keeps a block of whatever the body still stands on, of either class, as long as it stands on it", () => {
    const early: string[] = [];
    const marginM = 2 * mixed.file.safetyMarginM;
    const both = [carrier, tractor].map((network, i) => {
      const vehicle = mixed.file.vehicleClasses[i];
      const lengthM = (vehicle?.lengthM ?? 0) + marginM;
      const widthM = (vehicle?.widthM ?? 0) + marginM;
      const grounds = Array.from({ length: network.moves.count }, (_, move) =>
        rasterOf(alongMove(network, move, 0, 80), lengthM, widthM, 0),
      );
      return { network, lengthM, widthM, grounds };
    });
    for (const of of both) {
      for (const other of both) {
        if (of === other) continue;
        for (let move = 0; move < of.network.moves.count; move += 1) {
          const lengthM = of.network.moves.lengthM[move] ?? 0;
          const start = of.network.moves.blocks.offsets[move] ?? 0;
          const row = rowOf(of.network.moves.blocks, move);
          for (let against = 0; against < other.network.moves.count; against += 1) {
            const blocks = new Set(rowOf(other.network.moves.blocks, against));
            const clear = Array.from(row).flatMap((block, k) =>
              blocks.has(block) && of.network.blocks.own[block] === 1
                ? [of.network.moves.clearAtM[start + k] ?? 0]
                : [],
            );
            const clearAtM = Math.max(...clear, 0);
            if (clear.length === 0 || clearAtM >= lengthM) continue;
            const body = rasterOf(alongMove(of.network, move, clearAtM, 12), of.lengthM, of.widthM, 0);
            if (cellsMeet(body.vn, other.grounds[against]?.vn ?? new Set())) {
              early.push(`${of.network.moves.edgeIds[move]} ${other.network.moves.edgeIds[against]}`);
            }
          }
        }
      }
    }
    expect(early).toEqual([]);
  }, 60_000);

  it("is well formed for both", () => {
    for (const side of ["vn", "cn"] as const) {
      for (const network of compileNetworks(mixed, side).values()) {
        expect(checkWellFormed(network)).toMatchObject({ ok: true });
      }
    }
  });

  it("leaves a site with one class as it was", () => {
    const alone = compileNetwork(mini, "vn", CARRIER);
    expect(alone.moves.edgeIds).toEqual(carrier.moves.edgeIds);
    expect(alone.blocks.count).toBeLessThan(carrier.blocks.count);
    expect(compileNetwork(mini, "vn", CARRIER)).toBe(alone);
  });
});

/** Places along a move from one distance to its end. */
function alongMove(network: Network, move: number, fromM: number, pieces: number) {
  const lengthM = network.moves.lengthM[move] ?? 0;
  return Array.from({ length: pieces }, (_, i) =>
    network.poseAlong(move, fromM + ((lengthM - fromM) * (i + 0.01)) / pieces),
  );
}
