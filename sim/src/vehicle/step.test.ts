import { nodePoseInSite, type Site } from "@baton/maps";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import { exampleModel, instant, nodeAction, orderOn, VehicleBench, vehicleAt } from "./example-vehicle.ts";
import { brakingDistanceM } from "./motion.ts";
import { stateMessage } from "./report.ts";
import { recall, remember } from "./store.ts";
import type { VehicleModel } from "./vehicle.ts";

let site: Site;
let model: VehicleModel;
beforeAll(async () => {
  const loaded = await loadScenario("first-look");
  site = loaded.site;
  model = exampleModel(loaded.scenario, site);
});

const STRIP = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3", "vn.out.strip-4"];
const TAKER_STRIP = ["cn.in.partner-hold", "cn.in.strip-1", "cn.in.strip-2", "cn.in.strip-3"];
const onStrip = (containerNo?: string): VehicleBench =>
  new VehicleBench(vehicleAt(site, "vn", "vn.out.hold", containerNo), model);
const strip = (change: object = {}) =>
  orderOn(site, { side: "vn", orderId: "o-1", nodeIds: STRIP, ...change });
const state = (bench: VehicleBench, side: "vn" | "cn") => stateMessage(bench.vehicle, bench.model, side, 0);
const isDone = (bench: VehicleBench) =>
  state(bench, bench.vehicle.register.authority).nodeStates.length === 0;

describe("a vehicle with an order", () => {
  it("drives to the end of its base and no further, and goes on when the base grows", () => {
    const bench = onStrip();
    bench.order("vn", strip({ released: 3 }));
    bench.run(120_000);
    expect(state(bench, "vn")).toMatchObject({
      lastNodeId: "vn.out.strip-2",
      lastNodeSequenceId: 4,
      driving: false,
      newBaseRequest: true,
      nodeStates: [
        { nodeId: "vn.out.strip-3", released: false },
        { nodeId: "vn.out.strip-4", released: false },
      ],
    });
    bench.order(
      "vn",
      orderOn(site, {
        side: "vn",
        orderId: "o-1",
        orderUpdateId: 1,
        nodeIds: STRIP.slice(2),
        firstSequenceId: 4,
      }),
    );
    bench.runUntil(() => isDone(bench));
    const end = nodePoseInSite(site, "vn", "vn.out.strip-4");
    expect(bench.vehicle.pose.xM).toBeCloseTo(end?.xM ?? Number.NaN, 2);
    expect(bench.vehicle.pose.yM).toBeCloseTo(end?.yM ?? Number.NaN, 2);
    expect(state(bench, "vn")).toMatchObject({
      lastNodeId: "vn.out.strip-4",
      orderUpdateId: 1,
      edgeStates: [],
    });
  });

  it("follows the curves of the layout", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    bench.order(
      "vn",
      orderOn(site, {
        side: "vn",
        orderId: "curve",
        nodeIds: ["vn.yard.crane-1", "vn.yard.crane-1.leave", "vn.yard.crane-1.out"],
      }),
    );
    bench.runUntil(() => isDone(bench));
    const end = nodePoseInSite(site, "vn", "vn.yard.crane-1.out");
    expect(bench.vehicle.pose.xM).toBeCloseTo(end?.xM ?? Number.NaN, 2);
    expect(bench.vehicle.pose.headingRad).toBeCloseTo(end?.headingRad ?? Number.NaN, 3);
  });

  it("never leaves its base, whenever extensions come", () => {
    const bases = fc.array(
      fc.record({ waitMs: fc.integer({ min: 0, max: 12_000 }), by: fc.integer({ min: 1, max: 2 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(bases, (extensions) => {
        const bench = onStrip();
        let released = 1;
        let update = 0;
        const inBase = (): void => {
          const { order, alongM, speedMps } = bench.vehicle;
          const baseEndM = order?.route.nodeAtM[released - 1] ?? 0;
          expect(alongM + brakingDistanceM(speedMps, model.kinematics)).toBeLessThanOrEqual(baseEndM + 1e-3);
        };
        bench.order("vn", strip({ released }));
        for (const { waitMs, by } of extensions) {
          bench.run(waitMs, inBase);
          const from = released - 1;
          const next = Math.min(STRIP.length, released + by);
          bench.order(
            "vn",
            orderOn(site, {
              side: "vn",
              orderId: "o-1",
              orderUpdateId: ++update,
              nodeIds: STRIP.slice(from),
              released: next - from,
              firstSequenceId: 2 * from,
            }),
          );
          released = next;
          expect(bench.vehicle.refusals).toEqual([]);
        }
        bench.run(60_000, inBase);
        expect(bench.vehicle.alongM).toBeCloseTo(bench.vehicle.order?.route.nodeAtM[released - 1] ?? 0, 6);
      }),
      { numRuns: 25 },
    );
  });

  it("refuses another order until it is done, and says which", () => {
    const bench = onStrip();
    bench.order("vn", strip());
    bench.run(5_000);
    bench.order("vn", strip({ orderId: "o-2" }));
    const [error] = state(bench, "vn").errors;
    expect(error).toMatchObject({ errorType: "orderUpdateError", errorLevel: "WARNING" });
    expect(error?.errorReferences).toContainEqual({ referenceKey: "orderId", referenceValue: "o-2" });
    expect(state(bench, "vn").orderId).toBe("o-1");
    bench.runUntil(() => isDone(bench));
  });

  it("leaves out what it has already, refuses what is older, and refuses an update that is not stitched on", () => {
    const bench = onStrip();
    bench.order("vn", strip({ released: 2, orderUpdateId: 3 }));
    const { order } = bench.vehicle;
    bench.order("vn", strip({ released: 2, orderUpdateId: 3 }));
    expect(bench.vehicle.order).toBe(order);
    expect(state(bench, "vn").errors).toEqual([]);
    bench.order("vn", strip({ released: 5, orderUpdateId: 2 }));
    bench.order("vn", strip({ released: 5, orderUpdateId: 4 }));
    expect(bench.vehicle.order).toBe(order);
    expect(state(bench, "vn").errors.map((error) => error.errorType)).toEqual([
      "orderUpdateError",
      "orderUpdateError",
    ]);
  });

  it("refuses an order that does not begin where it stands, or is on another map", () => {
    const bench = onStrip();
    bench.order("vn", orderOn(site, { side: "vn", orderId: "far", nodeIds: STRIP.slice(1) }));
    expect(state(bench, "vn").errors[0]?.errorType).toBe("noRouteError");
    const elsewhere = strip();
    for (const node of elsewhere.nodes) if (node.nodePosition !== undefined) node.nodePosition.mapId = "moon";
    bench.order("vn", { ...elsewhere, orderId: "moon" });
    expect(state(bench, "vn").errors.at(-1)?.errorDescription).toMatch(/map moon/);
    expect(bench.vehicle.order).toBeUndefined();
  });

  it("ends a cancelled order at the next node where it can stand, and takes a new one from there", () => {
    const bench = onStrip();
    bench.order("vn", strip());
    bench.run(9_000);
    bench.ask("vn", instant("cancelOrder", "c-1"));
    expect(bench.status("c-1")).toBe("RUNNING");
    bench.runUntil(() => bench.status("c-1") === "FINISHED");
    const { lastNodeId, nodeStates } = state(bench, "vn");
    expect(nodeStates).toEqual([]);
    expect(bench.vehicle.speedMps).toBe(0);
    expect(lastNodeId).not.toBe("vn.out.strip-4");
    bench.order(
      "vn",
      orderOn(site, { side: "vn", orderId: "o-2", nodeIds: STRIP.slice(STRIP.indexOf(lastNodeId)) }),
    );
    bench.runUntil(() => isDone(bench));
    expect(state(bench, "vn").orderId).toBe("o-2");
  });

  it("has nothing to cancel when it has no order", () => {
    const bench = onStrip();
    bench.ask("vn", instant("cancelOrder", "c-1"));
    expect(state(bench, "vn").actionStates).toMatchObject([
      { actionStatus: "FAILED", resultDescription: "noOrderToCancel" },
    ]);
  });
});

describe("a vehicle between two sides", () => {
  it("tells each side where it is in that side's frame, and only the holder that it is automatic", () => {
    const bench = onStrip();
    const vn = state(bench, "vn");
    const cn = state(bench, "cn");
    expect(vn.operatingMode).toBe("AUTOMATIC");
    expect(cn.operatingMode).toBe("SERVICE");
    expect(vn.lastNodeId).toBe("vn.out.hold");
    expect(cn.lastNodeId).toBe("cn.in.partner-hold");
    expect(vn.agvPosition?.mapId).not.toBe(cn.agvPosition?.mapId);
    const [hold] = orderOn(site, { side: "cn", orderId: "x", nodeIds: TAKER_STRIP }).nodes;
    expect(cn.agvPosition?.x).toBeCloseTo(hold?.nodePosition?.x ?? Number.NaN, 1);
    expect(cn.batonControl).toEqual({ authority: "vn", epoch: 0, pausedBy: [] });
  });

  it("obeys nobody but its holder, but stops for both", () => {
    const bench = onStrip();
    bench.order("cn", orderOn(site, { side: "cn", orderId: "theirs", nodeIds: TAKER_STRIP }));
    expect(bench.vehicle.order).toBeUndefined();
    expect(state(bench, "cn").errors[0]?.errorType).toBe("notInControl");
    expect(state(bench, "vn").errors).toEqual([]);
    bench.order("vn", strip());
    bench.run(5_000);
    for (const action of ["cancelOrder", "startCharging"]) bench.ask("cn", instant(action, action));
    expect(state(bench, "cn").actionStates.map((action) => action.actionStatus)).toEqual([
      "FAILED",
      "FAILED",
    ]);
    bench.ask("cn", instant("startPause", "p-cn"));
    bench.ask("vn", instant("startPause", "p-vn"));
    expect(bench.status("p-cn")).toBe("RUNNING");
    bench.runUntil((vehicle) => vehicle.speedMps === 0);
    expect(bench.status("p-cn")).toBe("FINISHED");
    bench.ask("vn", instant("stopPause", "r-vn"));
    const { alongM } = bench.vehicle;
    bench.run(10_000);
    expect(bench.vehicle.alongM).toBe(alongM);
    expect(state(bench, "vn").batonControl?.pausedBy).toEqual(["cn"]);
    // A stop is taken back by whoever asked for it, holder or not; the holder's order is what moves the vehicle then.
    bench.ask("cn", instant("stopPause", "r-cn"));
    bench.runUntil((vehicle) => vehicle.alongM > alongM);
  });

  it("goes on when the only latch is cleared", () => {
    const bench = onStrip();
    bench.order("vn", strip());
    bench.run(4_000);
    bench.ask("vn", instant("startPause", "p"));
    bench.run(20_000);
    expect(bench.vehicle.speedMps).toBe(0);
    bench.ask("vn", instant("stopPause", "r"));
    bench.runUntil(() => isDone(bench));
  });

  it("is handed over standing, and is then driven by the taker over the same ground", () => {
    const bench = onStrip("BTNU0000017");
    const transfer = (actionId: string) =>
      instant("transferControl", actionId, { from: "vn", expectedEpoch: 0, to: "cn", handoffId: "h-1" });
    bench.ask("cn", transfer("t-0"));
    expect(bench.status("t-0")).toBe("FAILED");
    bench.ask("vn", transfer("t-1"));
    expect(bench.status("t-1")).toBe("FINISHED");
    bench.ask("vn", transfer("t-2"));
    expect(bench.status("t-2")).toBe("FINISHED");
    expect(state(bench, "vn").batonControl).toEqual({
      authority: "cn",
      epoch: 1,
      handoffId: "h-1",
      pausedBy: [],
    });
    bench.order("vn", strip());
    expect(state(bench, "vn").errors[0]?.errorType).toBe("notInControl");
    bench.order("cn", orderOn(site, { side: "cn", orderId: "theirs", nodeIds: TAKER_STRIP }));
    bench.runUntil(() => isDone(bench));
    expect(state(bench, "cn").lastNodeId).toBe("cn.in.strip-3");
    expect(state(bench, "vn")).toMatchObject({
      lastNodeId: "vn.out.strip-3",
      operatingMode: "SERVICE",
      orderId: "",
    });
    expect(state(bench, "cn").loads).toEqual([{ loadId: "BTNU0000017", loadType: "container" }]);
  });

  it("comes back from the partner with no order, whatever it was ordered before it left", () => {
    const bench = onStrip("BTNU0000017");
    const pass = (from: "vn" | "cn", to: "vn" | "cn", expectedEpoch: number) =>
      bench.ask(
        from,
        instant("transferControl", `t-${expectedEpoch}`, {
          from,
          expectedEpoch,
          to,
          handoffId: `h-${expectedEpoch}`,
        }),
      );
    bench.order("vn", strip());
    bench.runUntil(() => isDone(bench));
    const ordered = state(bench, "vn").orderId;
    expect(ordered).not.toBe("");
    pass("vn", "cn", 0);
    expect(state(bench, "vn").orderId).toBe(ordered);
    pass("cn", "vn", 1);
    expect(state(bench, "vn")).toMatchObject({ operatingMode: "AUTOMATIC", orderId: "" });
  });

  it("is not handed over while it has an order", () => {
    const bench = onStrip();
    bench.order("vn", strip({ released: 1 }));
    bench.ask(
      "vn",
      instant("transferControl", "t", { from: "vn", expectedEpoch: 0, to: "cn", handoffId: "h" }),
    );
    expect(bench.status("t")).toBe("FAILED");
    expect(bench.vehicle.register.authority).toBe("vn");
  });
});

describe("a vehicle at a crane", () => {
  const pickHere = (bench: VehicleBench): void =>
    bench.order(
      "vn",
      orderOn(site, {
        side: "vn",
        orderId: "load",
        nodeIds: ["vn.yard.crane-1"],
        actionsAtEnd: [nodeAction("pick", "pick-1")],
      }),
    );

  it("locks a container that lands on it, and says so when the locks are closed", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    pickHere(bench);
    bench.run(10_000);
    expect(bench.status("pick-1")).toBe("RUNNING");
    bench.take({ kind: "crane", liftId: "l-1", containerNo: "BTNU0000017", phase: "lowered" });
    bench.run(1_000);
    expect(state(bench, "vn").loads).toEqual([]);
    bench.run(3_000);
    expect(bench.status("pick-1")).toBe("FINISHED");
    expect(state(bench, "vn").loads).toMatchObject([{ loadId: "BTNU0000017" }]);
  });

  it("does not drive off with a container that is not locked", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    bench.take({ kind: "crane", liftId: "l-1", containerNo: "BTNU0000017", phase: "lowered" });
    bench.order(
      "vn",
      orderOn(site, { side: "vn", orderId: "go", nodeIds: ["vn.yard.crane-1", "vn.yard.crane-1.leave"] }),
    );
    bench.run(20_000);
    expect(bench.vehicle.alongM).toBe(0);
  });

  it("lets go of its container only after opening its locks, and feels a lift once", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1", "BTNU0000017"), model);
    const lifted = { kind: "crane", liftId: "l-9", containerNo: "BTNU0000017", phase: "lifted" } as const;
    bench.take(lifted);
    expect(bench.vehicle.deck).toBe("BTNU0000017");
    bench.order(
      "vn",
      orderOn(site, {
        side: "vn",
        orderId: "unload",
        nodeIds: ["vn.yard.crane-1"],
        actionsAtEnd: [nodeAction("drop", "drop-1")],
      }),
    );
    bench.run(5_000);
    bench.take(lifted);
    bench.run(500);
    expect(bench.status("drop-1")).toBe("FINISHED");
    expect(state(bench, "vn").loads).toEqual([]);
    bench.take({ kind: "crane", liftId: "l-9", containerNo: "BTNU0000017", phase: "lowered" });
    expect(bench.vehicle.deck).toBeUndefined();
  });

  it("fails a pick when it is loaded", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1", "BTNU0000017"), model);
    pickHere(bench);
    bench.run(500);
    expect(bench.status("pick-1")).toBe("FAILED");
  });
});

describe("a vehicle over time", () => {
  it("reports at least each second while it stands, and 2 to 5 times a second while it drives", () => {
    const bench = onStrip();
    bench.run(10_000);
    const standing = bench.effects.filter((effect) => effect.kind === "report").length;
    expect(standing).toBeGreaterThanOrEqual(10);
    expect(standing).toBeLessThanOrEqual(12);
    bench.order("vn", strip());
    bench.effects.length = 0;
    bench.run(10_000);
    const driving = bench.effects.filter((effect) => effect.kind === "report").length;
    expect(driving).toBeGreaterThanOrEqual(20);
    expect(driving).toBeLessThanOrEqual(50);
  });

  it("keeps its register, order, place, load and battery over a restart, and drives on to the end", () => {
    const bench = onStrip("BTNU0000017");
    bench.order("vn", strip());
    bench.run(15_000);
    const { alongM, batteryPct } = bench.vehicle;
    const again = recall(remember(bench.vehicle), bench.vehicle.atMs + 60_000);
    if (again === undefined) throw new Error("nothing was recalled");
    expect(again).toMatchObject({ alongM, batteryPct, speedMps: 0, register: bench.vehicle.register });
    expect(again.pose).toEqual(bench.vehicle.pose);
    const restarted = new VehicleBench(again, model);
    restarted.runUntil(() => isDone(restarted));
    expect(state(restarted, "vn")).toMatchObject({
      lastNodeId: "vn.out.strip-4",
      loads: [{ loadId: "BTNU0000017" }],
    });
  });

  it("empties its battery in the hours that it is good for, and fills it by charging", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.charger-1"), model);
    bench.ask("vn", instant("startCharging", "charge"));
    bench.take({ kind: "tick", nowMs: bench.vehicle.atMs + 9 * 60_000 });
    expect(bench.vehicle.batteryPct).toBeCloseTo(90 + 10, 6);
    bench.ask("vn", instant("stopCharging", "enough"));
    bench.take({ kind: "tick", nowMs: bench.vehicle.atMs + 3_600_000 });
    expect(bench.vehicle.batteryPct).toBeCloseTo(100 - 1.25, 6);
  });

  it("does an instant action once, however often it is sent", () => {
    const bench = onStrip();
    bench.ask("vn", instant("startPause", "p"));
    bench.ask("vn", instant("stopPause", "r"));
    bench.ask("vn", instant("startPause", "p"));
    expect(bench.vehicle.pausedBy).toEqual([]);
    expect(state(bench, "vn").actionStates).toHaveLength(2);
  });
});
