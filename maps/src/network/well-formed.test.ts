import { beforeAll, describe, expect, it } from "vitest";
import type { Side } from "../ids.ts";
import type { Lif } from "../layout/lif.ts";
import type { Site } from "../layout/site.ts";
import { CARRIER, committedSite } from "../testing/sites.ts";
import { compileNetwork } from "./compile.ts";
import { checkWellFormed } from "./well-formed.ts";

describe("a layout that is not well formed", () => {
  let mini: Site;
  beforeAll(async () => {
    mini = await committedSite("mini");
  });

  /** The mini crossing, with some of Viet Nam's edges closed. */
  function without(closed: (edgeId: string) => boolean): Site {
    const vn: Lif = {
      ...mini.lif.vn,
      layouts: mini.lif.vn.layouts.map((layout) => ({
        ...layout,
        edges: layout.edges.filter(({ edgeId }) => !closed(edgeId)),
      })),
    };
    return { ...mini, lif: { ...mini.lif, vn } };
  }

  const report = (site: Site, side: Side = "vn") => checkWellFormed(compileNetwork(site, side, CARRIER));

  it("is named when the rung without a bay is closed: whoever comes from the lane must pass a bay", () => {
    const closed = report(without((edgeId) => edgeId.startsWith("vn.yard.through.enter_")));
    expect(closed.ok).toBe(false);
    expect(closed.unreachable).toContainEqual({ from: "vn.in.buffer-1", to: "vn.out.buffer-1" });
    expect(closed.unreachable).not.toContainEqual({ from: "vn.yard.crane-1", to: "vn.yard.parking-1" });
  });

  it("is named when the hold line is a dead end", () => {
    const closed = report(without((edgeId) => edgeId === "vn.out.hold_in.strip-end"));
    expect(new Set(closed.unreachable.map(({ from }) => from))).toEqual(new Set(["vn.out.hold"]));
  });

  it("is named when a road leads nowhere", () => {
    const closed = report(without((edgeId) => edgeId === "vn.yard.return.up_yard.return.end"));
    expect(closed.stranded).toContain("vn.yard.return.up");
  });

  it("is named when a bay stands on a road", () => {
    const stations = mini.file.sides.vn.stations.map((station) =>
      station.stationId === "vn.parking-1" ? { ...station, nodeId: "vn.yard.parking-2.in" } : station,
    );
    const file = { ...mini.file, sides: { ...mini.file.sides, vn: { ...mini.file.sides.vn, stations } } };
    const closed = report({ ...mini, file });
    expect(closed.obstructing.map(({ endpoint }) => endpoint)).toContain("vn.yard.parking-2.in");
  });
});
