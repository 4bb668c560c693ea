import { beforeAll, describe, expect, it } from "vitest";
import { edgeIdOf, nodeIdOf, SIDES } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import type { Station } from "../layout/site-file.ts";
import { type Road, siteOfRoads } from "../testing/random-layout.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { compileNetwork } from "./compile.ts";
import { type Network, PoseKind } from "./network.ts";
import { runsOf } from "./runs.ts";
import { checkWellFormed } from "./well-formed.ts";

/** Off the right-hand lane on to the middle, 60 m along it, and back: e0.0 to e0.6 one way, e1.0 to e1.6 the other. */
const PIECES: Road["pieces"] = [
  { kind: "straight", lengthM: 20 },
  { kind: "bend", aheadM: 26, sideM: 9, turnRad: 0, weight: 1, inner: false },
  { kind: "straight", lengthM: 20 },
  { kind: "straight", lengthM: 20 },
  { kind: "straight", lengthM: 20 },
  { kind: "bend", aheadM: 26, sideM: -9, turnRad: 0, weight: 1, inner: false },
  { kind: "straight", lengthM: 20 },
];
const EAST: Road = { start: { xM: -216, yM: -9, headingRad: 0 }, pieces: PIECES };
const WEST: Road = { start: { xM: -64, yM: 9, headingRad: Math.PI }, pieces: PIECES };

describe("a stretch that is driven both ways", () => {
  let mini: Site;
  beforeAll(async () => {
    mini = await committedSite("mini");
  });

  /** Two loops with one track between them; a bay in each loop. */
  function compiled(following?: boolean): Network {
    const links = [
      { from: "n0.7", to: "n1.0" },
      { from: "n1.7", to: "n0.0" },
    ];
    const { site } = siteOfRoads(mini, [EAST, WEST], mini.file.vehicleClasses, links);
    const parking = (nodeId: string): Station => ({
      stationId: `bay.${nodeId}`,
      kind: "parking",
      bound: "yard",
      nodeId,
      deviceIds: [],
      at: { xM: 0, yM: 0, headingRad: 0 },
      sizeM: { lengthM: 17, widthM: 4, heightM: 0.1 },
    });
    const vn = { ...site.file.sides.vn, stations: [parking("n0.0"), parking("n1.0")] };
    const sections =
      following === undefined
        ? []
        : [{ sectionId: "tunnel", side: "vn" as const, edgeIds: ["e0.3"], singleTrack: { following } }];
    const file = { ...site.file, sides: { ...site.file.sides, vn }, sections };
    return compileNetwork({ ...site, file }, "vn", CARRIER);
  }

  const sectionOf = (network: Network, edgeId: string) => {
    const move = network.moveIndex(edgeIdOf(edgeId)) ?? -1;
    return {
      section: network.sections?.ofMove[move],
      direction: network.sections?.direction[move],
    };
  };
  const kindOf = (network: Network, nodeId: string) =>
    network.poses.kind[network.poseIndex(nodeIdOf(nodeId)) ?? -1];

  it("is found: one section, with all moves of one way in one direction and those of the other in the other", () => {
    const network = compiled();
    expect(network.sections?.count).toBe(1);
    for (const piece of [2, 3, 4]) {
      const east = sectionOf(network, `e0.${piece}`);
      const west = sectionOf(network, `e1.${piece}`);
      expect([east.section, west.section]).toEqual([0, 0]);
      expect(Math.abs(east.direction ?? 0)).toBe(1);
      expect(west.direction).toBe(-(east.direction ?? 0));
      expect(east.direction).toBe(sectionOf(network, "e0.3").direction);
    }
    expect(sectionOf(network, "e0.0")).toEqual({ section: -1, direction: 0 });
    expect(sectionOf(network, "n0.7_n1.0")).toEqual({ section: -1, direction: 0 });
  });

  it("is granted from end to end: nobody stops inside of it against another", () => {
    const network = compiled();
    for (const node of ["n0.2", "n0.3", "n0.4", "n0.5", "n1.3"]) {
      expect(kindOf(network, node)).toBe(PoseKind.passing);
    }
    const through = runsOf(network).find((run) =>
      run.moves.includes(network.moveIndex(edgeIdOf("e0.3")) ?? -1),
    );
    expect(through?.lengthM).toBeGreaterThan(60);
  });

  it("lets vehicles of one direction follow each other when the site file says so, and has its name", () => {
    const network = compiled(true);
    expect(network.sections?.ids).toEqual(["tunnel"]);
    for (const node of ["n0.3", "n0.4", "n1.3", "n1.4"]) expect(kindOf(network, node)).toBe(PoseKind.way);
    expect(kindOf(compiled(false), "n0.3")).toBe(PoseKind.passing);
  });

  it("is well formed as long as bays lie beyond it, whether vehicles follow each other or not", () => {
    for (const following of [undefined, true]) {
      const report = checkWellFormed(compiled(following));
      expect(report).toMatchObject({ ok: true, endpoints: 2 });
    }
  });

  it("is not there on the committed sites, where each lane is driven one way", async () => {
    for (const siteId of ["mini", "1119-1120"]) {
      const site = await committedSite(siteId);
      for (const side of SIDES) expect(compileNetwork(site, side, CARRIER).sections?.count).toBe(0);
    }
  });
});
