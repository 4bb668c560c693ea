import { beforeAll, describe, expect, it } from "vitest";
import { boundOf, DIRECTIONS, nodeIdOf, otherSide, SIDES, type Side } from "../ids.ts";
import { handoffPointFor, type Site, stationsOf } from "../layout/site.ts";
import type { StationKind } from "../layout/site-file.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { compileNetwork } from "./compile.ts";
import { rowOf } from "./csr.ts";
import { type Network, PoseKind } from "./network.ts";
import { checkWellFormed } from "./well-formed.ts";

describe.each(["mini", "1119-1120", "1088-1089"])("the roads of %s", (siteId) => {
  let site: Site;
  const networks = new Map<Side, Network>();

  beforeAll(async () => {
    site = await committedSite(siteId);
    for (const side of SIDES) networks.set(side, compileNetwork(site, side, CARRIER));
  });

  it("let a vehicle stay at any endpoint without cutting others off", () => {
    for (const side of SIDES) {
      const report = checkWellFormed(networkOf(networks, side));
      expect(report).toMatchObject({ ok: true, unreachable: [], obstructing: [], stranded: [] });
      expect(report.endpoints).toBeGreaterThan(20);
    }
  });

  it("lead from every crane through every buffer to the hold line, in both directions of trade", () => {
    for (const direction of DIRECTIONS) {
      const giver = direction === "export" ? "vn" : "cn";
      const network = networkOf(networks, giver);
      const hold = handoffPointFor(site, direction)?.hold.giverNodeId ?? "";
      const cranes = nodesOf(site, giver, "crane");
      const buffers = nodesOf(site, giver, "buffer", "outbound");
      for (const [i, crane] of cranes.entries()) {
        for (const buffer of i === 0 ? buffers : buffers.slice(0, 1)) {
          const toBuffer = way(network, crane, buffer);
          const passed = ["portal", "weighbridge", "scanner"] as const;
          for (const kind of passed) {
            expect(toBuffer).toContain(nodesOf(site, giver, kind, "outbound")[0]);
          }
          const toHold = way(network, buffer, hold);
          expect(toHold).toContain(nodesOf(site, giver, "exit-gate")[0]);
        }
      }
    }
  });

  it("lead from the hold line over the line, past the entry gate and the scanner, to every inbound buffer, to a crane and to parking", () => {
    for (const direction of DIRECTIONS) {
      const giver: Side = direction === "export" ? "vn" : "cn";
      const taker = otherSide(giver);
      const point = handoffPointFor(site, direction);
      if (point === undefined) throw new Error(`no hand-off point for ${direction}`);
      expect(boundOf(taker, direction)).toBe("inbound");
      expect(way(networkOf(networks, giver), point.hold.giverNodeId, point.beyond.giverNodeId).length).toBe(
        6,
      );
      const network = networkOf(networks, taker);
      for (const buffer of nodesOf(site, taker, "buffer", "inbound")) {
        const toBuffer = way(network, point.hold.takerNodeId, buffer);
        expect(toBuffer).toContain(point.beyond.takerNodeId);
        expect(toBuffer).toContain(nodesOf(site, taker, "entry-gate")[0]);
        expect(toBuffer).toContain(nodesOf(site, taker, "scanner", "inbound")[0]);
        for (const crane of nodesOf(site, taker, "crane"))
          expect(way(network, buffer, crane)).not.toEqual([]);
      }
      const [crane = ""] = nodesOf(site, taker, "crane");
      for (const parking of nodesOf(site, taker, "parking"))
        expect(way(network, crane, parking)).not.toEqual([]);
    }
  });

  it("bring a vehicle that may not cross back from the hold line to the yard", () => {
    for (const side of SIDES) {
      const direction = side === "vn" ? "export" : "import";
      const hold = handoffPointFor(site, direction)?.hold.giverNodeId ?? "";
      for (const parking of nodesOf(site, side, "parking")) {
        expect(way(networkOf(networks, side), hold, parking)).not.toEqual([]);
      }
    }
  });

  it("have stops where devices wait for a standing vehicle", () => {
    for (const side of SIDES) {
      const network = networkOf(networks, side);
      for (const kind of ["portal", "exit-gate", "entry-gate", "first-stop"] as const) {
        for (const node of nodesOf(site, side, kind)) {
          expect(network.poses.kind[network.poseIndex(nodeIdOf(node)) ?? -1]).toBe(PoseKind.way);
        }
      }
    }
  });

  it("keep the partner's hold line a place on the way, not a bay of ours", () => {
    for (const direction of DIRECTIONS) {
      const taker: Side = direction === "export" ? "cn" : "vn";
      const network = networkOf(networks, taker);
      const hold = network.poseIndex(nodeIdOf(handoffPointFor(site, direction)?.hold.takerNodeId ?? ""));
      expect(network.poses.kind[hold ?? -1]).toBe(PoseKind.way);
      expect(rowOf(network.poses.blocks, hold ?? -1).every((block) => network.blocks.own[block] === 0)).toBe(
        true,
      );
    }
  });
});

function networkOf(networks: ReadonlyMap<Side, Network>, side: Side): Network {
  const network = networks.get(side);
  if (network === undefined) throw new Error(`no network for ${side}`);
  return network;
}

function nodesOf(site: Site, side: Side, kind: StationKind, bound?: "outbound" | "inbound"): string[] {
  return stationsOf(site, side, kind, bound).flatMap(({ nodeId }) => (nodeId === undefined ? [] : [nodeId]));
}

/** The nodes of the way with fewest moves that goes through no endpoint but its ends; empty when there is none. */
function way(network: Network, fromNode: string, toNode: string): string[] {
  const from = network.poseIndex(nodeIdOf(fromNode)) ?? -1;
  const to = network.poseIndex(nodeIdOf(toNode)) ?? -1;
  const cameFrom = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (let pose = queue.shift(); pose !== undefined; pose = queue.shift()) {
    if (pose === to) break;
    if (pose !== from && network.poses.kind[pose] === PoseKind.endpoint) continue;
    for (const move of rowOf(network.poses.outgoing, pose)) {
      const next = network.moves.to[move] ?? -1;
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, pose);
      queue.push(next);
    }
  }
  if (!cameFrom.has(to)) return [];
  const nodes: string[] = [];
  for (let pose = to; ; pose = cameFrom.get(pose) ?? from) {
    nodes.unshift(network.poses.nodeIds[pose] ?? "");
    if (pose === from) return nodes;
  }
}
