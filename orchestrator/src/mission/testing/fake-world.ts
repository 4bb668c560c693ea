import type { Clock, FleetAdapter, VehicleId } from "@baton/fleet-adapter";
import type { DeviceId, Side } from "@baton/maps";
import type { AlarmRaise, Alarms } from "../../alarms/port.ts";
import type { Yard } from "../../dispatch/yard.ts";
import type { GateDevices } from "../../gate/port.ts";
import type { Handoffs } from "../../handoff/port.ts";
import type { Reservation } from "../../reservation/port.ts";
import { Agenda } from "./agenda.ts";
import { type Answer, FakeDevices } from "./fake-devices.ts";
import { FakeFleet } from "./fake-fleet.ts";
import { FakeHandoffs } from "./fake-handoffs.ts";
import { FakeRoad } from "./fake-road.ts";

/**
 * A world of two sides, one agenda: what is to happen next lies in a list, and the test says which of it does.
 * It is idempotent by the ids of what it is asked, as the real rooms are, and counts what really happened.
 */
export class FakeWorld {
  readonly yards: Record<Side, Yard>;
  readonly clock: Clock;
  readonly alarms: Record<Side, Map<string, AlarmRaise>> = { vn: new Map(), cn: new Map() };
  readonly #agenda = new Agenda();
  readonly #fleet: FakeFleet;
  readonly #road: FakeRoad;
  readonly #devices: FakeDevices;
  readonly #handoffs: FakeHandoffs;

  constructor(yards: Record<Side, Yard>, clock: Clock) {
    this.yards = yards;
    this.clock = clock;
    this.#fleet = new FakeFleet(yards, clock, this.#agenda);
    this.#road = new FakeRoad(yards, clock, this.#agenda, this.#fleet);
    this.#devices = new FakeDevices(clock, this.#agenda, this.#fleet);
    this.#handoffs = new FakeHandoffs(clock, this.#agenda, this.#fleet, this.#road);
  }

  /** As the fleet knows them; a test may move, load or break one. */
  get vehicles(): FakeFleet["vehicles"] {
    return this.#fleet.vehicles;
  }

  get mute(): FakeFleet["mute"] {
    return this.#fleet.mute;
  }

  get halted(): FakeFleet["halted"] {
    return this.#fleet.halted;
  }

  get givenUp(): FakeFleet["givenUp"] {
    return this.#fleet.givenUp;
  }

  get legs(): FakeRoad["legs"] {
    return this.#road.legs;
  }

  get admitted(): FakeRoad["admitted"] {
    return this.#road.admitted;
  }

  get failed(): FakeRoad["failed"] {
    return this.#road.failed;
  }

  get prioritised(): FakeRoad["prioritised"] {
    return this.#road.prioritised;
  }

  get blind(): FakeRoad["blind"] {
    return this.#road.blind;
  }

  set canTurn(canTurn: boolean) {
    this.#road.canTurn = canTurn;
  }

  get conversations(): FakeHandoffs["conversations"] {
    return this.#handoffs.conversations;
  }

  set registersSwitch(registersSwitch: boolean) {
    this.#handoffs.registersSwitch = registersSwitch;
  }

  get answer(): Answer {
    return this.#devices.answer;
  }

  set answer(answer: Answer) {
    this.#devices.answer = answer;
  }

  get happened(): Agenda["happened"] {
    return this.#agenda.happened;
  }

  count(what: string): number {
    return this.#agenda.count(what);
  }

  /** How much is to happen. */
  get pendingCount(): number {
    return this.#agenda.tasks.length;
  }

  /** Does the next thing, or the one that `pick` chooses among those that can happen. False when nothing is to happen. */
  step(pick?: (count: number) => number): boolean {
    return this.#agenda.step(pick);
  }

  park(vehicleId: string, side: Side, stationId: string): void {
    this.#fleet.park(vehicleId, side, stationId);
  }

  standing(side: Side): readonly AlarmRaise[] {
    return [...this.alarms[side].values()];
  }

  /** The orchestrator of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    for (const part of [this.#road, this.#devices, this.#handoffs, this.#fleet]) part.deafen(side);
    this.#agenda.forget(side);
  }

  sayState(vehicleId: VehicleId): void {
    this.#fleet.sayState(vehicleId);
  }

  /** The device's session ends or begins. */
  sayAvailability(side: Side, deviceId: DeviceId, online: boolean): void {
    this.#devices.sayAvailability(side, deviceId, online);
  }

  reservationOf(side: Side): Reservation {
    return this.#road.reservationOf(side);
  }

  devicesOf(side: Side): GateDevices {
    return this.#devices.devicesOf(side);
  }

  fleetOf(side: Side): FleetAdapter {
    return this.#fleet.fleetOf(side);
  }

  handoffsOf(side: Side): Handoffs {
    return this.#handoffs.handoffsOf(side);
  }

  alarmsOf(side: Side): Alarms {
    return {
      raise: (alarm) => void this.alarms[side].set(alarm.alarmId, alarm),
      clear: (alarmId) => void this.alarms[side].delete(alarmId),
    };
  }
}
