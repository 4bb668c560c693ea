import { describe, expect, it } from "vitest";
import { actionIdOf } from "../../names.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";

const pause = { kind: "pause", actionId: actionIdOf("p-1") } as const;
const resume = { kind: "resume", actionId: actionIdOf("r-1") } as const;
const transfer = {
  kind: "transferControl",
  actionId: actionIdOf("t-1"),
  from: "vn",
  expectedEpoch: 1,
  to: "cn",
  handoffId: "h-1",
} as const;

function driving(): CoreBench {
  const bench = new CoreBench();
  bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2, ["b"]) });
  bench.report();
  bench.arrive();
  return bench;
}

describe("a cancellation", () => {
  it("ends the order when the vehicle reports it finished, and lets the next one go out", () => {
    const bench = driving();
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["a", "z"], 2) });
    expect(bench.instants).toMatchObject([{ actionType: "cancelOrder", actionId: "c-1" }]);
    expect(bench.orders).toEqual([]);
    bench.arrive();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(bench.orders).toMatchObject([{ orderId: "leg-2" }]);
  });

  it("is for what was stated before it, even when nothing is known of the vehicle yet", () => {
    const bench = new CoreBench();
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["a", "z"], 2) });
    bench.report();
    expect(bench.told("orderEnded")).toEqual([]);
    expect(bench.orders).toMatchObject([{ orderId: "leg-2" }]);
  });

  it("is repeated until the vehicle shows it, and holds updates back meanwhile", () => {
    const bench = driving();
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3, ["b"]) });
    bench.wait(1_000);
    bench.wait(2_000);
    expect(bench.instants.map((action) => action.actionId)).toEqual(["c-1", "c-1", "c-1"]);
    expect(bench.orders).toEqual([]);
  });

  it("waits while the vehicle is still at it", () => {
    const bench = driving();
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.report({ actionStates: [{ actionId: "c-1", actionStatus: "RUNNING" }] });
    bench.wait(30_000);
    expect(bench.instants).toHaveLength(1);
    expect(bench.told("orderEnded")).toEqual([]);
  });

  it("is over when the vehicle has no order to cancel", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.orders = [];
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.arrive();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(bench.told("trouble")).toEqual([]);
  });

  it("is repeated when the order arrives after it", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    const late = bench.orders.splice(0);
    bench.run({ kind: "cancel", actionId: "c-1" });
    bench.arrive();
    for (const order of late) bench.vehicle.receiveOrder(order);
    bench.report();
    bench.arrive();
    expect(bench.vehicle.isBusy).toBe(false);
    expect(bench.vehicle.instantActionIds).toEqual(["c-1", "c-1+late"]);
  });
});

describe("an instruction", () => {
  it("is repeated until the vehicle's state shows its id, and what became of it is told", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: pause });
    bench.run({ kind: "instruct", instruction: pause });
    bench.wait(1_000);
    expect(bench.instants.map((action) => action.actionType)).toEqual(["startPause", "startPause"]);
    bench.arrive();
    bench.wait(30_000);
    expect(bench.instants).toEqual([]);
    expect(bench.told("actionChanged")).toMatchObject([{ actionId: "p-1", status: "finished" }]);
  });

  it("waits for a session with the broker", () => {
    const bench = new CoreBench();
    bench.run({ kind: "link", up: false });
    bench.run({ kind: "instruct", instruction: pause });
    bench.wait(10_000);
    expect(bench.instants).toEqual([]);
    bench.run({ kind: "link", up: true });
    expect(bench.instants).toHaveLength(1);
  });

  it("is told of again when asked for again, and not sent", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: pause });
    bench.arrive();
    bench.events = [];
    bench.run({ kind: "instruct", instruction: pause });
    expect(bench.instants).toEqual([]);
    expect(bench.told("actionChanged")).toMatchObject([{ actionId: "p-1", status: "finished" }]);
  });

  it("to pause is not repeated once resuming was asked for", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: pause });
    bench.run({ kind: "instruct", instruction: resume });
    bench.instants = [];
    bench.wait(5_000);
    expect(bench.instants.map((action) => action.actionType)).toEqual(["stopPause"]);
  });

  it("that the vehicle has not shown yet goes before a new order", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "instruct", instruction: pause });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    expect(bench.orders).toEqual([]);
    bench.arrive();
    expect(bench.orders).toHaveLength(1);
  });
});

describe("a transfer of control", () => {
  it("carries what the compare-and-set needs", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: transfer });
    expect(bench.instants[0]?.actionParameters).toEqual([
      { key: "from", value: "vn" },
      { key: "expectedEpoch", value: 1 },
      { key: "to", value: "cn" },
      { key: "handoffId", value: "h-1" },
    ]);
  });

  it("is done when the register says so, whatever else is reported", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: transfer });
    bench.vehicle.control = { authority: "cn", epoch: 2, handoffId: "h-1", pausedBy: [] };
    bench.report();
    expect(bench.told("actionChanged")).toMatchObject([{ actionId: "t-1", status: "finished" }]);
  });

  it("has failed, and is not repeated, once the register has moved past the expected epoch", () => {
    const bench = new CoreBench();
    bench.run({ kind: "instruct", instruction: transfer });
    bench.vehicle.control = { authority: "vn", epoch: 2, handoffId: "h-0", pausedBy: [] };
    bench.report();
    bench.instants = [];
    bench.wait(30_000);
    expect(bench.instants).toEqual([]);
    expect(bench.told("actionChanged")).toMatchObject([{ actionId: "t-1", status: "failed" }]);
  });

  it("ends the giver's order as finished even when its last state came after the transfer", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    bench.arrive();
    bench.vehicle.move();
    bench.vehicle.control = { authority: "cn", epoch: 2, handoffId: "h-1", pausedBy: [] };
    // A vehicle says nothing to this side of where it is in the other side's order.
    bench.report({ lastNodeSequenceId: 0, lastNodeId: "" });
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect(bench.told("trouble")).toEqual([]);
  });

  it("leaves the giver's finished order alone", () => {
    const bench = new CoreBench();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.report();
    bench.arrive();
    bench.vehicle.move();
    bench.vehicle.control = { authority: "cn", epoch: 2, handoffId: "h-1", pausedBy: [] };
    bench.vehicle.orderId = "leg-of-the-taker";
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect(bench.told("trouble")).toEqual([]);
  });
});

describe("what a vehicle reports", () => {
  it("is told with what the vehicle is released to drive, in driving order, and how much is planned beyond", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3) });
    bench.arrive();
    const { nodeStates, edgeStates } = bench.vehicle.state(bench.nowMs);
    bench.report({ nodeStates: [...nodeStates].reverse(), edgeStates: [...edgeStates].reverse() });
    expect(bench.told("state").at(-1)?.state).toMatchObject({
      lastNodeId: "a",
      nodesAhead: 2,
      releasedNodeIds: ["b", "c"],
      releasedEdgeIds: ["a>b", "b>c"],
      plannedAhead: 2,
    });
    bench.vehicle.move();
    bench.report();
    expect(bench.told("state").at(-1)?.state).toMatchObject({
      lastNodeId: "b",
      releasedNodeIds: ["c"],
      releasedEdgeIds: ["b>c"],
    });
  });

  it("is told in the site frame", () => {
    const bench = new CoreBench();
    bench.vehicle.position = { x: 1030, y: 490, theta: 1, mapId: "map-vn", positionInitialized: true };
    bench.report();
    expect(bench.told("state")[0]?.state.pose).toEqual({ xM: 30, yM: -10, headingRad: 1 });
  });

  it("has no pose while it is on another map or not localised", () => {
    const bench = new CoreBench();
    bench.vehicle.position = { x: 1030, y: 490, theta: 1, mapId: "map-cn", positionInitialized: true };
    bench.report();
    bench.vehicle.position = { x: 1030, y: 490, theta: 1, mapId: "map-vn", positionInitialized: false };
    bench.report();
    expect(bench.told("state").map((event) => event.state.pose)).toEqual([undefined, undefined]);
  });

  it("counts as `intervened` in SERVICE while it answers to the other side", () => {
    const bench = new CoreBench();
    bench.vehicle.operatingMode = "SERVICE";
    bench.report();
    bench.vehicle.control = { authority: "cn", epoch: 2, pausedBy: [] };
    bench.report();
    expect(bench.told("state").map((event) => event.state.operatingMode)).toEqual(["service", "intervened"]);
  });

  it("is dropped when it comes late, unless it goes on and on: then the vehicle has started again", () => {
    const bench = new CoreBench();
    const timestamp = new Date(0).toISOString();
    bench.report({ headerId: 50 });
    for (const headerId of [3, 4, 5]) bench.report({ headerId, timestamp });
    bench.report({ headerId: 6, timestamp });
    expect(bench.told("state")).toHaveLength(3);
  });

  it("tells a person once of a refused order and of a fatal error, and not of a warning", () => {
    const bench = new CoreBench();
    const errors = [
      { errorType: "noRouteError", errorLevel: "WARNING", errorDescription: "not here" },
      { errorType: "laserBroken", errorLevel: "FATAL" },
      { errorType: "dusty", errorLevel: "WARNING" },
      { errorType: "noOrderToCancel", errorLevel: "WARNING" },
    ] as const;
    bench.report({ errors: [...errors] });
    bench.report({ errors: [...errors] });
    expect(bench.told("trouble")).toMatchObject([
      { code: "order-refused", detail: "noRouteError: not here" },
      { code: "vehicle-error", detail: "laserBroken" },
    ]);
  });

  it("of a node's action is told with each change", () => {
    const bench = driving();
    bench.vehicle.move();
    bench.report();
    bench.vehicle.move();
    bench.report();
    expect(bench.told("actionChanged").map((event) => [event.actionId, event.status])).toEqual([
      ["leg-1-pick-b", "waiting"],
      ["leg-1-pick-b", "running"],
      ["leg-1-pick-b", "finished"],
    ]);
  });
});
