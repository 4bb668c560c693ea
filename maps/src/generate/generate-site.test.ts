import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { siteContents, siteDirectory } from "../files.ts";
import { DIRECTIONS, nodeIdOf, SIDES, type Side, vehicleClassIdOf } from "../ids.ts";
import { parseSite } from "../layout/parse-site.ts";
import { describeProblem } from "../layout/problems.ts";
import {
  handoffPointFor,
  lanePairsOf,
  pairOf,
  type Site,
  stationsOf,
  transferPointFor,
  visitPoints,
} from "../layout/site.ts";
import { compileNetwork } from "../network/compile.ts";
import { PoseKind } from "../network/network.ts";
import { sectionReports } from "../network/section-report.ts";
import { checkWellFormed } from "../network/well-formed.ts";
import { CARRIER } from "../testing/sites.ts";
import { type GeneratedSite, generateSite } from "./generate-site.ts";
import { generatedSite } from "./generated-site.ts";
import { figure } from "./parameters.ts";
import { MARKERS_1119_1120 } from "./sites/markers-1119-1120.ts";
import { MINI } from "./sites/mini.ts";
import { ALL_PARAMETERS, SITE_PARAMETERS } from "./sites.ts";
import { withLanes } from "./with-lanes.ts";

describe.each(SITE_PARAMETERS.map((parameters) => [parameters.siteId, parameters] as const))(
  "the files of %s",
  (siteId, parameters) => {
    it("come out of the generator byte for byte as they are committed", async () => {
      for (const { name, text } of siteContents(generateSite(parameters))) {
        const committed = await readFile(join(siteDirectory(siteId), name), "utf8");
        expect(committed === text, `${siteId}/${name}: run npm run maps -- generate`).toBe(true);
      }
    });
  },
);

describe("a generated site", () => {
  it("has as many lanes as asked for, and is otherwise sound", () => {
    const fourteen = withLanes(MARKERS_1119_1120, 14, 1);
    if (typeof fourteen === "string") throw new Error(fourteen);
    const site = parsed(generateSite(fourteen));
    for (const side of SIDES) {
      const { lanes } = site.file.sides[side];
      expect(lanes).toHaveLength(14);
      expect(lanes.filter((lane) => lane.kind === "unmanned")).toHaveLength(2);
      expect(lanes.filter((lane) => lane.direction === "export")).toHaveLength(7);
    }
    expect(site.file.figures["crossing.lanes"]).toEqual({
      value: 14,
      unit: "lanes",
      source: "argument of the generator",
    });
  });

  it("says why a number of lanes cannot be laid out", () => {
    expect(withLanes(MINI, 7, 1)).toContain("even");
    expect(withLanes(MINI, Number.NaN, 1)).toContain("even");
    expect(withLanes(MINI, 8, 2)).toContain("--unmanned is 1");
  });

  it("follows its figures: bays, docks and cranes as many as they say", () => {
    const site = parsed(generateSite(MARKERS_1119_1120));
    for (const side of SIDES) {
      expect(stationsOf(site, side, "buffer", "outbound")).toHaveLength(10);
      expect(stationsOf(site, side, "inspection-dock")).toHaveLength(11);
      expect(stationsOf(site, side, "crane")).toHaveLength(6);
      const bays = ["crane", "parking", "charger"] as const;
      expect(bays.flatMap((kind) => stationsOf(site, side, kind)).length).toBeGreaterThanOrEqual(50);
    }
    const [portal] = stationsOf(site, "vn", "portal");
    expect(portal?.at.xM).toBeCloseTo(-980 - 7.5, 2);
  });

  it("has a queue before each hold line, as long as the road and the figures allow, clear of those who turn back", () => {
    const places = (siteId: string, side: Side): readonly string[] =>
      generatedSite(siteId).file.queues?.find((queue) => queue.side === side)?.nodeIds ?? [];
    for (const side of SIDES) {
      expect(places("1119-1120", side)).toHaveLength(8);
      expect(places("1088-1089", side)).toHaveLength(6);
      expect(places("mini", side)).toEqual([`${side}.out.queue-1`, `${side}.out.hold`]);
    }
    const crossing = { ...MINI.crossing, queuePlaces: { value: 1, unit: "places", source: "test" } };
    expect(generatedSite({ ...MINI, crossing }).file.queues).toEqual([]);
  });

  it("has a siding before each yard where loaded vehicles wait for a crane, as long as the road there allows", () => {
    const places = (siteId: string, side: Side): number | undefined =>
      generatedSite(siteId).file.queues?.find((queue) => queue.side === side && queue.leadsTo === "cranes")
        ?.nodeIds.length;
    expect([places("1119-1120", "vn"), places("1119-1120", "cn")]).toEqual([3, 8]);
    expect([places("1088-1089", "vn"), places("1088-1089", "cn")]).toEqual([7, 8]);
    expect([places("mini", "vn"), places("mini", "cn")]).toEqual([undefined, undefined]);
  });

  it("has yard spines that pass 250 vehicles an hour, in blocks of 21 m at most, on every site and in 2030", () => {
    for (const { siteId } of ALL_PARAMETERS) {
      const site = generatedSite(siteId);
      for (const side of siteId === "gate-2030" ? (["vn"] as const) : SIDES) {
        const network = compileNetwork(site, side, CARRIER);
        const reports = sectionReports(site, network);
        const spines = reports.filter(({ section }) => section.sectionId.includes(".spine-"));
        expect(spines).toHaveLength(2);
        for (const { longestM, perHour, runs } of spines) {
          expect(runs).toBeGreaterThan(4);
          expect(longestM).toBeLessThanOrEqual(21);
          expect(perHour).toBeGreaterThanOrEqual(250);
        }
      }
    }
  }, 60_000);

  it("has room for 200 vehicles on one side in 2030, and is well formed with them", () => {
    const network = compileNetwork(generatedSite("gate-2030"), "vn", CARRIER);
    const report = checkWellFormed(network);
    expect(report.ok).toBe(true);
    expect(report.endpoints).toBeGreaterThanOrEqual(250);
  }, 60_000);

  it.each(SITE_PARAMETERS.map((parameters) => [parameters.siteId, parameters] as const))(
    "has a pad a side under a crane at the line when asked, well formed with it: %s",
    (_, base) => {
      const site = generatedSite({
        ...base,
        crossing: { ...base.crossing, transferPads: figure(1, "pads a side", "test") },
      });
      for (const side of SIDES) {
        const network = compileNetwork(site, side, CARRIER);
        expect(checkWellFormed(network)).toMatchObject({ ok: true });
        const [pad] = stationsOf(site, side, "transfer-pad");
        const pose = network.poseIndex(nodeIdOf(pad?.nodeId ?? ""));
        expect(network.poses.kind[pose ?? -1]).toBe(PoseKind.endpoint);
        // Across the middle of the road, clear of both lanes.
        expect(pad?.at.yM).toBeCloseTo(0, 1);
        expect(Math.abs(Math.sin(pad?.at.headingRad ?? 0))).toBeCloseTo(1, 3);
      }
      for (const direction of DIRECTIONS) {
        const [giver, taker] = direction === "export" ? (["vn", "cn"] as const) : (["cn", "vn"] as const);
        expect(transferPointFor(site, direction)).toMatchObject({
          deviceId: "line-crane-1",
          pads: { giverNodeId: `${giver}.transfer-pad-1`, takerNodeId: `${taker}.transfer-pad-1` },
        });
        expect(handoffPointFor(site, direction)?.handoffPointId).toBe(`${direction}-1`);
      }
    },
    60_000,
  );

  it.each(SITE_PARAMETERS.map((parameters) => [parameters.siteId, parameters] as const))(
    "has a place in China for visitors from Viet Nam when asked, well formed with it on both sides: %s",
    (_, base) => {
      const crossing = { ...base.crossing, exchangePads: figure(1, "pads", "test") };
      const site = generatedSite({ ...base, crossing });
      for (const side of SIDES)
        expect(checkWellFormed(compileNetwork(site, side, CARRIER))).toMatchObject({ ok: true });
      const [pad] = stationsOf(site, "cn", "exchange-pad");
      expect(stationsOf(site, "vn", "exchange-pad")).toEqual([]);
      // Across the middle of the road, clear of both lanes, and beyond the line.
      expect(pad?.at.yM).toBeCloseTo(0, 1);
      expect(pad?.at.xM).toBeGreaterThan(10);
      expect(visitPoints(site)).toMatchObject([
        {
          direction: "export",
          pad: { takerNodeId: pad?.nodeId },
          home: { giverNodeId: "vn.in.first-stop" },
          in: { takerEdgeIds: ["cn.in.strip-2_in.strip-3", "cn.in.strip-3_exchange-pad-1"] },
          out: { takerEdgeIds: ["cn.exchange-pad-1_out.strip-2", "cn.out.strip-2_out.strip-3"] },
        },
      ]);
      expect(handoffPointFor(site, "export")?.handoffPointId, "others pass for good").toBe("export-1");
    },
    60_000,
  );

  it("has no place for visitors below the way of a crane, nor more than one", () => {
    const withPads = (figures: object) => ({ ...MINI, crossing: { ...MINI.crossing, ...figures } });
    const one = figure(1, "pads", "test");
    expect(() => generateSite(withPads({ exchangePads: one, transferPads: one }))).toThrow(/one of the two/);
    expect(() => generateSite(withPads({ exchangePads: figure(2, "pads", "test") }))).toThrow(/room for one/);
  });

  it.each(SITE_PARAMETERS.map((parameters) => [parameters.siteId, parameters] as const))(
    "has a second pair of lanes when asked, with stations of its own, well formed with it on both sides: %s",
    (_, base) => {
      const crossing = { ...base.crossing, lanePairs: figure(2, "pairs", "test") };
      const [one, two] = [generatedSite(base), generatedSite({ ...base, crossing })];
      expect(lanePairsOf(two)).toEqual([1, 2]);
      const stations = (site: Site, pair: number) =>
        SIDES.flatMap((side) => stationsOf(site, side))
          .filter((station) => station.bound !== "yard" && pairOf(station) === pair)
          .map(({ kind, bound, deviceIds }) => [kind, bound, deviceIds.length]);
      expect(stations(two, 1)).toEqual(stations(one, 1));
      expect(stations(two, 2), "as many of each").toEqual(stations(one, 1));
      const devices = SIDES.flatMap((side) => stationsOf(two, side)).flatMap(({ deviceIds }) => deviceIds);
      expect(new Set(devices).size).toBe(devices.length);
      for (const side of SIDES)
        expect(checkWellFormed(compileNetwork(two, side, CARRIER))).toMatchObject({ ok: true });
      for (const direction of DIRECTIONS) {
        expect(handoffPointFor(two, direction)?.handoffPointId).toBe(`${direction}-1`);
        expect(handoffPointFor(two, direction, 2)?.handoffPointId).toBe(`${direction}-2`);
      }
      const lanes = two.file.sides.vn.lanes.filter(({ kind }) => kind === "unmanned");
      expect(lanes.map(({ laneId }) => laneId)).toEqual([
        "vn.export.unmanned-1",
        "vn.export.unmanned-2",
        "vn.import.unmanned-1",
        "vn.import.unmanned-2",
      ]);
    },
    60_000,
  );

  it("has no third pair, and no pads at the line beside a second one, over which that turns back", () => {
    const withPairs = (pairs: number, figures: object = {}) =>
      generateSite({
        ...MINI,
        crossing: { ...MINI.crossing, lanePairs: figure(pairs, "pairs", "test"), ...figures },
      });
    expect(() => withPairs(3)).toThrow(/3 pairs of lanes/);
    expect(() => withPairs(2, { transferPads: figure(1, "pads", "test") })).toThrow(/one of the two/);
    const { figures: _asked, ...one } = withPairs(1).siteFile;
    const { figures: _plain, ...plain } = generateSite(MINI).siteFile;
    expect(one, "one pair is what there is without asking").toEqual(plain);
  });

  it("gives up places before the hold line for a pad, and says when there is no room even so", () => {
    const withPad = (turnBackM: number) => ({
      ...MINI,
      crossing: {
        ...MINI.crossing,
        transferPads: figure(1, "pads a side", "test"),
        turnBackM: figure(turnBackM, "m", "test"),
      },
    });
    expect(generatedSite(withPad(90)).file.queues).toEqual([]);
    expect(() => generateSite(withPad(75))).toThrow(/no room for a transfer pad: .* 2\.0 m too near/);
    const two = { ...MINI.crossing, transferPads: figure(2, "pads a side", "test") };
    expect(() => generateSite({ ...MINI, crossing: two })).toThrow(/2 transfer pads a side/);
  });

  it("is refused by name when nobody has laid it out", () => {
    expect(() => generatedSite("nowhere")).toThrow(/gate-2030/);
  });

  it("stays well formed with other numbers of bays", () => {
    const figures = { ...MINI.vn.figures, inBufferBays: { value: 2, unit: "bays", source: "test" } };
    const site = parsed(
      generateSite({ ...MINI, vn: { ...MINI.vn, figures, yardGroups: [["crane"], ["parking", "charger"]] } }),
    );
    const report = checkWellFormed(compileNetwork(site, "vn", vehicleClassIdOf("sim.carrier-15")));
    expect(report).toMatchObject({ ok: true, endpoints: 3 + 3 + 1 + 1 + 2 });
  });
});

function parsed(generated: GeneratedSite): Site {
  const result = parseSite({
    siteFile: generated.siteFile,
    lif: generated.lif,
    where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
  });
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join("\n"));
  return result.site;
}
