import type { DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { LeaderId, Ledger, TickCommit } from "../../../orchestrator/src/reservation/ledger/ledger.ts";
import type { Observation, ReservationEvent } from "../../../orchestrator/src/reservation/port.ts";
import type { ReservationService } from "../../../orchestrator/src/reservation/service-port.ts";
import type { Random } from "../../../sim/src/random/seeded.ts";
import type { CoreUnderTest } from "../core-under-test.ts";
import { Found } from "../findings.ts";
import type { Place } from "../layouts/place.ts";
import type { TrialPlan, Weather } from "../trial-plan.ts";
import { type CommitFate, Witness, type WitnessedLeader } from "./witness.ts";

/** What leaders say to the rest of the world. */
export interface LeaderListener {
  order(vehicleId: VehicleId, order: DriveOrder): void;
  /** Only of the leader that the missions live with. */
  event(event: ReservationEvent): void;
  committed(commit: TickCommit): void;
  /** A new leader leads: whoever wants something asks again. */
  takenOver(service: ReservationService): void;
  mayCommand(vehicleId: VehicleId): boolean;
}

interface Leader extends WitnessedLeader {
  readonly service: ReservationService;
  alive: boolean;
  nextFate: CommitFate;
  /** Dies after telling so many more things. */
  tellsLeft: number;
}

export interface LeadersOptions {
  readonly core: CoreUnderTest;
  readonly ledger: Ledger;
  readonly place: Place;
  readonly plan: TrialPlan;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly listener: LeaderListener;
}

const MOST_TICKS_WITHOUT = 25;

/** The processes that lead the zone, one after the other, sometimes two at once; and how they end. */
export class Leaders {
  readonly #options: LeadersOptions;
  readonly #witness: Witness;
  #current: Leader | undefined;
  #stale: Leader[] = [];
  #number = 0;
  #nextInTicks = 0;
  #tick = 0;
  killed = 0;
  replaced = 0;
  ledgerFaults = 0;

  constructor(options: LeadersOptions) {
    this.#options = options;
    this.#witness = new Witness({
      inner: options.ledger,
      unreachable: options.core.LedgerUnreachable,
      onTaken: (commit, highestEpoch, leader) => {
        if (commit.epoch < highestEpoch) {
          throw new Found({
            kind: "stale-leader-accepted",
            tick: commit.change.tick,
            vehicleId: undefined,
            detail: `the ledger took tick ${commit.change.tick} of ${leader.name}, epoch ${commit.epoch}; epoch ${highestEpoch} leads`,
          });
        }
        options.listener.committed(commit);
      },
      takeOver: async () => {
        this.replaced++;
        await this.#takeOver();
      },
    });
  }

  /** The one that missions talk to; `undefined` while there is none. */
  get service(): ReservationService | undefined {
    return this.#current?.service;
  }

  observe(observation: Observation): void {
    this.#current?.service.observe(observation);
    for (const leader of this.#stale) leader.service.observe(observation);
  }

  /** One tick of everyone who believes to lead. */
  async tick(weather: Weather): Promise<void> {
    this.#tick++;
    if (this.#current === undefined) {
      if (this.#nextInTicks-- <= 0 || weather.newLeaders === 0) await this.#takeOver();
    } else this.#disturb(this.#current, weather);
    for (const leader of this.#stale) await leader.service.tick();
    this.#stale = this.#stale.filter((leader) => leader.alive && leader.service.metrics().leading);
    const leader = this.#current;
    if (leader === undefined) return;
    await leader.service.tick();
    if (!leader.alive && leader === this.#current) {
      this.#current = undefined;
      this.killed++;
      this.#nextInTicks = this.#options.random.integer(MOST_TICKS_WITHOUT);
    }
  }

  #disturb(leader: Leader, weather: Weather): void {
    const { random } = this.#options;
    if (weather.ledgerFaults > 0 && random.chance(weather.ledgerFaults)) {
      this.ledgerFaults++;
      leader.nextFate = random.pick(["request-lost", "answer-lost"]);
    }
    if (weather.newLeaders === 0 || !random.chance(weather.newLeaders)) return;
    const how = random.integer(6);
    if (how === 0) leader.alive = false;
    else if (how === 1) leader.nextFate = "dies-before";
    else if (how === 2) leader.nextFate = "dies-after";
    else if (how === 3) leader.tellsLeft = random.integer(4);
    else if (how === 4) leader.nextFate = "overtaken";
    else {
      // It has lost its lease and does not know yet.
      this.#stale.push(leader);
      this.#current = undefined;
      this.replaced++;
      this.#nextInTicks = 0;
    }
  }

  async #takeOver(): Promise<void> {
    const { core, place, plan, nowMs, listener } = this.#options;
    const before = this.#current;
    if (before !== undefined) this.#stale.push(before);
    const tells = (): boolean => {
      if (!leader.alive) return false;
      if (leader.tellsLeft-- > 0) return true;
      leader.alive = false;
      return false;
    };
    const name = `leader-${this.#number++}`;
    const leader: Leader = {
      name,
      alive: true,
      nextFate: "arrives",
      tellsLeft: Number.POSITIVE_INFINITY,
      fateOfCommit: () => {
        const fate = leader.nextFate;
        leader.nextFate = "arrives";
        return fate;
      },
      die: () => {
        leader.alive = false;
      },
      get service() {
        return service;
      },
    };
    const service = core.createReservation({
      network: place.network,
      kinematics: place.vehicle,
      ledger: this.#witness.ledgerOf(leader),
      leaderId: name as LeaderId,
      clock: { nowMs },
      timers: { after: () => () => {}, every: () => () => {} },
      log: {
        info: () => {},
        warn: () => {},
        error: (fields) => {
          // A judge that found something within a call-back of the service must not be taken for a failed listener.
          if ("err" in fields && fields.err instanceof Found) this.found ??= fields.err;
        },
      },
      tickMs: plan.tickMs,
      settings: plan.settings,
      stopwatchMs: () => 0,
      keepTicks: 3,
    });
    const writer = core.createOrderWriter({
      network: place.network,
      mayCommand: (vehicleId) => listener.mayCommand(vehicleId),
      fleet: {
        drive: (vehicleId, order) => {
          if (tells()) listener.order(vehicleId, order);
        },
      },
    });
    service.onCommitted((legs) => writer.write(legs));
    service.subscribe((event) => {
      if (this.#current === leader && tells()) this.#hear(leader, event);
    });
    await service.start();
    this.#current = leader;
    listener.takenOver(service);
  }

  /** What a call-back found while the service was in its tick. */
  found: Found | undefined;

  #hear(leader: Leader, event: ReservationEvent): void {
    if (event.kind !== "trouble") {
      this.#options.listener.event(event);
      return;
    }
    const overtaken = event.code === "leadership-lost";
    if (!overtaken && (event.code === "halted" || event.code === "ledger-refused")) {
      this.found ??= new Found({
        kind: "halted",
        tick: this.#tick,
        vehicleId: undefined,
        detail: `${leader.name}: ${event.code}: ${event.detail}`,
      });
    } else this.#options.listener.event(event);
  }
}
