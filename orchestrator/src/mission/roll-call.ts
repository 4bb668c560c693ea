import type { ActionId, Clock, FleetAdapter, Ids, VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";
import type { Reservation } from "../reservation/port.ts";

export interface RollCallPorts {
  readonly reservation: Pick<Reservation, "standing">;
  readonly fleet: Pick<FleetAdapter, "vehicles" | "instruct">;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What a broker keeps of vehicles (their retained `connection`) has come by then: before, nobody knows who is to be waited for. */
const SETTLE_MS = 2_000;
/** A state is due every 30 s (VDA 5050 2.1 section 6.10, 3.0 section 6.6): who has said nothing by now is for a person. */
const CALL_MS = 40_000;
const NOBODY: ReadonlyMap<VehicleId, readonly NodeId[]> = new Map();

/**
 * After a start, the ledger knows vehicles that this process has not heard yet. Dispatch waits until each of them, and each one
 * that the broker shows as connected, has reported; or a person has vouched that it is gone; or `CALL_MS` have passed, and an
 * alarm stands for who is missing. Ground and stops of those are theirs until they report or a person says otherwise, however
 * long that is: time ends the waiting, never a hold.
 */
export class RollCall {
  readonly #ports: RollCallPorts;
  readonly #begunMs: number;
  readonly #asked = new Set<VehicleId>();
  readonly #alarmed = new Set<VehicleId>();
  /** Known to the ledger at the start and not heard since, with the stops at which each may stand. */
  #unheard: ReadonlyMap<VehicleId, readonly NodeId[]>;
  /** Connected, not in the ledger, and nothing is known of where they are. */
  #silent: readonly VehicleId[] = [];
  #isOn = true;

  constructor(ports: RollCallPorts) {
    this.#ports = ports;
    this.#begunMs = ports.clock.nowMs();
    this.#unheard = new Map(
      ports.reservation.standing().map(({ vehicleId, nodeIds }) => [vehicleId, nodeIds]),
    );
    this.look();
  }

  /** While it is, nobody is sent anywhere. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whom it waits for, for whoever asks why nothing is sent. */
  get missing(): readonly VehicleId[] {
    return [...this.#unheard.keys(), ...this.#silent];
  }

  /** Vehicles of the ledger not heard since the start, and the stops that are theirs until they are. */
  get unheard(): ReadonlyMap<VehicleId, readonly NodeId[]> {
    return this.#unheard;
  }

  /** To be called every second or so. */
  look(): void {
    if (this.#unheard.size === 0 && !this.#isOn && this.#alarmed.size === 0) return;
    const waitedMs = this.#ports.clock.nowMs() - this.#begunMs;
    this.#unheard = this.#stillUnheard();
    this.#silent = this.#connectedAndSilent();
    this.#ask();
    if (this.missing.length === 0 ? waitedMs >= SETTLE_MS : waitedMs >= CALL_MS) this.#isOn = false;
    this.#tell(waitedMs);
  }

  #stillUnheard(): ReadonlyMap<VehicleId, readonly NodeId[]> {
    if (this.#unheard.size === 0) return NOBODY;
    const records = this.#ports.fleet.vehicles();
    // Who is not in the ledger any more was vouched away by a person, or given up by its mission.
    const still = this.#ports.reservation
      .standing()
      .filter(({ vehicleId }) => this.#unheard.has(vehicleId) && records.get(vehicleId)?.state === undefined);
    return still.length === 0 ? NOBODY : new Map(still.map(({ vehicleId, nodeIds }) => [vehicleId, nodeIds]));
  }

  #connectedAndSilent(): readonly VehicleId[] {
    if (!this.#isOn && this.#silent.length === 0) return this.#silent;
    return [...this.#ports.fleet.vehicles().values()]
      .filter(({ vehicleId, state, connection }) => {
        return state === undefined && connection === "online" && !this.#unheard.has(vehicleId);
      })
      .map(({ vehicleId }) => vehicleId);
  }

  /** One that stands tells of itself seldom. Whoever is not connected could not hear the question. */
  #ask(): void {
    const { fleet, ids } = this.#ports;
    const records = fleet.vehicles();
    for (const vehicleId of this.missing) {
      if (records.get(vehicleId)?.connection !== "online" || this.#asked.has(vehicleId)) continue;
      this.#asked.add(vehicleId);
      fleet.instruct(vehicleId, {
        kind: "stateRequest",
        actionId: `${vehicleId}.roll-call.${ids.next()}` as ActionId,
      });
    }
  }

  #tell(waitedMs: number): void {
    const { alarms } = this.#ports;
    const missing = new Set(this.missing);
    for (const vehicleId of this.#alarmed) {
      if (missing.has(vehicleId)) continue;
      this.#alarmed.delete(vehicleId);
      alarms.clear(alarmIdOf(vehicleId));
    }
    if (waitedMs < CALL_MS) return;
    for (const vehicleId of missing) {
      if (this.#alarmed.has(vehicleId)) continue;
      this.#alarmed.add(vehicleId);
      const at = this.#unheard.get(vehicleId);
      alarms.raise({
        alarmId: alarmIdOf(vehicleId),
        code: "vehicle.unheard",
        detail:
          at === undefined
            ? "connected, and has said nothing since the start; nobody knows where it is: find it before anything drives near it, restart its controller or take it off the broker"
            : `not heard since the start; what it held is kept for it, last at ${at.join(" or ")}: look there, connect it, or vouch that it was removed`,
        facts: at === undefined ? { cause: "never" } : { place: at.join(", ") },
        priority: "high",
        vehicleId,
      });
    }
  }
}

const alarmIdOf = (vehicleId: VehicleId): string => `vehicle.unheard:${vehicleId}`;
