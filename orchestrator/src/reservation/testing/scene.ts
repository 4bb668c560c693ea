import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, NodeId } from "@baton/maps";
import { createZone } from "../core/create-zone.ts";
import { DEFAULT_SETTINGS, type SwitchingSettings } from "../core/kinematics.ts";
import { createLeg, makeVisits } from "../core/legs.ts";
import { obey } from "../core/requests.ts";
import { retime } from "../core/retime.ts";
import { at } from "../core/runs.ts";
import type { VehicleRecord, Visit } from "../core/vehicle.ts";
import type { Zone } from "../core/zone.ts";
import type { LegId } from "../port.ts";
import { type SmallMove, type SmallPose, smallNetwork } from "./small-network.ts";

/** Orders laid out by hand. */
export interface SceneText {
  /**
   * The way of each vehicle, as the ground that it covers from pose to pose: `"a x xy b"` begins on block a, then stands
   * on x, then on x and y, then on b for ever. Blocks are single characters. Each way is a road of its own: ways meet only in blocks.
   */
  readonly ways: Readonly<Record<string, string>>;
  /** The order of the vehicles on blocks where it is not that of `ways`. */
  readonly orders?: Readonly<Record<string, string>>;
  readonly switching?: Partial<SwitchingSettings>;
}

export interface Scene {
  readonly zone: Zone;
  vehicle(name: string): VehicleRecord;
  /** The vehicles on a block in their order, as in `SceneText.orders`. */
  order(block: string): string;
}

/** Vehicles that are single letters, all standing where their ways begin, with everything planned and nothing granted. */
export function scene({ ways, orders = {}, switching = {} }: SceneText): Scene {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  const names = Object.keys(ways);
  names.forEach((name, lane) => {
    const grounds = at2(ways, name).split(" ");
    grounds.forEach((ground, i) => {
      const kind = i === 0 || i === grounds.length - 1 ? "endpoint" : "way";
      poses.push({ id: `${name}${i}`, xM: 20 * i, yM: 30 * lane, kind, blocks: [...ground] });
      if (i > 0) moves.push({ from: `${name}${i - 1}`, to: `${name}${i}` });
    });
  });
  const network = smallNetwork(poses, moves);
  const zone = createZone(network, {
    ...DEFAULT_SETTINGS,
    tickMs: 1000,
    roundTripMs: 0,
    positionUncertaintyM: 0,
    grantAhead: "next-run",
    kinematics: { maxSpeedMps: 5, accelerationMps2: Number.POSITIVE_INFINITY, brakingMps2: 1, lengthM: 15 },
    switching: { ...DEFAULT_SETTINGS.switching, jumpCostWeight: 0, ...switching },
  });
  zone.tick = 1;
  const made: Visit[] = [];
  for (const name of names) {
    const vehicleId = name as VehicleId;
    obey(zone, {
      kind: "admit",
      admission: { vehicleId, vehicleClassId: network.vehicleClassId, nodeId: `${name}0` as NodeId },
    });
    const vehicle = zone.vehicles.get(vehicleId);
    if (vehicle === undefined) throw new Error(`${name} would stand on another's ground`);
    const length = at2(ways, name).split(" ").length;
    const request = {
      legId: `${name}/1` as LegId,
      vehicleId,
      via: [],
      toNodeId: `${name}${length - 1}` as NodeId,
      actionsAtEnd: [],
      priority: 0,
      commandedBy: "us" as const,
    };
    const runs = Array.from({ length: length - 1 }, (_, k) => {
      const pose = network.poseIndex(`${name}${k}` as NodeId) ?? 0;
      return at(zone.table.runs, at(at(zone.table.outgoing, pose), 0));
    });
    vehicle.leg = createLeg(zone, request, vehicle.pose, runs, []);
    vehicle.leg.confirmedRuns = 0;
    vehicle.leg.atPose = 0;
    vehicle.located = true;
    made.push(...makeVisits(vehicle, vehicle.leg));
  }
  const rank = (visit: Visit): number => {
    const order = orders[at(network.blocks.ids, visit.block)] ?? names.join("");
    return order.indexOf(visit.vehicle.vehicleId);
  };
  for (const visit of made.sort((a, b) => rank(a) - rank(b) || a.first - b.first)) zone.claims.append(visit);
  retime(zone);
  return {
    zone,
    vehicle(name) {
      const found = zone.vehicles.get(name as VehicleId);
      if (found === undefined) throw new Error(`no vehicle ${name}`);
      return found;
    },
    order(block) {
      const index = network.blockIndex(block as BlockId) ?? -1;
      return at(zone.claims.queues, index)
        .map((visit) => visit.vehicle.vehicleId)
        .join("");
    },
  };
}

function at2(ways: Readonly<Record<string, string>>, name: string): string {
  return ways[name] ?? "";
}
