import type { DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { Ledger, TickCommit } from "../../../orchestrator/src/reservation/ledger/ledger.ts";
import type { Observation, ReservationEvent } from "../../../orchestrator/src/reservation/port.ts";
import type { ReservationService } from "../../../orchestrator/src/reservation/service-port.ts";
import type { Random } from "../../../sim/src/random/seeded.ts";
import type { CoreUnderTest } from "../core-under-test.ts";
import { type FindingKind, Found } from "../findings.ts";
import type { Place } from "../layouts/place.ts";
import { edgeItem, type JudgedGround } from "../oracle/ground.ts";
import { LivenessJudge } from "../oracle/liveness.ts";
import type { JudgedLayout } from "../oracle/path.ts";
import { SafetyJudge, type TrueBody } from "../oracle/safety.ts";
import { FAIR_WEATHER, type TrialPlan, type Weather } from "../trial-plan.ts";
import { Channel } from "./channel.ts";
import { type Driver, newDriver } from "./driver.ts";
import { Leaders } from "./leaders.ts";
import { Missions } from "./missions.ts";
import { Reports } from "./reports.ts";
import { Roads } from "./roads.ts";
import { StreamHash } from "./stream-hash.ts";
import { Troubles } from "./troubles.ts";
import { TrueVehicle } from "./vehicle.ts";

export interface WorldOptions {
  readonly core: CoreUnderTest;
  readonly ledger: Ledger;
  readonly place: Place;
  readonly plan: TrialPlan;
  readonly layout: JudgedLayout;
  readonly ground: JudgedGround;
  readonly random: Random;
}

const BEGIN_MS = 1_000_000_000;
/** The longest that an order is on its way. */
const LATEST_ORDER_TICKS = 8;

/** Everything outside of the service: vehicles, missions, messages, leaders and their ends, and the judges. */
export class World {
  readonly #options: WorldOptions;
  readonly #safety: SafetyJudge;
  readonly #liveness: LivenessJudge;
  readonly #drivers = new Map<string, Driver>();
  readonly #leaders: Leaders;
  readonly #missions: Missions;
  readonly #troubles: Troubles;
  readonly #reports: Reports;
  readonly #orders = new Channel<{ readonly vehicleId: string; readonly order: DriveOrder }>();
  readonly #told = new Map<string, { orderId: string; edges: number }>();
  readonly #hash = new StreamHash();
  #weather: Weather;
  #tick: number;
  #vehicleTicks = 0;
  #ticks = 0;

  constructor(options: WorldOptions) {
    const { plan, place, layout, ground, random } = options;
    this.#options = options;
    this.#weather = plan.storm;
    this.#tick = BEGIN_MS / plan.tickMs;
    const half = { alongM: place.vehicle.lengthM / 2, acrossM: place.vehicle.widthM / 2 };
    this.#safety = new SafetyJudge(ground, place.network, half);
    this.#liveness = new LivenessJudge(limitsOf(plan, layout));
    const roads = new Roads(place, layout);
    this.#missions = new Missions({ place, roads, random, tickMs: plan.tickMs, drivers: this.#drivers });
    this.#reports = new Reports(random, plan);
    this.#leaders = new Leaders({
      core: options.core,
      ledger: options.ledger,
      place,
      plan,
      random,
      nowMs: () => this.#tick * plan.tickMs,
      listener: {
        order: (vehicleId, order) => this.#tell(vehicleId, order),
        event: (event) => this.#hear(event),
        committed: (commit) => this.#committed(commit),
        takenOver: (service) => this.#askAgain(service),
        mayCommand: (vehicleId) => this.#drivers.get(vehicleId)?.leg?.held === undefined,
      },
    });
    this.#troubles = new Troubles({
      random,
      plan,
      drivers: this.#drivers,
      edgeIds: [...layout.paths.keys()],
      makeVehicle: (nodeId, name) => this.#makeVehicle(nodeId, name),
      bays: place.bays,
    });
    const bays = [...place.bays];
    for (let i = 0; i < plan.vehicles; i++) {
      const [bay] = bays.splice(random.integer(bays.length), 1);
      if (bay === undefined) break;
      const driver = this.#makeVehicle(bay, `car-${i}`);
      this.#drivers.set(driver.vehicle.vehicleId, driver);
    }
  }

  async run(): Promise<void> {
    const { plan } = this.#options;
    for (let cycle = 0; cycle < plan.cycles; cycle++) {
      this.#weather = plan.storm;
      for (let i = 0; i < plan.stormTicks; i++) await this.#step(true, true);
      this.#weather = { ...FAIR_WEATHER, slowest: plan.storm.slowest };
      this.#troubles.clear(this.#tick, this.#leaders.service);
      for (const driver of this.#drivers.values()) if (driver.leg !== undefined) driver.leg.overtaken = 0;
      for (let i = 0; i < plan.busyTicks; i++) await this.#step(false, true);
      // The liveness judge ends this when it goes on too long.
      while (this.#someoneIsOut()) await this.#step(false, false);
      await this.#compareWithLedger();
    }
  }

  counts() {
    const { plan } = this.#options;
    return {
      ticks: this.#ticks,
      vehicleTicks: this.#vehicleTicks,
      legsEnded: this.#missions.legsEnded,
      leadersKilled: this.#leaders.killed,
      leadersReplaced: this.#leaders.replaced,
      ledgerFaults: this.#leaders.ledgerFaults,
      closures: this.#troubles.closed,
      failures: this.#troubles.failures,
      removals: this.#troubles.removals,
      withdrawals: this.#missions.withdrawn,
      turns: this.#missions.turned,
      turnsOfFailed: this.#missions.failedTurned,
      turnsRefused: this.#missions.notTurned,
      longestStandMs: this.#liveness.longestStandTicks * plan.tickMs,
      longestLegMs: this.#liveness.longestLegTicks * plan.tickMs,
      hash: this.#hash.digest(),
    };
  }

  async #step(storm: boolean, newLegs: boolean): Promise<void> {
    const { plan } = this.#options;
    this.#tick++;
    this.#ticks++;
    const tick = this.#tick;
    if (storm) this.#troubles.tick(tick, this.#leaders.service, this.#weather);
    else this.#troubles.settle(tick, this.#leaders.service);
    for (const { vehicleId, order } of this.#orders.arrivals(tick)) this.#deliver(vehicleId, order);
    for (const driver of this.#drivers.values()) {
      this.#vehicleTicks++;
      const { vehicle } = driver;
      vehicle.slowest = this.#weather.slowest;
      vehicle.halted = driver.failed !== undefined || tick < driver.stoppedUntilTick;
      vehicle.drive(plan.tickMs / 1000);
      this.#reports.send(tick, driver, this.#weather, this.#knowsItsWay(driver));
    }
    for (const report of this.#reports.arrivals(tick)) this.#observe(report);
    this.#missions.tick(tick, this.#leaders.service, this.#weather, newLegs);
    await this.#leaders.tick(this.#weather);
    if (this.#leaders.found !== undefined) throw this.#leaders.found;
    this.#judgeAhead();
    this.#safety.judgeBodies(tick, this.#bodies());
    if (storm) this.#liveness.storm(tick);
    else this.#liveness.fair(tick, this.#drivers.values(), (vehicleId) => this.#explain(vehicleId));
  }

  /** It has taken all that is granted to it: a leg that may still be taken back is granted and not told. */
  #knowsItsWay({ vehicle, leg }: Driver): boolean {
    if (leg?.held !== undefined) return false;
    const told = this.#told.get(vehicle.vehicleId);
    return told === undefined || vehicle.hasTaken(told.orderId, told.edges);
  }

  #observe(report: Observation): void {
    const driver = this.#drivers.get(report.vehicleId);
    if (driver === undefined) return;
    driver.heardTick = this.#tick;
    this.#leaders.observe(report);
  }

  #makeVehicle(nodeId: string, name: string): Driver {
    const { layout, ground, place, random } = this.#options;
    const driver = newDriver(new TrueVehicle(name, nodeId, layout, ground, place.vehicle, random), nodeId);
    driver.standsSinceTick = this.#tick;
    driver.heardTick = this.#tick;
    if (this.#leaders.service !== undefined) this.#admit(this.#leaders.service, driver);
    return driver;
  }

  #admit(service: ReservationService, driver: Driver): void {
    service.admit({
      vehicleId: driver.vehicle.vehicleId as VehicleId,
      vehicleClassId: this.#options.place.network.vehicleClassId,
      nodeId: driver.at as NodeId,
    });
  }

  #askAgain(service: ReservationService): void {
    this.#troubles.askAgain(service);
    for (const driver of this.#drivers.values()) {
      this.#admit(service, driver);
      this.#missions.askAgain(service, driver);
    }
  }

  #hear(event: ReservationEvent): void {
    if (event.kind === "admitted") {
      const driver = this.#drivers.get(event.vehicleId);
      if (driver !== undefined) driver.admitted = true;
    } else if (event.kind === "admissionRefused") this.#troubles.refused(event.vehicleId);
    else this.#missions.hear(event);
  }

  /** What a leader says to a vehicle: judged when it is said, obeyed when it arrives. */
  #tell(vehicleId: string, order: DriveOrder): void {
    const driver = this.#drivers.get(vehicleId);
    if (driver === undefined) return;
    const released = order.edges.filter((edge) => edge.released).length;
    const known = this.#told.get(vehicleId);
    const from = known?.orderId === order.orderId ? known.edges : 0;
    for (let i = from; i < released; i++) {
      const edgeId = order.edges[i]?.edgeId ?? "";
      const item = this.#options.ground.indexOf.get(edgeItem(edgeId)) ?? -1;
      if (!this.#safety.holdsAll(vehicleId, item))
        this.#found(
          "told-without-grant",
          vehicleId,
          `of edge ${edgeId} by order ${order.orderId}, revision ${order.revision}`,
        );
    }
    this.#told.set(vehicleId, { orderId: order.orderId, edges: Math.max(from, released) });
    const { random } = this.#options;
    const late = this.#weather.lateOrders > 0 && random.chance(this.#weather.lateOrders);
    this.#orders.send({ vehicleId, order }, this.#tick + 1 + (late ? random.integer(LATEST_ORDER_TICKS) : 0));
  }

  #deliver(vehicleId: string, order: DriveOrder): void {
    const wrong = this.#drivers.get(vehicleId)?.vehicle.take(order);
    if (wrong !== undefined) this.#found("order-broken", vehicleId, wrong);
  }

  #committed({ change }: TickCommit): void {
    this.#troubles.committed(change);
    for (const { vehicleId } of change.releases) {
      const driver = this.#drivers.get(vehicleId);
      if (driver === undefined || driver.withdrawnTick >= 0) continue;
      if (change.tick > driver.heardTick + 2)
        this.#found(
          "released-in-silence",
          vehicleId,
          `in tick ${change.tick}, last heard of in ${driver.heardTick}`,
        );
    }
    // Who is brought onto closed ground stands there: its body's ground is its own.
    const driving = change.grants.filter(({ vehicleId }) => this.#drivers.get(vehicleId)?.admitted === true);
    this.#troubles.judge(change.tick, driving, this.#options.place.network);
    this.#safety.committed(change.tick, change.releases, change.grants);
    this.#hash.add(change.tick, change.releases, change.grants);
  }

  /** What a vehicle was told to drive on stays its own until it has been there. */
  #judgeAhead(): void {
    for (const { vehicle } of this.#drivers.values()) {
      for (const item of vehicle.itemsAhead()) {
        if (this.#safety.holdsAll(vehicle.vehicleId, item)) continue;
        this.#found(
          "ground-taken-ahead",
          vehicle.vehicleId,
          `of ${this.#options.ground.items[item]?.name ?? ""}`,
        );
      }
    }
  }

  #bodies(): TrueBody[] {
    const bodies: TrueBody[] = [];
    for (const { vehicle, admitted } of this.#drivers.values()) if (admitted) bodies.push(vehicle);
    return bodies;
  }

  #someoneIsOut(): boolean {
    for (const { leg, admitted } of this.#drivers.values()) if (leg !== undefined || !admitted) return true;
    return false;
  }

  async #compareWithLedger(): Promise<void> {
    const { grants } = await this.#options.ledger.read();
    const seen = this.#safety.holders();
    if (grants.size !== seen.size)
      this.#found(
        "stream-contradicts-itself",
        "",
        `${seen.size} grants by the stream, ${grants.size} in the ledger`,
      );
    for (const [blockId, vehicleId] of grants) {
      if (seen.get(blockId) !== vehicleId)
        this.#found(
          "stream-contradicts-itself",
          vehicleId,
          `has ${blockId} in the ledger, by the stream ${seen.get(blockId) ?? "nobody"}`,
        );
    }
  }

  #explain(vehicleId: string): string {
    const service = this.#leaders.service;
    const holding = service?.holding(vehicleId as VehicleId);
    const why = JSON.stringify(service?.explain(vehicleId as VehicleId));
    const stand = [...this.#drivers.values()].map(({ vehicle, leg, at }) => {
      const edge = this.#options.ground.items[vehicle.edgeItem]?.name;
      const where = edge === undefined ? `at ${at}` : `${vehicle.alongM.toFixed(0)} m into ${edge}`;
      const goes =
        leg === undefined ? "rests" : `${leg.planned ? "goes" : "has no plan"} to ${leg.request.toNodeId}`;
      const told = service?.explain(vehicle.vehicleId as VehicleId);
      const behind = (told?.chain ?? []).map(({ heldBy, how }) => ` > ${heldBy} (${how})`).join("");
      return `\n    ${vehicle.vehicleId} ${where}, ${goes}${behind}; ${told?.head.vehicleId ?? "nobody"} ${told?.head.because ?? ""}`;
    });
    return `It says: ${JSON.stringify(holding?.waitingFor)}; ${why}${stand.join("")}`;
  }

  #found(kind: FindingKind, vehicleId: string, detail: string): never {
    throw new Found({ kind, tick: this.#tick, vehicleId, detail });
  }
}

/** As if all vehicles went one after the other, each the longest way at the lowest speed; and then some. */
function limitsOf(plan: TrialPlan, layout: JudgedLayout) {
  let seconds = 0;
  for (const path of layout.paths.values()) {
    seconds += (path.lengthM * plan.storm.slowest) / Math.min(path.maxSpeedMps, 6);
  }
  const oneLegS = Math.min(seconds, 1500) + 120;
  return {
    quietTicks: Math.ceil(240_000 / plan.tickMs),
    legTicks: Math.ceil((oneLegS * plan.vehicles * 1000) / plan.tickMs),
    mostOvertaken: 20 * plan.vehicles,
  };
}
