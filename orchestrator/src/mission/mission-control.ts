import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { DeviceView, MissionView, TransportOrderRequest } from "../contract/index.ts";
import { Calendar } from "../dispatch/calendar.ts";
import type { DispatchView } from "../dispatch/view.ts";
import type { Yard } from "../dispatch/yard.ts";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import { AdmissionDesk } from "./admission-desk.ts";
import { ClosedStations } from "./closed-stations.ts";
import { isOver, type MissionContext } from "./context.ts";
import type { Adoption, MissionControl, MissionControlOptions, PlaceOutcome } from "./control-port.ts";
import { DeviceWatch } from "./device-watch.ts";
import { DispatchDesk } from "./dispatch-desk.ts";
import { Ears } from "./ears.ts";
import { isUnanswered, type MissionEffect, writerOf } from "./effects.ts";
import type { Happening, MissionEvent } from "./events.ts";
import { GivenBack } from "./given-back.ts";
import { IdleFleet } from "./idle-fleet.ts";
import { IntakeDesk } from "./intake-desk.ts";
import { advance, beginMission, buildMissionMachine, type MissionMachine, nextWakeAtMs } from "./machine.ts";
import { perform, type World } from "./perform.ts";
import { PersonDesk } from "./person-desk.ts";
import { type Procedure, procedureFor } from "./procedure.ts";
import { RollCall } from "./roll-call.ts";
import type { CreateOutcome } from "./store.ts";
import { StoreKeeper } from "./store-keeper.ts";
import { viewOf } from "./view.ts";
import { VisitDesk } from "./visit-desk.ts";
import { WorkQueue } from "./work-queue.ts";

/** How often deadlines are looked at, and vehicles for dispatch. */
const TICK_MS = 1_000;

/** Missions of one side: takes events in one at a time, stores what came of each, and only then acts on it. */
export function createMissionControl(options: MissionControlOptions): MissionControl {
  return new Control(options);
}

class Control implements MissionControl {
  readonly #options: MissionControlOptions;
  readonly #yard: Yard;
  readonly #world: World;
  /** Of both sides. */
  readonly #calendars: readonly Calendar[];
  readonly #queue: WorkQueue;
  readonly #keeper: StoreKeeper;
  readonly #idle: IdleFleet;
  readonly #admission: AdmissionDesk;
  readonly #machines = new Map<string, { readonly procedure: Procedure; readonly machine: MissionMachine }>();
  readonly #ends: (() => void)[];
  /**
   * What was told before the missions were read back: the rooms that start first say then what is outstanding, once.
   * Undefined when it has been taken in.
   */
  #early: (() => void)[] | undefined = [];
  readonly #devices: DeviceWatch;
  /** Of the vehicles that the ledger knows; from the start on. */
  #rollCall: RollCall | undefined;
  readonly #givenBack: GivenBack;
  readonly #visits: VisitDesk | undefined;
  readonly #dispatch: DispatchDesk;
  readonly #people: PersonDesk;
  readonly #intake: IntakeDesk;
  readonly #ears: Ears;
  readonly #closed: ClosedStations;
  /** A context is an object of its own: its view is made once. */
  readonly #madeViews = new WeakMap<MissionContext, MissionView>();
  /** No open mission wants to be told the time before then. */
  #wakeAtMs = Number.NEGATIVE_INFINITY;
  #views: { readonly of: readonly MissionContext[]; readonly views: readonly MissionView[] } | undefined;

  constructor(options: MissionControlOptions) {
    const { reservation, devices, handoffs, fleet, alarms, side, site, log } = options;
    this.#options = options;
    this.#yard = yardOfSite(site, side);
    this.#world = { reservation, devices, handoffs, fleet, alarms };
    this.#calendars = Object.values(site.file.sides).map(
      ({ calendar, utcOffsetMinutes }) => new Calendar(calendar, utcOffsetMinutes),
    );
    const { timers } = options;
    const onVehicle = (vehicleId: VehicleId): void => this.#dispatch.touch(vehicleId);
    this.#keeper = new StoreKeeper(options.store, { alarms, timers, log, onVehicle });
    this.#idle = new IdleFleet(this.#yard, this.#world, this.#keeper);
    this.#admission = new AdmissionDesk(this.#yard, this.#world, options.clock);
    this.#devices = new DeviceWatch({
      side,
      site,
      alarms,
      nowMs: () => options.clock.nowMs(),
      onChange: (view) => options.onDevice?.(view),
    });
    this.#givenBack = new GivenBack(this.#keeper.missions);
    const nowMs = (): number => options.clock.nowMs();
    const post = (missionId: string, happening: Happening): void => this.#post(missionId, happening);
    const { missions } = this.#keeper;
    this.#visits =
      options.visits === undefined
        ? undefined
        : new VisitDesk({ side, handoffs, room: options.visits, missions, post, nowMs });
    this.#dispatch = new DispatchDesk({
      ...options,
      yard: this.#yard,
      calendars: this.#calendars,
      missions: this.#keeper.missions,
      idle: this.#idle,
      closedStations: () => this.#closed.ids(),
      homeOf: (vehicleId) => this.#homeOf(vehicleId),
      stillBoundFor: (vehicleId) => this.#givenBack.boundFor(vehicleId),
      sendEmptyOver: (command) => this.#intake.sendEmptyOver(command),
      tell: (missionId, happening) => this.#post(missionId, happening),
      later: (task) => this.#queue.add(task),
    });
    this.#queue = new WorkQueue(
      () => this.#dispatch.round(this.#rollCall),
      (error) => {
        log.error({ err: error }, "mission control found itself inconsistent and does nothing more");
        alarms.raise({
          alarmId: "mission.halted",
          code: "mission.halted",
          detail: String(error),
          facts: { said: String(error) },
          priority: "critical",
        });
      },
    );
    this.#people = new PersonDesk({
      ...this.#world,
      missions,
      queue: this.#queue,
      calendars: this.#calendars,
      nowMs,
      procedureOf: (context) => this.#machineOf(context).procedure,
      dispatchView: () => this.#dispatchView(),
      carryOut: (command) => this.#dispatch.carryOut(command, "person"),
      apply: (missionId, happening) => this.#apply(missionId, happening),
    });
    this.#intake = new IntakeDesk({
      ...options,
      yard: this.#yard,
      calendars: this.#calendars,
      missions,
      dispatchView: () => this.#dispatchView(),
      homeOf: (vehicleId) => this.#homeOf(vehicleId),
      begin: (context, orderId) => this.#begin(context, orderId),
    });
    this.#closed = new ClosedStations({
      yard: this.#yard,
      keeper: this.#keeper,
      queue: this.#queue,
      nowMs,
      onChange: () => this.#dispatch.setDue(),
    });
    for (const procedure of options.procedures) {
      this.#machines.set(machineKey(procedure.procedureId, procedure.version), {
        procedure,
        machine: buildMissionMachine(procedure),
      });
    }
    const ears = new Ears({
      ...this.#world,
      side,
      missions,
      queue: this.#queue,
      ids: options.ids,
      nowMs,
      admission: this.#admission,
      idle: this.#idle,
      devices: this.#devices,
      hasVisits: options.visits !== undefined,
      post: (missionId, happening) => this.#post(missionId, happening),
      onOffer: (offer) => this.#queue.add(() => this.#intake.takeOffer(offer)),
    });
    this.#ears = ears;
    this.#ends = [
      reservation.subscribe((event) => this.#whenRead(() => ears.hearRoad(event))),
      devices.subscribe((event) => this.#whenRead(() => ears.hearDevice(event))),
      handoffs.subscribe((event) => this.#whenRead(() => ears.hearPartner(event))),
      ...(options.lineCranes === undefined
        ? []
        : [options.lineCranes.subscribe((report) => this.#whenRead(() => ears.hearCrane(report)))]),
      ...(options.visits === undefined
        ? []
        : [
            options.visits.visits.subscribe((handoffId) =>
              this.#whenRead(() => this.#visits?.changed(handoffId)),
            ),
          ]),
    ];
  }

  async start(): Promise<void> {
    const { fleet, timers, log, onChange } = this.#options;
    await this.#keeper.load((context) =>
      this.#machines.has(machineKey(context.procedureId, context.procedureVersion)),
    );
    this.#ends.push(
      fleet.subscribe((event) => this.#ears.hearFleet(event)),
      timers.every(TICK_MS, () => this.#tick()),
    );
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const hear of early) hear();
    const missions = this.#keeper.missions.all();
    log.info(
      { missions: missions.length, open: missions.filter((context) => !isOver(context)).length },
      "missions taken up",
    );
    for (const context of missions) {
      onChange(this.#viewOf(context));
      this.#carryOut(context, context.outbox);
      if (context.status === "returned") this.#givenBack.add(context.missionId);
    }
    this.#rollCall = new RollCall(this.#options);
    this.#idle.resume();
    for (const { state, factsheet } of fleet.vehicles().values()) {
      if (state === undefined) continue;
      this.#admission.look(state, factsheet);
      this.#ears.tellMissionOf(state.vehicleId);
    }
    this.#dispatch.setDue();
    this.#queue.add(async () => {});
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#keeper.giveUp();
    await this.#queue.close();
  }

  place(order: TransportOrderRequest): Promise<PlaceOutcome> {
    return this.#queue.ask(async () => (this.#early === undefined ? this.#intake.place(order) : NOT_READY));
  }

  adopt(request: Adoption): Promise<PlaceOutcome> {
    return this.#queue.ask(async () => (this.#early === undefined ? this.#intake.adopt(request) : NOT_READY));
  }

  resume: MissionControl["resume"] = (...asked) => this.#people.resume(...asked);
  prioritise: MissionControl["prioritise"] = (...asked) => this.#people.prioritise(...asked);
  reslot: MissionControl["reslot"] = (...asked) => this.#people.reslot(...asked);
  recall: MissionControl["recall"] = (...asked) => this.#people.recall(...asked);
  byPerson: MissionControl["byPerson"] = (...asked) => this.#people.byPerson(...asked);
  assign: MissionControl["assign"] = (...asked) => this.#people.assign(...asked);
  park: MissionControl["park"] = (...asked) => this.#people.park(...asked);
  closeStation: MissionControl["closeStation"] = (closure) => this.#closed.close(closure);
  openStation: MissionControl["openStation"] = (stationId) => this.#closed.open(stationId);
  closedStations: MissionControl["closedStations"] = () => this.#closed.closures();

  devices(): readonly DeviceView[] {
    return this.#devices.views();
  }

  views(): readonly MissionView[] {
    const of = this.#keeper.missions.all();
    if (this.#views?.of !== of) this.#views = { of, views: of.map((context) => this.#viewOf(context)) };
    return this.#views.views;
  }

  view(missionId: string): MissionView | undefined {
    const context = this.#keeper.missions.get(missionId);
    return context === undefined ? undefined : this.#viewOf(context);
  }

  reasons(): ReturnType<MissionControl["reasons"]> {
    return this.#dispatch.reasons;
  }

  settled(): Promise<void> {
    return this.#queue.idle();
  }

  #post(missionId: string | undefined, event: Happening): void {
    if (missionId === undefined || this.#keeper.missions.get(missionId) === undefined) return;
    this.#queue.add(async () => this.#apply(missionId, event));
  }

  /** One event: a transition, the write, and, once the store has said yes, what follows from it. */
  async #apply(missionId: string, event: Happening): Promise<void> {
    const before = this.#keeper.missions.get(missionId);
    if (before === undefined) return;
    const { machine, procedure } = this.#machineOf(before);
    const after = advance(machine, procedure, before, this.#stamp(event));
    if (after === before) return;
    if (!(await this.#keeper.save(after))) return;
    this.#follow(before, after);
  }

  #stamp(event: Happening): MissionEvent {
    return { ...event, atMs: this.#options.clock.nowMs(), spareId: this.#options.ids.next() };
  }

  #follow(before: MissionContext | undefined, after: MissionContext): void {
    const was = new Set(before?.outbox.map((effect) => effect.effectId));
    const is = new Set(after.outbox.map((effect) => effect.effectId));
    for (const effect of before?.outbox ?? []) {
      if (effect.kind !== "askDevice" || is.has(effect.effectId)) continue;
      this.#world.devices.forget(effect.job.jobId);
      this.#devices.forget(effect.job.jobId);
    }
    this.#carryOut(
      after,
      after.outbox.filter((effect) => !was.has(effect.effectId)),
    );
    this.#wakeAtMs = Math.min(this.#wakeAtMs, nextWakeAtMs(after) ?? NEVER_MS);
    this.#options.onChange(this.#viewOf(after));
    if (before === undefined) this.#ears.tellDevices(after);
    // A vehicle may have reported before the mission knew of it.
    if (before?.vehicle === undefined && after.vehicle !== undefined)
      this.#ears.tellMissionOf(after.vehicle.vehicleId);
    if (after.status === "returned" && before?.status !== "returned") this.#givenBack.add(after.missionId);
    if (isOver(after) && (before === undefined || !isOver(before)))
      this.#queue.add(() => this.#keeper.forgetOld(this.#options.clock.nowMs()));
  }

  /** Effects that nothing answers are carried out again after a restart until they are written down, and not once they are. */
  #carryOut({ missionId }: MissionContext, effects: readonly MissionEffect[]): void {
    for (const effect of effects) perform(this.#world, effect, missionId);
    const { reservation, handoffs } = this.#world;
    for (const [writer, of] of Map.groupBy(effects.filter(isUnanswered), writerOf)) {
      const effectIds = of.map(({ effectId }) => effectId);
      const delivered = (): void => this.#post(missionId, { type: "delivered", effectIds });
      if (writer === "road") void reservation.decided().then(delivered);
      else if (writer === "handoffs") void handoffs.kept().then(delivered);
      else delivered();
    }
  }

  async #begin(context: MissionContext, orderId: string | undefined): Promise<CreateOutcome> {
    const begun = beginMission(this.#machineOf(context).machine, context);
    const outcome = await this.#keeper.create(begun, orderId);
    if (outcome.kind === "created") this.#follow(undefined, begun);
    return outcome;
  }

  /** A guest's home came with the partner's offer; a vehicle that has never been offered began here. */
  #homeOf(vehicleId: VehicleId): Side {
    const { homeOf, side } = this.#options;
    return this.#keeper.missions.homeOf(vehicleId) ?? homeOf?.(vehicleId) ?? side;
  }

  #whenRead(hear: () => void): void {
    if (this.#early === undefined) hear();
    else this.#early.push(hear);
  }

  #tick(): void {
    this.#rollCall?.look();
    this.#visits?.look();
    const nowMs = this.#options.clock.nowMs();
    if (nowMs >= this.#wakeAtMs) this.#wake(nowMs);
    this.#dispatch.setDue();
    this.#queue.add(() => this.#bringBack());
  }

  /** Whom it has come for is told the time, and again each second until it wants something later, or nothing. */
  #wake(nowMs: number): void {
    this.#wakeAtMs = NEVER_MS;
    for (const context of this.#keeper.missions.open()) {
      const wakeAtMs = nextWakeAtMs(context) ?? NEVER_MS;
      this.#wakeAtMs = Math.min(this.#wakeAtMs, wakeAtMs);
      if (wakeAtMs <= nowMs) this.#post(context.missionId, { type: "tick" });
    }
  }

  /** What was given back goes to the yard, as soon as its vehicle stands where a way leads there. */
  async #bringBack(): Promise<void> {
    if (this.#givenBack.isEmpty || this.#rollCall?.isOn === true) return;
    const { procedures, clock, ids, side } = this.#options;
    const atMs = clock.nowMs();
    const procedure = procedureFor(procedures, side, "inbound", atMs);
    if (procedure === undefined) return;
    for (const vehicleId of this.#givenBack.vehicleIds()) this.#dispatch.touch(vehicleId);
    const beginning = () => ({ yard: this.#yard, procedure, atMs, spareId: ids.next() });
    for (const context of this.#givenBack.toBegin(() => this.#dispatchView(), beginning))
      await this.#begin(context, undefined);
  }

  #dispatchView(): DispatchView {
    return this.#dispatch.view(this.#rollCall);
  }

  #machineOf(context: MissionContext) {
    const found = this.#machines.get(machineKey(context.procedureId, context.procedureVersion));
    if (found === undefined)
      throw new Error(`no procedure ${context.procedureId} version ${context.procedureVersion}`);
    return found;
  }

  #viewOf(context: MissionContext): MissionView {
    const known = this.#madeViews.get(context);
    if (known !== undefined) return known;
    const view = viewOf(context, this.#machineOf(context).procedure);
    this.#madeViews.set(context, view);
    return view;
  }
}

const NEVER_MS = Number.POSITIVE_INFINITY;

const NOT_READY: PlaceOutcome = {
  kind: "refused",
  code: "mission.not-ready",
  detail: "missions have not been read back yet: ask again in a moment",
};

const machineKey = (procedureId: string, version: number): string => `${procedureId}@${version}`;
