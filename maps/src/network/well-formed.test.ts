import { beforeAll, describe, expect, it } from "vitest";
import { nodeIdOf, type Side } from "../ids.ts";
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
    expect(closed.unreachable).toContainEqual({
      from: "vn.in.buffer-1",
      to: "vn.out.buffer-1",
      through: ["vn.yard.crane-1"],
    });
    const pairs = closed.unreachable.map(({ from, to }) => `${from} ${to}`);
    expect(pairs).not.toContain("vn.yard.crane-1 vn.yard.parking-1");
  });

  it("is named when the hold line is a dead end", () => {
    const closed = report(without((edgeId) => edgeId === "vn.out.hold_in.strip-end"));
    expect(new Set(closed.unreachable.map(({ from }) => from))).toEqual(new Set(["vn.out.hold"]));
  });

  it("is named when a road leads nowhere", () => {
    const closed = report(without((edgeId) => edgeId === "vn.yard.return.up_yard.return.up-1"));
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

  it("is named when a bay can be reached by no road at all", () => {
    const closed = report(without((edgeId) => edgeId === "vn.yard.parking-1.enter_yard.parking-1"));
    expect(closed.unreachable).toContainEqual({
      from: "vn.yard.crane-1",
      to: "vn.yard.parking-1",
      through: [],
    });
  });

  /** The mini crossing with a queue of Viet Nam's nodes. */
  const queueOf = (...nodeIds: string[]): Site => ({
    ...mini,
    file: { ...mini.file, queues: [{ queueId: "q", side: "vn", nodeIds }] },
  });

  it("is well formed with a queue whose head leads on, as far as nobody has to pass through the queue", () => {
    const [a = "", b = ""] = queuedNodes(mini);
    const withQueue = report(queueOf(a, b));
    expect(withQueue.queues).toEqual([]);
    // The lane to the exit gate has no way around, so that whoever waits in it cuts off the hold line.
    expect(withQueue.unreachable.every(({ through }) => through.includes(nodeIdOf(a)))).toBe(true);
    expect(withQueue.unreachable.map(({ to }) => to)).toContain("vn.out.hold");
  });

  it("is well formed with the queue at the hold line, which leads to nothing but its head", () => {
    const [queue] = mini.file.queues ?? [];
    expect(queue?.nodeIds).toEqual(["vn.out.queue-1", "vn.out.hold"]);
    expect(report(mini)).toMatchObject({ ok: true });
    // Were the hold line not its head, whoever waits in the queue would cut it off.
    const aside = report(queueOf(nodeBefore(mini, "vn.out.queue-1"), "vn.out.queue-1"));
    expect(aside.unreachable.map(({ to }) => to)).toContain("vn.out.hold");
  });

  it("is named when a queue leaves a place out, is taken from the side, or waits in a junction or at an endpoint", () => {
    const faults = (...nodeIds: string[]) => report(queueOf(...nodeIds)).queues.map(({ wrong }) => wrong);
    const [a = "", b = ""] = queuedNodes(mini);
    expect(faults(b, a)).toContain("gap");
    // A vehicle may turn back at the exit gate; and where it comes in again, the lane from the line does, too.
    expect(faults("vn.out.exit-gate", nodeAfter(mini, "vn.out.exit-gate"))).toContain("side-road");
    expect(faults(nodeBefore(mini, "vn.in.turned-back"), "vn.in.turned-back")).toContain("side-road");
    expect(faults("vn.yard.crane-1", nodeAfter(mini, "vn.yard.crane-1"))).toContain("endpoint");
    // An endpoint at its head is where the queue leads to.
    expect(faults("vn.yard.crane-1.enter", "vn.yard.crane-1")).toEqual([]);
    expect(faults("vn.out.buffers.off", "vn.out.buffer-1.branch")).toContain("junction");
    expect(faults("vn.out.partner-stop", "vn.out.strip-end")).toContain("no-way-out");
  });
});

/** Two places on the way to the exit gate, one behind the other. */
function queuedNodes(site: Site): readonly string[] {
  return [nodeBefore(site, "vn.out.exit-gate"), "vn.out.exit-gate"];
}

/** The nodes before and after one along its lane. */
function nodeBefore(site: Site, nodeId: string): string {
  return edges(site).find((edge) => edge.endNodeId === nodeId)?.startNodeId ?? "";
}

function nodeAfter(site: Site, nodeId: string): string {
  return edges(site).find((edge) => edge.startNodeId === nodeId)?.endNodeId ?? "";
}

function edges(site: Site) {
  return site.lif.vn.layouts[0]?.edges ?? [];
}
