import type { Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario, scenarioFrom } from "./load.ts";
import { placedFleet, restingPlaces } from "./placement.ts";

const battery = { min: 60, max: 90 };
let site: Site;
beforeAll(async () => {
  ({ site } = await loadScenario("target-2027-1119"));
});

describe("a fleet that is only counted", () => {
  it("stands half on each side, in parking bays before chargers, each in a bay of its own", () => {
    const fleet = placedFleet({ count: 41, batteryPct: battery, source: "a test" }, site, "seed");
    expect(fleet).toHaveLength(41);
    expect(fleet.filter(({ at }) => at.side === "vn")).toHaveLength(21);
    expect(new Set(fleet.map(({ at }) => at.stationId)).size).toBe(41);
    expect(
      fleet.every(
        ({ at, charging }) => charging === at.stationId.includes("charger") || charging === undefined,
      ),
    ).toBe(true);
    expect(fleet.some(({ at }) => at.stationId.includes("charger"))).toBe(false);
    for (const { batteryPct } of fleet) {
      expect(batteryPct).toBeGreaterThanOrEqual(60);
      expect(batteryPct).toBeLessThanOrEqual(90);
    }
  });

  it("charges where it finds only a charger, and goes to the other side when one is full", () => {
    const places = restingPlaces(site, "vn").length;
    const fleet = placedFleet(
      { count: places + 2, atVn: places + 2, batteryPct: battery, source: "a test" },
      site,
      "seed",
    );
    expect(fleet.filter(({ at }) => at.side === "vn")).toHaveLength(places);
    expect(fleet.filter(({ at }) => at.side === "cn")).toHaveLength(2);
    expect(fleet.filter(({ charging }) => charging === true)).toHaveLength(8);
  });

  it("is the same for the same seed, and has other batteries for another", () => {
    const counted = { count: 20, batteryPct: battery, source: "a test" };
    expect(placedFleet(counted, site, "a")).toEqual(placedFleet(counted, site, "a"));
    expect(placedFleet(counted, site, "a")).not.toEqual(placedFleet(counted, site, "b"));
  });

  it("is refused when either side has no place for all of it, and accepted once the layout has", async () => {
    const sixty = { path: "fleet.count", value: 60 };
    await expect(loadScenario("target-2027-1119", [sixty])).rejects.toThrow(
      /60 vehicles, but vn has 46 parking bays/,
    );
    const { scenario } = await loadScenario("target-2027-1119", [
      sixty,
      { path: "layout", value: { parkingBays: 52, source: "a test" } },
    ]);
    expect(scenario.fleet).toHaveLength(60);
  });
});

describe("a layout that a scenario changes", () => {
  it("has the bays, cranes and lanes asked for, on both sides or on one", async () => {
    const { site: changed, scenario } = await loadScenario("target-2027-1119", [
      {
        path: "layout",
        value: { verdictBays: 13, cn: { cranes: 9 }, lanes: 14, roadSpeedMps: 4, source: "a test" },
      },
    ]);
    const count = (side: "vn" | "cn", kind: string, bound: string): number =>
      changed.file.sides[side].stations.filter((one) => one.kind === kind && one.bound === bound).length;
    expect([count("vn", "buffer", "outbound"), count("cn", "buffer", "outbound")]).toEqual([13, 13]);
    expect([count("vn", "crane", "yard"), count("cn", "crane", "yard")]).toEqual([6, 9]);
    expect(changed.file.sides.vn.lanes).toHaveLength(14);
    expect(changed.file.figures["crossing.roadSpeedMps"]).toMatchObject({ value: 4, source: "a test" });
    expect(changed.siteId).toBe(scenario.siteId);
    expect(scenario.baseSiteId).toBe("1119-1120");
  });

  it("says what is wrong when it cannot be laid out", async () => {
    await expect(
      loadScenario("today-1088", [{ path: "layout", value: { verdictBays: 20, source: "a test" } }]),
    ).rejects.toMatchObject({ code: "scenario.site" });
  });

  it("has the opening hours and the mode of hand-over that the scenario gives it", async () => {
    const { site: long } = await loadScenario("target-2027-1119");
    const monday = long.file.sides.vn.calendar.filter((hours) => hours.weekday === 1);
    expect(monday.map(({ from, to }) => `${from}-${to}`)).toEqual(["04:00-24:00", "00:00-02:00"]);
    const granted = { path: "handover", value: { mode: "host-grants" } };
    const { site: visits } = await loadScenario("target-2027-1119", [
      granted,
      { path: "layout", value: { exchangePads: 1, source: "a test" } },
    ]);
    expect(visits.file.handoffPoints.map((point) => point.handoffPointId)).toEqual([
      "export-visit",
      "export-1",
      "import-1",
    ]);
    await expect(loadScenario("target-2027-1119", [granted])).rejects.toThrow(/ask for layout\.exchangePads/);
  });

  it("hands over at the crane first where containers change vehicle, and is refused without pads for it", async () => {
    const only = { path: "handover", value: { mode: "container-transfers" } };
    const { site: transfers } = await loadScenario("container-transfer-1119", [only]);
    expect(transfers.file.handoffPoints.map((point) => point.handoffPointId)).toEqual([
      "export-crane",
      "import-crane",
      "export-1",
      "import-1",
    ]);
    await expect(
      loadScenario("container-transfer-1119", [
        only,
        { path: "layout", value: { transferPads: 0, source: "a test" } },
      ]),
    ).rejects.toThrow(/no pads where containers change vehicle: ask for layout\.transferPads/);
  });
});

describe("a scenario file of version 1", () => {
  const version1 = {
    scenarioVersion: 1,
    scenarioId: "old",
    title: "An old one",
    siteId: "mini",
    seed: "old-1",
    vehicleClassId: "sim.carrier-15",
    fleet: [
      { serialNumber: "vn-01", home: "vn", at: { side: "vn", stationId: "vn.parking-1" }, batteryPct: 90 },
    ],
    serviceTimes: {
      lift: { value: 20, unit: "s", spread: 0.5, source: "a test" },
      scan: { value: 9, unit: "s", source: "a test" },
    },
    demand: {
      vn: { openOrders: 4, interval: { value: 60, unit: "s", spread: 0.6, source: "a test" } },
      cn: { openOrders: 3, interval: { value: 60, unit: "s", source: "a test" } },
    },
    faults: { deviceFails: 0, misread: 0, sealDead: 0, suspect: 0, inspect: 0, guardRefuses: 0 },
  };

  it("is read as what it means now", async () => {
    const { scenario } = await scenarioFrom(version1, "old.json");
    expect(scenario.serviceTimes.lift).toEqual({
      kind: "triangular",
      minS: 10,
      modeS: 20,
      maxS: 30,
      source: "a test",
    });
    expect(scenario.serviceTimes.scan).toMatchObject({ kind: "constant", valueS: 9 });
    expect(scenario.demand).toMatchObject({
      kind: "open-orders",
      vn: { openOrders: 4 },
      cn: { openOrders: 3 },
    });
    expect(scenario.fleet.map(({ serialNumber }) => serialNumber)).toEqual(["vn-01"]);
  });

  it("is told as one when it is wrong", async () => {
    await expect(scenarioFrom({ ...version1, seed: 7 }, "old.json")).rejects.toThrow(
      /no scenario of version 1:\n\/seed/,
    );
    const unknown = {
      ...version1,
      serviceTimes: { ...version1.serviceTimes, dance: version1.serviceTimes.lift },
    };
    await expect(scenarioFrom(unknown, "old.json")).rejects.toThrow(/serviceTimes/);
  });
});
