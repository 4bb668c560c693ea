import { describe, expect, it } from "vitest";
import { actionIdOf } from "../../names.ts";
import { reportOf } from "../codec/v2-report.ts";
import type { Report } from "../model/report.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";
import { sheet } from "./sheet-fixture.ts";

/** A vehicle that speaks 3.0, as far as its mode goes. */
function reportIn(
  bench: CoreBench,
  operatingMode: Report["operatingMode"],
  change: Partial<Report> = {},
): void {
  bench.nowMs += 1;
  const state = reportOf(bench.vehicle.state(bench.nowMs));
  bench.run({ kind: "state", state: { ...state, operatingMode, ...change } });
}

const resume = { kind: "resume", actionId: actionIdOf("r-1") } as const;
const pause = { kind: "pause", actionId: actionIdOf("p-1") } as const;

describe("a vehicle in a mode in which fleet control is not in control", () => {
  it.each(["INTERVENED", "MANUAL", "SERVICE", "TEACH_IN", "STARTUP"] as const)(
    "gets no order and no instruction in %s but to stop, and the rest once it is back",
    (mode) => {
      const bench = new CoreBench();
      bench.run({ kind: "factsheet", sheet: sheet() });
      reportIn(bench, mode);
      bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
      bench.run({ kind: "instruct", instruction: resume });
      bench.run({ kind: "instruct", instruction: { kind: "startCharging", actionId: actionIdOf("c-1") } });
      bench.wait(20_000);
      expect([bench.orders, bench.instants]).toEqual([[], []]);
      bench.run({ kind: "instruct", instruction: pause });
      expect(bench.instants.splice(0)).toMatchObject([{ actionType: "startPause" }]);
      reportIn(bench, "AUTOMATIC");
      expect(bench.instants.map((action) => action.actionType)).toContain("startCharging");
    },
  );

  it("is asked in INTERVENED to give its order up, and in MANUAL is known to have done so by itself", () => {
    const orderStands = (mode: Report["operatingMode"]): CoreBench => {
      const bench = new CoreBench();
      bench.report();
      bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
      bench.arrive();
      reportIn(bench, mode);
      bench.run({ kind: "cancel", actionId: "c-1" });
      return bench;
    };
    expect(orderStands("INTERVENED").instants).toMatchObject([{ actionType: "cancelOrder" }]);
    const manual = orderStands("MANUAL");
    expect(manual.instants).toEqual([]);
    reportIn(manual, "MANUAL", { nodeStates: [], edgeStates: [] });
    expect(manual.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "cancelled" }]);
  });

  it("keeps its order in INTERVENED, and goes on with it afterwards", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    bench.arrive();
    reportIn(bench, "INTERVENED");
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3) });
    bench.wait(20_000);
    expect(bench.orders).toEqual([]);
    reportIn(bench, "AUTOMATIC");
    expect(bench.orders).toMatchObject([{ orderId: "leg-1", orderUpdateId: 1 }]);
    expect(bench.told("orderEnded")).toEqual([]);
  });
});

describe("errors of 3.0", () => {
  it.each([
    ["WARNING", "LIDAR_DIRTY", []],
    ["URGENT", "LOW_BATTERY", [{ code: "vehicle-error" }]],
    ["CRITICAL", "NODE_UNREACHABLE", [{ code: "vehicle-error" }]],
    ["WARNING", "OUTDATED_ORDER_UPDATE", [{ code: "order-refused" }]],
    ["WARNING", "NO_ORDER_TO_CANCEL", []],
  ] as const)("of level %s and type %s are told as what they are, once", (errorLevel, errorType, told) => {
    const bench = new CoreBench();
    for (let time = 0; time < 2; time += 1) {
      reportIn(bench, "AUTOMATIC", { errors: [{ errorLevel, errorType }] });
    }
    expect(bench.told("trouble")).toMatchObject(told);
    expect(bench.told("trouble")).toHaveLength(told.length);
  });
});
