import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import { createZone } from "../core/create-zone.ts";
import type { CoreSettings } from "../core/kinematics.ts";
import { DEFAULT_SETTINGS } from "../core/kinematics.ts";
import { at } from "../core/runs.ts";
import { confirmTick, runTick } from "../core/tick.ts";
import type { Leg, VehicleRecord } from "../core/vehicle.ts";
import type { Command, Zone } from "../core/zone.ts";
import type { LegId, LegRequest, Observation, ReservationEvent } from "../port.ts";

/** Speeds are kept at once, so that a plan is driven exactly as it was made. */
export const AGILE = {
  maxSpeedMps: 5,
  accelerationMps2: Number.POSITIVE_INFINITY,
  brakingMps2: Number.POSITIVE_INFINITY,
  lengthM: 15,
};

export interface CoreWorldOptions {
  readonly settings?: Partial<CoreSettings>;
  /** Of the way that a vehicle could drive in a tick: how much it does drive. */
  readonly share?: (vehicleId: VehicleId) => number;
}

/**
 * One zone without service or ledger: commands go in by hand, every tick is confirmed at once, and vehicles drive
 * along what they are granted as fast as they may.
 */
export class CoreWorld {
  readonly zone: Zone;
  readonly events: ReservationEvent[] = [];
  #share: (vehicleId: VehicleId) => number;
  #commands: Command[] = [];
  readonly #standing = new Map<VehicleId, string>();

  constructor(network: Network, { settings = {}, share = () => 1 }: CoreWorldOptions = {}) {
    this.zone = createZone(network, { ...DEFAULT_SETTINGS, kinematics: AGILE, ...settings });
    this.#share = share;
  }

  command(command: Command): void {
    this.#commands.push(command);
  }

  admit(name: string, nodeId: string): VehicleId {
    const vehicleId = name as VehicleId;
    const { vehicleClassId } = this.zone.network;
    this.#standing.set(vehicleId, nodeId);
    this.command({ kind: "admit", admission: { vehicleId, vehicleClassId, nodeId: nodeId as NodeId } });
    return vehicleId;
  }

  request(vehicleId: VehicleId, legId: string, toNodeId: string, more: Partial<LegRequest> = {}): void {
    const request: LegRequest = {
      legId: legId as LegId,
      vehicleId,
      via: [],
      toNodeId: toNodeId as NodeId,
      actionsAtEnd: [],
      priority: 0,
      commandedBy: "us",
      ...more,
    };
    this.command({ kind: "requestLeg", request });
  }

  tick(count = 1): void {
    for (let i = 0; i < count; i++) {
      const commands = this.#commands;
      this.#commands = [];
      const { zone } = this;
      const tick = zone.originTick === 0 ? 1001 : zone.originTick + zone.tick + 1;
      const observations = [...zone.vehicles.values()].map((vehicle) => this.#drive(vehicle, tick));
      const outcome = runTick(zone, { tick, commands, observations });
      confirmTick(zone);
      checkVisitOrder(zone);
      this.events.push(...outcome.events);
    }
  }

  vehicle(vehicleId: VehicleId): VehicleRecord {
    const vehicle = this.zone.vehicles.get(vehicleId);
    if (vehicle === undefined) throw new Error(`${vehicleId} is not admitted`);
    return vehicle;
  }

  leg(vehicleId: VehicleId): Leg {
    const leg = this.vehicle(vehicleId).leg;
    if (leg === undefined) throw new Error(`${vehicleId} has no leg`);
    return leg;
  }

  said(kind: ReservationEvent["kind"]): ReservationEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }

  #drive(vehicle: VehicleRecord, tick: number): Observation {
    const { network, settings } = this.zone;
    const { leg, vehicleId } = vehicle;
    const atMs = tick * settings.tickMs;
    const { xM, yM, headingRad } = network.poses;
    if (leg === undefined || leg.completed || leg.grantedRuns === 0) {
      const pose = leg?.startPose ?? vehicle.pose;
      const here = leg?.completed === true ? vehicle.pose : pose;
      const on = { xM: at(xM, here), yM: at(yM, here), headingRad: at(headingRad, here) };
      return { vehicleId, pose: on, speedMps: 0, driving: false, atMs };
    }
    const endM = at(leg.poseAtM, leg.grantedRuns);
    let alongM = leg.progressM;
    let leftS = (settings.tickMs / 1000) * this.#share(vehicleId);
    let startM = 0;
    let speedMps = 0;
    for (let i = 0; i < leg.moves.length && leftS > 0 && alongM < endM; i++) {
      const moveEndM = at(leg.moveEndM, i);
      if (alongM < moveEndM) {
        speedMps = Math.min(at(network.moves.speedMps, at(leg.moves, i)), settings.kinematics.maxSpeedMps);
        const stepM = Math.min(moveEndM - alongM, speedMps * leftS);
        alongM += stepM;
        leftS -= stepM / speedMps;
      }
      startM = moveEndM;
    }
    alongM = Math.min(alongM, endM);
    if (alongM === endM) speedMps = 0;
    if (alongM === leg.progressM) speedMps = 0;
    startM = 0;
    for (let i = 0; i < leg.moves.length; i++) {
      const moveEndM = at(leg.moveEndM, i);
      if (alongM <= moveEndM || i === leg.moves.length - 1) {
        const pose = network.poseAlong(at(leg.moves, i), alongM - startM);
        return { vehicleId, pose, speedMps, driving: speedMps > 0, atMs };
      }
      startM = moveEndM;
    }
    throw new Error("bug: a leg without moves is driven");
  }
}

/** Release, and the check of what always holds, look at what is granted only: they rely on it to come first. */
export function checkVisitOrder(zone: Zone): void {
  for (const { visits, vehicleId } of zone.vehicles.values()) {
    for (let i = 1; i < visits.length; i++)
      if (at(visits, i).first < at(visits, i - 1).first)
        throw new Error(`bug: visits of ${vehicleId} are not in the order of their runs`);
  }
}

/** All of a zone that planning works on, as plain values: equal snapshots are equal zones. */
export function snapshotOf(zone: Zone): unknown {
  const name = (visit: { vehicle: VehicleRecord; block: number; first: number }): string =>
    `${visit.vehicle.vehicleId} ${visit.block} ${visit.first}`;
  return {
    queues: zone.claims.queues.map((queue) => queue.map(name)),
    holders: zone.claims.queues.map((_, block) => zone.claims.holder(block)?.vehicleId),
    changed: [...zone.changed],
    events: [...zone.events],
    vehicles: [...zone.vehicles.values()].map((vehicle) => ({
      id: vehicle.vehicleId,
      pose: vehicle.pose,
      failed: vehicle.failed,
      visits: vehicle.visits.map((visit) => ({
        ...visit,
        vehicle: undefined,
        before: undefined,
        behind: undefined,
      })),
      leg: vehicle.leg && {
        ...vehicle.leg,
        runs: vehicle.leg.runs.map((run) => [...run.moves]),
        startsAt: vehicle.leg.startsAt.map((visits) => visits.map(name)),
        endsAt: vehicle.leg.endsAt.map((visits) => visits.map(name)),
        stops: vehicle.leg.stops.map((stop) => ({ ...stop })),
        entryTick: [...vehicle.leg.entryTick],
      },
    })),
  };
}

/**
 * What the times of a zone must be like for a schedule to exist: of each block one visit after the other, of each
 * vehicle one run after the other. Returns what is wrong, in words.
 */
export function infeasibilities(zone: Zone): string[] {
  const wrong: string[] = [];
  zone.claims.queues.forEach((queue, block) => {
    for (let i = 1; i < queue.length; i++) {
      const before = at(queue, i - 1);
      const after = at(queue, i);
      if (before.vehicle === after.vehicle) continue;
      if (before.clearTick > after.startTick)
        wrong.push(
          `block ${block}: ${before.vehicle.vehicleId} until ${before.clearTick}, ${after.vehicle.vehicleId} from ${after.startTick}`,
        );
    }
  });
  for (const { leg, vehicleId } of zone.vehicles.values()) {
    if (leg === undefined || leg.completed) continue;
    for (let k = Math.max(1, leg.grantedRuns); k < leg.runs.length; k++) {
      if (at(leg.entryTick, k) < at(leg.entryTick, k - 1) + at(leg.runs, k - 1).ticks && k > leg.grantedRuns)
        wrong.push(`${vehicleId}: run ${k} begins before run ${k - 1} ends`);
    }
  }
  return wrong;
}
