import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import type { Yard, YardStation } from "./yard.ts";

/** When a vehicle may be sent, and when it should charge. */
export interface DispatchRules {
  /** Below this a vehicle gets no mission. */
  readonly minBatteryPct: number;
  /** Below this an idle vehicle goes to a charger when one is free. */
  readonly chargeBelowPct: number;
  /** From here on a vehicle at a charger makes room for one that needs it. */
  readonly chargedPct: number;
}

export const DEFAULT_RULES: DispatchRules = { minBatteryPct: 30, chargeBelowPct: 60, chargedPct: 90 };

/** A vehicle as dispatch sees it. */
export interface DispatchVehicle {
  readonly vehicleId: VehicleId;
  /** The control register names this side. */
  readonly ours: boolean;
  readonly online: boolean;
  readonly localised: boolean;
  readonly admitted: boolean;
  readonly batteryPct: number;
  readonly loaded: boolean;
  readonly missionId: string | undefined;
  /** Bound for a parking place or charger on a leg of its own. */
  readonly movingTo: StationId | undefined;
  /** The stop where it stands, or the last one that it passed. */
  readonly nodeId: NodeId | undefined;
  /** The station where it stands. */
  readonly stationId: StationId | undefined;
}

export type DispatchMission =
  /** An outbound container whose truck is in: wants a vehicle, a crane and a bay, together. */
  | {
      readonly kind: "wants-vehicle";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
    }
  /** An outbound container that will want the same soon. */
  | { readonly kind: "on-its-way"; readonly missionId: string }
  /** An inbound vehicle in its bay: wants a crane. */
  | {
      readonly kind: "wants-crane";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
      readonly fromNodeId: NodeId | undefined;
    }
  | { readonly kind: "other"; readonly missionId: string };

type Wanting = Extract<DispatchMission, { readonly sinceMs: number }>;

export interface DispatchView {
  readonly yard: Yard;
  readonly rules: DispatchRules;
  readonly vehicles: readonly DispatchVehicle[];
  readonly missions: readonly DispatchMission[];
  /** Stations that a mission has or is going to use, by mission. */
  readonly heldStations: ReadonlyMap<StationId, string>;
  /** Inbound missions that are not over: each will leave a vehicle behind that needs a place. */
  readonly inboundCount: number;
}

export type DispatchCommand =
  | {
      readonly kind: "assign-vehicle";
      readonly missionId: string;
      readonly vehicleId: VehicleId;
      readonly craneStationId: StationId;
      readonly bufferStationId: StationId;
    }
  | { readonly kind: "assign-crane"; readonly missionId: string; readonly craneStationId: StationId }
  | {
      readonly kind: "park";
      readonly vehicleId: VehicleId;
      readonly stationId: StationId;
      readonly charge: boolean;
    };

/** Why a mission or a vehicle is not on its way; stable codes. */
export type NotDispatched =
  | "no-vehicle"
  | "no-crane"
  | "no-outbound-bay"
  | "no-way"
  | "not-ours"
  | "offline"
  | "not-localised"
  | "not-admitted"
  | "loaded"
  | "battery-low"
  | "on-mission"
  | "moving"
  | "no-mission"
  | "no-parking";

export interface DispatchDecision {
  readonly commands: readonly DispatchCommand[];
  readonly missionReasons: ReadonlyMap<string, NotDispatched>;
  readonly vehicleReasons: ReadonlyMap<VehicleId, NotDispatched>;
}

const FAR_M = 1e9;

/**
 * One round of dispatch. Pure.
 *
 * Why the circulation over both sides cannot lock: a vehicle is sent to a crane for loading only with a bay beyond
 * the crane reserved for it, so a crane that loads always drains; an inbound vehicle is accepted only with a bay
 * and, in the end, a parking place for it, so a crane that unloads always drains too; unloading is served first.
 */
export function decide(view: DispatchView): DispatchDecision {
  const round = new Round(view);
  round.giveCranesToUnloading();
  round.giveVehiclesToOutbound();
  round.sendIdleVehiclesAway();
  return round.decision();
}

/**
 * Whether an inbound vehicle has a place: a free inbound bay, and room in the yard for it once it is empty. Every
 * vehicle that is idle, or is going to be after unloading, counts against the parking places and chargers.
 */
export function placeForInbound(
  view: DispatchView,
):
  | { readonly kind: "bay"; readonly stationId: StationId }
  | { readonly kind: "no-room"; readonly reason: string } {
  const occupied = occupancyOf(view);
  const bay = view.yard.stations.find(
    (one) => one.kind === "buffer" && one.bound === "inbound" && !occupied.has(one.stationId),
  );
  if (bay === undefined) return { kind: "no-room", reason: "no inbound bay is free" };
  const places = view.yard.stations.filter((one) => one.kind === "parking" || one.kind === "charger").length;
  const idle = view.vehicles.filter((vehicle) => vehicle.ours && vehicle.missionId === undefined).length;
  if (idle + view.inboundCount + 1 > places)
    return { kind: "no-room", reason: "every parking place will be needed" };
  return { kind: "bay", stationId: bay.stationId };
}

/** Who has or is promised which station: a mission, a vehicle that stands there, or one that is going there. */
function occupancyOf(view: DispatchView): Map<StationId, string> {
  const occupied = new Map<StationId, string>(view.heldStations);
  for (const vehicle of view.vehicles) {
    if (vehicle.stationId !== undefined) occupied.set(vehicle.stationId, vehicle.vehicleId);
    if (vehicle.movingTo !== undefined) occupied.set(vehicle.movingTo, vehicle.vehicleId);
  }
  // A mission's hold outlives the moment at which its vehicle arrives, and says more.
  for (const [stationId, missionId] of view.heldStations) occupied.set(stationId, missionId);
  return occupied;
}

class Round {
  readonly #view: DispatchView;
  readonly #occupied: Map<StationId, string>;
  readonly #commands: DispatchCommand[] = [];
  readonly #missionReasons = new Map<string, NotDispatched>();
  readonly #vehicleReasons = new Map<VehicleId, NotDispatched>();
  /** Idle vehicles that have been given something in this round. */
  readonly #taken = new Set<VehicleId>();
  #unloadingWaits = 0;

  constructor(view: DispatchView) {
    this.#view = view;
    this.#occupied = occupancyOf(view);
  }

  decision(): DispatchDecision {
    return {
      commands: this.#commands,
      missionReasons: this.#missionReasons,
      vehicleReasons: this.#vehicleReasons,
    };
  }

  giveCranesToUnloading(): void {
    for (const mission of inOrder(this.#view.missions, "wants-crane")) {
      const from = mission.fromNodeId;
      const crane = nearest(this.#freeStations("crane"), (station) => this.#wayM(from, station.nodeId));
      if (crane === undefined) {
        this.#missionReasons.set(mission.missionId, "no-crane");
        this.#unloadingWaits++;
        continue;
      }
      this.#occupied.set(crane.stationId, mission.missionId);
      this.#commands.push({
        kind: "assign-crane",
        missionId: mission.missionId,
        craneStationId: crane.stationId,
      });
    }
  }

  giveVehiclesToOutbound(): void {
    for (const mission of inOrder(this.#view.missions, "wants-vehicle")) {
      const buffer = this.#freeStations("buffer", "outbound")[0];
      if (buffer === undefined) {
        this.#missionReasons.set(mission.missionId, "no-outbound-bay");
        continue;
      }
      const candidates = this.#idleVehicles().filter((vehicle) => this.#whyNotSent(vehicle) === undefined);
      if (candidates.length === 0) {
        this.#missionReasons.set(mission.missionId, "no-vehicle");
        continue;
      }
      const pairs = candidates.flatMap((vehicle) =>
        this.#cranesFor(vehicle).map((crane) => ({ vehicle, crane })),
      );
      const pair = nearest(pairs, ({ vehicle, crane }) => this.#wayM(vehicle.nodeId, crane.nodeId));
      if (pair === undefined) {
        this.#missionReasons.set(mission.missionId, pairs.length === 0 ? "no-crane" : "no-way");
        continue;
      }
      const { vehicle, crane } = pair;
      if (vehicle.stationId !== undefined) this.#occupied.delete(vehicle.stationId);
      this.#occupied.set(crane.stationId, mission.missionId);
      this.#occupied.set(buffer.stationId, mission.missionId);
      this.#taken.add(vehicle.vehicleId);
      this.#commands.push({
        kind: "assign-vehicle",
        missionId: mission.missionId,
        vehicleId: vehicle.vehicleId,
        craneStationId: crane.stationId,
        bufferStationId: buffer.stationId,
      });
    }
  }

  sendIdleVehiclesAway(): void {
    let coming = this.#view.missions.filter((mission) => mission.kind === "on-its-way").length;
    for (const vehicle of this.#view.vehicles) {
      const why = this.#whyNotSent(vehicle);
      if (
        vehicle.missionId !== undefined ||
        vehicle.movingTo !== undefined ||
        this.#taken.has(vehicle.vehicleId)
      ) {
        if (why !== undefined && !this.#taken.has(vehicle.vehicleId))
          this.#vehicleReasons.set(vehicle.vehicleId, why);
        continue;
      }
      this.#vehicleReasons.set(vehicle.vehicleId, why ?? "no-mission");
      // A low battery keeps it from missions, not from a charger.
      if (why !== undefined && why !== "battery-low") continue;
      const station = this.#view.yard.stations.find((one) => one.stationId === vehicle.stationId);
      if (station?.kind === "crane" && this.#unloadingWaits === 0 && why === undefined && coming > 0) {
        coming--; // its next container is on its way, and nobody else wants the place
        continue;
      }
      const target = this.#idlePlaceFor(vehicle, station);
      if (target === undefined) continue;
      if (target === "none") {
        this.#vehicleReasons.set(vehicle.vehicleId, "no-parking");
        continue;
      }
      if (vehicle.stationId !== undefined) this.#occupied.delete(vehicle.stationId);
      this.#occupied.set(target.stationId, vehicle.vehicleId);
      this.#taken.add(vehicle.vehicleId);
      this.#commands.push({
        kind: "park",
        vehicleId: vehicle.vehicleId,
        stationId: target.stationId,
        charge: target.kind === "charger",
      });
    }
  }

  /** Where an idle vehicle should go; undefined when it is well where it is. */
  #idlePlaceFor(
    vehicle: DispatchVehicle,
    station: YardStation | undefined,
  ): YardStation | "none" | undefined {
    const { rules, vehicles } = this.#view;
    const wayM = (one: YardStation): number => this.#wayM(vehicle.nodeId, one.nodeId);
    const charger = nearest(this.#freeStations("charger"), wayM);
    const parking = nearest(this.#freeStations("parking"), wayM);
    const low = vehicle.batteryPct < rules.chargeBelowPct;
    if (station?.kind === "parking") return low ? charger : undefined;
    if (station?.kind === "charger") {
      const needed =
        charger === undefined &&
        vehicles.some(
          (other) =>
            other !== vehicle &&
            other.ours &&
            other.missionId === undefined &&
            other.movingTo === undefined &&
            other.batteryPct < rules.chargeBelowPct,
        );
      return vehicle.batteryPct >= rules.chargedPct && needed ? parking : undefined;
    }
    return (low ? (charger ?? parking) : (parking ?? charger)) ?? "none";
  }

  #idleVehicles(): readonly DispatchVehicle[] {
    return this.#view.vehicles.filter((vehicle) => !this.#taken.has(vehicle.vehicleId));
  }

  #whyNotSent(vehicle: DispatchVehicle): NotDispatched | undefined {
    if (!vehicle.ours) return "not-ours";
    if (vehicle.missionId !== undefined) return "on-mission";
    if (!vehicle.online) return "offline";
    if (!vehicle.localised) return "not-localised";
    if (!vehicle.admitted) return "not-admitted";
    if (vehicle.movingTo !== undefined) return "moving";
    if (vehicle.loaded) return "loaded";
    if (vehicle.batteryPct < this.#view.rules.minBatteryPct) return "battery-low";
    return undefined;
  }

  /** Free cranes, and the one at which the vehicle stands itself: it need not move away to be loaded. */
  #cranesFor(vehicle: DispatchVehicle): readonly YardStation[] {
    const cranes = this.#view.yard.stations.filter((station) => station.kind === "crane");
    // A container that waits to be unloaded has the next crane that becomes free; who stands at one may still use it.
    return cranes.filter((crane) => {
      const holder = this.#occupied.get(crane.stationId);
      return holder === vehicle.vehicleId || (holder === undefined && this.#unloadingWaits === 0);
    });
  }

  #freeStations(kind: YardStation["kind"], bound?: YardStation["bound"]): readonly YardStation[] {
    return this.#view.yard.stations.filter(
      (station) =>
        station.kind === kind &&
        (bound === undefined || station.bound === bound) &&
        !this.#occupied.has(station.stationId),
    );
  }

  /** Infinite when there is no way; a vehicle whose place is not known comes last. */
  #wayM(from: NodeId | undefined, to: NodeId | undefined): number {
    if (to === undefined) return Number.POSITIVE_INFINITY;
    if (from === undefined) return FAR_M;
    return this.#view.yard.wayM(from, to) ?? Number.POSITIVE_INFINITY;
  }
}

/** More urgent first, then whoever has waited longest; equal ones by id, so that every run decides alike. */
function inOrder<K extends Wanting["kind"]>(
  missions: readonly DispatchMission[],
  kind: K,
): readonly (Wanting & { readonly kind: K })[] {
  const isKind = (mission: DispatchMission): mission is Wanting & { readonly kind: K } =>
    mission.kind === kind;
  return missions
    .filter(isKind)
    .sort((a, b) => b.priority - a.priority || a.sinceMs - b.sinceMs || (a.missionId < b.missionId ? -1 : 1));
}

function nearest<T>(candidates: readonly T[], wayM: (candidate: T) => number): T | undefined {
  let best: T | undefined;
  let bestM = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const awayM = wayM(candidate);
    if (awayM < bestM) {
      best = candidate;
      bestM = awayM;
    }
  }
  return best;
}
