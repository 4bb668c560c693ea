import { compileNetwork, type NodeId, PoseKind, vehicleClassIdOf } from "@baton/maps";
import { generatedSite } from "@baton/maps/files";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { type BenchCase, figure, timing } from "../bench-case.ts";
import { lanes } from "../instances/lanes.ts";
import { withLedger } from "../real-redis.ts";
import type { BenchRow } from "../report.ts";
import { driveService, type ServiceResult } from "../worlds/service-world.ts";

/** A trip through the gate takes minutes: traffic is not what it will be before some have ended. */
const WARM_UP_TICKS = 1500;
const GATE_VEHICLES = 200;

/** The gate at the traffic of 2030: all of one side, trips between any two of its endpoints, stops at portal and exit gate. */
const GATE_2030: BenchCase = {
  name: "gate-2030",
  async run() {
    const site = generatedSite("gate-2030");
    const kinematics = at(site.file.vehicleClasses, 0);
    const network = compileNetwork(site, "vn", vehicleClassIdOf(kinematics.vehicleClassId));
    const bays = network.poses.nodeIds.filter((_, i) => at(network.poses.kind, i) === PoseKind.endpoint);
    const known = (name: string): NodeId[] =>
      network.poses.nodeIds.filter((id) => id === `${network.side}.${name}`);
    const result = await withLedger((ledger) =>
      driveService({
        network,
        kinematics,
        ledger,
        bays,
        viasTo: (bay) => {
          if (bay.includes(".out.buffer")) return known("out.portal");
          return bay.includes(".out.hold") ? known("out.exit-gate") : [];
        },
        vehicles: GATE_VEHICLES,
        seed: 1,
        ticks: 4000,
        warmUpTicks: WARM_UP_TICKS,
        // All two hundred are to be on the way: who arrives goes on at once.
        restMs: { from: 0, to: 2000 },
      }),
    );
    const name = "gate-2030";
    return [...timing(`${name}/tick`, [result.tick], { p99: 20 }), ...common(name, result)];
  },
};

/** A thousand vehicles that report five times a second. */
const SYNTHETIC_1000: BenchCase = {
  name: "synthetic-1000",
  async run() {
    const { network, bays } = lanes(26);
    const result = await withLedger((ledger) =>
      driveService({
        network,
        kinematics: { maxSpeedMps: 5, accelerationMps2: 1, brakingMps2: 1, lengthM: 15 },
        ledger,
        bays: bays.map((bay) => at(network.poses.nodeIds, bay)),
        viasTo: () => [],
        vehicles: 1000,
        seed: 1,
        ticks: 1500,
        warmUpTicks: 500,
        restMs: { from: 30_000, to: 90_000 },
      }),
    );
    const name = "synthetic-1000";
    return [...timing(`${name}/tick`, [result.tick], { p99: 100, mean: 40 }), ...common(name, result)];
  },
};

function common(name: string, result: ServiceResult): BenchRow[] {
  return [
    figure(`${name}/warmUpMaxMs`, result.warmUpMaxMs, "ms"),
    figure(`${name}/ticks`, result.tick.wall.count, "ticks"),
    figure(`${name}/vehiclesOnALeg`, result.onALeg, "vehicles"),
    figure(`${name}/vehiclesMoving`, result.moving, "vehicles"),
    figure(`${name}/legs`, result.legsCompleted, "legs"),
    figure(`${name}/grantedBlocks`, result.grantedBlocks, "blocks"),
  ];
}

export const SERVICE_CASES: readonly BenchCase[] = [GATE_2030, SYNTHETIC_1000];
