import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { LegId, LegRequest, ReservationEvent } from "../../../orchestrator/src/reservation/port.ts";
import type { ReservationService } from "../../../orchestrator/src/reservation/service-port.ts";
import type { Random } from "../../../sim/src/random/seeded.ts";
import { Found } from "../findings.ts";
import type { Place } from "../layouts/place.ts";
import type { Weather } from "../trial-plan.ts";
import { type Driver, mayComeTo, type OpenLeg } from "./driver.ts";
import type { Roads } from "./roads.ts";

export interface MissionsOptions {
  readonly place: Place;
  readonly roads: Roads;
  readonly random: Random;
  readonly tickMs: number;
  readonly drivers: ReadonlyMap<string, Driver>;
}

const LONGEST_DWELL_MS = 8000;
const LONGEST_REST_MS = 20_000;
/** Of the legs of a vehicle that are asked for on its way every so manieth is asked for now or never. */
const NOW_OR_NEVER_EVERY = 3;

/** One that has failed is sent elsewhere so many times as often: it has a minute or two, and others hours. */
const FAILED_TURNS = 5;

/** Whoever sends vehicles around: asks for legs, says `proceed`, takes legs back; asks again when a leader is new. */
export class Missions {
  readonly #options: MissionsOptions;
  #tick = 0;
  legsEnded = 0;
  withdrawn = 0;
  turned = 0;
  /** Of these, with a vehicle that had failed. */
  failedTurned = 0;
  /** Asked for now or never, and never. */
  notTurned = 0;

  constructor(options: MissionsOptions) {
    this.#options = options;
  }

  /** `newLegs`: whether vehicles at rest are sent on; else only those that stand where another is to go. */
  tick(tick: number, service: ReservationService | undefined, weather: Weather, newLegs: boolean): void {
    this.#tick = tick;
    if (service === undefined) return;
    const { random, drivers } = this.#options;
    for (const driver of drivers.values()) {
      const { leg } = driver;
      if (!driver.admitted) continue;
      if (driver.failed !== undefined) {
        if (leg !== undefined && random.chance(FAILED_TURNS * weather.turns))
          this.#sendElsewhere(service, driver, leg);
        continue;
      }
      if (leg === undefined) {
        if (tick >= driver.restsUntilTick && (newLegs || this.#isInTheWay(driver)))
          this.#ask(service, driver, weather);
        continue;
      }
      const { vehicleId, legId } = leg.request;
      if (leg.toBeToldAgain) {
        leg.toBeToldAgain = false;
        service.requestLeg(leg.request);
      }
      if (leg.waitsAt !== undefined && tick >= leg.waitsAt.untilTick) {
        leg.proceeded.push(leg.waitsAt.nodeId);
        service.proceed(vehicleId, legId, leg.waitsAt.nodeId);
        leg.waitsAt = undefined;
      }
      if (typeof leg.held === "object" && tick >= leg.held.decideTick && !leg.withdrawing) {
        if (random.chance(0.5)) {
          leg.withdrawing = true;
          driver.withdrawnTick = tick;
          service.abandonLeg(vehicleId, legId);
        } else leg.held = undefined;
      }
      if (weather.turns > 0 && random.chance(weather.turns)) this.#sendElsewhere(service, driver, leg);
      if (weather.priorities > 0 && random.chance(weather.priorities)) {
        service.prioritise(vehicleId, legId, random.integer(5));
      }
    }
  }

  /** Everything that is wanted of this vehicle, said again to a leader that may not know of it. */
  askAgain(service: ReservationService, driver: Driver): void {
    const { vehicle, leg } = driver;
    const vehicleId = vehicle.vehicleId as VehicleId;
    if (leg === undefined) return;
    const { legId } = leg.request;
    if (leg.withdrawing) {
      service.abandonLeg(vehicleId, legId);
      return;
    }
    const { insteadOf } = leg;
    for (const nodeId of insteadOf?.proceeded ?? [])
      if (insteadOf !== undefined) service.proceed(vehicleId, insteadOf.request.legId, nodeId);
    service.requestLeg(leg.request);
    for (const nodeId of leg.proceeded) service.proceed(vehicleId, legId, nodeId);
  }

  hear(event: ReservationEvent): void {
    if (event.kind === "trouble" || event.kind === "admitted" || event.kind === "admissionRefused") return;
    const driver = this.#options.drivers.get(event.vehicleId);
    const leg = driver?.leg;
    if (driver === undefined || leg === undefined || !("legId" in event)) return;
    if (event.legId === leg.insteadOf?.request.legId) this.#hearOfOld(driver, leg, leg.insteadOf, event);
    if (event.legId !== leg.request.legId) return;
    switch (event.kind) {
      case "legPlanned":
        leg.planned = true;
        break;
      case "granted":
        if (leg.tooLate) this.#broken(driver, `leg ${event.legId} was for now or never, and comes later`);
        if (leg.held === "until-granted") leg.held = { decideTick: this.#later(12_000) };
        break;
      case "waitingAt":
        if (leg.waitsAt === undefined && !leg.proceeded.includes(event.nodeId))
          leg.waitsAt = { nodeId: event.nodeId, untilTick: this.#later(LONGEST_DWELL_MS) };
        break;
      case "legCompleted":
        if (event.nodeId !== leg.request.toNodeId)
          this.#broken(driver, `leg ${event.legId} ended at ${event.nodeId}`);
        driver.at = event.nodeId;
        this.#end(driver);
        this.legsEnded++;
        for (const other of this.#options.drivers.values())
          if (other.leg !== undefined) other.leg.overtaken++;
        break;
      case "legAbandoned":
        if (event.ok) {
          this.withdrawn++;
          this.#end(driver);
        } else {
          leg.withdrawing = false;
          leg.held = undefined;
        }
        break;
      case "legRefused":
        if (event.reason === "not-turned" && leg.request.orNever === true) this.#goesOn(driver, leg);
        else
          this.#broken(
            driver,
            `leg ${event.legId} from ${driver.at} to ${leg.request.toNodeId} is refused: ${event.reason}`,
          );
        break;
      default:
        break;
    }
  }

  /** The leg that another one is to take the place of: it is no more, or it came to its end before. */
  #hearOfOld(driver: Driver, leg: OpenLeg, old: OpenLeg, event: ReservationEvent): void {
    if (event.kind === "legAbandoned" && event.ok) {
      this.turned++;
      if (driver.failed !== undefined) this.failedTurned++;
      leg.insteadOf = undefined;
    } else if (event.kind === "legCompleted") {
      if (event.nodeId !== old.request.toNodeId)
        this.#broken(driver, `leg ${event.legId} ended at ${event.nodeId}`);
      driver.at = event.nodeId;
      leg.insteadOf = undefined;
      leg.tooLate = leg.request.orNever === true;
    }
  }

  /** It was not sent elsewhere: it drives on as it did, or stands where it came to meanwhile. */
  #goesOn(driver: Driver, { insteadOf }: OpenLeg): void {
    this.notTurned++;
    if (insteadOf === undefined) this.#end(driver);
    else {
      driver.leg = insteadOf;
      // What became of it while another was asked for may have been told by a leader that is no more.
      insteadOf.toBeToldAgain = true;
    }
  }

  /** Of a leg that nobody may take back any more, and whose stops are made. */
  #sendElsewhere(service: ReservationService, driver: Driver, leg: OpenLeg): void {
    if (!leg.planned || leg.held !== undefined || leg.insteadOf !== undefined || leg.waitsAt !== undefined)
      return;
    if (leg.proceeded.length < leg.request.via.length) return;
    const { random, place } = this.#options;
    const goals = place.bays.filter((bay) => bay !== leg.request.toNodeId && this.#mayGo(driver, bay));
    if (goals.length === 0) return;
    const toNodeId = random.pick(goals) as NodeId;
    driver.legs++;
    const request: LegRequest = {
      legId: `${driver.vehicle.vehicleId}/${driver.legs}` as LegId,
      vehicleId: driver.vehicle.vehicleId as VehicleId,
      via: [],
      toNodeId,
      actionsAtEnd: [],
      priority: random.integer(4),
      commandedBy: "us",
      insteadOf: leg.request.legId,
      ...(driver.legs % NOW_OR_NEVER_EVERY === 0 ? { orNever: true } : {}),
    };
    driver.leg = { ...newLeg(request, this.#tick), insteadOf: leg };
    service.requestLeg(request);
  }

  #end(driver: Driver): void {
    driver.leg = undefined;
    driver.restsUntilTick = this.#later(LONGEST_REST_MS);
  }

  #later(mostMs: number): number {
    return this.#tick + Math.ceil((this.#options.random.next() * mostMs) / this.#options.tickMs);
  }

  #isInTheWay(driver: Driver): boolean {
    for (const other of this.#options.drivers.values()) {
      if (other !== driver && mayComeTo(other, driver.at)) return true;
    }
    return false;
  }

  #ask(service: ReservationService, driver: Driver, weather: Weather): void {
    const { random, place, roads } = this.#options;
    const goals = place.bays.filter((bay) => this.#mayGo(driver, bay));
    if (goals.length === 0) return;
    const heads = goals.filter((bay) => place.heads.has(bay));
    // Queues fill only when many want to go there.
    const goal = random.pick(heads.length > 0 && random.chance(0.4) ? heads : goals);
    const way = roads.way(driver.at, goal);
    const via = place.stops
      .filter((stop) => way.includes(stop) && random.chance(0.8))
      .sort((a, b) => way.indexOf(a) - way.indexOf(b))
      .map((nodeId) => ({ nodeId: nodeId as NodeId, expectedDwellMs: LONGEST_DWELL_MS / 2 }));
    const held = weather.withdrawals > 0 && random.chance(weather.withdrawals);
    const through = held
      ? way
          .slice(1, 5)
          .filter((nodeId) => roads.standable(nodeId))
          .at(-1)
      : undefined;
    driver.legs++;
    const request: LegRequest = {
      legId: `${driver.vehicle.vehicleId}/${driver.legs}` as LegId,
      vehicleId: driver.vehicle.vehicleId as VehicleId,
      via,
      toNodeId: goal as NodeId,
      ...(through === undefined ? {} : { firstGrantThroughNodeId: through as NodeId }),
      actionsAtEnd: [],
      priority: random.integer(4),
      commandedBy: "us",
    };
    driver.leg = { ...newLeg(request, this.#tick), held: held ? "until-granted" : undefined };
    service.requestLeg(request);
  }

  /**
   * The head of a queue, if no more are on their way there than can wait, and one. Or a bay that nobody else goes to, and that is empty or whose vehicle is leaving by a planned leg; and nobody in
   * the chain of those who leave for one another goes to this one's own bay: such a circle nobody could begin. A leg
   * that may still be taken back is nothing to build upon.
   */
  #mayGo(driver: Driver, bay: string): boolean {
    if (bay === driver.at) return false;
    const { drivers, place } = this.#options;
    const room = place.heads.get(bay);
    let others = 0;
    for (const other of drivers.values()) if (mayComeTo(other, bay)) others++;
    // Whoever is at the head of a queue goes on when others are behind it.
    if (room !== undefined) return others <= room;
    if (others > 0) return false;
    return this.#leaves(driver, bay, 0);
  }

  /** Whether all who stand at a bay, or stood there last, have planned legs away from it that do not need `driver` to go. */
  #leaves(driver: Driver, bay: string, links: number): boolean {
    const { drivers } = this.#options;
    if (links > drivers.size) return false;
    for (const there of drivers.values()) {
      if (there.at !== bay) continue;
      const { leg } = there;
      if (there === driver || leg?.planned !== true || leg.held !== undefined || there.failed !== undefined)
        return false;
      if (!this.#leaves(driver, leg.request.toNodeId, links + 1)) return false;
    }
    return true;
  }

  #broken(driver: Driver, detail: string): never {
    throw new Found({ kind: "port-broken", tick: this.#tick, vehicleId: driver.vehicle.vehicleId, detail });
  }
}

function newLeg(request: LegRequest, askedTick: number): OpenLeg {
  return {
    request,
    insteadOf: undefined,
    askedTick,
    planned: false,
    waitsAt: undefined,
    proceeded: [],
    held: undefined,
    withdrawing: false,
    toBeToldAgain: false,
    tooLate: false,
    overtaken: 0,
    fairTicks: 0,
  };
}
