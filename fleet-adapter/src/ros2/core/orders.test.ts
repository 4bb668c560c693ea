import { describe, expect, it } from "vitest";
import type { ActionId } from "../../port.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./order-fixture.ts";
import { SILENT_AFTER_MS } from "./step.ts";

const instruction = <K extends "pause" | "resume" | "stateRequest" | "stopCharging">(
  kind: K,
  id: string,
) => ({
  kind,
  actionId: id as ActionId,
});

function started(): CoreBench {
  const bench = new CoreBench("a");
  bench.report();
  return bench;
}

const isGrant = (effect: CoreBench["toVehicle"][number]): boolean =>
  effect.kind === "call" && effect.service === "grant";

describe("an order on its way to a ROS vehicle", () => {
  it("is named first and sent as a path when the vehicle has taken the names", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3) });
    expect(bench.toVehicle).toMatchObject([
      {
        kind: "call",
        service: "grant",
        request: {
          side: "vn",
          epoch: 1,
          order_id: "leg-1",
          update_id: 0,
          leads_to_end: false,
          way: [
            { node_id: "a", sequence: 0, edge_id: "", path_index: 0 },
            { node_id: "b", sequence: 1, edge_id: "a>b", path_index: 2 },
            { node_id: "c", sequence: 2, edge_id: "b>c", path_index: 4 },
          ],
        },
      },
    ]);
    for (const message of bench.toVehicle.splice(0)) bench.deliver(message);
    bench.answer();
    const [goal] = bench.toVehicle;
    expect(goal?.kind === "sendGoal" && goal.action === "followPath" && goal.goal.path.poses.length).toBe(5);
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b", "c"]);
    expect(bench.told("state").at(-1)?.state).toMatchObject({
      orderId: "leg-1",
      orderRevision: 0,
      releasedNodeIds: ["b", "c"],
      releasedEdgeIds: ["a>b", "b>c"],
      plannedAhead: 1,
    });
  });

  it("is extended by a path that contains what is still ahead, while the vehicle drives", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3) });
    bench.settle();
    bench.vehicle.move();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4) });
    expect(bench.toVehicle).toMatchObject([
      {
        request: {
          update_id: 1,
          leads_to_end: true,
          way: [{ node_id: "b", sequence: 1 }, { node_id: "c" }, { node_id: "d", sequence: 3 }],
        },
      },
    ]);
    bench.settle();
    for (let i = 0; i < 2; i += 1) bench.vehicle.move();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect(bench.vehicle.refusals).toEqual([]);
  });

  it("is not told beyond a node where something is to be done, and done there before the rest", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3, ["b"]) });
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b"]);
    bench.vehicle.move();
    bench.report();
    expect(bench.toVehicle).toMatchObject([
      { service: "work", request: { work_id: "leg-1-pick-b", kind: 0, station_id: "crane-1" } },
    ]);
    bench.settle();
    bench.vehicle.move();
    bench.report();
    bench.settle();
    expect(bench.told("actionChanged").map((event) => event.status)).toEqual(["running", "finished"]);
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["c"]);
  });

  it("is repeated after 1, 2 and 4 s with what the vehicle needs by then, and told once to a person", () => {
    const bench = started();
    const startMs = bench.nowMs;
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    const sentAtS: number[] = [];
    for (let i = 0; i < 240; i += 1) {
      if (bench.toVehicle.splice(0).some(isGrant)) sentAtS.push(Math.round((bench.nowMs - startMs) / 1000));
      if (i % 10 === 9) bench.report();
      bench.wait(99);
    }
    expect(sentAtS).toEqual([0, 1, 3, 7, 15, 23]);
    expect(bench.told("trouble").map((event) => event.code)).toEqual(["not-reflected"]);
    expect(bench.told("confirmed")).toEqual([]);
    while (bench.toVehicle.length === 0) {
      bench.wait(999);
      bench.report();
    }
    bench.settle();
    expect(bench.told("confirmed")).toHaveLength(1);
  });

  it("is not sent to a vehicle that the other side holds, nor while there is no session, nor in manual mode", () => {
    for (const change of ["authority", "link", "mode"] as const) {
      const bench = started();
      if (change === "authority") bench.vehicle.authority = "cn";
      if (change === "mode") bench.vehicle.mode = 2;
      if (change === "link") bench.run({ kind: "link", up: false });
      bench.report();
      bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
      bench.wait(20_000);
      expect(bench.toVehicle, change).toEqual([]);
    }
  });

  it("is taken over by an adapter that has just started, without a word when the vehicle holds it", () => {
    const bench = started();
    const order = driveOrder("leg-1", 4, ["a", "b", "c", "d"], 3);
    bench.run({ kind: "drive", order });
    bench.settle();
    bench.restart();
    bench.report();
    bench.run({ kind: "drive", order: { ...order, revision: 0 } });
    expect(bench.toVehicle).toEqual([]);
    expect(bench.core.task?.reflectedRevision).toBe(0);
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4) });
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b", "c", "d"]);
    expect(bench.vehicle.refusals).toEqual([]);
  });

  it("of a vehicle that has lost its path is sent again, but not more often than every 8 s", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.settle();
    bench.nowMs += 10_000;
    bench.vehicle.reboot();
    bench.report();
    expect(bench.toVehicle.filter(isGrant)).toHaveLength(1);
    bench.settle();
    expect(bench.vehicle.isFollowing).toBe(true);
    bench.vehicle.reboot();
    bench.report();
    expect(bench.toVehicle).toEqual([]);
  });

  it("that contradicts what the vehicle holds is refused once, and nothing is sent", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.settle();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "x", "y"], 3) });
    bench.report();
    expect(bench.toVehicle).toEqual([]);
    expect(bench.told("trouble").map(({ code }) => code)).toEqual(["order-refused"]);
  });

  it("that the vehicle refuses is a trouble with the vehicle's words, once, and tried again", () => {
    const bench = started();
    bench.vehicle.lastNodeId = "elsewhere";
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.settle();
    for (let i = 0; i < 3; i += 1) {
      expect(bench.toVehicle).toEqual([]);
      bench.wait(3_000);
      bench.report();
    }
    expect(bench.toVehicle.filter(isGrant)).toHaveLength(1);
    bench.settle();
    expect(bench.told("trouble")).toMatchObject([
      { code: "order-refused", detail: "leg-1: does not begin here" },
    ]);
  });

  it("that is stated with a path that goes twice over the same node is told as it is", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "a", "b", "c"], 4) });
    bench.settle();
    for (let i = 0; i < 3; i += 1) bench.vehicle.move();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "a", "b", "c"], 5) });
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["c"]);
    expect(bench.vehicle.violations).toEqual([]);
  });
});

describe("a cancellation", () => {
  it("is repeated until the vehicle says so; what comes after it waits until then", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.settle();
    bench.run({ kind: "cancel" });
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["a", "z"], 2) });
    expect(bench.toVehicle).toMatchObject([{ service: "cancelOrder", request: { order_id: "leg-1" } }]);
    bench.toVehicle = [];
    bench.wait(1_100);
    expect(bench.toVehicle).toMatchObject([{ service: "cancelOrder" }]);
    bench.settle();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(bench.toVehicle).toMatchObject([
      { service: "grant", request: { order_id: "leg-2", update_id: 0 } },
    ]);
  });

  it("ends work that runs at the end of the way", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2, ["b"]) });
    bench.settle();
    bench.vehicle.move();
    bench.report();
    bench.settle();
    bench.run({ kind: "cancel" });
    bench.settle();
    expect(bench.told("orderEnded")).toMatchObject([{ how: "cancelled" }]);
    expect(bench.told("actionChanged").at(-1)).toMatchObject({ status: "failed", detail: "order cancelled" });
  });

  it("of an order that is still on its way ends when the vehicle will refuse that order, not before", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    const late = bench.toVehicle.splice(0);
    for (const message of late) bench.deliver(message);
    bench.answer();
    const goal = bench.toVehicle.splice(0);
    bench.run({ kind: "cancel" });
    bench.report();
    expect(bench.told("orderEnded")).toEqual([]);
    bench.settle();
    expect(bench.told("orderEnded")).toMatchObject([{ how: "cancelled" }]);
    for (const message of goal) bench.deliver(message);
    bench.report();
    expect(bench.vehicle.isBusy).toBe(false);
    expect(bench.vehicle.orderId).toBe("");
  });
});

describe("what is asked for at once", () => {
  it("a stop is done when the latch shows and the vehicle stands, and is not sent after it was lifted", () => {
    const bench = started();
    bench.vehicle.isDriving = true;
    bench.run({ kind: "instruct", instruction: instruction("pause", "p-1") });
    bench.settle();
    expect(bench.told("actionChanged").at(-1)).toMatchObject({ actionId: "p-1", status: "running" });
    bench.vehicle.isDriving = false;
    bench.report();
    expect(bench.told("actionChanged").at(-1)).toMatchObject({ actionId: "p-1", status: "finished" });
    bench.run({ kind: "instruct", instruction: instruction("pause", "p-2") });
    const lost = bench.toVehicle.splice(0);
    bench.run({ kind: "instruct", instruction: instruction("resume", "r-1") });
    bench.settle();
    expect(bench.vehicle.pausedBy).toEqual([]);
    expect(bench.told("actionChanged").at(-1)).toMatchObject({ actionId: "r-1", status: "finished" });
    for (const message of lost) bench.deliver(message);
    bench.wait(10_000);
    expect(bench.toVehicle.filter((one) => one.kind === "call" && one.service === "stop")).toEqual([]);
  });

  it("a stop that comes after its lifting is known by its stamp", () => {
    const bench = started();
    bench.run({ kind: "instruct", instruction: instruction("pause", "p-1") });
    const late = bench.toVehicle.splice(0);
    bench.wait(100);
    bench.run({ kind: "instruct", instruction: instruction("resume", "r-1") });
    bench.settle();
    for (const message of late) bench.deliver(message);
    expect(bench.vehicle.pausedBy).toEqual([]);
  });

  it("a transfer is done by what the register says, whatever was answered", () => {
    const bench = started();
    bench.run({
      kind: "instruct",
      instruction: {
        kind: "transferControl",
        actionId: "t-1" as ActionId,
        from: "vn",
        expectedEpoch: 1,
        to: "cn",
        handoffId: "h-1",
      },
    });
    for (const message of bench.toVehicle.splice(0)) bench.deliver(message);
    bench.answers = [];
    bench.report();
    expect(bench.told("actionChanged")).toMatchObject([{ actionId: "t-1", status: "finished" }]);
    expect(bench.told("state").at(-1)?.state.control).toEqual({
      authority: "cn",
      epoch: 2,
      handoffId: "h-1",
    });
  });

  it("a state that was asked for is told before the request is done", () => {
    const bench = started();
    bench.run({ kind: "instruct", instruction: instruction("stateRequest", "s-1") });
    bench.events = [];
    bench.settle();
    expect(bench.events.map((event) => event.kind).slice(0, 2)).toEqual(["state", "actionChanged"]);
  });
});

describe("a vehicle", () => {
  it("that is silent for 5 s is told as broken, and what was under way goes out again when it is back", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.toVehicle = [];
    bench.wait(SILENT_AFTER_MS);
    expect(bench.told("connection").at(-1)).toMatchObject({ connection: "broken" });
    bench.toVehicle = [];
    bench.report();
    expect(bench.told("connection").at(-1)).toMatchObject({ connection: "online" });
    expect(bench.toVehicle.filter(isGrant)).toHaveLength(1);
  });

  it("that gave its order up is trusted again once it shows the next one, not before", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.settle();
    bench.vehicle.clearOrder();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
    expect(bench.told("trouble")).toMatchObject([{ code: "not-reflected" }]);
    bench.run({ kind: "drive", order: driveOrder("leg-2", 0, ["a", "b", "c"], 3) });
    bench.report();
    expect(bench.told("confirmed")).toEqual([]);
    bench.settle();
    expect(bench.told("confirmed")).toHaveLength(1);
  });

  it("that left its path is a trouble and is not sent on, until it was cleared", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 3) });
    bench.settle();
    bench.nowMs += 20_000;
    bench.vehicle.offPathM = 0.7;
    bench.vehicle.isFollowing = false;
    bench.report();
    bench.report();
    expect(bench.toVehicle).toEqual([]);
    expect(bench.told("trouble")).toMatchObject([{ code: "vehicle-error" }]);
    expect(bench.told("state").at(-1)?.state.errors).toMatchObject([{ type: "offPath", fatal: true }]);
    bench.vehicle.offPathM = undefined;
    bench.report();
    expect(bench.toVehicle.filter(isGrant)).toHaveLength(1);
  });

  it("says nothing before its pose and its charge are known", () => {
    const bench = new CoreBench("a");
    bench.core = { ...bench.core, odometry: undefined };
    bench.report();
    expect(bench.told("state")).toEqual([]);
    bench.run({ kind: "odometry", odometry: bench.vehicle.odometry(bench.nowMs) });
    expect(bench.told("state")).toHaveLength(1);
  });

  it("an old status, and a pose from another frame, change nothing", () => {
    const bench = started();
    const old = bench.vehicle.status(bench.nowMs - 500);
    bench.vehicle.lastNodeId = "b";
    bench.report();
    bench.report();
    bench.events = [];
    bench.run({ kind: "status", status: { ...old, sequence: 1 } });
    expect(bench.events).toEqual([]);
    const odometry = bench.vehicle.odometry(bench.nowMs + 1_000);
    bench.nowMs += 1_000;
    bench.run({
      kind: "odometry",
      odometry: { ...odometry, header: { ...odometry.header, frame_id: "odom" } },
    });
    expect(bench.told("state").at(-1)?.state.pose).toBeUndefined();
  });

  it("whose diagnostics report an error is a trouble, once, until they do not", () => {
    const bench = started();
    const diagnostics = (level: number) => ({ status: [{ level, name: "lidar", message: "blind" }] });
    bench.run({ kind: "diagnostics", diagnostics: diagnostics(2) });
    bench.run({ kind: "diagnostics", diagnostics: diagnostics(2) });
    bench.run({ kind: "diagnostics", diagnostics: diagnostics(0) });
    bench.run({ kind: "diagnostics", diagnostics: diagnostics(2) });
    expect(bench.told("trouble").map(({ detail }) => detail)).toEqual(["lidar: blind", "lidar: blind"]);
  });

  it("that aborts the newest path is a trouble, one that aborts an older one is not", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    bench.settle();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3) });
    const outcome = { kind: "aborted", detail: "104" } as const;
    bench.run({ kind: "goalOver", orderId: "leg-1", updateId: 0, outcome });
    expect(bench.told("trouble")).toEqual([]);
    bench.run({ kind: "goalOver", orderId: "leg-1", updateId: 1, outcome });
    expect(bench.told("trouble")).toHaveLength(1);
  });

  it("that aborts the path of an order which is being given up is no trouble", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    bench.settle();
    bench.run({ kind: "cancel" });
    const outcome = { kind: "aborted", detail: "the order was cancelled" } as const;
    bench.run({ kind: "goalOver", orderId: "leg-1", updateId: 0, outcome });
    expect(bench.told("trouble")).toEqual([]);
  });
});
