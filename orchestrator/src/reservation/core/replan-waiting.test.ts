import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import type { LegId } from "../port.ts";
import { findCircle } from "../testing/dependency-graph.ts";
import { type SmallPose, smallNetwork } from "../testing/small-network.ts";
import { CARRIER } from "../testing/traffic.ts";
import { createZone } from "./create-zone.ts";
import { DEFAULT_SETTINGS, type SwitchingSettings } from "./kinematics.ts";
import { at } from "./runs.ts";
import { confirmTick, runTick, type TickOutcome } from "./tick.ts";
import type { Command } from "./zone.ts";

/** B's short way leads over x, on which A will stop; the long one is free. */
function fork(switching: Partial<SwitchingSettings>, detour = true) {
  const pose = (id: string, xM: number, yM: number, kind: SmallPose["kind"] = "way"): SmallPose => {
    return { id, xM, yM, kind, blocks: [id] };
  };
  const network = smallNetwork(
    [
      pose("a", 20, 20, "endpoint"),
      pose("b", 0, 0, "endpoint"),
      pose("w", 20, 0),
      pose("x", 40, 0),
      pose("y", 40, -40),
      pose("z", 80, -40),
      pose("v", 60, 0),
      pose("g", 80, 0, "endpoint"),
      pose("e", 80, 20, "endpoint"),
    ],
    [
      { from: "a", to: "x" },
      { from: "b", to: "w" },
      { from: "w", to: "x" },
      { from: "x", to: "v" },
      ...(detour ? [{ from: "w", to: "y" }] : []),
      { from: "y", to: "z" },
      { from: "z", to: "g" },
      { from: "v", to: "g" },
      { from: "v", to: "e" },
    ],
  );
  const zone = createZone(network, {
    ...DEFAULT_SETTINGS,
    grantAhead: "next-run",
    switching: { ...DEFAULT_SETTINGS.switching, ...switching },
    kinematics: CARRIER,
  });
  const standsAt = new Map([
    ["A", "a"],
    ["B", "b"],
  ]);
  let tick = 0;
  const step = (commands: Command[] = []): TickOutcome => {
    tick++;
    const observations = [...standsAt].map(([name, nodeId]) => {
      const here = network.poseIndex(nodeId as NodeId) ?? 0;
      const pose = { xM: at(network.poses.xM, here), yM: at(network.poses.yM, here), headingRad: 0 };
      const arriving = zone.vehicles.get(name as VehicleId)?.leg?.moves[0];
      const heading = arriving === undefined ? 0 : network.poseAlong(arriving, 1000).headingRad;
      return {
        vehicleId: name as VehicleId,
        pose: { ...pose, headingRad: heading },
        speedMps: 0,
        driving: false,
        atMs: tick * 200,
      };
    });
    const outcome = runTick(zone, { tick, commands, observations });
    confirmTick(zone);
    return outcome;
  };
  const go = (name: string, toNodeId: string): Command => ({
    kind: "requestLeg",
    request: {
      legId: `${name}/1` as LegId,
      vehicleId: name as VehicleId,
      via: [],
      toNodeId: toNodeId as NodeId,
      actionsAtEnd: [],
      priority: 0,
      commandedBy: "us",
    },
  });
  const admit = (name: string): Command => ({
    kind: "admit",
    admission: {
      vehicleId: name as VehicleId,
      vehicleClassId: network.vehicleClassId,
      nodeId: (standsAt.get(name) ?? "") as NodeId,
    },
  });
  step([admit("A"), admit("B")]);
  step([go("A", "e")]);
  step([go("B", "g")]);
  standsAt.set("A", "x").set("B", "w");
  // Nobody is granted v, so A stays on x.
  zone.closedCount[network.blockIndex("v" as BlockId) ?? 0] = 1;
  const way = () =>
    zone.vehicles.get("B" as VehicleId)?.leg?.runs.map((run) => at(network.poses.nodeIds, run.to));
  return { zone, step, way };
}

/** Ticks of A standing on x and not going on. */
function wait(world: ReturnType<typeof fork>, ticks: number): number {
  let replans = 0;
  for (let i = 0; i < ticks; i++) replans += world.step().replans;
  return replans;
}

describe("a vehicle that has waited long", () => {
  test("is planned again, and takes the longer way when that is sooner", () => {
    const world = fork({ replanAfterMs: 10_000 });
    expect(world.way()).toEqual(["w", "x", "v", "g"]);
    expect(wait(world, 45)).toBe(0);
    expect(world.way()).toEqual(["w", "x", "v", "g"]);
    expect(wait(world, 100)).toBeGreaterThan(0);
    expect(world.way()).toEqual(["w", "y", "z", "g"]);
    expect(findCircle(world.zone)).toBeUndefined();
  });

  test("keeps its order when nothing better is found", () => {
    const world = fork({ replanAfterMs: 10_000 }, false);
    wait(world, 45);
    const order = () =>
      world.zone.claims.queues.map((queue) => queue.map(({ vehicle }) => vehicle.vehicleId));
    const before = order();
    wait(world, 150);
    expect(order()).toEqual(before);
    expect(world.way()).toEqual(["w", "x", "v", "g"]);
  });

  test("is left alone when the settings say so", () => {
    const world = fork({ replansPerTick: 0 });
    expect(wait(world, 150)).toBe(0);
    expect(world.way()).toEqual(["w", "x", "v", "g"]);
  });
});
