import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { SeenMission } from "./api-client.ts";
import { afterAnswer, freshDemand, orderDue, trucksWaiting } from "./demand.ts";
import { orderOf } from "./orders.ts";

let scenario: Scenario;
beforeAll(async () => {
  ({ scenario } = await loadScenario("first-look"));
});

const mission = (change: Partial<SeenMission> = {}): SeenMission => ({
  orderId: "someone-else",
  bound: "outbound",
  status: "running",
  step: "load",
  ...change,
});
const full = (): SeenMission[] => {
  const { demand } = scenario;
  if (demand.kind !== "open-orders") throw new Error("the first look is a closed loop");
  return Array.from({ length: demand.vn.openOrders }, () => mission());
};

describe("demand", () => {
  it("places orders while fewer are open than the scenario asks for", () => {
    expect(orderDue(freshDemand, scenario, "vn", [], 0)?.orderId).toBe(orderOf(scenario, "vn", 1).orderId);
    expect(orderDue(freshDemand, scenario, "vn", full(), 0)).toBeUndefined();
    const withDone = [...full().slice(1), mission({ status: "done" }), mission({ bound: "inbound" })];
    expect(orderDue(freshDemand, scenario, "vn", withDone, 0)).toBeDefined();
  });

  it("waits for the next arrival after an order was placed", () => {
    const after = afterAnswer(
      freshDemand,
      scenario,
      "vn",
      { kind: "ok", value: { missionId: "m", existed: false } },
      1_000,
    );
    expect(after.nextNumber).toBe(2);
    expect(orderDue(after, scenario, "vn", [], 1_000)).toBeUndefined();
    expect(orderDue(after, scenario, "vn", [], after.dueAtMs)).toEqual(orderOf(scenario, "vn", 2));
  });

  it("tries the same order again, later each time, while nobody answers", () => {
    let demand = freshDemand;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      demand = afterAnswer(demand, scenario, "vn", { kind: "away", detail: "" }, 0);
      waits.push(demand.dueAtMs);
    }
    expect(demand.nextNumber).toBe(1);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("passes over an order that is refused for good, but not when only its account is", () => {
    const refused = { kind: "refused", code: "order.refused", detail: "" } as const;
    expect(afterAnswer(freshDemand, scenario, "vn", { ...refused, status: 422 }, 0).nextNumber).toBe(2);
    expect(afterAnswer(freshDemand, scenario, "vn", { ...refused, status: 401 }, 0).nextNumber).toBe(1);
  });

  it("passes quickly over orders that the side knows from before", () => {
    const known = { kind: "ok", value: { missionId: "m", existed: true } } as const;
    expect(afterAnswer(freshDemand, scenario, "vn", known, 500)).toMatchObject({
      nextNumber: 2,
      dueAtMs: 500,
    });
  });

  it("has a truck at the gate for each order of its own that is not past it", () => {
    const { orderId, truckPlate } = orderOf(scenario, "vn", 7);
    const trucks = trucksWaiting(scenario, "vn", [
      mission({ step: "admit-truck" }),
      mission({ orderId, step: "admit-truck" }),
      mission({ orderId: orderOf(scenario, "vn", 8).orderId, step: "assign-vehicle" }),
    ]);
    expect(trucks.map((truck) => truck.truckPlate)).toEqual([truckPlate]);
  });
});
