import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { LegId } from "../port.ts";
import { ladder } from "../testing/layouts.ts";
import { CARRIER } from "../testing/traffic.ts";
import { createZone } from "./create-zone.ts";
import { DEFAULT_SETTINGS } from "./kinematics.ts";
import { at } from "./runs.ts";
import { runTick } from "./tick.ts";
import type { Command } from "./zone.ts";

describe("a crowd that asks for legs in one tick", () => {
  const { network, bays } = ladder(7);

  /** How many of three legs are planned in each of the first ticks. */
  function plannedATick(expansionsPerTick: number, distancesKnownTo: readonly string[]): number[] {
    const zone = createZone(network, { ...DEFAULT_SETTINGS, kinematics: CARRIER, expansionsPerTick });
    for (const goal of distancesKnownTo)
      for (let pose = 0; pose < network.poses.count; pose++)
        zone.distances.to(network.poseIndex(goal as NodeId) ?? -1).from(pose);
    const commands = [0, 1, 2].flatMap((i): Command[] => {
      const vehicleId = `car-${i}` as VehicleId;
      const nodeId = at(bays, i) as NodeId;
      const request = {
        legId: `leg-${i}` as LegId,
        vehicleId,
        via: [],
        toNodeId: at(bays, bays.length - 1 - i) as NodeId,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us" as const,
      };
      return [
        { kind: "admit", admission: { vehicleId, vehicleClassId: network.vehicleClassId, nodeId } },
        { kind: "requestLeg", request },
      ];
    });
    return [1, 2, 3, 4].map(
      (tick) => runTick(zone, { tick, commands: tick === 1 ? commands : [], observations: [] }).planned,
    );
  }

  it("is spread over ticks by what its plans cost, the distances that had to be found for them included", () => {
    const goals = [0, 1, 2].map((i) => at(bays, bays.length - 1 - i));
    let effort = 1;
    while (plannedATick(effort, goals)[0] === 1) effort++;
    expect(plannedATick(effort, goals)).toEqual([2, 1, 0, 0]);
    expect(plannedATick(effort, [])).toEqual([1, 1, 1, 0]);
  });
});
