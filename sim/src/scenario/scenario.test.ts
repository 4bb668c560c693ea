import { SIDES, type Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { orderNumber, orderOf, warmOrderOf } from "../demand/orders.ts";
import { cargoOf } from "../world/cargo.ts";
import { channelOf } from "../world/customs-channel.ts";
import { isContainerNo } from "../world/iso6346.ts";
import { scenarioProblems } from "./check.ts";
import { meanS } from "./distribution.ts";
import { lengthMs } from "./hours.ts";
import { listScenarios, loadScenario } from "./load.ts";
import type { Scenario, ScenarioVehicle } from "./scenario.ts";
import { vehiclesOf } from "./world.ts";

const ASKED_FOR = [
  "today-1119",
  "today-1088",
  "target-2027-1119",
  "target-2027-1088",
  "target-2030-1119",
  "target-2030-1088",
  "lane-12h-1119",
  "lane-24h-1119",
  "empty-returns-1119",
  "scanner-down-1119",
  "analyst-shortage-1119",
  "red-wave-1119",
  "partner-offline-1119",
  "lane-closure-1119",
  "container-transfer-1119",
  "second-lane-1119",
  "two-points",
];

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
  it("each fit their site, say what they answer, and give a source for each figure of their own", async () => {
    const names = await listScenarios();
    expect(names).toEqual(expect.arrayContaining(ASKED_FOR));
    for (const name of names) {
      const loaded = await loadScenario(name);
      expect(scenarioProblems(loaded.scenario, loaded.site)).toEqual([]);
      expect(loaded.scenario.scenarioId).toBe(name);
      expect(loaded.scenario.question).toMatch(/\?/);
      expect(loaded.scenario.sources.length).toBeGreaterThan(0);
    }
  });

  it("split the road's vehicles so that the manned lanes get no more than they can serve", async () => {
    for (const name of await listScenarios()) {
      const { scenario } = await loadScenario(name);
      const { road } = scenario;
      if (road === undefined) continue;
      const busier = Math.max(road.exportShare, 1 - road.exportShare);
      const manned = (road.vehiclesPerDay.value - road.unmanned.vehiclesPerDay.value) * busier;
      const { lanesADirection, serviceTime, open } = road.manned;
      const canServe = (lanesADirection * lengthMs(open)) / 1000 / meanS(serviceTime);
      expect(manned, name).toBeLessThanOrEqual(canServe);
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

describe("a scenario file that makes no sense", () => {
  it("is refused with the place of what is wrong", async () => {
    const wrong = [
      [{ path: "warmUpS", value: 1_000_000 }, /\/warmUpS: longer/],
      [{ path: "channels", value: { green: 1, yellow: 0.5, red: 0, source: "a test" } }, /do not add up/],
      [{ path: "demand.vn.hours", value: Array(24).fill(0) }, /no hour has a weight/],
      [{ path: "demand.vn.hours", value: [1, 2] }, /\/demand/],
      [{ path: "road.unmanned.vehiclesPerDay.value", value: 9_000 }, /more than the whole road/],
      [{ path: "fleet.batteryPct.min", value: 100 }, undefined],
      [{ path: "fleet.batteryPct", value: { min: 90, max: 20 } }, /min is more than max/],
      [
        {
          path: "failures.devices",
          value: [{ deviceId: "vn.oracle", window: { from: "01:00", to: "02:00" }, source: "a test" }],
        },
        /no device vn.oracle/,
      ],
      [
        {
          path: "failures.laneClosures",
          value: [{ laneId: "vn.export.manned-1", window: { from: "01:00", to: "02:00" }, reason: "a test" }],
        },
        /no unmanned lane/,
      ],
      [
        {
          path: "serviceTimes.lift",
          value: { kind: "triangular", minS: 9, modeS: 1, maxS: 10, source: "a test" },
        },
        /\/serviceTimes\/lift: .*do not ascend/,
      ],
      [{ path: "colour", value: "red" }, /is no scenario/],
    ] as const;
    for (const [override, message] of wrong) {
      const loading = loadScenario("target-2027-1119", [override]);
      if (message === undefined) await expect(loading).resolves.toBeDefined();
      else await expect(loading, override.path).rejects.toThrow(message);
    }
  });
});

describe("orders", () => {
  it("are in the channels that customs decides by, in about the shares said", async () => {
    const { scenario } = await loadScenario("red-wave-1119");
    const channels = Array.from({ length: 4_000 }, (_, i) => orderOf(scenario, "vn", i + 1));
    const red = channels.filter(({ channel }) => channel === "red");
    expect(Math.abs(red.length / 4_000 - 0.2)).toBeLessThan(0.03);
    for (const order of red.slice(0, 50)) {
      expect(channelOf(scenario.seed, scenario.channels, order.containerNo)).toBe("red");
    }
  });

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
