import type { VehicleId } from "@baton/fleet-adapter";
import { otherSide, type Side, type StationId } from "@baton/maps";
import FlatQueue from "flatqueue";
import type { DispatchCommand, DispatchDecision } from "../decision.ts";
import { decide } from "../dispatch.ts";
import { placeForInbound } from "../inbound-room.ts";
import { passingLine } from "../line-choice.ts";
import { returnLoadFor } from "../return-load.ts";
import { Round } from "../round.ts";
import { DEFAULT_RULES, type DispatchRules } from "../rules.ts";
import { vehiclesWanted } from "../vehicles-wanted.ts";
import type { DispatchView } from "../view.ts";
import type { Yard } from "../yard.ts";
import { indexOf } from "../yard-index.ts";
import {
  batteryPctAt,
  idleVehicle,
  type ModelMission,
  type ModelVehicle,
  newMission,
  spend,
} from "./crossing-state.ts";
import { type CrossingState, crossingView } from "./crossing-view.ts";

/** How long each thing takes, ms; asked for each time anew, so that a test may draw it. */
export interface ModelTimes {
  readonly truck: () => number;
  readonly lift: () => number;
  readonly seal: () => number;
  readonly checks: () => number;
  readonly gate: () => number;
  /** Whether a vehicle on its way to a crane can turn when it is to; always if not given. */
  readonly turns?: () => boolean;
}

type EmptyRun = Extract<DispatchCommand, { kind: "send-empty-over" }>;

const OFFER_AGAIN_MS = 10_000;

/**
 * Two sides, their dispatch as it is, and everything else as durations: roads are never in each other's way here, only
 * cranes, bays and places are. For two questions: whether dispatch can lock, and how far vehicles drive empty.
 */
export class CrossingModel {
  readonly yards: Readonly<Record<Side, Yard>>;
  readonly vehicles: ModelVehicle[] = [];
  readonly missions = new Map<string, ModelMission>();
  readonly driven = { emptyM: 0, loadedM: 0 };
  readonly rounds = { count: 0, ms: 0 };
  nowMs = 0;
  delivered = 0;
  /** Vehicles that went over the line with nothing aboard. */
  emptyRuns = 0;
  /** Vehicles that were called off to a container on their way to a place. */
  calledOff = 0;
  /** Containers that were given another vehicle while theirs was on its way. */
  exchanged = 0;
  readonly #times: ModelTimes;
  readonly #rules: DispatchRules;
  readonly #decisions: Partial<Record<Side, DispatchDecision>> = {};
  readonly #wantedBy: Partial<Record<Side, number>> = {};
  readonly #emptyRefusedAtMs: Partial<Record<Side, number>> = {};
  readonly #agenda = new FlatQueue<() => void>();
  #ids = 0;

  constructor(yards: Readonly<Record<Side, Yard>>, times: ModelTimes, rules: Partial<DispatchRules> = {}) {
    this.yards = yards;
    this.#times = times;
    this.#rules = { ...DEFAULT_RULES, ...rules };
  }

  addVehicle(side: Side, stationId: StationId, batteryPct = 80): void {
    const vehicleId = `v-${++this.#ids}` as VehicleId;
    this.vehicles.push(idleVehicle(vehicleId, side, stationId, batteryPct));
  }

  order(side: Side, atMs: number, priority = 0): void {
    this.#at(atMs, () => {
      const missionId = `m-${String(++this.#ids).padStart(6, "0")}`;
      this.missions.set(
        missionId,
        newMission({ missionId, side, bound: "outbound", priority, isEmpty: false }, this.nowMs),
      );
    });
  }

  /** Runs until nothing is going to happen any more, or the time has come. */
  run(untilMs: number): void {
    for (;;) {
      const atMs = this.#agenda.peekValue();
      if (atMs === undefined || atMs > untilMs) return;
      this.nowMs = atMs;
      // All that happens at one instant, then dispatch, as mission control does it.
      while (this.#agenda.peekValue() === atMs) this.#agenda.pop()?.();
      for (const side of ["vn", "cn"] as const) this.#dispatch(side);
    }
  }

  /** Lets time pass without anything happening: dispatch also looks every so often. */
  tickEvery(ms: number, untilMs: number): void {
    for (let atMs = this.nowMs; atMs <= untilMs; atMs += ms) this.#at(atMs, () => {});
  }

  open(): readonly ModelMission[] {
    return [...this.missions.values()].filter((mission) => mission.state !== "over");
  }

  /** What is not over, and why by dispatch's own word; and, when there is any, where the vehicles are. */
  standstill(): readonly string[] {
    const missions = this.open().map(({ side, missionId, state }) => {
      const why = this.#decisions[side]?.missionReasons.get(missionId)?.code ?? "";
      return `${side} ${missionId} ${state} ${why}`.trim();
    });
    if (missions.length === 0) return [];
    const vehicles = this.vehicles.map((vehicle) => {
      const { side, vehicleId, stationId, movingTo, missionId } = vehicle;
      const why = this.#decisions[side]?.vehicleReasons.get(vehicleId)?.code ?? "";
      const charge = `${Math.round(batteryPctAt(vehicle, this.nowMs))} %`;
      return `${vehicleId} ${charge} at ${stationId} to ${movingTo} for ${missionId} ${why}`.trim();
    });
    return [...missions, ...vehicles];
  }

  view(side: Side): DispatchView {
    return crossingView(this.#state, side);
  }

  get #state(): CrossingState {
    return {
      yards: this.yards,
      rules: this.#rules,
      nowMs: this.nowMs,
      vehicles: this.vehicles,
      missions: this.missions,
      wantedBy: this.#wantedBy,
      emptyRefusedAtMs: this.#emptyRefusedAtMs,
    };
  }

  #dispatch(side: Side): void {
    const view = this.view(side);
    const began = performance.now();
    const decision = decide(view);
    this.rounds.ms += performance.now() - began;
    this.rounds.count++;
    this.#decisions[side] = decision;
    this.#wantedBy[side] = decision.vehiclesWanted;
    for (const command of decision.commands) this.#carryOut(side, command);
  }

  #carryOut(side: Side, command: DispatchCommand): void {
    if (command.kind === "send-empty-over") {
      this.#sendEmptyOver(side, command);
      return;
    }
    if (command.kind === "park") {
      const vehicle = this.#vehicle(command.vehicleId);
      if (!this.#turns(vehicle, command.from)) return;
      vehicle.movingTo = command.stationId;
      this.#drive(vehicle, side, command.stationId, () => {
        vehicle.movingTo = undefined;
        vehicle.charging = command.charge;
      });
      return;
    }
    const mission = this.missions.get(command.missionId);
    if (mission === undefined) throw new Error(`no mission ${command.missionId}`);
    if (command.kind === "assign-vehicle" && !this.#turns(this.#vehicle(command.vehicleId), command.from))
      return;
    mission.sinceMs = this.nowMs;
    switch (command.kind) {
      case "call-truck":
        mission.state = "on-its-way";
        this.#after(this.#times.truck(), () => this.#to(mission, "wants-vehicle"));
        return;
      case "assign-vehicle": {
        const vehicle = this.#vehicle(command.vehicleId);
        vehicle.missionId = mission.missionId;
        mission.vehicle = vehicle;
        mission.crane = command.craneStationId;
        mission.state = "to-crane";
        this.#drive(vehicle, side, command.craneStationId, () => {
          this.#after(this.#times.lift(), () => {
            vehicle.loaded = true;
            this.#to(mission, "leaving");
            this.#after(this.#times.seal(), () => this.#leave(mission));
          });
        });
        return;
      }
      case "assign-bay":
        mission.bay = command.bufferStationId;
        return;
      case "assign-crane": {
        mission.crane = command.craneStationId;
        mission.state = "unloading";
        const { vehicle } = mission;
        if (vehicle === undefined) throw new Error("an inbound mission without a vehicle");
        const wayMs = this.#wayMs(side, vehicle.stationId, command.craneStationId);
        mission.freeAtMs = this.nowMs + wayMs + this.#rules.liftMs;
        this.#drive(vehicle, side, command.craneStationId, () => {
          mission.bay = undefined;
          this.#after(this.#times.lift(), () => {
            vehicle.loaded = false;
            vehicle.missionId = undefined;
            mission.crane = undefined;
            mission.state = "over";
            this.delivered++;
          });
        });
      }
    }
  }

  /** Who is to be sent elsewhere on its way to a crane turns where it set out, or not at all. */
  #turns(vehicle: ModelVehicle, from: string | undefined): boolean {
    if (from === undefined) return true;
    const left = this.missions.get(from);
    if (left?.state !== "to-crane" || left.vehicle !== vehicle)
      throw new Error(`${vehicle.vehicleId} is not on its way to ${from}`);
    if (this.#times.turns?.() === false) {
      left.notBeforeMs = this.nowMs + this.#rules.exchangeAgainMs;
      return false;
    }
    this.exchanged++;
    left.changes++;
    left.vehicle = undefined;
    this.#to(left, "wants-vehicle");
    vehicle.missionId = undefined;
    vehicle.stationId = vehicle.setOutFrom;
    return true;
  }

  /** From the crane, once it has a bay, through the lane to it. */
  #leave(mission: ModelMission): void {
    const { vehicle, bay, side } = mission;
    if (vehicle === undefined) throw new Error("a loaded container without a vehicle");
    if (bay === undefined) {
      this.#after(10_000, () => this.#leave(mission));
      return;
    }
    mission.crane = undefined;
    this.#to(mission, "lane");
    this.#drive(vehicle, side, bay, () => {
      this.#after(this.#times.checks(), () => this.#offer(mission));
    });
  }

  /** The partner is asked first: it says whether it has a use for it, and a place. */
  #sendEmptyOver(side: Side, { vehicleId, bufferStationId }: EmptyRun): void {
    const vehicle = this.#vehicle(vehicleId);
    const taker = this.view(otherSide(side));
    const room = placeForInbound(taker);
    if (vehiclesWanted(new Round(taker)) <= 0 || room.kind === "no-room") {
      this.#emptyRefusedAtMs[side] = this.nowMs;
      return;
    }
    this.emptyRuns++;
    // Heard again with the next answer.
    this.#wantedBy[otherSide(side)] = 0;
    const mission = newMission(
      { missionId: `empty-${++this.#ids}`, side, bound: "outbound", priority: 0, isEmpty: true },
      this.nowMs,
    );
    mission.state = "lane";
    mission.vehicle = vehicle;
    mission.bay = bufferStationId;
    vehicle.missionId = mission.missionId;
    this.missions.set(mission.missionId, mission);
    const inbound = this.#inbound(mission, room.stationId);
    this.#drive(vehicle, side, bufferStationId, () => this.#goOver(mission, inbound));
  }

  #offer(mission: ModelMission): void {
    const { side } = mission;
    const seen = this.view(otherSide(side));
    const place = placeForInbound(seen);
    mission.offeredSinceMs ??= this.nowMs;
    if (place.kind === "no-room") {
      this.#after(OFFER_AGAIN_MS, () => this.#offer(mission));
      return;
    }
    mission.offeredSinceMs = undefined;
    const inbound = this.#inbound(mission, place.stationId);
    inbound.next = returnLoadFor(seen, { maxLoadKg: 70_000, lengthM: 15 });
    this.#goOver(mission, inbound);
  }

  #inbound({ missionId, side, priority, vehicle, isEmpty }: ModelMission, bay: StationId): ModelMission {
    const inbound = newMission(
      { missionId: `in-${missionId}`, side: otherSide(side), bound: "inbound", priority, isEmpty },
      this.nowMs,
    );
    inbound.state = "other";
    inbound.vehicle = vehicle;
    inbound.bay = bay;
    this.missions.set(inbound.missionId, inbound);
    return inbound;
  }

  /** From its bay to that beyond the line, which is kept for it. */
  #goOver(mission: ModelMission, inbound: ModelMission): void {
    const { vehicle, side, isEmpty } = mission;
    const { bay } = inbound;
    if (vehicle === undefined || bay === undefined)
      throw new Error("nothing to take over, or no place for it");
    const taker = otherSide(side);
    this.#after(this.#times.gate(), () => {
      mission.bay = undefined;
      mission.state = "over";
      const line = passingLine(this.yards[taker], side === "vn" ? "export" : "import");
      const hold = indexOf(this.yards[side]).byId;
      const from = vehicle.stationId === undefined ? undefined : hold.get(vehicle.stationId)?.nodeId;
      const ownLine = passingLine(this.yards[side], side === "vn" ? "export" : "import");
      const toLineM =
        from === undefined || ownLine === undefined
          ? 0
          : (this.yards[side].wayM(from, ownLine.holdNodeId) ?? 0);
      const bayNode = indexOf(this.yards[taker]).byId.get(bay)?.nodeId;
      const fromLineM =
        line === undefined || bayNode === undefined
          ? 0
          : (this.yards[taker].wayM(line.holdNodeId, bayNode) ?? 0);
      vehicle.side = taker;
      vehicle.missionId = inbound.missionId;
      vehicle.stationId = undefined;
      spend(vehicle, toLineM + fromLineM, this.nowMs);
      if (isEmpty) this.driven.emptyM += toLineM + fromLineM;
      else this.driven.loadedM += toLineM + fromLineM;
      this.#after(((toLineM + fromLineM) / this.#rules.paceMps) * 1_000, () => {
        vehicle.stationId = bay;
        if (!isEmpty) return this.#to(inbound, "wants-crane");
        inbound.bay = undefined;
        inbound.state = "over";
        vehicle.missionId = undefined;
      });
    });
  }

  #drive(vehicle: ModelVehicle, side: Side, to: StationId, arrived: () => void): void {
    if (vehicle.side !== side) throw new Error(`${vehicle.vehicleId} is not ${side}'s to drive`);
    const wayM = this.#wayM(
      side,
      vehicle.movingTo === to ? vehicle.stationId : (vehicle.movingTo ?? vehicle.stationId),
      to,
    );
    if (!Number.isFinite(wayM)) throw new Error(`no way from ${vehicle.stationId} to ${to}`);
    spend(vehicle, wayM, this.nowMs);
    vehicle.charging = false;
    const { movingTo } = vehicle;
    // As if all of its way to there were granted: it goes on to the end of it first.
    const turnsInMs = movingTo === undefined || movingTo === to ? 0 : vehicle.arrivesAtMs - this.nowMs;
    if (turnsInMs > 0) this.calledOff++;
    const trip = ++vehicle.trips;
    const drivesMs = Math.max(0, turnsInMs) + (wayM / this.#rules.paceMps) * 1_000;
    vehicle.arrivesAtMs = this.nowMs + drivesMs;
    vehicle.setOutFrom = turnsInMs > 0 ? movingTo : vehicle.stationId;
    vehicle.turnsUntilMs = this.nowMs + drivesMs / 2;
    if (movingTo !== to) vehicle.movingTo = undefined;
    if (vehicle.loaded) this.driven.loadedM += wayM;
    else this.driven.emptyM += wayM;
    const sameSpot = vehicle.stationId === to;
    if (!sameSpot) vehicle.stationId = undefined;
    this.#after(drivesMs, () => {
      if (vehicle.trips !== trip) return;
      const there = this.vehicles.find(
        (other) => other !== vehicle && other.side === side && other.stationId === to,
      );
      if (there !== undefined) throw new Error(`${vehicle.vehicleId} and ${there.vehicleId} both at ${to}`);
      vehicle.stationId = to;
      arrived();
    });
  }

  #wayM(side: Side, from: StationId | undefined, to: StationId): number {
    const { byId } = indexOf(this.yards[side]);
    const fromNode = from === undefined ? undefined : byId.get(from)?.nodeId;
    const toNode = byId.get(to)?.nodeId;
    if (fromNode === undefined || toNode === undefined) return Number.POSITIVE_INFINITY;
    return this.yards[side].wayM(fromNode, toNode) ?? Number.POSITIVE_INFINITY;
  }

  #wayMs(side: Side, from: StationId | undefined, to: StationId): number {
    return (this.#wayM(side, from, to) / this.#rules.paceMps) * 1_000;
  }

  #to(mission: ModelMission, state: ModelMission["state"]): void {
    mission.state = state;
    mission.sinceMs = this.nowMs;
  }

  #vehicle(vehicleId: VehicleId): ModelVehicle {
    const vehicle = this.vehicles.find((one) => one.vehicleId === vehicleId);
    if (vehicle === undefined) throw new Error(`no vehicle ${vehicleId}`);
    return vehicle;
  }

  #after(ms: number, what: () => void): void {
    this.#at(this.nowMs + Math.max(1, Math.round(ms)), what);
  }

  #at(atMs: number, what: () => void): void {
    this.#agenda.push(what, atMs);
  }
}
