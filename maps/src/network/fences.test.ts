import { beforeAll, describe, expect, it } from "vitest";
import { toMapFrame } from "../geometry/frames.ts";
import type { Point } from "../geometry/pose.ts";
import { edgeIdOf, nodeIdOf } from "../ids.ts";
import type { Lif } from "../layout/lif.ts";
import { parseSite } from "../layout/parse-site.ts";
import type { Site } from "../layout/site.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { TRACTOR, withTractors } from "../testing/tractors.ts";
import { compileNetwork } from "./compile.ts";
import { rowOf } from "./csr.ts";
import { fencedPlaces } from "./fenced-places.ts";
import type { Fences, Network } from "./network.ts";
import { checkWellFormed } from "./well-formed.ts";

const RADIUS_M = 20;
const PLACES = {
  a: { xM: -420, yM: 300, headingRad: 0 },
  b: { xM: -380, yM: 300, headingRad: 0 },
  c: { xM: -340, yM: 300, headingRad: 0 },
  d: { xM: -340, yM: 340, headingRad: Math.PI },
  e: { xM: -420, yM: 340, headingRad: Math.PI },
};
type Place = keyof typeof PLACES;
const ROADS: readonly [Place, Place][] = [
  ["a", "b"],
  ["b", "c"],
  ["c", "d"],
  ["d", "e"],
  ["e", "a"],
];
const OUTLINE = rectangle(-460, 290, -300, 350);

describe("a fenced shed beside the yard, with a ring road in it", () => {
  let site: Site;
  let network: Network;
  let fences: Fences;

  beforeAll(async () => {
    site = await withShed(OUTLINE);
    network = compileNetwork(site, "vn", CARRIER);
    fences = fencesIn(network);
  });

  it("has one block in which all its ground is, and which is no other's", () => {
    const block = network.blockIndex("fence shed" as never) ?? -1;
    const isHeldBy = (row: Int32Array): boolean => row.includes(block);
    for (const place of Object.keys(PLACES)) {
      const pose = network.poseIndex(nodeIdOf(`shed.${place}`)) ?? -1;
      expect(fences.ofPose[pose]).toBe(0);
      expect(isHeldBy(rowOf(network.poses.blocks, pose))).toBe(true);
    }
    network.moves.edgeIds.forEach((edgeId, move) => {
      const isInside = edgeId.startsWith("shed.");
      expect(fences.ofMove[move]).toBe(isInside ? 0 : -1);
      expect(isHeldBy(rowOf(network.moves.blocks, move))).toBe(isInside);
      // Nobody who is in it ever gives it back.
      if (!isInside) return;
      const begin = network.moves.blocks.offsets[move] ?? 0;
      const at = rowOf(network.moves.blocks, move).indexOf(block);
      expect(network.moves.clearAtM[begin + at]).toBe(Number.POSITIVE_INFINITY);
    });
    expect(fences.crossedBy).toEqual([[]]);
  });

  it("is well formed, though no road leads in or out", () => {
    expect(checkWellFormed(network)).toMatchObject({ ok: true });
  });

  it("holds a body that is wholly in it, wherever it has turned to", () => {
    expect(fences.holds(0, { xM: -380, yM: 320, headingRad: 1 })).toBe(true);
    expect(fences.holds(0, { xM: -380, yM: 292, headingRad: 0 })).toBe(true);
    expect(fences.holds(0, { xM: -380, yM: 292, headingRad: 1 })).toBe(false);
    expect(fences.holds(0, { xM: -100, yM: 0, headingRad: 0 })).toBe(false);
  });

  it("changes nothing about a site's other ground", async () => {
    const without = compileNetwork(await withShed(undefined), "vn", CARRIER);
    expect(without.fences).toBeUndefined();
    expect(network.blocks.ids.filter((id) => !without.blocks.ids.includes(id))).toEqual(["fence shed"]);
    expect(network.hash).not.toBe(without.hash);
  });
});

describe("a fence that is not well drawn", () => {
  it("and cuts a road is told with the road, and whoever drives there still holds the whole of it", async () => {
    const network = compileNetwork(await withShed(rectangle(-460, 290, -360, 350)), "vn", CARRIER);
    const fences = fencesIn(network);
    expect(fences.crossedBy).toEqual([["shed.b_c", "shed.d_e"]]);
    const block = network.blockIndex("fence shed" as never) ?? -1;
    const crossing = network.moveIndex(edgeIdOf("shed.b_c")) ?? -1;
    expect(fences.ofMove[crossing]).toBe(-1);
    expect(rowOf(network.moves.blocks, crossing)).toContain(block);
  });

  it.each([
    ["is not convex", [...rectangle(-460, 290, -300, 350), { xM: -380, yM: 320 }]],
    ["lies on both sides of the line", rectangle(-100, 290, 100, 350)],
  ])("and %s is refused", async (message, outline) => {
    await expect(withShed(outline)).rejects.toThrow(message);
  });

  it("and lies upon another one is refused", async () => {
    await expect(withShed(OUTLINE, rectangle(-310, 300, -200, 350))).rejects.toThrow("other lies upon shed");
  });
});

describe("a fence on a site with tractors of 7 m, which its file names first, and carriers of 15 m", () => {
  it("has inside of it what even the carrier does not reach out of", async () => {
    const wide = await withShed(OUTLINE);
    // A tractor turns in there; a carrier's corners reach out of it in the bends.
    const narrow = await withShed(rectangle(-442.5, 290, -317.5, 350));
    const edges = ROADS.map(([from, to]) => `shed.${from}_${to}`);
    for (const order of ["carriers-first", "tractors-first"] as const) {
      const [whole] = fencedPlaces(withTractors(wide, order), "vn");
      expect([...(whole?.edgeIds ?? [])].toSorted()).toEqual(edges.toSorted());
      const [some] = fencedPlaces(withTractors(narrow, order), "vn");
      expect(some?.fenceId).toBe("shed");
      expect([...(some?.edgeIds ?? [])].toSorted()).toEqual(["shed.a_b", "shed.b_c", "shed.d_e"]);
      const tractors = compileNetwork(withTractors(narrow, order), "vn", TRACTOR);
      expect([...fencesIn(tractors).ofMove].filter((fence) => fence === 0)).toHaveLength(edges.length);
    }
  });
});

function fencesIn(network: Network): Fences {
  if (network.fences === undefined) throw new Error("the network has fences");
  return network.fences;
}

function rectangle(fromXM: number, fromYM: number, toXM: number, toYM: number): Point[] {
  return [
    { xM: fromXM, yM: fromYM },
    { xM: toXM, yM: fromYM },
    { xM: toXM, yM: toYM },
    { xM: fromXM, yM: toYM },
  ];
}

async function withShed(outline: readonly Point[] | undefined, other?: readonly Point[]): Promise<Site> {
  const mini = await committedSite("mini");
  const { file } = mini;
  const fence = (fenceId: string, corners: readonly Point[] | undefined) =>
    corners === undefined ? [] : [{ fenceId, side: "vn", outline: corners, vehicleIds: ["maker.7"] }];
  const stations = (["a", "c"] as const).map((place) => ({
    stationId: `shed.${place}`,
    kind: "parking",
    bound: "yard",
    nodeId: `shed.${place}`,
    deviceIds: [],
    at: PLACES[place],
    sizeM: { lengthM: 17, widthM: 4, heightM: 0.1 },
  }));
  const vn = { ...file.sides.vn, stations: [...file.sides.vn.stations, ...stations] };
  const parsed = parseSite({
    siteFile: {
      ...file,
      sides: { ...file.sides, vn },
      ...(outline === undefined ? {} : { fences: [...fence("shed", outline), ...fence("other", other)] }),
    },
    lif: { vn: lifWithShed(mini), cn: mini.lif.cn },
    where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.site;
}

function lifWithShed({ lif, file }: Site): Lif {
  const { mapToSite, mapId } = file.sides.vn;
  const inMap = (place: Place) => toMapFrame(mapToSite, PLACES[place]);
  const nodes = (Object.keys(PLACES) as Place[]).map((place) => {
    const { xM, yM, headingRad } = inMap(place);
    return {
      nodeId: `shed.${place}`,
      mapId,
      nodePosition: { x: xM, y: yM },
      vehicleTypeNodeProperties: [{ vehicleTypeId: CARRIER, theta: headingRad }],
    };
  });
  const edges = ROADS.map(([from, to]) => {
    const isBend = PLACES[from].yM !== PLACES[to].yM;
    return {
      edgeId: `shed.${from}_${to}`,
      startNodeId: `shed.${from}`,
      endNodeId: `shed.${to}`,
      vehicleTypeEdgeProperties: [
        {
          vehicleTypeId: CARRIER,
          rotationAllowed: false,
          ...(isBend ? { trajectory: halfCircle(inMap(from)) } : {}),
        },
      ],
    };
  });
  return {
    ...lif.vn,
    layouts: lif.vn.layouts.map((layout) => ({
      ...layout,
      nodes: [...layout.nodes, ...nodes],
      edges: [...layout.edges, ...edges],
    })),
  };
}

/** To the left, as two quarter circles. */
function halfCircle({ xM, yM, headingRad }: { xM: number; yM: number; headingRad: number }) {
  const at = (aheadM: number, leftM: number, weight: number) => ({
    x: xM + aheadM * Math.cos(headingRad) - leftM * Math.sin(headingRad),
    y: yM + aheadM * Math.sin(headingRad) + leftM * Math.cos(headingRad),
    weight,
  });
  const r = RADIUS_M;
  return {
    degree: 2,
    knotVector: [0, 0, 0, 0.5, 0.5, 1, 1, 1],
    controlPoints: [
      at(0, 0, 1),
      at(r, 0, Math.SQRT1_2),
      at(r, r, 1),
      at(r, 2 * r, Math.SQRT1_2),
      at(0, 2 * r, 1),
    ],
  };
}
