import type { OrderEdge, OrderNode } from "@baton/fleet-adapter/vda5050";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Lead, layOut } from "./route.ts";

/** A way of so many edges whose nodes are where the numbers say, with speeds of their own. */
function way(
  xs: readonly number[],
  released: number,
  firstAt = 0,
): { nodes: OrderNode[]; edges: OrderEdge[] } {
  const nodes = xs.map((x, at) => ({
    nodeId: `n-${firstAt + at}`,
    sequenceId: 2 * (firstAt + at),
    released: at < released,
    nodePosition: { x, y: at, mapId: "m" },
    actions: [],
  }));
  const edges = nodes.slice(1).map((node, at) => ({
    edgeId: `e-${firstAt + at}`,
    sequenceId: node.sequenceId - 1,
    released: node.released,
    startNodeId: `n-${firstAt + at}`,
    endNodeId: node.nodeId,
    maxSpeed: 1 + (at % 3),
    actions: [],
  }));
  return { nodes, edges };
}

const places = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 6 });

test("an update is laid out on what was laid out before as if it came alone, whether or not the vehicle rolled into it", () => {
  fc.assert(
    fc.property(
      places,
      places,
      fc.option(places, { nil: undefined }),
      fc.nat(6),
      (xs, more, leadXs, keep) => {
        const lead: Lead | undefined =
          leadXs === undefined ? undefined : { side: "vn", ...way(leadXs, leadXs.length) };
        const first = way(xs, xs.length);
        const route = layOut(first.nodes, first.edges, lead);
        const kept = Math.min(keep, first.edges.length);
        const added = way([xs[kept] ?? 0, ...more], 2, kept);
        const nodes = [...first.nodes.slice(0, kept + 1), ...added.nodes.slice(1)];
        const edges = [...first.edges.slice(0, kept), ...added.edges];
        const updated = layOut(nodes, edges, lead, { edges: first.edges, route });
        // Curves are functions: what they come to is in the lengths.
        const plain = (laid: typeof updated) => ({
          ...laid,
          curves: laid.curves.map(({ lengthM }) => lengthM),
          lead: laid.lead?.lengthM,
        });
        expect(plain(updated)).toEqual(plain(layOut(nodes, edges, lead)));
      },
    ),
  );
});
