import { describe, expect, it } from "vitest";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";
import { sheet } from "./sheet-fixture.ts";

describe("a new order", () => {
  it("waits for the vehicle's first state, and then begins where it stands and counts from 0", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    expect(bench.orders).toEqual([]);
    bench.report();
    const [order] = bench.orders;
    expect(order?.orderUpdateId).toBe(0);
    expect(order?.nodes.map((node) => [node.nodeId, node.sequenceId, node.released])).toEqual([
      ["a", 0, true],
      ["b", 2, true],
      ["c", 4, false],
    ]);
    expect(order?.edges.map((edge) => [edge.edgeId, edge.sequenceId, edge.released])).toEqual([
      ["a>b", 1, true],
      ["b>c", 3, false],
    ]);
    expect(order?.nodes[0]?.nodePosition).toMatchObject({ x: 1010, y: 500, mapId: "map-vn" });
  });

  it("is not sent before the vehicle has ended the order it has, its actions included", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2, ["b"]) });
    bench.report();
    bench.arrive();
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["b", "c"], 2) });
    bench.vehicle.move();
    bench.report();
    expect(bench.told("orderEnded")).toEqual([]);
    expect(bench.orders).toEqual([]);
    bench.vehicle.move();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect(bench.orders).toMatchObject([{ orderId: "leg-2", orderUpdateId: 0 }]);
  });

  it("waits for an order and for actions that this side knows nothing of", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    const other = { orderId: "leg-0", lastNodeId: "x" };
    bench.report({ ...other, nodeStates: [{ nodeId: "a", sequenceId: 2, released: true }] });
    bench.report({
      ...other,
      lastNodeId: "a",
      actionStates: [{ actionId: "drop-0", actionStatus: "RUNNING" }],
    });
    expect(bench.orders).toEqual([]);
    bench.report({
      ...other,
      lastNodeId: "a",
      actionStates: [{ actionId: "drop-0", actionStatus: "FINISHED" }],
    });
    expect(bench.orders).toHaveLength(1);
  });

  it("gives up the order that waited when a newer one is stated", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["b", "c"], 2) });
    bench.run({ kind: "drive", order: driveOrder("leg-3", 0, ["b", "d"], 2) });
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-2", how: "cancelled" }]);
  });

  it("goes only to a vehicle that answers to this side", () => {
    const bench = new CoreBench();
    bench.vehicle.control = { authority: "cn", epoch: 4, pausedBy: [] };
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    bench.wait(20_000);
    expect(bench.orders).toEqual([]);
    bench.vehicle.control = { authority: "vn", epoch: 5, pausedBy: [] };
    bench.report();
    expect(bench.orders).toHaveLength(1);
  });

  it.each(["MANUAL", "SERVICE", "TEACHIN"] as const)("does not go to a vehicle in mode %s", (mode) => {
    const bench = new CoreBench();
    bench.vehicle.operatingMode = mode;
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    expect(bench.orders).toEqual([]);
  });

  it("reaches a vehicle that stopped past its last node by a wider deviation", () => {
    const bench = new CoreBench("a");
    bench.vehicle.position = { x: 1016, y: 500, theta: 0, mapId: "map-vn", positionInitialized: true };
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    expect(bench.orders[0]?.nodes[0]?.nodePosition?.allowedDeviationXY).toBeCloseTo(6.5);
    expect(bench.orders[0]?.nodes[1]?.nodePosition?.allowedDeviationXY).toBe(0.5);
  });

  it("is refused here when it names a node that is not on the map", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "nowhere"], 2) });
    expect(bench.orders).toEqual([]);
    expect(bench.told("trouble")).toMatchObject([
      { code: "order-refused", detail: "leg-1 revision 0: node nowhere is not on map map-vn" },
    ]);
  });
});

describe("an update", () => {
  function underWay(): CoreBench {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2, ["b"]) });
    bench.report();
    bench.arrive();
    return bench;
  }

  it("begins at the end of the base with that node unchanged, and repeats nothing before it", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2, ["b"]) });
    bench.report();
    const stitch = bench.orders[0]?.nodes[1];
    bench.arrive();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 3, ["b"]) });
    const [update] = bench.orders;
    expect(update?.orderUpdateId).toBe(1);
    expect(update?.nodes[0]).toEqual(stitch);
    expect(update?.nodes.map((node) => node.sequenceId)).toEqual([2, 4, 6]);
    expect(update?.edges.map((edge) => edge.sequenceId)).toEqual([3, 5]);
  });

  it("waits while another is on its way, and then says the newest", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 3, ["b"]) });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 2, ["a", "b", "c", "e"], 3, ["b"]) });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 3, ["a", "b", "c", "e", "f"], 4, ["b"]) });
    expect(bench.orders).toHaveLength(1);
    bench.arrive();
    expect(bench.orders.map((order) => order.nodes.map((node) => node.nodeId))).toEqual([["c", "e", "f"]]);
  });

  it("replaces or takes away the horizon without touching the base", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "x", "y"], 2, ["b"]) });
    bench.arrive();
    expect(bench.vehicle.nodes.map((node) => [node.nodeId, node.released])).toEqual([
      ["b", true],
      ["x", false],
      ["y", false],
    ]);
    bench.run({ kind: "drive", order: driveOrder("leg-1", 2, ["a", "b"], 2, ["b"]) });
    bench.arrive();
    expect(bench.vehicle.nodes.map((node) => node.nodeId)).toEqual(["b"]);
    expect(bench.vehicle.violations).toEqual([]);
  });

  it("is not sent for a revision that is old, known, or changes nothing", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 5, ["a", "b", "c"], 2, ["b"]) });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 3, ["a", "b", "z"], 3, ["b"]) });
    bench.report();
    bench.wait(10_000);
    expect(bench.orders).toEqual([]);
    expect(bench.told("state").at(-1)?.state.orderRevision).toBe(5);
  });

  it("never takes back what was released", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 1, ["b"]) });
    bench.arrive();
    expect(bench.vehicle.nodes.filter((node) => node.released).map((node) => node.nodeId)).toEqual(["b"]);
  });

  it("goes above an update that the vehicle's base has overtaken", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4, ["b"]) });
    expect(bench.orders.splice(0)).toMatchObject([{ orderUpdateId: 1 }]);
    const nodeStates = ["b", "c"].map((nodeId, index) => ({
      nodeId,
      sequenceId: 2 * index + 2,
      released: true,
    }));
    bench.report({ nodeStates });
    bench.nowMs += 2_000;
    bench.report({ nodeStates });
    expect(bench.orders.map((order) => [order.orderUpdateId, order.nodes[0]?.nodeId])).toEqual([[2, "c"]]);
  });

  it("is refused here when it leads another way than the base", () => {
    const bench = underWay();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "x", "y"], 3) });
    expect(bench.orders).toEqual([]);
    expect(bench.told("trouble")).toMatchObject([{ code: "order-refused" }]);
  });

  it("extends an order that the vehicle has driven to the end of its base", () => {
    const bench = underWay();
    bench.vehicle.move();
    bench.vehicle.move();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3, ["b"]) });
    bench.arrive();
    expect(bench.vehicle.refusals).toEqual([]);
    bench.vehicle.move();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
  });
});

describe("delivery", () => {
  it("repeats an order after 1, 2, 4, 8 and 8 seconds until the state shows it, and tells a person once", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    const sentAfterMs: number[] = [];
    for (let ms = 250; ms <= 40_000; ms += 250) {
      const before = bench.orders.length;
      bench.wait(250);
      if (bench.orders.length > before) sentAfterMs.push(ms);
    }
    expect(sentAfterMs).toEqual([1_000, 3_000, 7_000, 15_000, 23_000, 31_000, 39_000]);
    expect(new Set(bench.orders.map((order) => JSON.stringify(order))).size).toBe(1);
    expect(bench.told("trouble")).toMatchObject([{ code: "not-reflected" }]);
    expect(bench.told("confirmed")).toEqual([]);
    bench.arrive();
    expect(bench.told("confirmed")).toHaveLength(1);
    bench.wait(60_000);
    expect(bench.orders).toEqual([]);
  });

  it("sends nothing without a session, and what was on its way at once when it is back", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    bench.run({ kind: "link", up: false });
    bench.wait(60_000);
    expect(bench.orders).toHaveLength(1);
    bench.run({ kind: "link", up: true });
    expect(bench.orders).toHaveLength(2);
  });

  it("holds orders back from a vehicle whose connection broke, until it is heard again", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "connection", connection: "broken" });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    expect(bench.orders).toEqual([]);
    bench.report();
    expect(bench.orders).toHaveLength(1);
    expect(bench.told("connection").map((event) => event.connection)).toEqual(["online", "broken", "online"]);
  });

  it("sends what was on its way again, at once, when a vehicle is heard after its connection broke", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    bench.run({ kind: "connection", connection: "broken" });
    bench.report();
    expect(bench.orders).toHaveLength(2);
  });
});

describe("after a restart of the adapter", () => {
  function midTraffic(): CoreBench {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d", "e"], 2) });
    bench.report();
    bench.arrive();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d", "e"], 4) });
    bench.arrive();
    bench.vehicle.move();
    bench.restart();
    return bench;
  }

  it("leaves a vehicle alone that holds what is stated", () => {
    const bench = midTraffic();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d", "e"], 4) });
    bench.report();
    bench.wait(60_000);
    expect(bench.orders).toEqual([]);
    expect(bench.told("trouble")).toEqual([]);
  });

  it("goes on above the vehicle's update id, from the end of its base", () => {
    const bench = midTraffic();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d", "e"], 5) });
    expect(bench.orders[0]?.orderUpdateId).toBe(2);
    expect(bench.orders[0]?.nodes.map((node) => [node.nodeId, node.sequenceId])).toEqual([
      ["d", 6],
      ["e", 8],
    ]);
    bench.arrive();
    for (let move = 0; move < 5; move += 1) bench.vehicle.move();
    bench.report();
    expect(bench.vehicle.refusals).toEqual([]);
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
  });

  it("takes nothing back when less is stated than the vehicle holds", () => {
    const bench = midTraffic();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d", "x"], 2) });
    expect(bench.orders[0]?.nodes.map((node) => [node.nodeId, node.released])).toEqual([
      ["d", true],
      ["x", false],
    ]);
    bench.arrive();
    expect(bench.vehicle.violations).toEqual([]);
  });

  it("makes good what a message of the former life, under the same update id, left out", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a"], 1) });
    bench.report();
    const late = bench.orders.splice(0);
    bench.restart();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    for (const order of [...late, ...bench.orders.splice(0)]) bench.vehicle.receiveOrder(order);
    bench.report();
    bench.arrive();
    expect(bench.told("orderEnded")).toEqual([]);
    expect(bench.vehicle.nodes.map((node) => [node.nodeId, node.released])).toEqual([["b", true]]);
  });

  it("takes over from an order stated without the nodes already passed", () => {
    const bench = midTraffic();
    bench.vehicle.move();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["c", "d", "e"], 3) });
    expect(bench.orders[0]?.nodes.map((node) => [node.nodeId, node.sequenceId])).toEqual([
      ["d", 6],
      ["e", 8],
    ]);
  });

  it("tells at once of an order that ended meanwhile", () => {
    const bench = midTraffic();
    bench.vehicle.move();
    bench.vehicle.move();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 4) });
    // The horizon that the vehicle still shows has to go first.
    bench.arrive();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
  });
});

describe("a vehicle that gives up an order by itself", () => {
  /** Somebody has taken it in hand, and it has cleared its order. */
  const takenInHand = (): CoreBench => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.report();
    bench.arrive();
    bench.vehicle.clearOrder();
    bench.report();
    return bench;
  };

  it("is told of when it was taken in hand", () => {
    const bench = takenInHand();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(bench.told("trouble")).toMatchObject([{ code: "not-reflected" }]);
  });

  it("is trusted again once it holds the next one, not before", () => {
    const bench = takenInHand();
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["a", "b", "c"], 3) });
    bench.report();
    expect(bench.orders).toMatchObject([{ orderId: "leg-2" }]);
    expect(bench.told("confirmed")).toEqual([]);
    bench.arrive();
    expect(bench.told("confirmed")).toHaveLength(1);
  });

  it("is no case for this side any more when it answers to the other", () => {
    const bench = takenInHand();
    bench.vehicle.control = { authority: "cn", epoch: 5, pausedBy: [] };
    bench.report();
    expect(bench.told("confirmed")).toHaveLength(1);
  });

  it("is told of when it started again without its order, although its count began anew", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.report();
    bench.arrive();
    bench.vehicle.forget();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    bench.wait(30_000);
    expect(bench.orders).toEqual([]);
  });
});

describe("the first order of a vehicle that was handed over while it rolls", () => {
  const order = driveOrder("leg-1", 0, ["a", "bb"], 2);
  /** The node `a` is at (1010, 500) of the map; the vehicle drives along its x. */
  const rollsAt = (x: number, y: number, change: { rollingHandoff?: boolean; driving?: boolean } = {}) => {
    const bench = new CoreBench();
    const { rollingHandoff = true, driving = true } = change;
    bench.run({ kind: "factsheet", sheet: sheet({ rollingHandoff }) });
    const agvPosition = { x, y, theta: 0, mapId: "map-vn", positionInitialized: true };
    bench.report({ driving, lastNodeId: "", agvPosition });
    bench.run({ kind: "drive", order });
    return bench.orders[0]?.nodes[0]?.nodePosition?.allowedDeviationXY;
  };

  it("begins at a node whose deviation reaches the vehicle, so that it is trivially reachable", () => {
    expect(rollsAt(1004, 500)).toBeCloseTo(6.5);
    expect(rollsAt(1009.9, 500)).toBe(0.5);
  });

  it.each([
    ["has passed the node", 1014, 500, {}],
    ["is not in line with it", 1004, 503, {}],
    ["is too far away", 900, 500, {}],
    ["stands", 1004, 500, { driving: false }],
    ["is not one that is handed over so", 1004, 500, { rollingHandoff: false }],
  ] as const)(
    "reaches no further than any other when the vehicle %s: it is to say that there is no way",
    (_what, x, y, change) => {
      expect(rollsAt(x, y, change)).toBe(0.5);
    },
  );
});
