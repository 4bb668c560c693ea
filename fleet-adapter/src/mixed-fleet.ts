import type { Logger } from "pino";
import type { FleetAdapter, FleetEvent, VehicleId, VehicleRecord } from "./port.ts";
import type { Clock, Timers } from "./time.ts";

export interface MixedFleetOptions {
  /** One for each protocol; a vehicle belongs to the one that heard of it first. */
  readonly fleets: readonly (FleetAdapter & { invalidMessages(): number })[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Pick<Logger, "warn">;
}

/** Commands kept for a vehicle that no fleet has heard of yet; the oldest go first. */
const MAX_EARLY = 32;
/** Not heard of for so long since it was first to be told something: a case for a person. */
const UNHEARD_MS = 30_000;

/**
 * Several fleets as one: nobody above it knows which protocol a vehicle speaks. A command to a vehicle that is not known yet, as
 * after a restart, waits until one of the fleets hears of it.
 */
export function mixedFleet(options: MixedFleetOptions): FleetAdapter & { invalidMessages(): number } {
  const { fleets, clock, timers, log } = options;
  const owners = new Map<VehicleId, FleetAdapter>();
  const records = new Map<VehicleId, VehicleRecord>();
  const listeners = new Set<(event: FleetEvent) => void>();
  const early = new Map<VehicleId, ((fleet: FleetAdapter) => void)[]>();
  const doubles = new Set<VehicleId>();
  /** Of whom a person was told that no fleet hears of them. */
  const doubted = new Set<VehicleId>();

  const tell = (event: FleetEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const trouble = (vehicleId: VehicleId, code: "not-reflected" | "invalid-message", detail: string): void => {
    log.warn({ vehicleId, code, detail }, "trouble with a mixed fleet");
    tell({ kind: "trouble", vehicleId, code, detail, atMs: clock.nowMs() });
  };

  const hear = (fleet: FleetAdapter, event: FleetEvent): void => {
    const { vehicleId } = event;
    if (vehicleId === undefined) {
      tell(event);
      return;
    }
    const owner = owners.get(vehicleId);
    if (owner !== undefined && owner !== fleet) {
      // Two vehicles under one name, or one that speaks twice: what the second says must not be taken for the first.
      if (doubles.has(vehicleId)) return;
      doubles.add(vehicleId);
      trouble(vehicleId, "invalid-message", `${vehicleId} turned up in two fleets; the first one counts`);
      return;
    }
    if (owner === undefined && !fleet.vehicles().has(vehicleId)) {
      tell(event);
      return;
    }
    owners.set(vehicleId, fleet);
    const record = fleet.vehicles().get(vehicleId);
    if (record !== undefined) records.set(vehicleId, record);
    tell(event);
    if (doubted.delete(vehicleId)) tell({ kind: "confirmed", vehicleId, atMs: clock.nowMs() });
    const waiting = early.get(vehicleId) ?? [];
    early.delete(vehicleId);
    for (const command of waiting) command(fleet);
  };
  for (const fleet of fleets) fleet.subscribe((event) => hear(fleet, event));

  const command = (vehicleId: VehicleId, say: (fleet: FleetAdapter) => void): void => {
    const owner = owners.get(vehicleId);
    if (owner !== undefined) {
      say(owner);
      return;
    }
    const waiting = early.get(vehicleId) ?? [];
    if (waiting.length === 0) {
      timers.after(UNHEARD_MS, () => {
        if (early.has(vehicleId)) {
          doubted.add(vehicleId);
          trouble(
            vehicleId,
            "not-reflected",
            `${vehicleId} was to be told something and is heard of in no fleet`,
          );
        }
      });
    }
    early.set(vehicleId, [...waiting, say].slice(-MAX_EARLY));
  };

  return {
    start: async () => {
      await Promise.all(fleets.map((fleet) => fleet.start()));
    },
    stop: async () => {
      await Promise.all(fleets.map((fleet) => fleet.stop()));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drive: (vehicleId, order) => command(vehicleId, (fleet) => fleet.drive(vehicleId, order)),
    cancel: (vehicleId) => command(vehicleId, (fleet) => fleet.cancel(vehicleId)),
    instruct: (vehicleId, instruction) =>
      command(vehicleId, (fleet) => fleet.instruct(vehicleId, instruction)),
    vehicles: () => records,
    invalidMessages: () => fleets.reduce((sum, fleet) => sum + fleet.invalidMessages(), 0),
  };
}
