import {
  type Borders,
  bodyAt,
  checkBorders,
  type EdgeId,
  type NodeId,
  type Partition,
  partition,
  sweptBy,
  type ZoneId,
  zoneView,
} from "@baton/maps";
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../core/kinematics.ts";
import { compileRuns } from "../core/run-table.ts";
import { at } from "../core/runs.ts";
import { ladder, ring } from "../testing/layouts.ts";
import { siteNetwork } from "../testing/sites.ts";
import { CARRIER } from "../testing/traffic.ts";
import { Routes } from "./routes.ts";
import { border, ringOfLongBodies, yards, zone, zonedRing } from "./testing/layouts.ts";

async function sitePartition(siteId: string): Promise<Partition> {
  const { network } = await siteNetwork(siteId, "vn");
  return partition(network, {
    zones: [zone("yard", "vn.yard.crane-1"), zone("gate", "vn.out.portal")],
    borders: [border("vn.yard.depart.2"), border("vn.yard.arrive.1")],
  });
}

const cases: { name: string; make: () => Partition | Promise<Partition> }[] = [
  { name: "a ring in three", make: () => zonedRing(9, 3).partition },
  { name: "a ring of long bodies in three", make: () => ringOfLongBodies(12, 3).partition },
  { name: "two yards", make: () => yards(2, 3).partition },
  { name: "three yards", make: () => yards(3, 2).partition },
  { name: "the site mini, yard and gate", make: () => sitePartition("mini") },
  { name: "the site 1119-1120, yard and gate", make: () => sitePartition("1119-1120") },
];

describe.each(cases)("$name", ({ make }) => {
  test("every block, and every move with all its ground, is some zone's alone but on a border", async () => {
    const { network, zoneIds, places } = await make();
    const onBorder = new Map(places.flatMap((place) => place.stretch.map((move) => [move, place])));
    for (let move = 0; move < network.moves.count; move++) {
      const place = onBorder.get(move);
      const body = new Set(place === undefined ? [] : bodyAt(network, place.pose));
      // On a border all ground that is not under the body at the place is the next zone's: nothing of the zone behind is needed any more.
      const zones = new Set(
        [...sweptBy(network, move)]
          .filter((block) => !body.has(block))
          .map((block) => at(network.blocks.zone, block)),
      );
      expect(zones.size).toBeLessThanOrEqual(1);
      if (place !== undefined && zones.size === 1) expect(zoneIds[[...zones][0] ?? -1]).toBe(place.to);
    }
    expect(Math.min(...network.blocks.zone)).toBe(0);
    expect(Math.max(...network.blocks.zone)).toBe(zoneIds.length - 1);
  });

  test("the zones' views have each block once and each edge once, and are networks on which the core's rules hold", async () => {
    const parts = await make();
    const views = parts.zoneIds.map((zoneId) => zoneView(parts, zoneId));
    expect(views.flatMap((view) => view.blocks.ids).sort()).toEqual([...parts.network.blocks.ids].sort());
    expect(views.flatMap((view) => view.moves.edgeIds).sort()).toEqual(
      [...parts.network.moves.edgeIds].sort(),
    );
    for (const view of views) {
      compileRuns(view, { ...DEFAULT_SETTINGS, kinematics: CARRIER });
      view.moves.edgeIds.forEach((edgeId, move) => {
        const whole = parts.network.moveIndex(edgeId) ?? -1;
        expect(view.poseAlong(move, 3)).toEqual(parts.network.poseAlong(whole, 3));
      });
    }
  });
});

describe("a place on a border", () => {
  test("cuts nobody off where all who come by it go over it", async () => {
    expect(checkBorders(yards(3, 2).partition)).toEqual({ ok: true, obstructing: [], cutOff: [] });
    expect(checkBorders(zonedRing(9, 3).partition).ok).toBe(true);
    expect(await sitePartition("mini").then(checkBorders)).toMatchObject({ ok: true });
  });

  test("in the way of others is named, with the edge that it bars", () => {
    // Who wants into the bay before a place sweeps what a body at the place covers, and need not pass the place.
    const { obstructing, ok } = checkBorders(ringOfLongBodies(12, 3, true).partition);
    expect(ok).toBe(false);
    expect(obstructing).toContainEqual({ placeNodeId: "r0", edgeId: "r10>r11" });
    expect(checkBorders(ringOfLongBodies(12, 3).partition).ok).toBe(true);
  });
});

describe("borders that do not hold", () => {
  const failing = (network: Parameters<typeof partition>[0], borders: Borders): string => {
    try {
      partition(network, borders);
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
    return "";
  };

  test("are named: a way around, ground in no zone, a node that is not there, an edge that does not leave it", () => {
    const { network } = ring(6);
    const zones = [zone("a", "bay0"), zone("b", "bay3")];
    expect(failing(network, { zones, borders: [border("r0")] })).toContain("nothing divides a from b");
    expect(failing(network, { zones, borders: [border("r0"), border("r2"), border("r4")] })).toContain(
      "is in no zone",
    );
    expect(failing(network, { zones, borders: [border("r9")] })).toContain("no node r9");
    const elsewhere = { placeNodeId: "r0" as NodeId, edgeIds: ["r3>r4" as EdgeId] };
    expect(failing(network, { zones, borders: [elsewhere] })).toContain(
      "no edge leads over the border at r0",
    );
  });

  test("a lane whose junctions overlap from end to end cannot be cut across", () => {
    const zones = [zone("a", "bay1"), zone("b", "bay5")];
    const borders = [border("a3"), border("b3")];
    expect(failing(ladder(7).network, { zones, borders })).toContain("nothing divides a from b");
  });
});

describe("ways over borders", () => {
  test("lead over the nearest border, around when there is no other way, and not at all where there is none", () => {
    const routes = new Routes(zonedRing(9, 3).partition);
    const z0 = "z0" as ZoneId;
    const node = (text: string) => text as NodeId;
    expect(routes.next(z0, node("bay0"), node("bay1"))).toEqual({ kind: "inside" });
    expect(routes.next(z0, node("bay0"), node("bay7"))).toMatchObject({
      kind: "over",
      places: [{ nodeId: "r3" }],
    });
    // Back in its own zone there is only the way around the ring.
    expect(routes.next(z0, node("bay1"), node("bay0"))).toMatchObject({
      kind: "over",
      places: [{ nodeId: "r3" }],
    });
    expect(routes.bordersOn(z0, node("bay1"), [node("bay0")])).toEqual(["z0 > z1", "z1 > z2", "z2 > z0"]);
    expect(routes.next(z0, node("bay0"), node("nowhere"))).toEqual({ kind: "unreachable" });
  });
});
