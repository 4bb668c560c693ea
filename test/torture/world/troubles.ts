import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, Network } from "@baton/maps";
import type { TickChange } from "../../../orchestrator/src/reservation/core/change.ts";
import type { Closure, ClosureId } from "../../../orchestrator/src/reservation/port.ts";
import type { ReservationService } from "../../../orchestrator/src/reservation/service-port.ts";
import type { Random } from "../../../sim/src/random/seeded.ts";
import { Found } from "../findings.ts";
import type { StreamBlocks } from "../oracle/safety.ts";
import type { TrialPlan, Weather } from "../trial-plan.ts";
import { type Driver, mayComeTo } from "./driver.ts";

export interface TroublesOptions {
  readonly random: Random;
  readonly plan: TrialPlan;
  readonly drivers: Map<string, Driver>;
  readonly edgeIds: readonly string[];
  readonly bays: readonly string[];
  makeVehicle(nodeId: string, name: string): Driver;
}

interface OpenClosure {
  readonly closure: Closure;
  readonly sinceTick: number;
  readonly untilTick: number;
}

/** How the ledger has a closure or a vehicle. */
type State = "there" | "gone" | "failed" | "well";

interface Said {
  /** It need not be said again once the ledger has it so. */
  readonly until: State;
  readonly to: (service: ReservationService) => void;
}

const MOST_CLOSURES = 2;

/** What goes wrong on the ground, and the people who see to it: stops, failures, vehicles taken away, closed lanes. */
export class Troubles {
  readonly #options: TroublesOptions;
  readonly #closures = new Map<ClosureId, OpenClosure>();
  /** What was said and is not known to be in the ledger, by whom or what it is about: the newest word counts. */
  readonly #unsure = new Map<string, Said>();
  #gone = 0;
  /** Vehicles to be brought back, by the tick in which that is tried. */
  #absent = 0;
  #tick = 0;
  closed = 0;
  failures = 0;
  removals = 0;

  constructor(options: TroublesOptions) {
    this.#options = options;
  }

  tick(tick: number, service: ReservationService | undefined, weather: Weather): void {
    this.#tick = tick;
    const { random, drivers, plan } = this.#options;
    const might = (probability: number): boolean => probability > 0 && random.chance(probability);
    for (const driver of [...drivers.values()]) {
      if (driver.failed === undefined) {
        if (might(weather.stops))
          driver.stoppedUntilTick = tick + Math.ceil((random.next() * weather.stopMs) / plan.tickMs);
        if (might(weather.silences))
          driver.silentUntilTick = tick + Math.ceil((random.next() * 60_000) / plan.tickMs);
        if (driver.admitted && might(weather.failures)) {
          this.failures++;
          driver.failed = { sinceTick: tick, said: false };
        }
      } else this.#seeTo(service, driver);
    }
    if (service === undefined) return;
    if (might(weather.closures) && this.#closures.size < MOST_CLOSURES) this.#close(service);
    for (const { closure, untilTick } of [...this.#closures.values()])
      if (tick >= untilTick) this.#open(service, closure.closureId);
    if (this.#absent > 0 && random.chance(0.05)) this.#bringBack();
  }

  /** The storm is over: everything is put right, as soon as somebody leads who can be told. */
  clear(tick: number, service: ReservationService | undefined): void {
    this.#tick = tick;
    const { drivers } = this.#options;
    for (const driver of drivers.values()) {
      driver.stoppedUntilTick = 0;
      driver.silentUntilTick = 0;
      driver.standsSinceTick = tick;
    }
    this.settle(tick, service);
  }

  settle(tick: number, service: ReservationService | undefined): void {
    this.#tick = tick;
    if (service === undefined) return;
    for (const closureId of [...this.#closures.keys()]) this.#open(service, closureId);
    for (const driver of this.#options.drivers.values())
      if (driver.failed !== undefined) this.#recover(service, driver);
    if (this.#absent > 0) this.#bringBack();
  }

  /**
   * What may have died with the last leader is said again. What is in the ledger is not: closures and failures have to
   * outlive the leader that they were told to.
   */
  askAgain(service: ReservationService): void {
    for (const said of this.#unsure.values()) said.to(service);
  }

  /** A tick is in the ledger, and what it says of closures and vehicles with it. */
  committed({ closures, vehicles }: TickChange): void {
    for (const { id, stored } of closures) this.#confirm(id, stored === undefined ? "gone" : "there");
    for (const { id, stored } of vehicles)
      this.#confirm(id, stored === undefined ? "gone" : stored.failed === undefined ? "well" : "failed");
  }

  #confirm(about: string, state: State): void {
    if (this.#unsure.get(about)?.until === state) this.#unsure.delete(about);
  }

  #say(service: ReservationService, about: string, until: State, to: Said["to"]): void {
    this.#unsure.set(about, { until, to });
    to(service);
  }

  /** A vehicle that was brought to a bay which someone else is about to use goes away again. */
  refused(vehicleId: string): void {
    const driver = this.#options.drivers.get(vehicleId);
    if (driver === undefined || driver.admitted) return;
    this.#options.drivers.delete(vehicleId);
    this.#gone++;
    this.#absent++;
  }

  /** Nothing of a closed edge's ground may be granted anew. */
  judge(tick: number, grants: readonly StreamBlocks[], network: Network): void {
    for (const { closure, sinceTick } of this.#closures.values()) {
      if (tick < sinceTick) continue;
      for (const edgeId of closure.edgeIds) {
        const move = network.moveIndex(edgeId) ?? -1;
        const { offsets, values } = network.moves.blocks;
        const shut = new Set<string>();
        for (const block of values.subarray(offsets[move], offsets[move + 1]))
          shut.add(network.blocks.ids[block] ?? "");
        for (const { vehicleId, blockIds } of grants) {
          const blockId = blockIds.find((id) => shut.has(id));
          if (blockId === undefined) continue;
          throw new Found({
            kind: "granted-while-closed",
            tick,
            vehicleId,
            detail: `${blockId} of edge ${edgeId}, closed since tick ${sinceTick}`,
          });
        }
      }
    }
  }

  #seeTo(service: ReservationService | undefined, driver: Driver): void {
    const { random, drivers } = this.#options;
    const { failed, vehicle } = driver;
    if (failed === undefined || service === undefined) return;
    if (!failed.said) {
      if (!random.chance(0.03)) return;
      failed.said = true;
      const failedId = vehicle.vehicleId as VehicleId;
      this.#say(service, failedId, "failed", (leader) => leader.fail(failedId, "does not move"));
      return;
    }
    if (!random.chance(0.002)) return;
    if (random.chance(0.6)) this.#recover(service, driver);
    else {
      // First the body is gone, then its ground is given back.
      this.removals++;
      drivers.delete(vehicle.vehicleId);
      this.#gone++;
      this.#absent++;
      const goneId = vehicle.vehicleId as VehicleId;
      this.#say(service, goneId, "gone", (leader) => leader.dismiss(goneId));
    }
  }

  #recover(service: ReservationService, driver: Driver): void {
    const said = driver.failed?.said === true;
    driver.failed = undefined;
    const vehicleId = driver.vehicle.vehicleId as VehicleId;
    if (said) this.#say(service, vehicleId, "well", (leader) => leader.recover(vehicleId));
  }

  #bringBack(): void {
    const { random, bays, drivers } = this.#options;
    const free = bays.filter((bay) => {
      for (const driver of drivers.values()) if (driver.at === bay || mayComeTo(driver, bay)) return false;
      return true;
    });
    if (free.length === 0) return;
    this.#absent--;
    const driver = this.#options.makeVehicle(random.pick(free), `car-again-${this.#gone}-${this.#absent}`);
    drivers.set(driver.vehicle.vehicleId, driver);
  }

  #close(service: ReservationService): void {
    const { random, edgeIds, plan } = this.#options;
    this.closed++;
    const closure: Closure = {
      closureId: `closure-${this.closed}` as ClosureId,
      edgeIds: Array.from({ length: 1 + random.integer(2) }, () => random.pick(edgeIds) as EdgeId),
      reason: "a person stands there",
    };
    const untilTick = this.#tick + Math.ceil((20_000 + random.next() * 120_000) / plan.tickMs);
    this.#closures.set(closure.closureId, { closure, sinceTick: this.#tick, untilTick });
    this.#say(service, closure.closureId, "there", (leader) => leader.close(closure));
  }

  #open(service: ReservationService, closureId: ClosureId): void {
    this.#closures.delete(closureId);
    this.#say(service, closureId, "gone", (leader) => leader.open(closureId));
  }
}
