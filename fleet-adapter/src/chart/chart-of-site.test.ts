import { nodePoseInSite, SIDES } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { describe, expect, it } from "vitest";
import { nodeIdOf } from "../names.ts";
import { chartOf } from "./chart-of-site.ts";

describe("the chart of a site", () => {
  it.each(SIDES)("puts every node of %s where the site has it, there and back", async (side) => {
    const loaded = await loadSite(siteDirectory("mini"));
    if (!loaded.ok) throw new Error("the site does not load");
    const chart = chartOf(loaded.site, side);
    expect(chart.mapId).toBe(loaded.site.file.sides[side].mapId);
    const nodes = loaded.site.lif[side].layouts.flatMap((layout) => layout.nodes);
    expect(nodes.length).toBeGreaterThan(10);
    for (const { nodeId, nodePosition } of nodes) {
      const inMap = chart.nodeInMap(nodeIdOf(nodeId));
      const inSite = nodePoseInSite(loaded.site, side, nodeId);
      if (inMap === undefined || inSite === undefined) throw new Error(`${nodeId} is on no map`);
      expect([inMap.xM, inMap.yM]).toEqual([nodePosition.x, nodePosition.y]);
      const there = chart.toSite(inMap);
      expect(there.xM).toBeCloseTo(inSite.xM, 6);
      expect(there.yM).toBeCloseTo(inSite.yM, 6);
      const back = chart.toMap(there);
      expect(back.xM).toBeCloseTo(inMap.xM, 6);
      expect(back.yM).toBeCloseTo(inMap.yM, 6);
    }
    expect(chart.nodeInMap(nodeIdOf("nowhere"))).toBeUndefined();
  });
});
