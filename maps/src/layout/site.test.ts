import { beforeAll, describe, expect, it } from "vitest";
import { nurbsCurve } from "../geometry/curve.ts";
import { toSiteFrame } from "../geometry/frames.ts";
import { SIDES } from "../ids.ts";
import { committedSite } from "../testing/sites.ts";
import {
  handoffPointFor,
  nodePoseInMap,
  nodePoseInSite,
  type Site,
  stationById,
  stationsOf,
  trajectoryOf,
  vehicleClass,
} from "./site.ts";

describe("the mini crossing", () => {
  let site: Site;
  beforeAll(async () => {
    site = await committedSite("mini");
  });

  it("has every kind of station on both sides, with its devices", () => {
    for (const side of SIDES) {
      expect(stationsOf(site, side, "crane").length).toBeGreaterThanOrEqual(3);
      expect(stationsOf(site, side, "parking").length).toBeGreaterThanOrEqual(8);
      expect(stationsOf(site, side, "charger").length).toBeGreaterThanOrEqual(2);
      expect(stationsOf(site, side, "buffer", "outbound")).toHaveLength(3);
      expect(stationsOf(site, side, "buffer", "inbound")).toHaveLength(3);
      expect(stationsOf(site, side, "inspection-dock")).toHaveLength(1);
      expect(stationById(site, `${side}.crane-2`)?.deviceIds).toEqual([`${side}.crane-2`, `${side}.seal-2`]);
      expect(stationById(site, `${side}.portal-1`)?.deviceIds).toEqual([`${side}.portal-1`]);
      expect(stationById(site, `${side}.scanner-out`)?.throughEdgeIds?.length).toBeGreaterThan(0);
      expect(stationById(site, `${side}.truck-gate-1`)?.nodeId).toBeUndefined();
    }
  });

  it("hands over with the nose 50 m before the line, and clears it with the nose 50 m beyond", () => {
    const noseM = (vehicleClass(site, "sim.carrier-15")?.lengthM ?? 0) / 2;
    for (const [direction, giver, taker, forward] of [
      ["export", "vn", "cn", 1],
      ["import", "cn", "vn", -1],
    ] as const) {
      const point = handoffPointFor(site, direction);
      for (const [side, hold, beyond] of [
        [giver, point?.hold.giverNodeId, point?.beyond.giverNodeId],
        [taker, point?.hold.takerNodeId, point?.beyond.takerNodeId],
      ] as const) {
        const at = nodePoseInSite(site, side, hold ?? "");
        const past = nodePoseInSite(site, side, beyond ?? "");
        expect(forward * (at?.xM ?? 0) + noseM).toBeCloseTo(-50, 1);
        expect(forward * (past?.xM ?? 0) + noseM).toBeCloseTo(50, 1);
        expect(forward * (at?.yM ?? 0)).toBeCloseTo(-13, 1);
        expect(Math.cos(at?.headingRad ?? 0)).toBeCloseTo(forward, 4);
      }
    }
  });

  it("gives curves in the side's own map frame, from node to node", () => {
    const edge = site.lif.vn.layouts[0]?.edges.find(
      ({ vehicleTypeEdgeProperties }) => vehicleTypeEdgeProperties[0]?.trajectory !== undefined,
    );
    if (edge === undefined) throw new Error("the mini crossing has bends");
    const trajectory = trajectoryOf(site, "vn", edge.edgeId);
    const start = nodePoseInMap(site, "vn", edge.startNodeId);
    if (trajectory === undefined || start === undefined) throw new Error("the edge has a curve");
    const first = nurbsCurve(trajectory).poseAt(0);
    expect(first.xM).toBeCloseTo(start.xM, 3);
    expect(first.headingRad).toBeCloseTo(start.headingRad, 3);
    const inSite = nodePoseInSite(site, "vn", edge.startNodeId);
    expect(inSite).toEqual(toSiteFrame(site.file.sides.vn.mapToSite, start));
    expect(Math.hypot(first.xM - (inSite?.xM ?? 0), first.yM - (inSite?.yM ?? 0))).toBeGreaterThan(100);
  });

  it("names the source of every figure", () => {
    const figures = Object.entries(site.file.figures);
    expect(figures.length).toBeGreaterThan(50);
    for (const [, figure] of figures) expect(figure.source.length).toBeGreaterThan(5);
  });
});
