import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import type { DispatchCommand, DispatchDecision, DispatchReason } from "./decision.ts";
import type { DispatchMission, DispatchVehicle, DispatchView, MissionOf } from "./view.ts";
import type { YardStation } from "./yard.ts";
import { indexOf, type YardIndex } from "./yard-index.ts";

/** For a vehicle whose place is not known: it comes last, but it comes. */
const FAR_M = 1e6;

/** What the phases of one round know together: who has which place, who was given what, and why others were not. */
export class Round {
  readonly view: DispatchView;
  readonly index: YardIndex;
  readonly missionReasons = new Map<string, DispatchReason>();
  readonly vehicleReasons = new Map<VehicleId, DispatchReason>();
  /** Vehicles that were given something in this round. */
  readonly taken = new Set<VehicleId>();
  /** Containers that wait to be unloaded and found no crane. */
  unloadingWaits = 0;
  /** A container waits to be loaded and found no crane. */
  loadingWaits = false;
  /** Containers that were given a bay in this round. */
  baysGiven = 0;
  readonly #commands: DispatchCommand[] = [];
  readonly #occupied: Map<StationId, string>;
  readonly #held: Set<StationId>;
  readonly #whyNot = new Map<VehicleId, DispatchReason | undefined>();
  readonly #byKind = new Map<DispatchMission["kind"], DispatchMission[]>();

  constructor(view: DispatchView) {
    this.view = view;
    this.index = indexOf(view.yard);
    this.#occupied = occupancyOf(view);
    this.#held = new Set(view.heldStations.keys());
    for (const mission of view.missions) {
      const known = this.#byKind.get(mission.kind);
      if (known === undefined) this.#byKind.set(mission.kind, [mission]);
      else known.push(mission);
    }
  }

  decision(): Omit<DispatchDecision, "vehiclesWanted"> {
    return {
      commands: this.#commands,
      missionReasons: this.missionReasons,
      vehicleReasons: this.vehicleReasons,
    };
  }

  command(command: DispatchCommand): void {
    this.#commands.push(command);
  }

  missions<K extends DispatchMission["kind"]>(kind: K): readonly MissionOf<K>[] {
    const isKind = (mission: DispatchMission): mission is MissionOf<K> => mission.kind === kind;
    return (this.#byKind.get(kind) ?? []).filter(isKind);
  }

  holderOf(stationId: StationId): string | undefined {
    return this.#occupied.get(stationId);
  }

  occupy(stationId: StationId, by: string): void {
    this.#occupied.set(stationId, by);
  }

  /** Whether a mission has it, whoever stands there. */
  isHeld(stationId: StationId): boolean {
    return this.#held.has(stationId);
  }

  hold(stationId: StationId, missionId: string): void {
    this.#held.add(stationId);
    this.#occupied.set(stationId, missionId);
  }

  vacate(stationId: StationId | undefined): void {
    if (stationId !== undefined && this.view.closedStations?.has(stationId) !== true)
      this.#occupied.delete(stationId);
  }

  free(stations: readonly YardStation[]): readonly YardStation[] {
    return stations.filter((station) => !this.#occupied.has(station.stationId));
  }

  /** Infinite when there is no way. */
  wayM(from: NodeId | undefined, to: NodeId | undefined): number {
    if (to === undefined) return Number.POSITIVE_INFINITY;
    if (from === undefined) return FAR_M;
    return this.view.yard.wayM(from, to) ?? Number.POSITIVE_INFINITY;
  }

  nearest(from: NodeId | undefined, stations: readonly YardStation[]): YardStation | undefined {
    let best: YardStation | undefined;
    let bestM = Number.POSITIVE_INFINITY;
    for (const station of stations) {
      const awayM = this.wayM(from, station.nodeId);
      if (awayM < bestM) {
        best = station;
        bestM = awayM;
      }
    }
    return best;
  }

  /** Why a vehicle cannot be given a mission now; undefined when it can. */
  whyNotSent(vehicle: DispatchVehicle): DispatchReason | undefined {
    const { vehicleId } = vehicle;
    if (!this.#whyNot.has(vehicleId)) this.#whyNot.set(vehicleId, whyNotSent(vehicle, this.view));
    return this.#whyNot.get(vehicleId);
  }

  /** It drives to a place of which it has no need, and may be called off to a container from where its grants end. */
  mayBeCalledOff(vehicle: DispatchVehicle): boolean {
    const { movingTo, turnsAt, batteryPct } = vehicle;
    if (movingTo === undefined || turnsAt === undefined) return false;
    const toCharge = this.index.byId.get(movingTo)?.kind === "charger";
    if (toCharge && batteryPct < this.view.rules.takeFromChargerPct) return false;
    return whyNotSent({ ...vehicle, movingTo: undefined }, this.view) === undefined;
  }

  stationOf(vehicle: DispatchVehicle): YardStation | undefined {
    return vehicle.stationId === undefined ? undefined : this.index.byId.get(vehicle.stationId);
  }
}

/** More urgent first, then whoever has waited longest; equal ones by id, so that every run decides alike. */
export function inOrder<
  M extends { readonly missionId: string; readonly priority: number; readonly sinceMs: number },
>(missions: readonly M[]): readonly M[] {
  return [...missions].sort(
    (a, b) => b.priority - a.priority || a.sinceMs - b.sinceMs || (a.missionId < b.missionId ? -1 : 1),
  );
}

/** Why a vehicle cannot be given a mission; undefined when it can. */
export function whyNotSent(
  vehicle: DispatchVehicle,
  { rules, yard }: Pick<DispatchView, "rules" | "yard">,
): DispatchReason | undefined {
  if (!vehicle.heard) return { code: "unheard" };
  if (!vehicle.ours) return { code: "not-ours" };
  if (vehicle.missionId !== undefined) return { code: "on-mission", facts: { missionId: vehicle.missionId } };
  if (vehicle.asleep === true) return { code: "asleep" };
  if (!vehicle.online) return { code: "offline" };
  if (!vehicle.localised) return { code: "not-localised" };
  if (!vehicle.admitted) return { code: "not-admitted" };
  if (vehicle.unfit !== undefined) return { code: vehicle.unfit };
  if (vehicle.shortcomings !== undefined) return { code: "not-able", facts: { why: vehicle.shortcomings } };
  if (vehicle.movingTo !== undefined) return { code: "moving", facts: { stationId: vehicle.movingTo } };
  if (vehicle.loaded) return { code: "loaded" };
  const battery = (code: "battery-low" | "charging", atLeastPct: number): DispatchReason => ({
    code,
    facts: { batteryPct: Math.round(vehicle.batteryPct), atLeastPct },
  });
  if (vehicle.charging && vehicle.batteryPct < rules.takeFromChargerPct)
    return battery("charging", rules.takeFromChargerPct);
  if (vehicle.batteryPct < rules.minBatteryPct) return battery("battery-low", rules.minBatteryPct);
  const fenceId = yard.fenceOf(vehicle.vehicleId);
  return fenceId === undefined ? undefined : { code: "fenced", facts: { fenceId } };
}

/** From where it would set out: on its way to a place, from where it can turn. */
export const setsOutFrom = ({ movingTo, turnsAt, nodeId }: DispatchVehicle): NodeId | undefined =>
  movingTo === undefined ? nodeId : turnsAt;

/** A low battery keeps it from missions, not from a charger; a fence, from all but the places in it. */
export function maySendAway({ code }: DispatchReason): boolean {
  return code === "battery-low" || code === "charging" || code === "fenced";
}

/** In the place of whoever has a station: nobody, and nobody is to. */
const CLOSED = "closed";

/** Who has or is promised which station: a mission, a vehicle that stands there, or one that is going there. */
export function occupancyOf(
  view: Pick<DispatchView, "heldStations" | "vehicles" | "closedStations">,
): Map<StationId, string> {
  const occupied = new Map<StationId, string>();
  for (const vehicle of view.vehicles) {
    if (vehicle.stationId !== undefined) occupied.set(vehicle.stationId, vehicle.vehicleId);
    if (vehicle.movingTo !== undefined) occupied.set(vehicle.movingTo, vehicle.vehicleId);
  }
  for (const stationId of view.closedStations ?? []) occupied.set(stationId, CLOSED);
  // A mission's hold outlives the moment at which its vehicle arrives, and says more.
  for (const [stationId, missionId] of view.heldStations) occupied.set(stationId, missionId);
  return occupied;
}
