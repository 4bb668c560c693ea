import fc from "fast-check";
import { expect, it } from "vitest";
import type { DriveOrder } from "../../port.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";

/** Figure 7 of 3.0 section 6.1.2: new actions where a vehicle stands, by an update. */

/** Each entry is a node; two at the same place are two visits to it. `true`: something is picked there. */
function orderOver(
  revision: number,
  visits: readonly (readonly [nodeId: string, picks: boolean])[],
): DriveOrder {
  const nodeIds = visits.map(([nodeId]) => nodeId);
  const plain = driveOrder("leg-1", revision, nodeIds, nodeIds.length);
  return {
    ...plain,
    nodes: plain.nodes.map((node, at) => {
      const picks = visits[at]?.[1] === true;
      const [pick] = driveOrder(`visit-${at}`, 0, [node.nodeId], 1, [node.nodeId]).nodes[0]?.actions ?? [];
      return { ...node, actions: picks && pick !== undefined ? [pick] : [] };
    }),
  };
}

it("does new actions where the vehicle stands, each once, by nodes appended at its place, whatever it has done there", () => {
  const way = fc.integer({ min: 1, max: 4 }).map((length) => ["a", "b", "c", "d", "e"].slice(0, length + 1));
  fc.assert(
    fc.property(
      way,
      fc.boolean(),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (nodeIds, picksAtEnd, movesBefore, restarts) => {
        const bench = new CoreBench();
        const last = nodeIds.at(-1) ?? "a";
        let visits = nodeIds.map((nodeId, at) => [nodeId, picksAtEnd && at === nodeIds.length - 1] as const);
        bench.report();
        bench.run({ kind: "drive", order: orderOver(0, visits) });
        bench.arrive();
        const moveOn = (times: number): void => {
          for (let time = 0; time < times; time += 1) {
            bench.vehicle.move();
            bench.report();
          }
        };
        // To its last node at least; whether its actions there have ended is left open.
        moveOn(nodeIds.length - 1);
        for (const [index, moves] of movesBefore.entries()) {
          moveOn(moves);
          if (restarts) {
            bench.restart();
            bench.report();
          }
          visits = [...visits, [last, true]];
          bench.run({ kind: "drive", order: orderOver(index + 1, visits) });
          const [update] = bench.orders;
          expect(update?.nodes.slice(-2).map(({ nodeId }) => nodeId)).toEqual([last, last]);
          bench.arrive();
        }
        moveOn(2 * visits.length);
        expect(bench.vehicle.refusals).toEqual([]);
        expect(bench.vehicle.violations).toEqual([]);
        expect(
          bench.vehicle.actionStates.map(({ actionId, actionStatus }) => [actionId, actionStatus]),
        ).toEqual(
          visits.flatMap(([nodeId, picks], at) =>
            picks ? [[`visit-${at}-pick-${nodeId}`, "FINISHED"]] : [],
          ),
        );
        expect(bench.told("orderEnded").at(-1)).toMatchObject({ orderId: "leg-1", how: "finished" });
        expect(bench.told("trouble")).toEqual([]);
      },
    ),
  );
});
