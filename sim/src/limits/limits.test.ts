import { capacityPerHour, compileNetwork, type Network, type Site, vehicleClassIdOf } from "@baton/maps";
import { loadProcedures, type Procedure } from "@baton/orchestrator/rooms";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadDefaults, loadScenario } from "../scenario/load.ts";
import type { Override } from "../scenario/override.ts";
import { drivingS, moveUpS, pullAwayS } from "./driving-time.ts";
import { exchangeS, type Following } from "./exchange.ts";
import type { Limit, SiteLimits } from "./lane-limits.ts";
import { limitsOf } from "./limits-of.ts";
import { aroundNode, sideLaneOf } from "./side-lane.ts";
import { limitsTable } from "./table.ts";
import { blocksOf, clearAfterM, lengthOfM, runsAlong, wayOver } from "./way.ts";

/** Braking and acceleration of the loaded carrier. */
const DRIVE = { accelerationMps2: 0.3, brakingMps2: 0.5 };
const FOLLOWING: Following = { ...DRIVE, maxSpeedMps: 6.944, vehicleLengthM: 15, gapM: 5, latencyS: 0.6 };

let procedures: readonly Procedure[];
beforeAll(async () => {
  procedures = await loadProcedures();
});

/** Sites by their layouts: compiling one takes longest, and a site object is compiled once. */
const sites = new Map<string, Site>();

async function limitsFor(name: string, overrides: readonly Override[] = []): Promise<SiteLimits> {
  const { scenario, site: loaded } = await loadScenario(name, overrides);
  const key = JSON.stringify([
    loaded.siteId,
    scenario.layout,
    scenario.handover.mode,
    scenario.handover.transferShare,
  ]);
  const site = sites.get(key) ?? loaded;
  sites.set(key, site);
  const targets = scenario.road === undefined ? [] : [scenario];
  const { vehicleClassId } = scenario;
  return limitsOf({ site, vehicleClassId, procedures, times: scenario, scenario, targets });
}

function limit(limits: SiteLimits, limitId: string, direction = "export"): Limit {
  const found = limits.lanes
    .find((lane) => lane.direction === direction)
    ?.limits.find((one) => one.limitId === limitId);
  if (found === undefined) throw new Error(`no limit ${limitId}`);
  return found;
}

describe("driving times", () => {
  it("are the hand's: 14.6 s to move up 20 m, 4.6 s lost by starting at 10 km/h", () => {
    expect(moveUpS(20, 5.556, DRIVE)).toBeCloseTo(14.6, 1);
    const limitMps = 10 / 3.6;
    const lostS = pullAwayS([{ lengthM: 115, limitMps }], DRIVE) - 115 / limitMps;
    expect(lostS).toBeCloseTo(4.63, 2);
  });

  it("are those of a vehicle driven in small steps as fast as limits and kinematics allow", () => {
    const stretch = fc.record({
      lengthM: fc.integer({ min: 1, max: 60 }),
      limitMps: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 6 }), (stretches) => {
        // Step by step along the road, half a centimetre each: the speed that both passes allow.
        const stepM = 0.005;
        const limits = stretches.flatMap(({ lengthM, limitMps }) =>
          Array<number>(lengthM / stepM).fill(limitMps),
        );
        const mps = [0, ...limits.slice(1).map((limitMps, i) => Math.min(limitMps, limits[i] ?? 0)), 0];
        for (let i = 1; i < mps.length; i++)
          mps[i] = Math.min(mps[i] ?? 0, Math.sqrt((mps[i - 1] ?? 0) ** 2 + 2 * 0.3 * stepM));
        for (let i = mps.length - 2; i >= 0; i--)
          mps[i] = Math.min(mps[i] ?? 0, Math.sqrt((mps[i + 1] ?? 0) ** 2 + 2 * 0.5 * stepM));
        let seconds = 0;
        for (let i = 1; i < mps.length; i++) seconds += (2 * stepM) / ((mps[i - 1] ?? 0) + (mps[i] ?? 0));
        const computed = drivingS(stretches, DRIVE, { from: 0, to: 0 });
        expect(Math.abs(computed - seconds) / seconds).toBeLessThan(0.01);
      }),
      { numRuns: 40 },
    );
  });

  it("grow with the distance and fall with the limit", () => {
    const positive = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: 1, max: 7 }), (lengthM, moreM, limitMps) => {
        expect(moveUpS(lengthM + moreM, limitMps, DRIVE)).toBeGreaterThan(moveUpS(lengthM, limitMps, DRIVE));
        expect(moveUpS(lengthM, limitMps + 1, DRIVE)).toBeLessThanOrEqual(
          moveUpS(lengthM, limitMps, DRIVE) + 1e-9,
        );
        expect(pullAwayS([{ lengthM, limitMps }], DRIVE)).toBeLessThanOrEqual(
          moveUpS(lengthM, limitMps, DRIVE) + 1e-9,
        );
      }),
    );
  });
});

describe("ways over the compiled network", () => {
  let network: Network;
  beforeAll(async () => {
    const { site } = await loadScenario("target-2027-1119");
    network = compileNetwork(site, "vn", vehicleClassIdOf("sim.carrier-15"));
  });

  it("lead from place to place without a gap, and are cut where a vehicle may stand", () => {
    const way = wayOver(network, ["vn.out.portal", "vn.out.scanned", "vn.out.exit-gate", "vn.out.hold"]);
    if (way === undefined) throw new Error("there is a way");
    way.moves.slice(1).forEach((move, i) => {
      expect(network.moves.from[move]).toBe(network.moves.to[way.moves[i] ?? -1]);
    });
    expect(lengthOfM(way)).toBeCloseTo(930, 0);
    expect(runsAlong(way).flatMap((run) => run.moves)).toEqual(way.moves);
    expect(wayOver(network, ["vn.out.hold", "vn.nowhere"])).toBeUndefined();
  });

  it("are left block by block: clear of the first ones long before the last", () => {
    const way = wayOver(network, ["vn.out.exit-gate", "vn.out.hold"]);
    if (way === undefined) throw new Error("there is a way");
    const [first] = runsAlong(way);
    if (first === undefined) throw new Error("there is a run");
    const clearM = clearAfterM(way, blocksOf(first));
    // The run, half the body and its margin, and what the last block still covers.
    expect(clearM).toBeGreaterThan(lengthOfM(first) + 7.5);
    expect(clearM).toBeLessThan(lengthOfM(first) + 7.5 + 45);
    expect(clearAfterM(way, blocksOf(way))).toBe(Number.POSITIVE_INFINITY);
    expect(clearAfterM(way, new Set())).toBe(0);
  });

  it("take longer to change vehicles on than if both moved up together, and less with a shorter block", async () => {
    const around = (where: Network, site: Parameters<typeof sideLaneOf>[0]): number =>
      exchangeS(aroundNode(sideLaneOf(site, where, "outbound").main, "vn.out.portal"), FOLLOWING) ?? 0;
    const { site } = await loadScenario("target-2027-1119");
    const together = moveUpS(20, 5.556, FOLLOWING);
    const now = around(network, site);
    expect(now).toBeGreaterThan(together);
    const { site: fine } = await loadScenario("target-2027-1119", [
      { path: "layout", value: { blockLengthM: 5, approachBlockLengthM: 4, source: "a test" } },
    ]);
    expect(around(compileNetwork(fine, "vn", vehicleClassIdOf("sim.carrier-15")), fine)).toBeLessThan(now);
  });
});

describe("the limits of markers 1119-1120", () => {
  let limits: SiteLimits;
  beforeAll(async () => {
    limits = await limitsFor("target-2027-1119");
  });

  it("are the hand figures where these leave out how the road is granted", () => {
    // A standing gate of 30 s passes 81 when the next moves up 20 m.
    expect(limit(limits, "vn.portal-1").atBestPerHour).toBeCloseTo(81, 0);
    expect(limit(limits, "vn.exit-gate-1").atBestPerHour).toBeCloseTo(81, 0);
    // A drive-through of 45 s passes 80.
    expect(limit(limits, "vn.scanner-out").perHour).toBeCloseTo(80, 0);
    // A headway of 9 s passes 400; of blocks without length it is 9.2 s.
    expect(limit(limits, "vn.headway.outbound").atBestPerHour).toBeGreaterThan(385);
    expect(limit(limits, "vn.headway.outbound").atBestPerHour).toBeLessThan(405);
    // The strip, one at a time: 87 rolling, 78 from standstill.
    expect(limit(limits, "line.strip.vn").atBestPerHour).toBeCloseTo(87, 0);
    expect(limit(limits, "line.strip.vn").perHour).toBeCloseTo(78, 0);
    // A hand-over of 45 s from standstill passes 80, one of 15 s rolling 240, each without exchange.
    expect(limit(limits, "line.handover.vn").atBestPerHour).toBeCloseTo(80, 5);
    expect(limit(limits, "line.handover-rolling.vn").perHour).toBeCloseTo(240, 5);
    // A crane of 164 s lifts 22 an hour: six of them 132, shared by loading and unloading.
    expect(limit(limits, "vn.cranes").atBestPerHour).toBeCloseTo((6 * 3600) / 164 / 2, 1);
    // 11 docks, 5 %, 2 h: 110.
    expect(limit(limits, "vn.docks").perHour).toBeCloseTo(110, 0);
  });

  it("count what granting the road costs, so that no place passes more than at its best", () => {
    for (const lane of limits.lanes) {
      for (const { perHour, atBestPerHour } of lane.limits) {
        expect(perHour).toBeGreaterThan(0);
        if (atBestPerHour !== undefined) expect(perHour).toBeLessThanOrEqual(atBestPerHour + 1e-9);
      }
    }
  });

  it("follow each other on the open road as the formula of blocks says", () => {
    const headway = limit(limits, "vn.headway.outbound").perHour;
    const formula = (blockLengthM: number): number =>
      capacityPerHour({ blockLengthM, speedMps: 5.556, vehicleAndGapM: 20, brakingMps2: 0.5, latencyS: 0.6 });
    expect(headway).toBeGreaterThanOrEqual(formula(21) - 1e-6);
    expect(headway).toBeLessThan(formula(15));
  });

  it("are scanned in Viet Nam only, in both directions, as the procedures say", () => {
    expect(limit(limits, "vn.scanner-out", "export").holds).toBe(true);
    expect(limit(limits, "vn.scanner-in", "import").holds).toBe(true);
    expect(() => limit(limits, "cn.scanner-out", "import")).toThrow();
    expect(() => limit(limits, "cn.scanner-in", "export")).toThrow();
  });

  it("name the one that binds: the least of those that hold, and the hours for the day", () => {
    for (const lane of limits.lanes) {
      const holding = lane.limits.filter((one) => one.holds).map((one) => one.perHour);
      expect(lane.binds.perHour).toBe(Math.min(...holding));
      expect(lane.targets[0]?.hoursNeeded).toBeCloseTo(650 / lane.binds.perHour);
    }
    const table = limitsTable(limits);
    expect(table).toMatch(/^\* /m);
    expect(table).toContain("target-2027-1119: 650 a day need");
  });
});

describe("limits move with what they are made from", () => {
  const base = "target-2027-1119";
  const layout = (value: object): Override => ({ path: "layout", value: { ...value, source: "a test" } });

  it("more cranes lift more, more analysts judge more, more vehicles carry more", async () => {
    const limits = await limitsFor(base);
    const cranes = await limitsFor(base, [layout({ cranes: 9 })]);
    expect(limit(cranes, "vn.cranes").perHour / limit(limits, "vn.cranes").perHour).toBeCloseTo(1.5, 1);
    const analysts = await limitsFor(base, [{ path: "staff.vn.analyst.0.people", value: 8 }]);
    expect(limit(analysts, "vn.analysts").perHour).toBeCloseTo(2 * limit(limits, "vn.analysts").perHour);
    const fleet = await limitsFor(base, [{ path: "fleet.count", value: 22 }]);
    expect(limit(fleet, "fleet").perHour).toBeCloseTo(limit(limits, "fleet").perHour / 2);
  });

  it("red lots take the docks of the lane out, and the bays of the lane in, which has none", async () => {
    const red = { path: "channels", value: { green: 0.6, yellow: 0.2, red: 0.2, source: "a test" } };
    const [limits, wave] = [await limitsFor(base), await limitsFor(base, [red])];
    expect(limit(wave, "vn.bays.outbound").perHour).toBeCloseTo(limit(limits, "vn.bays.outbound").perHour);
    expect(limit(wave, "vn.bays.inbound", "import").perHour).toBeLessThan(
      limit(limits, "vn.bays.inbound", "import").perHour * 0.7,
    );
    expect(limit(wave, "vn.bays.inbound", "import").atBestPerHour).toBeCloseTo(
      limit(limits, "vn.bays.inbound", "import").atBestPerHour ?? 0,
    );
    expect(limit(wave, "vn.docks").perHour).toBeCloseTo(limit(limits, "vn.docks").perHour / 4, 0);
  });

  it("a slower road passes fewer and needs more vehicles", async () => {
    const [limits, slow] = [await limitsFor(base), await limitsFor(base, [layout({ roadSpeedMps: 2.5 })])];
    expect(limit(slow, "vn.headway.outbound").perHour).toBeLessThan(
      limit(limits, "vn.headway.outbound").perHour,
    );
    expect(slow.fleet.neededAt51).toBeGreaterThan(limits.fleet.neededAt51);
  });

  it("more bays have longer ways out", async () => {
    const [limits, many] = [await limitsFor(base), await limitsFor(base, [layout({ verdictBays: 16 })])];
    expect(limit(many, "vn.bays.outbound").perHour).toBeGreaterThan(
      limit(limits, "vn.bays.outbound").perHour,
    );
    expect(limit(many, "vn.bays.outbound.out").perHour).toBeLessThan(
      limit(limits, "vn.bays.outbound.out").perHour,
    );
  });

  it("the crane at the line serves both directions, and bounds a lane by the share of its containers that it sets over", async () => {
    const tenth = limit(await limitsFor("container-transfer-1119"), "line.cranes.vn");
    // Two lifts of 164 s and the next vehicle's coming: some ten an hour, half of them each way.
    expect(tenth.serviceS).toBeCloseTo(2 * 164);
    expect(tenth.exchangeS).toBeGreaterThan(10);
    const cycleS = (tenth.serviceS ?? 0) + (tenth.exchangeS ?? 0);
    expect(tenth.perHour).toBeCloseTo((10 * 3600) / cycleS / 2);
    expect(tenth.holds).toBe(true);
    const all = await limitsFor("container-transfer-1119", [
      { path: "handover", value: { mode: "container-transfers" } },
    ]);
    expect(limit(all, "line.cranes.vn").perHour).toBeCloseTo(tenth.perHour / 10);
    expect(all.lanes[0]?.binds.limitId).toBe("line.cranes.vn");
    expect(limit(all, "line.handover-rolling.vn").holds).toBe(false);
  });

  it("the exchange pad is one visitor's from the hold line until it is home, and who passes for good waits so long", async () => {
    const name = "there-and-back";
    const limits = await limitsFor(name);
    const half = limit(limits, "line.visits.vn");
    const visitS = (of: Limit): number => (of.serviceS ?? 0) + (of.exchangeS ?? 0);
    // Who it is takes 5 s, a lift 20 s. A run shows 109 to 115 s from one visitor's setting out to the next one's.
    expect(half.serviceS).toBeCloseTo(25);
    expect(visitS(half)).toBeGreaterThan(105);
    expect(visitS(half)).toBeLessThan(115);
    expect(half.what).toContain("50 %");
    const passS = 3600 / limit(limits, "line.strip-shared.vn").perHour;
    expect(half.perHour).toBeCloseTo(3600 / ((visitS(half) + passS) / 2));
    expect(half.holds).toBe(true);
    expect(limitsTable(limits)).toContain("confirmations of a visit");
    expect(() => limit(limits, "line.visits.cn", "import"), "nobody of China's visits").toThrow();

    const lift: Override = {
      path: "serviceTimes.lift",
      value: { kind: "constant", valueS: 80, source: "a test" },
    };
    expect(visitS(limit(await limitsFor(name, [lift]), "line.visits.vn"))).toBeCloseTo(visitS(half) + 60);
    const slow = limit(
      await limitsFor(name, [layout({ exchangePads: 1, lineZoneSpeedMps: 1.5 })]),
      "line.visits.vn",
    );
    expect(visitS(slow)).toBeGreaterThan(visitS(half) + 20);
    const oneHome = await limitsFor(name, [
      { path: "fleet", value: { count: 4, atVn: 4, batteryPct: { min: 60, max: 90 }, source: "a test" } },
    ]);
    expect(limit(oneHome, "line.visits.vn").perHour).toBeCloseTo(3600 / visitS(half));
    const asked = await limitsFor(name, [{ path: "handover", value: { mode: "control-passes" } }]);
    expect(limit(asked, "line.visits.vn").holds).toBe(false);
  });
});

describe("the limits of two pairs of lanes", () => {
  it("are each lane's own, an even part of what both use, and what all of a direction pass together", async () => {
    const limits = await limitsFor("second-lane-1119");
    expect(limits.lanes.map(({ laneIds }) => laneIds)).toEqual([
      ["vn.export.unmanned-1"],
      ["cn.import.unmanned-1"],
      ["vn.export.unmanned-2"],
      ["cn.import.unmanned-2"],
    ]);
    const [first, , second] = limits.lanes;
    const of = (lane: typeof first, limitId: string) =>
      lane?.limits.find((one) => one.limitId === limitId)?.perHour ?? 0;
    expect(of(second, "vn.portal-2")).toBeGreaterThan(60);
    expect(of(second, "vn.portal-1"), "no station of the first lane").toBe(0);
    expect(of(second, "vn.cranes")).toBe(of(first, "vn.cranes"));
    const alone = await limitsFor("second-lane-1119", [
      {
        path: "layout",
        value: { cranes: 9, arrivalBays: 14, parkingBays: 90, source: "the same with one pair" },
      },
    ]);
    expect(of(alone.lanes[0], "vn.cranes") / of(first, "vn.cranes")).toBeCloseTo(2, 5);
    for (const { direction, perHour, withoutFleet } of limits.totals) {
      const lanes = limits.lanes.filter((lane) => lane.direction === direction);
      expect(perHour).toBeLessThanOrEqual(withoutFleet);
      expect(perHour).toBeCloseTo(2 * (lanes[0]?.binds.perHour ?? 0), 0);
      // 1,350 a day each way over 22 hours.
      expect(lanes[0]?.targets[0]?.perDay).toBeCloseTo(675);
      expect(perHour).toBeGreaterThan(1350 / 22);
    }
    expect(limitsTable(limits)).toContain("All export lanes together");
  });
});

describe("the round trip", () => {
  it("is driven and stood in the shares that its parts add up to, on each site", async () => {
    const times = await loadDefaults();
    for (const name of ["target-2027-1119", "target-2027-1088"]) {
      const { fleet } = await limitsFor(name);
      expect(fleet.drivingS + fleet.dwellS).toBeCloseTo(fleet.roundTripS);
      // Two loads, two unloads, two seals at the least.
      const liftS = 164;
      expect(fleet.dwellS).toBeGreaterThan(4 * liftS);
      expect(times.serviceTimes.lift).toMatchObject({ kind: "triangular", modeS: liftS });
      // No faster than the whole way at the road's speed.
      expect(fleet.drivingS).toBeGreaterThan(fleet.lengthM / 5.556);
      expect(fleet.availability).toBeCloseTo(8 / 9.5);
    }
  });
});
