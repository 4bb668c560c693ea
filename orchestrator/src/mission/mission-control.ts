import type { ActionId, FleetEvent, VehicleId } from "@baton/fleet-adapter";
import type { Side, StationId } from "@baton/maps";
import {
  CLOSABLE_STATIONS,
  type DeviceView,
  type MissionActName,
  type MissionView,
  type TransportOrderRequest,
} from "../contract/index.ts";
import { assignByHand, type ByHand, parkByHand } from "../dispatch/by-hand.ts";
import { Calendar } from "../dispatch/calendar.ts";
import type { DispatchCommand } from "../dispatch/decision.ts";
import type { DispatchView } from "../dispatch/view.ts";
import { stationOf, type Yard } from "../dispatch/yard.ts";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import type { DeviceEvent } from "../gate/port.ts";
import type { HandoffEvent } from "../handoff/port.ts";
import type { TransferReport } from "../handoff/transfer-port.ts";
import type { ReservationEvent } from "../reservation/port.ts";
import { mayBeReslotted, sameNames } from "./absorb.ts";
import { AdmissionDesk } from "./admission-desk.ts";
import { isOver, type MissionContext, missionIdIn } from "./context.ts";
import type {
  Adoption,
  MissionActOutcome,
  MissionControl,
  MissionControlOptions,
  PlaceOutcome,
  StationOutcome,
} from "./control-port.ts";
import { DeviceWatch } from "./device-watch.ts";
import { DispatchDesk } from "./dispatch-desk.ts";
import { isUnanswered, type MissionEffect, writerOf } from "./effects.ts";
import type { Happening, MissionEvent } from "./events.ts";
import { GivenBack } from "./given-back.ts";
import { backBar, canBeRecalled, canReturn } from "./having-back.ts";
import { IdleFleet } from "./idle-fleet.ts";
import {
  adoption,
  emptyRun,
  type Intake,
  type IntakeView,
  inboundMission,
  outboundMission,
  slotFor,
} from "./intake.ts";
import { advance, beginMission, buildMissionMachine, type MissionMachine, nextWakeAtMs } from "./machine.ts";
import { perform, type World } from "./perform.ts";
import { type PersonsWord, possibleActs } from "./person-acts.ts";
import { type Procedure, procedureFor } from "./procedure.ts";
import { RollCall } from "./roll-call.ts";
import type { CreateOutcome, StationClosure } from "./store.ts";
import { StoreKeeper } from "./store-keeper.ts";
import { vehicleNews } from "./vehicle-news.ts";
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
  /** A context is an object of its own: its view is made once. */
  readonly #madeViews = new WeakMap<MissionContext, MissionView>();
  readonly #wakes = new WeakMap<MissionContext, number>();
  #closedSet: { readonly of: readonly StationClosure[]; readonly set: ReadonlySet<StationId> } | undefined;
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
      closedStations: () => this.#closed(),
      homeOf: (vehicleId) => this.#homeOf(vehicleId),
      stillBoundFor: (vehicleId) => this.#givenBack.boundFor(vehicleId),
      sendEmptyOver: (command) => this.#sendEmptyOver(command),
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
    for (const procedure of options.procedures) {
      this.#machines.set(machineKey(procedure.procedureId, procedure.version), {
        procedure,
        machine: buildMissionMachine(procedure),
      });
    }
    this.#ends = [
      reservation.subscribe((event) => this.#whenRead(() => this.#hearRoad(event))),
      devices.subscribe((event) => this.#whenRead(() => this.#hearDevice(event))),
      handoffs.subscribe((event) => this.#whenRead(() => this.#hearPartner(event))),
      ...(options.lineCranes === undefined
        ? []
        : [options.lineCranes.subscribe((report) => this.#whenRead(() => this.#hearCrane(report)))]),
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
      fleet.subscribe((event) => this.#hearFleet(event)),
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
      this.#tellMissionOf(state.vehicleId);
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
    return this.#queue.ask(async () =>
      this.#early === undefined
        ? this.#take(outboundMission(this.#intake(), order), order.orderId)
        : NOT_READY,
    );
  }

  adopt(request: Adoption): Promise<PlaceOutcome> {
    return this.#queue.ask(async () =>
      this.#early === undefined
        ? this.#take(adoption(this.#intake(), request), request.order.orderId)
        : NOT_READY,
    );
  }

  resume(
    missionId: string,
    account: string,
    how: "retry" | "override" | "return",
  ): Promise<"resumed" | "unknown" | "not-held" | "not-possible"> {
    return this.#queue.ask(async () => {
      const context = this.#keeper.missions.get(missionId);
      if (context === undefined) return "unknown";
      if (context.status !== "held" || context.held === undefined) return "not-held";
      if (how === "override" && !context.held.overridable) return "not-possible";
      if (how === "return" && !canReturn(context)) return "not-possible";
      await this.#apply(missionId, { type: how === "retry" ? "resume" : how, account });
      return "resumed";
    });
  }

  prioritise(missionId: string, priority: number): Promise<"prioritised" | "unknown" | "over"> {
    return this.#queue.ask(async () => {
      const context = this.#keeper.missions.get(missionId);
      if (context === undefined) return "unknown";
      if (isOver(context)) return "over";
      await this.#apply(missionId, { type: "prioritised", priority });
      for (const { legId, state } of Object.values(context.legs)) {
        if (state === "requested" && context.vehicle !== undefined)
          this.#world.reservation.prioritise(context.vehicle.vehicleId, legId, priority);
      }
      return "prioritised";
    });
  }

  reslot(
    missionId: string,
    notBeforeMs: number,
  ): Promise<MissionActOutcome | { readonly kind: "given"; readonly fromMs: number }> {
    return this.#queue.ask(async () => {
      const context = this.#keeper.missions.get(missionId);
      if (context === undefined) return { kind: "unknown" };
      if (!mayBeReslotted(context)) return notPossible("its truck was called already, or it has no slot");
      const missions = this.#keeper.missions.all().filter((each) => each !== context);
      const view = { missions, calendars: this.#calendars, atMs: this.#options.clock.nowMs() };
      const slot = slotFor(view, this.#machineOf(context).procedure, notBeforeMs);
      if (slot === undefined || slot === "none") return notPossible("no slot is free in two weeks");
      await this.#apply(missionId, { type: "reslotted", slot });
      return { kind: "given", fromMs: slot.fromMs };
    });
  }

  recall(missionId: string, account: string): Promise<MissionActOutcome> {
    return this.#queue.ask(async () => {
      const context = this.#keeper.missions.get(missionId);
      if (context === undefined) return { kind: "unknown" };
      if (!canBeRecalled(context))
        return notPossible(backBar(context) ?? `${context.status} at ${context.step}`);
      await this.#apply(missionId, { type: "recall", account });
      return { kind: "done" };
    });
  }

  byPerson(missionId: string, act: MissionActName, word: PersonsWord): Promise<MissionActOutcome> {
    return this.#queue.ask(async () => {
      const context = this.#keeper.missions.get(missionId);
      if (context === undefined) return { kind: "unknown" };
      if (!possibleActs(context, this.#machineOf(context).procedure).includes(act))
        return notPossible(`${context.status} at ${context.step}`);
      const why = act === "towed" ? this.#whyNotTowed(context.vehicle?.vehicleId) : undefined;
      if (why !== undefined) return notPossible(why);
      await this.#apply(missionId, word);
      return { kind: "done" };
    });
  }

  /** People's word stands for a vehicle that is switched off; one that speaks says itself where it is, and may yet move. */
  #whyNotTowed(vehicleId: VehicleId | undefined): "not-failed" | "not-switched-off" | undefined {
    const { reservation, fleet } = this.#world;
    if (!reservation.outOfUse().failed.some((each) => each.vehicleId === vehicleId)) return "not-failed";
    const connection = vehicleId === undefined ? undefined : fleet.vehicles().get(vehicleId)?.connection;
    // One that sleeps may be woken, and drive.
    return connection === "online" || connection === "asleep" ? "not-switched-off" : undefined;
  }

  assign(missionId: string, vehicleId: string): Promise<MissionActOutcome> {
    return this.#queue.ask(async () => {
      if (this.#keeper.missions.get(missionId) === undefined) return { kind: "unknown" };
      return this.#byHand(assignByHand(this.#dispatchView(), missionId, vehicleId));
    });
  }

  park(vehicleId: string, to: "charger" | "parking"): Promise<MissionActOutcome> {
    return this.#queue.ask(async () => this.#byHand(parkByHand(this.#dispatchView(), vehicleId, to)));
  }

  closeStation({ stationId, reason, by }: Omit<StationClosure, "sinceMs">): Promise<StationOutcome> {
    return this.#queue.ask(async () => {
      const station = stationOf(this.#yard, stationId);
      if (station === undefined) return "unknown";
      if (!CLOSABLE_STATIONS.some((kind) => kind === station.kind)) return "not-closable";
      if (this.#closed().has(stationId)) return "as-it-was";
      const sinceMs = this.#options.clock.nowMs();
      if (!(await this.#keeper.close({ stationId, reason, by, sinceMs }))) return "not-kept";
      this.#dispatch.setDue();
      return "done";
    });
  }

  openStation(stationId: StationId): Promise<StationOutcome> {
    return this.#queue.ask(async () => {
      if (stationOf(this.#yard, stationId) === undefined) return "unknown";
      if (!this.#closed().has(stationId)) return "as-it-was";
      if (!(await this.#keeper.open(stationId))) return "not-kept";
      this.#dispatch.setDue();
      return "done";
    });
  }

  closedStations(): readonly StationClosure[] {
    return this.#keeper.closures;
  }

  #closed(): ReadonlySet<StationId> {
    const { closures } = this.#keeper;
    if (this.#closedSet?.of !== closures)
      this.#closedSet = { of: closures, set: new Set(closures.map(({ stationId }) => stationId)) };
    return this.#closedSet.set;
  }

  #byHand(asked: ByHand<DispatchCommand["kind"]>): MissionActOutcome {
    if (asked.kind !== "command") return asked;
    this.#dispatch.carryOut(asked.command);
    return { kind: "done" };
  }

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
    this.#options.onChange(this.#viewOf(after));
    if (before === undefined) this.#tellDevices(after);
    // A vehicle may have reported before the mission knew of it.
    if (before?.vehicle === undefined && after.vehicle !== undefined)
      this.#tellMissionOf(after.vehicle.vehicleId);
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

  async #take(intake: Intake, orderId: string): Promise<PlaceOutcome> {
    if (intake.kind !== "context") return intake;
    const { context } = intake;
    // The partner's customers number their orders without asking ours; no order id has a slash.
    const outcome = await this.#begin(context, context.bound === "outbound" ? orderId : `inbound/${orderId}`);
    switch (outcome.kind) {
      case "created":
        return { kind: "created", missionId: context.missionId };
      case "exists":
        return outcome;
      case "fenced":
        return {
          kind: "refused",
          code: "mission.not-leading",
          detail: "another process leads this zone now: ask there",
        };
    }
  }

  async #sendEmptyOver(command: Extract<DispatchCommand, { kind: "send-empty-over" }>): Promise<void> {
    // It was decided a moment ago.
    if (this.#keeper.missions.ofVehicle(command.vehicleId) !== undefined) return;
    const intake = emptyRun(this.#intake(), command);
    if (intake.kind === "context") await this.#begin(intake.context, undefined);
    else if (intake.kind === "refused") this.#options.log.warn({ ...intake, ...command }, "no empty run");
  }

  async #begin(context: MissionContext, orderId: string | undefined): Promise<CreateOutcome> {
    const begun = beginMission(this.#machineOf(context).machine, context);
    const outcome = await this.#keeper.create(begun, orderId);
    if (outcome.kind === "created") this.#follow(undefined, begun);
    return outcome;
  }

  #intake(): IntakeView {
    const { procedures, ids, clock, fleet } = this.#options;
    const { missions } = this.#keeper;
    return {
      yard: this.#yard,
      procedures,
      atMs: clock.nowMs(),
      missionId: `m-${ids.next().replaceAll(".", "-")}`,
      spareId: ids.next(),
      missions: missions.all(),
      calendars: this.#calendars,
      missionOfVehicle: (vehicleId) => missions.ofVehicle(vehicleId),
      dispatchView: () => this.#dispatchView(),
      vehicleRecord: (vehicleId) => fleet.vehicles().get(vehicleId as VehicleId),
      homeOf: (vehicleId) => this.#homeOf(vehicleId),
    };
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

  #hearDevice(event: DeviceEvent): void {
    if (event.kind === "invalidMessage") return;
    this.#devices.hear(event);
    if (event.kind === "availability") {
      for (const context of this.#keeper.missions.open()) this.#tellDevices(context);
    }
    if (event.kind === "reported")
      this.#post(missionIdIn(event.report.jobId), { type: "report", report: event.report });
  }

  #tellDevices({ missionId, downDevices = [] }: MissionContext): void {
    const down = this.#devices.away();
    if (!sameNames(downDevices, down)) this.#post(missionId, { type: "devices", down });
  }

  #hearRoad(event: ReservationEvent): void {
    if (event.kind === "trouble") return;
    if (event.kind === "admitted" || event.kind === "admissionRefused") this.#admission.hear(event);
    if (event.kind === "admitted") this.#askWhereItIs(event.vehicleId);
    if ("legId" in event) {
      if (this.#idle.knows(event.legId)) {
        this.#queue.add(() => this.#idle.hear(event, this.#options.clock.nowMs()));
      } else this.#post(missionIdIn(event.legId), { type: "road", event });
      return;
    }
    for (const context of this.#keeper.missions.open()) {
      if (context.vehicle?.vehicleId === event.vehicleId)
        this.#post(context.missionId, { type: "road", event });
    }
  }

  /**
   * Nothing is granted to a vehicle before it was seen, and one that stands tells of itself seldom: every 30 s is all that VDA
   * 5050 asks for (section 6.10), which at the hold line everybody behind it would wait for.
   */
  #askWhereItIs(vehicleId: VehicleId): void {
    const { fleet, ids } = this.#options;
    fleet.instruct(vehicleId, {
      kind: "stateRequest",
      actionId: `${vehicleId}.admitted.${ids.next()}` as ActionId,
    });
  }

  #hearPartner(event: HandoffEvent): void {
    if (event.kind === "trouble") return;
    if (event.kind !== "offered") {
      this.#post(this.#keeper.missions.ofHandoff(event.handoffId)?.missionId, { type: "handoff", event });
      return;
    }
    const { offer } = event;
    // One of ours that comes home from a visit is no mission.
    if (
      this.#visits !== undefined &&
      offer.mode === "host-grants" &&
      offer.vehicleHome === this.#options.side
    )
      return;
    this.#queue.add(async () => {
      const { handoffs, log } = this.#options;
      const intake = inboundMission(this.#intake(), offer);
      if (intake.kind === "declined") {
        log.info({ handoffId: offer.handoffId, code: intake.code, reason: intake.reason }, "offer declined");
        handoffs.decline(offer.handoffId, intake.code);
      } else if (intake.kind === "known") {
        // Told again: the answer may not have been heard.
        if (!isOver(intake.context) && intake.context.handoff?.phase === "offered")
          handoffs.accept(offer.handoffId, intake.context.handoff.returnLoad);
      } else await this.#begin(intake.context, undefined);
    });
  }

  #hearCrane({ phase, register }: TransferReport): void {
    const { handoffId } = register;
    if (handoffId === undefined) return;
    const context = this.#keeper.missions.ofHandoff(handoffId);
    if (context?.handoff?.crane !== phase)
      this.#post(context?.missionId, { type: "crane", handoffId, phase });
  }

  #hearFleet(event: FleetEvent): void {
    if (event.kind !== "state") return;
    const { state } = event;
    this.#admission.look(state, this.#options.fleet.vehicles().get(state.vehicleId)?.factsheet);
    this.#tellMissionOf(state.vehicleId);
  }

  #tellMissionOf(vehicleId: VehicleId): void {
    const context = this.#keeper.missions.ofVehicle(vehicleId);
    const record = this.#options.fleet.vehicles().get(vehicleId);
    if (context === undefined || record?.state === undefined) return;
    const news = vehicleNews(context, record.state, record.factsheet);
    if (news !== undefined) this.#post(context.missionId, news);
  }

  #tick(): void {
    this.#rollCall?.look();
    this.#visits?.look();
    const nowMs = this.#options.clock.nowMs();
    for (const context of this.#keeper.missions.open()) {
      const wakeAtMs = this.#wakeOf(context);
      if (wakeAtMs !== undefined && wakeAtMs <= nowMs) this.#post(context.missionId, { type: "tick" });
    }
    this.#dispatch.setDue();
    this.#queue.add(() => this.#bringBack());
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

  /** A context is an object of its own: when it wants to wake is worked out once. */
  #wakeOf(context: MissionContext): number | undefined {
    const known = this.#wakes.get(context);
    if (known !== undefined) return known === NEVER_MS ? undefined : known;
    const wakeAtMs = nextWakeAtMs(context);
    this.#wakes.set(context, wakeAtMs ?? NEVER_MS);
    return wakeAtMs;
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

const notPossible = (why: string): MissionActOutcome => ({ kind: "not-possible", why });

const NEVER_MS = Number.POSITIVE_INFINITY;

const NOT_READY: PlaceOutcome = {
  kind: "refused",
  code: "mission.not-ready",
  detail: "missions have not been read back yet: ask again in a moment",
};

const machineKey = (procedureId: string, version: number): string => `${procedureId}@${version}`;
