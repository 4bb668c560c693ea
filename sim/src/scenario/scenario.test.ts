import { SIDES, type Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { orderNumber, orderOf, warmOrderOf } from "../demand/orders.ts";
import { cargoOf } from "../world/cargo.ts";
import { isContainerNo } from "../world/iso6346.ts";
import { scenarioProblems } from "./check.ts";
import { listScenarios, loadScenario } from "./load.ts";
import type { Scenario, ScenarioVehicle } from "./scenario.ts";
import { vehiclesOf } from "./world.ts";

let first: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario: first, site } = await loadScenario("first-look"));
});

const changed = (change: (vehicle: ScenarioVehicle) => ScenarioVehicle): Scenario => {
  const [vehicle, ...others] = first.fleet;
  if (vehicle === undefined) throw new Error("a scenario has vehicles");
  return { ...first, fleet: [change(vehicle), ...others] };
};

describe("the scenarios that come with Baton", () => {
  it("each fit their site", async () => {
    const names = await listScenarios();
    expect(names.length).toBeGreaterThanOrEqual(17);
    for (const name of names) {
      const loaded = await loadScenario(name);
      expect(scenarioProblems(loaded.scenario, loaded.site)).toEqual([]);
    }
  });

  it("give a first look with vehicles ready to be offered on both sides and others free", () => {
    for (const side of SIDES) {
      const here = first.fleet.filter((vehicle) => vehicle.at.side === side);
      expect(here.filter((vehicle) => vehicle.warm?.step === "decision").length).toBeGreaterThanOrEqual(2);
      expect(here.filter((vehicle) => vehicle.warm === undefined).length).toBeGreaterThanOrEqual(2);
    }
    expect(first.fleet.length).toBeGreaterThanOrEqual(10);
  });

  it("start each vehicle at a station's node, with the register on the side where it stands", () => {
    for (const { fresh } of vehiclesOf(first, site, 0)) {
      expect(fresh.pose.xM < 0 ? "vn" : "cn").toBe(fresh.register.authority);
      expect(fresh.loadIds.every(isContainerNo)).toBe(true);
    }
  });
});

describe("a scenario that does not fit its site", () => {
  it("names a station that is not there, or not on that side", () => {
    const nowhere = changed((vehicle) => ({ ...vehicle, at: { side: "vn", stationId: "vn.crane-99" } }));
    expect(scenarioProblems(nowhere, site)[0]).toMatch(/vn has no station vn.crane-99/);
    const wrongSide = changed((vehicle) => ({ ...vehicle, at: { side: "vn", stationId: "cn.crane-1" } }));
    expect(scenarioProblems(wrongSide, site).join()).toMatch(/vn has no station cn.crane-1/);
  });

  it("names two vehicles in one bay, and a step that cannot begin there", () => {
    const second = first.fleet[1];
    if (second === undefined) throw new Error("a scenario has vehicles");
    expect(
      scenarioProblems(
        changed((vehicle) => ({ ...vehicle, at: second.at })),
        site,
      ).join(),
    ).toMatch(/both start at/);
    const early = changed((vehicle) => ({ ...vehicle, warm: { direction: "export", step: "handoff" } }));
    expect(scenarioProblems(early, site).join()).toMatch(/cannot begin .* with step handoff/);
  });

  it("is told in one message when it is loaded", async () => {
    await expect(loadScenario("no-such-scenario")).rejects.toMatchObject({ code: "scenario.unreadable" });
  });
});

describe("orders", () => {
  it("declare about what the container weighs, and can be counted back", () => {
    for (const side of SIDES) {
      for (let number = 1; number <= 50; number++) {
        const order = orderOf(first, side, number);
        const { grossKg } = cargoOf(first.seed, order.containerNo);
        expect(isContainerNo(order.containerNo)).toBe(true);
        expect(Math.abs(order.declaredGrossKg - grossKg) / grossKg).toBeLessThan(0.011);
        expect(order.direction).toBe(side === "vn" ? "export" : "import");
        expect(orderNumber(first, side, order.orderId)).toBe(number);
      }
    }
    expect(new Set(SIDES.flatMap((side) => [1, 2, 3].map((n) => orderOf(first, side, n).orderId))).size).toBe(
      6,
    );
  });

  it("of containers on their way are for what their vehicles carry", () => {
    const models = vehiclesOf(first, site, 0);
    for (const vehicle of first.fleet) {
      const carried = models.find(({ model }) => model.serialNumber === vehicle.serialNumber)?.fresh
        .loadIds[0];
      expect(warmOrderOf(first, vehicle)?.containerNo).toBe(carried);
    }
  });
});
