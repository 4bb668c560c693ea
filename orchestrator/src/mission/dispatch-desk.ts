import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { Side, StationId } from "@baton/maps";
import type { Calendar } from "../dispatch/calendar.ts";
import type { DispatchCommand, DispatchReason } from "../dispatch/decision.ts";
import { decide } from "../dispatch/dispatch.ts";
import { hasPairs, type ShutPairs, shutPairsOf } from "../dispatch/lane-pairs.ts";
import { DEFAULT_RULES, type DispatchRules } from "../dispatch/rules.ts";
import { lineStateAt } from "../dispatch/slots.ts";
import type { DispatchView } from "../dispatch/view.ts";
import { stationOf, type Yard, type YardStation } from "../dispatch/yard.ts";
import type { LegId, OutOfUse } from "../reservation/port.ts";
import { laneOfBay, placeOf } from "./begin.ts";
import type { MissionControl, MissionControlOptions } from "./control-port.ts";
import type { DispatchSources, IdleMoves } from "./dispatch-sources.ts";
import { DispatchPicture } from "./dispatch-view.ts";
import type { Happening } from "./events.ts";
import { comesToCrane } from "./exchange.ts";
import { ExchangeDesk } from "./exchange-desk.ts";
import type { IdleFleet } from "./idle-fleet.ts";
import { legIdOf } from "./ids.ts";
import { missionVehicle } from "./intake/view.ts";
import type { MissionIndex } from "./mission-index.ts";
import { procedureFor } from "./procedure.ts";
import type { MissionVehicle, Place } from "./records.ts";
import type { RollCall } from "./roll-call.ts";

/** What time alone does to a decision (a slot that has come, a wait that has become long) is seen to this often. */
const DECIDE_AGAIN_MS = 5_000;

export interface DispatchDeskPorts
  extends Pick<
    MissionControlOptions,
    "clock" | "dispatch" | "fleet" | "handoffs" | "lineCranes" | "log" | "procedures" | "reservation" | "side"
  > {
  readonly yard: Yard;
  /** Of both sides. */
  readonly calendars: readonly Calendar[];
  readonly missions: MissionIndex;
  readonly idle: IdleFleet;
  /** Stations out of use; the same set until one is closed or opened. */
  closedStations(): ReadonlySet<StationId>;
  homeOf(vehicleId: VehicleId): Side;
  /** Where a vehicle still drives to whose container was given back. */
  stillBoundFor(vehicleId: VehicleId): StationId | undefined;
  /** Begins a mission for a vehicle with nothing aboard. */
  sendEmptyOver(command: Extract<DispatchCommand, { kind: "send-empty-over" }>): Promise<void>;
  /** Tells a mission what was decided for it. */
  tell(missionId: string, happening: Happening): void;
  /** Does something between two events. */
  later(task: () => Promise<void>): void;
}

/** Dispatch over the missions of a side: the picture that it decides on, when it does, and what comes of its commands. */
export class DispatchDesk {
  readonly #ports: DispatchDeskPorts;
  readonly #rules: DispatchRules;
  readonly #picture = new DispatchPicture();
  readonly #hasPairs: boolean;
  readonly #exchange: ExchangeDesk;
  #isDue = false;
  /** When it decides again although nothing has changed. */
  #decideAtMs = Number.NEGATIVE_INFINITY;
  #reasons: ReturnType<MissionControl["reasons"]> = { missions: new Map(), vehicles: new Map() };

  constructor(ports: DispatchDeskPorts) {
    this.#ports = ports;
    this.#rules = { ...DEFAULT_RULES, ...ports.dispatch };
    this.#hasPairs = hasPairs(ports.yard);
    this.#exchange = new ExchangeDesk({ ...ports, nowMs: () => ports.clock.nowMs() });
  }

  /** Why missions and vehicles are not on their way, as of the last round. */
  get reasons(): ReturnType<MissionControl["reasons"]> {
    return this.#reasons;
  }

  /** What a round would decide on now. */
  view(rollCall: RollCall | undefined): DispatchView {
    return this.#picture.view(this.#sources(rollCall));
  }

  /** Missions or idle moves say something else of a vehicle than they did. */
  touch(vehicleId: VehicleId): void {
    this.#picture.touch(vehicleId);
  }

  /** From now on a round may be held. */
  setDue(): void {
    this.#isDue = true;
  }

  /** A round, if one is due and it may decide otherwise than the last one. To be asked when every event has been taken in. */
  round(rollCall: RollCall | undefined): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#exchange.look();
    if (rollCall?.isOn === true) {
      this.#reasons = whileCalling(this.view(rollCall), rollCall.missing);
      return;
    }
    const sources = this.#sources(rollCall);
    const view = this.#picture.news(sources, sources.nowMs >= this.#decideAtMs);
    if (view === undefined) return;
    this.#decideAtMs = view.nowMs + DECIDE_AGAIN_MS;
    const decision = decide(view);
    this.#reasons = { missions: decision.missionReasons, vehicles: decision.vehicleReasons };
    if (takesEmpties(this.#ports, view.nowMs)) this.#ports.handoffs.forecast(decision.vehiclesWanted);
    for (const command of decision.commands) this.carryOut(command);
  }

  /** What dispatch has decided, or a person in its place, whose choice of a vehicle stands. */
  carryOut(command: DispatchCommand, by: "dispatch" | "person" = "dispatch"): void {
    const { idle, clock, log, tell, later } = this.#ports;
    switch (command.kind) {
      case "park": {
        const { from, vehicleId } = command;
        const insteadOf = from === undefined ? undefined : this.#yields(from, idle.nextLegOf(vehicleId));
        later(() => idle.send(command, clock.nowMs(), insteadOf));
        return;
      }
      case "call-truck":
        tell(command.missionId, { type: "called" });
        return;
      case "assign-bay": {
        const bay = this.#station(command.bufferStationId);
        const lane = laneOfBay(this.#ports.yard, bay);
        const places = { buffer: placeOf(bay) };
        tell(command.missionId, { type: "assigned", places, ...(lane === undefined ? {} : { lane }) });
        return;
      }
      case "assign-dock":
        tell(command.missionId, { type: "assigned", places: { dock: this.#place(command.dockStationId) } });
        return;
      case "assign-pad":
        tell(command.missionId, { type: "assigned", places: { pad: this.#place(command.padStationId) } });
        return;
      case "assign-crane":
        tell(command.missionId, { type: "assigned", places: { crane: this.#place(command.craneStationId) } });
        return;
      case "send-empty-over":
        later(() => this.#ports.sendEmptyOver(command));
        return;
      case "assign-vehicle": {
        const { missionId, vehicleId, craneStationId, cost, from } = command;
        const vehicle = this.#vehicle(vehicleId);
        const wanting = this.#ports.missions.get(missionId);
        if (vehicle === undefined || wanting === undefined) return;
        const isFree = from === undefined;
        const calledFrom = isFree
          ? idle.legOf(vehicleId)
          : this.#yields(from, legIdOf(wanting, "drive-to-crane"));
        if (!isFree && calledFrom === undefined) return;
        log.info({ missionId, vehicleId, craneStationId, cost, calledFrom }, "vehicle assigned");
        tell(missionId, {
          type: "assigned",
          vehicle: {
            ...vehicle,
            ...(calledFrom === undefined ? {} : { calledFrom }),
            ...(isFree ? {} : { orNever: true }),
            ...(by === "person" ? { byHand: true } : {}),
          },
          places: { crane: this.#place(craneStationId) },
        });
        if (isFree && calledFrom !== undefined) later(() => idle.callOff(vehicleId));
      }
    }
  }

  /** Has a mission yield its vehicle to a leg. Returns the one that it drives. */
  #yields(missionId: string, toLegId: LegId): LegId | undefined {
    const context = this.#ports.missions.get(missionId);
    if (context === undefined || !comesToCrane(context)) return undefined;
    const legId = legIdOf(context, "drive-to-crane");
    this.#ports.log.info({ missionId, legId, toLegId }, "vehicle to be sent elsewhere on its way");
    this.#ports.tell(missionId, { type: "yields", toLegId });
    return legId;
  }

  #vehicle(vehicleId: VehicleId): MissionVehicle | undefined {
    const { yard, fleet, homeOf } = this.#ports;
    const vehicleRecord = (id: string) => fleet.vehicles().get(id as VehicleId);
    return missionVehicle({ yard, vehicleRecord, homeOf }, vehicleId);
  }

  #place(stationId: StationId): Place {
    return placeOf(this.#station(stationId));
  }

  #station(stationId: StationId): YardStation {
    const station = stationOf(this.#ports.yard, stationId);
    if (station === undefined) throw new Error(`dispatch named ${stationId}, which is no station here`);
    return station;
  }

  #shutPairs(closures: OutOfUse["closures"]): ShutPairs {
    return shutPairsOf(this.#ports.yard, new Set(closures.flatMap(({ edgeIds }) => edgeIds)));
  }

  #sources(rollCall: RollCall | undefined): DispatchSources {
    const { yard, calendars, missions, fleet, reservation, handoffs, clock, procedures, side } = this.#ports;
    const { idle, stillBoundFor, homeOf, lineCranes, closedStations } = this.#ports;
    const nowMs = clock.nowMs();
    const { closures, failed: outOfUse } = reservation.outOfUse();
    const failed = new Set(outOfUse.map(({ vehicleId }) => vehicleId));
    const moves: IdleMoves = {
      targetOf: (vehicleId) => idle.targetOf(vehicleId) ?? stillBoundFor(vehicleId),
      mayTry: (vehicleId) => idle.mayTry(vehicleId, nowMs),
      turnsAt: (vehicleId) => {
        const legId = legOnTheWay(missions, vehicleId) ?? idle.legOf(vehicleId);
        // Of one that has failed the ledger alone knows: nothing is told to it meanwhile.
        return legId !== undefined && (failed.has(vehicleId) || hasWayLeft(fleet.vehicles().get(vehicleId)))
          ? reservation.turningNode(vehicleId, legId)
          : undefined;
      },
    };
    const curtainMs = procedureFor(procedures, side, "outbound", nowMs)?.slots?.curtainMs ?? 0;
    return {
      nowMs,
      yard,
      rules: this.#rules,
      line: lineStateAt(calendars, curtainMs, nowMs),
      missions,
      sendsEmpties: procedureFor(procedures, side, "outbound", nowMs, "nothing") !== undefined,
      partnerForecast: handoffs.partnerForecast(),
      fleet,
      reservation,
      failed,
      moves,
      unheard: rollCall?.unheard ?? new Map(),
      ...(lineCranes === undefined ? {} : { lineCranes: lineCranes.all() }),
      closedStations: closedStations(),
      ...(this.#hasPairs ? { shutPairs: this.#shutPairs(closures) } : {}),
      homeOf,
    };
  }
}

/** To the crane of a container. */
function legOnTheWay(missions: MissionIndex, vehicleId: VehicleId): LegId | undefined {
  const context = missions.ofVehicle(vehicleId);
  return context !== undefined && comesToCrane(context) ? legIdOf(context, "drive-to-crane") : undefined;
}

/** One that has given up its order, or has heard of none yet, turns nowhere. */
const hasWayLeft = (record: VehicleRecord | undefined): boolean =>
  record?.state !== undefined && record.state.nodesAhead + record.state.plannedAhead > 0;

const takesEmpties = ({ procedures, side }: DispatchDeskPorts, nowMs: number): boolean =>
  procedureFor(procedures, side, "inbound", nowMs, "nothing") !== undefined;

/** Why nothing is sent before the fleet was heard. */
function whileCalling(
  view: DispatchView,
  missing: readonly VehicleId[],
): ReturnType<MissionControl["reasons"]> {
  const reason: DispatchReason = {
    code: "fleet-unheard",
    facts: { count: missing.length, vehicleIds: missing.slice(0, 5).join(", ") },
  };
  const waiting = view.missions.filter(({ kind }) => kind !== "other" && kind !== "unloading");
  return {
    missions: new Map(waiting.map(({ missionId }) => [missionId, reason])),
    vehicles: new Map(view.vehicles.map(({ vehicleId }) => [vehicleId, reason])),
  };
}
