import { beforeAll, describe, expect, it } from "vitest";
import { readJson, siteDirectory } from "../files.ts";
import { generateSite } from "../generate/generate-site.ts";
import { MINI } from "../generate/sites/mini.ts";
import { type ParseResult, parseSite, type SiteInput } from "./parse-site.ts";
import { describeProblem, type MapProblem } from "./problems.ts";

const texts = { siteFile: "", vn: "", cn: "" };

beforeAll(async () => {
  for (const [name, file] of [
    ["siteFile", "site.json"],
    ["vn", "vn.lif.json"],
    ["cn", "cn.lif.json"],
  ] as const) {
    const read = await readJson(`${siteDirectory("mini")}/${file}`);
    if (!read.ok) throw new Error(read.problem.message);
    texts[name] = JSON.stringify(read.value);
  }
});

type Path = readonly (string | number)[];

/** The mini crossing with one value changed (or, with `undefined`, taken out). */
function miniWith(
  file: "siteFile" | "vn" | "cn",
  path: Path,
  change: (old: unknown) => unknown,
): ParseResult {
  const parsed = (name: keyof typeof texts): unknown => {
    const value: unknown = JSON.parse(texts[name]);
    return name === file ? changed(value, path, change) : value;
  };
  const input: SiteInput = {
    siteFile: parsed("siteFile"),
    lif: { vn: parsed("vn"), cn: parsed("cn") },
    where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
  };
  return parseSite(input);
}

function changed(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((entry, i) => (i === key ? changed(entry, rest, change) : entry));
  if (typeof value !== "object" || value === null) throw new Error(`nothing at ${path.join("/")}`);
  const known = Object.entries(value).map(([name, entry]) => [
    name,
    name === key ? changed(entry, rest, change) : entry,
  ]);
  const added = key in value ? [] : [[key, changed(undefined, rest, change)]];
  return Object.fromEntries([...known, ...added]);
}

function problemsOf(result: ParseResult): readonly MapProblem[] {
  return result.ok ? [] : result.problems;
}

const target = (year: number, from: number, to: number) => ({
  year,
  vehiclesADay: { from, to },
  unmannedAnHourADirection: { from: 29, to: 37 },
  source: "test",
});

describe("targets of a site", () => {
  it("are taken when years and bands are in order", () => {
    expect(
      miniWith("siteFile", ["targets"], () => [target(2027, 2000, 2500), target(2030, 3000, 3500)]).ok,
    ).toBe(true);
  });

  it("are refused when years or the ends of a band are not", () => {
    const found = problemsOf(
      miniWith("siteFile", ["targets"], () => [target(2030, 3500, 3000), target(2027, 2000, 2500)]),
    );
    expect(found.map(({ code, path }) => [code, path])).toEqual([
      ["site.targets", "/targets/0/vehiclesADay"],
      ["site.targets", "/targets/1/year"],
    ]);
  });
});

const shifted = (byM: number) => (old: unknown) => (typeof old === "number" ? old + byM : old);
const node0 = ["layouts", 0, "nodes", 0] as const;

describe("reading a site", () => {
  it("takes the committed files as they are", () => {
    expect(problemsOf(miniWith("siteFile", ["siteId"], (old) => old))).toEqual([]);
  });

  it("refuses a shared point that is more than 5 cm off, and says which and by how much", () => {
    const result = miniWith("siteFile", ["survey", "vnToCn", "dxM"], shifted(0.08));
    const [problem] = problemsOf(result).filter(({ code }) => code === "site.transform-residual");
    expect(problem?.path).toBe("/survey/sharedPoints/0");
    expect(problem?.message).toMatch(/strip-1 \(vn\.out\.hold, cn\.in\.partner-hold\) is 0\.0[78]\d m off/);
    expect(problem?.hint).toContain("survey the point again");
  });

  it("refuses a node that was moved after the survey, even by less than 5 cm", () => {
    const vnText: unknown = JSON.parse(texts.vn);
    const index = nodeIndex(vnText, "vn.out.strip-2");
    const result = miniWith("vn", ["layouts", 0, "nodes", index, "nodePosition", "x"], shifted(0.02));
    expect(problemsOf(result).map(({ code }) => code)).toContain("site.residual-stale");
  });

  it("refuses transforms that contradict each other", () => {
    const result = miniWith("siteFile", ["sides", "cn", "mapToSite", "dyM"], shifted(0.04));
    expect(problemsOf(result).map(({ code }) => code)).toEqual(["site.transform-disagrees"]);
  });

  it.each<[string, "siteFile" | "vn" | "cn", Path, (old: unknown) => unknown, string, string]>([
    ["no LIF at all", "vn", [], () => "hello", "lif.invalid", ""],
    [
      "a position that is text",
      "vn",
      [...node0, "nodePosition", "x"],
      () => "3",
      "lif.invalid",
      "/layouts/0/nodes/0/nodePosition/x",
    ],
    [
      "a node without a name",
      "cn",
      [...node0, "nodeId"],
      () => undefined,
      "lif.invalid",
      "/layouts/0/nodes/0/nodeId",
    ],
    [
      "another version",
      "vn",
      ["metaInformation", "lifVersion"],
      () => "2.0.0",
      "lif.version",
      "/metaInformation/lifVersion",
    ],
    [
      "two nodes of one name",
      "vn",
      [...node0, "nodeId"],
      () => "vn.out.hold",
      "lif.duplicate-id",
      "/layouts/0/nodes/",
    ],
    [
      "an edge from nowhere",
      "vn",
      ["layouts", 0, "edges", 0, "startNodeId"],
      () => "vn.nowhere",
      "lif.unknown-node",
      "/layouts/0/edges/0/startNodeId",
    ],
    [
      "a heading against the road",
      "vn",
      [...node0, "vehicleTypeNodeProperties", 0, "theta"],
      shifted(-0.5),
      "lif.heading",
      "/layouts/0/edges/",
    ],
    [
      "a curve that misses its node",
      "vn",
      [...node0, "nodePosition", "y"],
      shifted(0.5),
      "lif.trajectory",
      "/layouts/0/edges/0/vehicleTypeEdgeProperties/0/trajectory",
    ],
    [
      "a knot vector too short",
      "vn",
      ["layouts", 0, "edges", 0, "vehicleTypeEdgeProperties", 0, "trajectory", "knotVector"],
      () => [0, 1],
      "lif.trajectory",
      "/layouts/0/edges/0",
    ],
    [
      "a bend too tight",
      "siteFile",
      ["vehicleClasses", 0, "turningRadiusM"],
      () => 14,
      "lif.turn-too-tight",
      "/layouts/0/edges/",
    ],
    [
      "a site file of a future version",
      "siteFile",
      ["siteFileVersion"],
      () => 2,
      "site.invalid",
      "/siteFileVersion",
    ],
    [
      "a station nowhere",
      "siteFile",
      ["sides", "vn", "stations", 1, "nodeId"],
      () => "vn.nowhere",
      "site.unknown-reference",
      "/sides/vn/stations/1/nodeId",
    ],
    [
      "a hand-off at an unknown node",
      "siteFile",
      ["handoffPoints", 0, "hold", "takerNodeId"],
      () => "cn.nowhere",
      "site.unknown-reference",
      "/handoffPoints/0/hold/takerNodeId",
    ],
    [
      "a hand-off at two places",
      "siteFile",
      ["handoffPoints", 0, "hold", "takerNodeId"],
      () => "cn.in.strip-1",
      "site.handoff-unpaired",
      "/handoffPoints/0/hold",
    ],
    [
      "two stations of one name",
      "siteFile",
      ["sides", "vn", "stations", 1, "stationId"],
      () => "cn.crane-1",
      "site.duplicate-id",
      "/sides/cn/stations/1/stationId",
    ],
    [
      "a section of an unknown edge",
      "siteFile",
      ["sections", 0, "edgeIds", 0],
      () => "vn.nowhere",
      "site.unknown-reference",
      "/sections/0/edgeIds/0",
    ],
    [
      "an edge in two sections",
      "siteFile",
      ["sections", 2, "edgeIds", 0],
      () => "vn.yard.return.from_yard.depart.1",
      "site.duplicate-id",
      "/sections/2/edgeIds/0",
    ],
    [
      "a queue of an unknown node",
      "siteFile",
      ["queues"],
      () => [{ queueId: "q", side: "vn", nodeIds: ["vn.out.hold", "vn.nowhere"] }],
      "site.unknown-reference",
      "/queues/0/nodeIds/1",
    ],
    [
      "a vehicle class without roads",
      "siteFile",
      ["vehicleClasses", 0, "vehicleClassId"],
      () => "sim.other",
      "site.vehicle-class",
      "/vehicleClasses/0/vehicleClassId",
    ],
    [
      "two zones of one name",
      "siteFile",
      ["zones", 1, "zoneId"],
      () => "vn.mini",
      "site.duplicate-id",
      "/zones/1/zoneId",
    ],
    [
      "two zones a side without borders between them",
      "siteFile",
      ["zones"],
      (zones) => [
        ...(Array.isArray(zones) ? zones : []),
        { zoneId: "vn.yard", side: "vn", fromXM: -400, toXM: -300 },
      ],
      "site.zones",
      "/zones",
    ],
    [
      "a border at an unknown node",
      "siteFile",
      ["borders"],
      () => [{ side: "vn", placeNodeId: "vn.nowhere" }],
      "site.unknown-reference",
      "/borders/0/placeNodeId",
    ],
    ["a zone over the line", "siteFile", ["zones", 0, "toXM"], () => 5, "site.zones", "/zones"],
  ])("refuses %s", (_, file, path, change, code, at) => {
    const problems = problemsOf(miniWith(file, path, change));
    const found = problems.find((problem) => problem.code === code && problem.path.startsWith(at));
    expect(found, problems.map(describeProblem).join("\n")).toBeDefined();
    expect(found?.hint).not.toBe("");
    expect(found?.file).toMatch(/^(site|vn\.lif|cn\.lif)\.json$/);
  });

  it("tells the problems of all three files together", () => {
    const result = parseSite({
      siteFile: {},
      lif: { vn: [], cn: null },
      where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
    });
    expect(new Set(problemsOf(result).map(({ file }) => file))).toEqual(
      new Set(["site.json", "vn.lif.json", "cn.lif.json"]),
    );
  });
});

function nodeIndex(lif: unknown, nodeId: string): number {
  const text = JSON.stringify(lif);
  return text.slice(0, text.indexOf(`"nodeId":"${nodeId}"`)).split('"nodeId":').length - 1;
}

describe("a crane at the line", () => {
  const crossing = {
    ...MINI.crossing,
    transferPads: { value: 1, unit: "pads a side", source: "test" },
  };
  /** What is wrong with the mini crossing with a crane at the line, one value of its site file changed. */
  const wrongWith = (path: Path, value: unknown): readonly string[] => {
    const { siteFile, lif } = generateSite({ ...MINI, crossing });
    const input: SiteInput = {
      siteFile: changed(siteFile, path, () => value),
      lif,
      where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
    };
    return problemsOf(parseSite(input)).map((problem) => `${problem.code} ${problem.path}`);
  };

  it("stands over one pad on each side, and is one of its own", () => {
    expect(wrongWith(["siteId"], "mini")).toEqual([]);
    expect(wrongWith(["handoffPoints", 2, "pads", "giverNodeId"], "vn.out.hold")).toEqual([
      "site.transfer-pad /handoffPoints/2/pads",
      "site.transfer-pad /handoffPoints/3/pads",
    ]);
    expect(wrongWith(["handoffPoints", 2, "pads", "takerNodeId"], "cn.nowhere")).toContain(
      "site.unknown-reference /handoffPoints/2/pads/takerNodeId",
    );
    expect(wrongWith(["handoffPoints", 3, "deviceId"], "vn.crane-1")).toEqual([
      "site.duplicate-id /handoffPoints/3/deviceId",
    ]);
    expect(wrongWith(["handoffPoints", 3, "handoffPointId"], "export-crane")).toEqual([
      "site.duplicate-id /handoffPoints/3/handoffPointId",
    ]);
  });

  it("is named where containers change vehicle", () => {
    expect(wrongWith(["handoffPoints", 0, "mode"], "container-transfers")).toContain(
      "site.invalid /handoffPoints/0",
    );
  });
});
