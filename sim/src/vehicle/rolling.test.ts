import { describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import { exampleModel, instant, orderOn, VehicleBench, vehicleAt } from "./example-vehicle.ts";
import { isBusy } from "./progress.ts";
import { stateMessage } from "./report.ts";
import { recall, remember } from "./store.ts";
import type { VehicleModel } from "./vehicle.ts";

const { scenario, site } = await loadScenario("first-look");
const model = exampleModel(scenario, site);
const WAY_TO_HOLD = ["vn.out.queue-1", "vn.out.hold"];
const TAKER_WAY = ["cn.in.partner-hold", "cn.in.strip-1", "cn.in.strip-2", "cn.in.strip-3"];

/** A vehicle that rolls to the hold line on the giver's order, with `leftM` metres to go. */
function rolling(leftM: number, how: { model?: VehicleModel; horizon?: boolean } = {}): VehicleBench {
  const bench = new VehicleBench(vehicleAt(site, "vn", "vn.out.queue-1", "BTNU0000017"), how.model ?? model);
  const nodeIds = how.horizon === true ? [...WAY_TO_HOLD, "vn.out.strip-1"] : WAY_TO_HOLD;
  bench.order("vn", orderOn(site, { side: "vn", orderId: "ours", nodeIds, released: 2 }));
  bench.runUntil(({ order, alongM }) => alongM >= (order?.route.nodeAtM[1] ?? 0) - leftM);
  expect(bench.vehicle.speedMps).toBeGreaterThan(1);
  return bench;
}
const transfer = (actionId: string, more: Record<string, string> = {}) =>
  instant("transferControl", actionId, {
    from: "vn",
    expectedEpoch: 0,
    to: "cn",
    handoffId: "h-1",
    ...more,
  });
const takerOrder = (nodeIds = TAKER_WAY) => orderOn(site, { side: "cn", orderId: "theirs", nodeIds });

describe("a vehicle that is handed over while it rolls", () => {
  it("drives on to the taker's way without a stop when the taker's order comes in time", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t", { baseEndsAtNodeId: "vn.out.hold" }));
    expect(bench.status("t")).toBe("FINISHED");
    expect(bench.vehicle.register).toMatchObject({ authority: "cn", epoch: 1 });
    bench.order("cn", takerOrder());
    let slowestMps = Number.POSITIVE_INFINITY;
    let beforeM = bench.vehicle.pose.xM;
    bench.runUntil(({ lastNode, speedMps, pose }) => {
      slowestMps = Math.min(slowestMps, speedMps);
      expect(Math.abs(pose.xM - beforeM), "it never leaps").toBeLessThan(0.5);
      beforeM = pose.xM;
      return lastNode?.nodeId === "cn.in.strip-1";
    });
    expect(slowestMps).toBeGreaterThan(1);
    bench.runUntil((vehicle) => !isBusy(vehicle));
    expect(stateMessage(bench.vehicle, model, "cn", 1)).toMatchObject({
      orderId: "theirs",
      lastNodeId: "cn.in.strip-3",
      nodeStates: [],
    });
  });

  it("stops at the end of what the giver released when no order comes, and takes one from there", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t"));
    bench.runUntil(({ speedMps }) => speedMps === 0);
    expect(bench.vehicle.lastNode?.nodeId).toBe("vn.out.hold");
    bench.order("cn", takerOrder());
    bench.runUntil((vehicle) => !isBusy(vehicle) && vehicle.lastNode?.nodeId === "cn.in.strip-3");
  });

  it("tells the giver at once that its order is over, and the taker of all that it has yet to reach", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t"));
    expect(stateMessage(bench.vehicle, model, "vn", 1)).toMatchObject({ orderId: "ours", nodeStates: [] });
    bench.order("cn", takerOrder());
    const { nodeStates, edgeStates } = stateMessage(bench.vehicle, model, "cn", 1);
    expect(nodeStates.map(({ nodeId }) => nodeId)).toEqual(TAKER_WAY);
    expect(edgeStates).toHaveLength(TAKER_WAY.length - 1);
  });

  it("takes no order that begins elsewhere than it rolls to", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t"));
    bench.order("cn", takerOrder(TAKER_WAY.slice(1)));
    expect(stateMessage(bench.vehicle, model, "cn", 1).errors[0]?.errorType).toBe("noRouteError");
    expect(bench.vehicle.order?.orderId).toBe("ours");
  });

  it("stops for either side all the same, and goes on when the stop is lifted", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t"));
    bench.order("cn", takerOrder());
    bench.ask("vn", instant("startPause", "p"));
    bench.runUntil(({ speedMps }) => speedMps === 0);
    expect(bench.vehicle.alongM).toBeLessThan(0);
    bench.ask("vn", instant("stopPause", "r"));
    bench.runUntil(({ lastNode }) => lastNode?.nodeId === "cn.in.strip-3");
  });

  it("finds itself again on its way to the taker's order after its computer has restarted", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t"));
    bench.order("cn", takerOrder());
    const recalled = recall(remember(bench.vehicle), bench.vehicle.atMs);
    if (recalled === undefined) throw new Error("what was kept cannot be read");
    expect(recalled.alongM).toBeLessThan(0);
    const again = new VehicleBench(recalled, model);
    again.runUntil(({ lastNode }) => lastNode?.nodeId === "cn.in.strip-3");
    expect(again.vehicle.pose.yM).toBeCloseTo(bench.vehicle.pose.yM, 1);
  });

  it("is fenced while it rolls: its epoch grows, it keeps its order, and a late transfer is refused", () => {
    const bench = rolling(14);
    bench.ask(
      "vn",
      instant("transferControl", "f", { from: "vn", expectedEpoch: 0, to: "vn", handoffId: "h-1" }),
    );
    expect(bench.vehicle.register).toMatchObject({ authority: "vn", epoch: 1 });
    expect(bench.vehicle.order?.letGo).toBeUndefined();
    bench.ask("vn", transfer("late"));
    expect(bench.status("late")).toBe("FAILED");
  });
});

describe("a vehicle that rolls is not handed over", () => {
  it.each([
    {
      why: "its model does not allow it",
      bench: () => rolling(14, { model: { ...model, rollingHandoff: false } }),
    },
    { why: "its order goes on beyond its base", bench: () => rolling(14, { horizon: true }) },
  ])("when $why", ({ bench: begin }) => {
    const bench = begin();
    bench.ask("vn", transfer("t"));
    expect(bench.status("t")).toBe("FAILED");
    expect(bench.vehicle.register.authority).toBe("vn");
  });

  it("when its base ends elsewhere than the giver believes", () => {
    const bench = rolling(14);
    bench.ask("vn", transfer("t", { baseEndsAtNodeId: "vn.out.strip-1" }));
    expect(bench.status("t")).toBe("FAILED");
  });
});
