import { expect, it } from "vitest";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";

function underWay(): CoreBench {
  const bench = new CoreBench();
  bench.report();
  bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 2) });
  bench.arrive();
  bench.vehicle.move();
  bench.report();
  return bench;
}

it("a vehicle that drives into its horizon is stopped, and reported once", () => {
  const bench = underWay();
  expect(bench.told("trouble")).toEqual([]);
  const beyond = { lastNodeId: "c", lastNodeSequenceId: 4, nodeStates: [], edgeStates: [] };
  bench.report(beyond);
  bench.report(beyond);
  expect(bench.told("trouble")).toMatchObject([{ code: "beyond-base" }]);
  expect(bench.instants.map(({ actionType }) => actionType)).toEqual(["startPause"]);
  expect(bench.orders).toEqual([]);
  bench.report({ ...beyond, lastNodeId: "d", lastNodeSequenceId: 6 });
  expect(bench.told("trouble").map(({ detail }) => detail)).toEqual([
    expect.stringContaining("at c, past b"),
    expect.stringContaining("at d, past b"),
  ]);
});

it("a vehicle at the end of its base, or of an update on its way to it, is where it may be", () => {
  const bench = underWay();
  bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4) });
  // The update has reached it; the state that says so has not come yet.
  bench.report({ lastNodeId: "c", lastNodeSequenceId: 4 });
  expect(bench.told("trouble")).toEqual([]);
});

it("a vehicle that names its new order with the last node's place in the one before has gone nowhere", () => {
  const bench = underWay();
  const released = (nodeId: string, sequenceId: number) => ({ nodeId, sequenceId, released: true });
  bench.report({
    lastNodeId: "a",
    lastNodeSequenceId: 12,
    nodeStates: [released("a", 0), released("b", 2)],
    edgeStates: [],
  });
  expect(bench.told("trouble")).toEqual([]);
});
