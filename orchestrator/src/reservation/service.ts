import type { Clock, Timers, VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import { isEmptyChange } from "./core/change.ts";
import { type CommittedLeg, committedLegOf } from "./core/committed-leg.ts";
import { createZone } from "./core/create-zone.ts";
import { explain } from "./core/explain.ts";
import { holdingOf } from "./core/holding.ts";
import { type CoreSettings, DEFAULT_SETTINGS, type Kinematics } from "./core/kinematics.ts";
import { closureAround } from "./core/rebuild.ts";
import { restore } from "./core/restore.ts";
import { contradiction } from "./core/testimony.ts";
import { confirmTick, runTick, type TickOutcome } from "./core/tick.ts";
import { absoluteTick } from "./core/ticks.ts";
import type { Command, Zone } from "./core/zone.ts";
import { type CommitOutcome, type LeaderId, type Ledger, LedgerUnreachable } from "./ledger/ledger.ts";
import { rebuildLedger } from "./ledger/rebuild-ledger.ts";
import { Measurements } from "./measurements.ts";
import type {
  Admission,
  Closure,
  ClosureId,
  Explanation,
  Holding,
  LegId,
  LegRequest,
  Observation,
  OutOfUse,
  Reservation,
  ReservationEvent,
  TroubleCode,
  Witnesses,
} from "./port.ts";

export interface ReservationOptions {
  readonly network: Network;
  readonly kinematics: Kinematics;
  readonly ledger: Ledger;
  readonly leaderId: LeaderId;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: ReservationLog;
  readonly tickMs?: number;
  /** How many ticks of the stream are kept; 3,000 are ten minutes at 200 ms. */
  readonly keepTicks?: number;
  readonly settings?: Partial<Omit<CoreSettings, "kinematics" | "tickMs">>;
  /** Who asks vehicles where they are when the ledger may have lost ticks; without, such a ledger is not led. */
  readonly witnesses?: Witnesses;
  /** Real milliseconds, for measuring only. */
  readonly stopwatchMs?: () => number;
}

/** The part of a pino logger that is used. */
export interface ReservationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ReservationService extends Reservation {
  /**
   * Takes leadership, goes on where the last leader was, and begins to tick. A ledger that may have lost ticks is
   * rebuilt first from what vehicles say. Throws `LedgerUnreachable` (try again), `LedgerMismatch` or
   * `NetworkContradiction` (a person must look).
   */
  start(): Promise<void>;
  /** Ends the loop after the tick in work. Vehicles keep what they hold. */
  stop(): Promise<void>;
  /** One tick now; the one in work, if there is one. */
  tick(): Promise<TickReport>;
  /** Called after each tick that is true in the ledger, with all legs; before events are told. */
  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void;
  /**
   * A person vouches for a vehicle that was not accounted for when the ledger was rebuilt: it is where it says it is
   * (it is asked once more: two accounts), or it was taken off the ground. Its section is open again after `ok`.
   */
  vouch(vehicleId: VehicleId, found: "where-it-says" | "removed"): Promise<VouchOutcome>;
  metrics(): ReservationMetrics;
}

export type VouchOutcome =
  | { readonly kind: "ok" }
  /** It does not answer, or says something that does not go with the ground it holds: have it removed, admit it anew. */
  | { readonly kind: "refused"; readonly why: string };

export interface TickReport {
  readonly tick: number;
  readonly outcome: "committed" | "unchanged" | "ledger-unreachable" | "not-leading";
  readonly planned: number;
  readonly grantedBlocks: number;
  readonly releasedBlocks: number;
}

export interface ReservationMetrics {
  readonly ticks: number;
  /** Ticks that were due while one was still in work. */
  readonly overruns: number;
  readonly vehicles: number;
  readonly pendingLegs: number;
  readonly epoch: number;
  readonly leading: boolean;
  readonly ledgerReachable: boolean;
  /** Of the last ticks, in real milliseconds. */
  readonly coreMsMean: number;
  readonly coreMsP99: number;
  readonly coreMsMax: number;
  readonly commitMsMean: number;
  readonly commitMsP99: number;
  readonly commitMsMax: number;
  /** Core and commit together. */
  readonly tickMsP99: number;
  /** Since the start: legs planned; how often someone went before others; waiting legs that were planned anew. */
  readonly planned: number;
  readonly jumps: number;
  readonly replans: number;
}

type Phase = "stopped" | "leading" | "halted";

/** A tick that is computed and not known to be in the ledger; retried as it is until it is. */
interface Unconfirmed {
  readonly outcome: TickOutcome;
  readonly keepFromTick: number;
}

/** The tick loop of one zone: the core between its inbox and the ledger. */
export function createReservation(options: ReservationOptions): ReservationService {
  return new Service(options);
}

class Service implements ReservationService {
  readonly #options: ReservationOptions;
  readonly #settings: CoreSettings;
  readonly #listeners = new Set<(event: ReservationEvent) => void>();
  readonly #committedListeners = new Set<(legs: readonly CommittedLeg[]) => void>();
  readonly #measured = new Measurements();
  #zone: Zone;
  #phase: Phase = "stopped";
  #epoch = 0;
  #committedTick = 0;
  #commands: Command[] = [];
  #observations = new Map<VehicleId, Observation>();
  #unconfirmed: Unconfirmed | undefined;
  #inWork: Promise<TickReport> | undefined;
  #reachable = true;
  #endTimer: (() => void) | undefined;
  /** The ledger was rebuilt, and is not known to be whole until the next tick is in it. */
  #toSettle = false;
  /** The ledger has lost ticks, and this leader has not come to lead it again yet. */
  #leadsAnew = false;

  constructor(options: ReservationOptions) {
    this.#options = options;
    this.#settings = {
      ...DEFAULT_SETTINGS,
      ...options.settings,
      tickMs: options.tickMs ?? DEFAULT_SETTINGS.tickMs,
      kinematics: options.kinematics,
    };
    this.#zone = createZone(options.network, this.#settings);
  }

  async start(): Promise<void> {
    if (this.#phase !== "stopped") throw new Error("bug: a reservation that runs was started again");
    await this.#takeLead();
    this.#phase = "leading";
    this.#endTimer = this.#options.timers.every(this.#settings.tickMs, () => {
      if (this.#inWork === undefined) void this.tick();
      else this.#measured.overruns++;
    });
  }

  async #takeLead(): Promise<void> {
    const { ledger, leaderId, clock, log, network } = this.#options;
    const { epoch, whole } = await ledger.takeLeadership(leaderId, clock.nowMs());
    let content = await ledger.read();
    // A ledger that forgot everything looks like a new one; who led it knows better.
    if (!whole || this.#leadsAnew) {
      const rebuilt = await rebuildLedger(this.#options, this.#settings, epoch, content, this.#nowTick());
      content = rebuilt.content;
      this.#commands = [...rebuilt.commands, ...this.#commands];
      this.#toSettle = true;
    }
    const zone = createZone(network, this.#settings);
    restore(zone, content);
    this.#zone = zone;
    this.#epoch = epoch;
    this.#committedTick = content.lastTick;
    this.#unconfirmed = undefined;
    this.#reachable = true;
    log.info({ epoch, lastTick: content.lastTick, vehicles: zone.vehicles.size }, "leading the zone");
  }

  #nowTick(): number {
    return Math.floor(this.#options.clock.nowMs() / this.#settings.tickMs);
  }

  async stop(): Promise<void> {
    this.#endTimer?.();
    this.#endTimer = undefined;
    await this.#inWork;
    this.#phase = "stopped";
  }

  tick(): Promise<TickReport> {
    this.#inWork ??= this.#tickOnce().finally(() => {
      this.#inWork = undefined;
    });
    return this.#inWork;
  }

  async #tickOnce(): Promise<TickReport> {
    if (this.#phase !== "leading") return this.#report("not-leading");
    if (this.#leadsAnew) return this.#leadAnew();
    const watch = this.#options.stopwatchMs ?? (() => performance.now());
    const begunMs = watch();
    try {
      this.#unconfirmed ??= this.#compute();
    } catch (bug) {
      this.#halt("halted", bug);
      return this.#report("not-leading");
    }
    const computedMs = watch();
    const { outcome, keepFromTick } = this.#unconfirmed;
    const unchanged = isEmptyChange(outcome.change);
    if (!unchanged) {
      const answer = await this.#commit(outcome, keepFromTick);
      if (answer === undefined) return this.#report("ledger-unreachable");
      if (answer.kind === "lost-writes") return this.#leadAnew();
      if (answer.kind !== "committed" && answer.kind !== "repeated") {
        this.#refused(answer);
        return this.#report("not-leading");
      }
      this.#committedTick = outcome.change.tick;
    } else {
      const fenced = await this.#fence();
      if (fenced !== undefined) return fenced;
    }
    if (this.#toSettle && !(await this.#settle())) return this.#report("not-leading");
    this.#measured.took(computedMs - begunMs, watch() - computedMs, outcome);
    const report = this.#report(unchanged ? "unchanged" : "committed");
    this.#unconfirmed = undefined;
    confirmTick(this.#zone);
    this.#tellCommitted();
    for (const event of outcome.events) this.#tell(event);
    return report;
  }

  /**
   * In a tick without a change nothing is committed, and yet something may be told: a vehicle has become this side's to
   * command. A leader that was replaced must not tell it. Answers the tick's report when it is over here.
   */
  async #fence(): Promise<TickReport | undefined> {
    try {
      const epoch = await this.#options.ledger.validEpoch();
      if (epoch === this.#epoch) {
        this.#reachedAgain();
        return undefined;
      }
      if (epoch < this.#epoch) return this.#leadAnew();
      this.#refused({ kind: "stale-leader", epoch });
      return this.#report("not-leading");
    } catch (error) {
      if (!(error instanceof LedgerUnreachable)) throw error;
      this.#notReachable(error);
      return this.#report("ledger-unreachable");
    }
  }

  #compute(): Unconfirmed {
    const tick = Math.max(absoluteTick(this.#zone, this.#zone.tick) + 1, this.#nowTick());
    const input = { tick, commands: this.#commands, observations: [...this.#observations.values()] };
    this.#commands = [];
    this.#observations = new Map();
    return { outcome: runTick(this.#zone, input), keepFromTick: tick - (this.#options.keepTicks ?? 3000) };
  }

  /**
   * The ledger went on without ticks that it had acknowledged. It begins again, as a leader that has just come, with
   * what vehicles say; what was asked of it is asked again.
   */
  async #leadAnew(): Promise<TickReport> {
    const asked = this.#legsAsked();
    if (!this.#leadsAnew) this.#options.log.warn({ epoch: this.#epoch }, "the ledger has lost ticks");
    this.#leadsAnew = true;
    try {
      await this.#takeLead();
      this.#leadsAnew = false;
      this.#commands.push(...asked);
      return this.#report("unchanged");
    } catch (error) {
      if (error instanceof LedgerUnreachable) {
        this.#notReachable(error);
        return this.#report("ledger-unreachable");
      }
      this.#halt("ledger-refused", error);
      return this.#report("not-leading");
    }
  }

  /** Legs that are not over, planned or not: who asked for them does not know that the ledger may have forgotten. */
  #legsAsked(): Command[] {
    const legs = [...this.#zone.vehicles.values()].flatMap(({ leg }) =>
      leg === undefined || leg.completed ? [] : [leg.request],
    );
    const pending = Array.from(this.#zone.pending.values(), ({ request }) => request);
    return [...legs, ...pending].map((request) => ({ kind: "requestLeg", request }));
  }

  /** The ledger is whole again. Asked again with the next tick when there is no answer. */
  async #settle(): Promise<boolean> {
    try {
      const outcome = await this.#options.ledger.settle(this.#epoch);
      if (outcome.kind === "stale-leader") {
        this.#refused(outcome);
        return false;
      }
      if (outcome.kind === "committed") this.#toSettle = false;
    } catch (error) {
      if (!(error instanceof LedgerUnreachable)) throw error;
    }
    return true;
  }

  /** `undefined` when the ledger did not answer. */
  async #commit({ change }: TickOutcome, keepFromTick: number): Promise<CommitOutcome | undefined> {
    const commit = { epoch: this.#epoch, previousTick: this.#committedTick, change, keepFromTick };
    try {
      const answer = await this.#options.ledger.commit(commit);
      this.#reachedAgain();
      return answer;
    } catch (error) {
      if (!(error instanceof LedgerUnreachable)) {
        this.#halt("halted", error);
        return undefined;
      }
      this.#notReachable(error);
      return undefined;
    }
  }

  #reachedAgain(): void {
    if (this.#reachable) return;
    this.#reachable = true;
    this.#trouble("ledger-back", "the ledger answers again; the tick that was held is decided");
  }

  #notReachable(error: LedgerUnreachable): void {
    if (!this.#reachable) return;
    this.#reachable = false;
    this.#trouble("ledger-unreachable", error.message);
  }

  #refused(answer: CommitOutcome): void {
    if (answer.kind === "stale-leader") {
      this.#halt("leadership-lost", `epoch ${answer.epoch} is valid, this leader's is ${this.#epoch}`);
    } else {
      this.#halt("ledger-refused", JSON.stringify(answer));
    }
  }

  /** From here on nothing is granted: whoever holds ground keeps it. */
  #halt(code: TroubleCode, cause: unknown): void {
    this.#phase = "halted";
    this.#endTimer?.();
    this.#endTimer = undefined;
    this.#options.log.error({ err: cause, code, epoch: this.#epoch }, "the zone grants nothing any more");
    this.#trouble(code, cause instanceof Error ? cause.message : String(cause));
  }

  #trouble(code: TroubleCode, detail: string): void {
    if (code.startsWith("ledger-")) this.#options.log.warn({ code, detail }, "ledger");
    this.#tell({ kind: "trouble", code, vehicleId: undefined, detail });
  }

  #tell(event: ReservationEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (err) {
        this.#options.log.error({ err, event }, "a listener failed");
      }
    }
  }

  #tellCommitted(): void {
    if (this.#committedListeners.size === 0) return;
    const legs: CommittedLeg[] = [];
    for (const vehicle of this.#zone.vehicles.values()) {
      const leg = committedLegOf(this.#zone, vehicle);
      if (leg !== undefined) legs.push(leg);
    }
    for (const listener of this.#committedListeners) {
      try {
        listener(legs);
      } catch (err) {
        this.#options.log.error({ err }, "a listener failed");
      }
    }
  }

  #report(outcome: TickReport["outcome"]): TickReport {
    const done = this.#unconfirmed?.outcome;
    const count = (list: readonly { readonly blockIds: readonly unknown[] }[]): number =>
      list.reduce((sum, entry) => sum + entry.blockIds.length, 0);
    return {
      tick: absoluteTick(this.#zone, this.#zone.tick),
      outcome,
      planned: done?.planned ?? 0,
      grantedBlocks: count(done?.change.grants ?? []),
      releasedBlocks: count(done?.change.releases ?? []),
    };
  }

  admit(admission: Admission): void {
    this.#commands.push({ kind: "admit", admission });
  }

  requestLeg(request: LegRequest): void {
    this.#commands.push({ kind: "requestLeg", request });
  }

  proceed(vehicleId: VehicleId, legId: LegId, nodeId: NodeId): void {
    this.#commands.push({ kind: "proceed", vehicleId, legId, nodeId });
  }

  abandonLeg(vehicleId: VehicleId, legId: LegId): void {
    this.#commands.push({ kind: "abandonLeg", vehicleId, legId });
  }

  dismiss(vehicleId: VehicleId): void {
    this.#commands.push({ kind: "dismiss", vehicleId });
  }

  close(closure: Closure): void {
    this.#commands.push({ kind: "close", closure });
  }

  open(closureId: ClosureId): void {
    this.#commands.push({ kind: "open", closureId });
  }

  fail(vehicleId: VehicleId, reason: string): void {
    this.#commands.push({ kind: "fail", vehicleId, reason });
  }

  recover(vehicleId: VehicleId): void {
    this.#commands.push({ kind: "recover", vehicleId });
  }

  prioritise(vehicleId: VehicleId, legId: LegId, priority: number): void {
    this.#commands.push({ kind: "prioritise", vehicleId, legId, priority });
  }

  observe(observation: Observation): void {
    this.#observations.set(observation.vehicleId, observation);
  }

  subscribe(listener: (event: ReservationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void {
    this.#committedListeners.add(listener);
    return () => void this.#committedListeners.delete(listener);
  }

  explain(vehicleId: VehicleId): Explanation | undefined {
    return explain(this.#zone, vehicleId);
  }

  holding(vehicleId: VehicleId): Holding | undefined {
    return holdingOf(this.#zone, vehicleId);
  }

  outOfUse(): OutOfUse {
    const failed = [...this.#zone.vehicles.values()].flatMap(({ vehicleId, failed: reason }) =>
      reason === undefined ? [] : [{ vehicleId, reason }],
    );
    return { closures: [...this.#zone.closures.values()], failed };
  }

  async vouch(vehicleId: VehicleId, found: "where-it-says" | "removed"): Promise<VouchOutcome> {
    const closureId = closureAround(vehicleId);
    if (found === "removed") {
      this.dismiss(vehicleId);
      this.open(closureId);
      return { kind: "ok" };
    }
    const accounts = await this.#options.witnesses?.accounts([vehicleId]);
    const account = accounts?.find((each) => each.vehicleId === vehicleId && each.confirmedProbe);
    if (account === undefined) return { kind: "refused", why: "it does not answer" };
    const vehicle = this.#zone.vehicles.get(vehicleId);
    if (vehicle === undefined) return { kind: "refused", why: "it is not admitted" };
    const why = contradiction(this.#zone, vehicle, account);
    if (why !== undefined) return { kind: "refused", why };
    this.recover(vehicleId);
    this.open(closureId);
    return { kind: "ok" };
  }

  metrics(): ReservationMetrics {
    return {
      ...this.#measured.summary(),
      vehicles: this.#zone.vehicles.size,
      pendingLegs: this.#zone.pending.size,
      epoch: this.#epoch,
      leading: this.#phase === "leading",
      ledgerReachable: this.#reachable,
    };
  }
}
