import type { Clock, Timers, VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import { type CommittedLeg, committedLegOf } from "./core/committed-leg.ts";
import { explain } from "./core/explain.ts";
import { holdingOf } from "./core/holding.ts";
import { type CoreSettings, DEFAULT_SETTINGS, type Kinematics } from "./core/kinematics.ts";
import { restore } from "./core/restore.ts";
import { confirmTick, isEmptyChange, runTick, type TickOutcome } from "./core/tick.ts";
import { absoluteTick } from "./core/ticks.ts";
import { type Command, createZone, type Zone } from "./core/zone.ts";
import { type CommitOutcome, type LeaderId, type Ledger, LedgerUnreachable } from "./ledger/ledger.ts";
import type {
  Admission,
  Closure,
  ClosureId,
  Explanation,
  Holding,
  LegId,
  LegRequest,
  Observation,
  Reservation,
  ReservationEvent,
  TroubleCode,
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
   * Takes leadership, goes on where the last leader was, and begins to tick. Throws `LedgerUnreachable` (try
   * again), `LedgerMismatch` or `NetworkContradiction` (a person must look).
   */
  start(): Promise<void>;
  /** Ends the loop after the tick in work. Vehicles keep what they hold. */
  stop(): Promise<void>;
  /** One tick now; the one in work, if there is one. */
  tick(): Promise<TickReport>;
  /** Called after each tick that is true in the ledger, with all legs; before events are told. */
  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void;
  metrics(): ReservationMetrics;
}

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
  readonly coreMsMax: number;
  readonly commitMsMean: number;
  readonly commitMsMax: number;
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
    const { ledger, leaderId, clock, timers, log, network } = this.#options;
    const { epoch } = await ledger.takeLeadership(leaderId, clock.nowMs());
    const content = await ledger.read();
    const zone = createZone(network, this.#settings);
    restore(zone, content);
    this.#zone = zone;
    this.#epoch = epoch;
    this.#committedTick = content.lastTick;
    this.#unconfirmed = undefined;
    this.#phase = "leading";
    this.#reachable = true;
    log.info({ epoch, lastTick: content.lastTick, vehicles: zone.vehicles.size }, "leading the zone");
    this.#endTimer = timers.every(this.#settings.tickMs, () => {
      if (this.#inWork === undefined) void this.tick();
      else this.#measured.overruns++;
    });
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
      if (answer.kind !== "committed" && answer.kind !== "repeated") {
        this.#refused(answer);
        return this.#report("not-leading");
      }
      this.#committedTick = outcome.change.tick;
    }
    this.#measured.took(computedMs - begunMs, watch() - computedMs);
    const report = this.#report(unchanged ? "unchanged" : "committed");
    this.#unconfirmed = undefined;
    confirmTick(this.#zone);
    this.#tellCommitted();
    for (const event of outcome.events) this.#tell(event);
    return report;
  }

  #compute(): Unconfirmed {
    const tick = Math.max(
      absoluteTick(this.#zone, this.#zone.tick) + 1,
      Math.floor(this.#options.clock.nowMs() / this.#settings.tickMs),
    );
    const input = { tick, commands: this.#commands, observations: [...this.#observations.values()] };
    this.#commands = [];
    this.#observations = new Map();
    return { outcome: runTick(this.#zone, input), keepFromTick: tick - (this.#options.keepTicks ?? 3000) };
  }

  /** `undefined` when the ledger did not answer. */
  async #commit({ change }: TickOutcome, keepFromTick: number): Promise<CommitOutcome | undefined> {
    const commit = { epoch: this.#epoch, previousTick: this.#committedTick, change, keepFromTick };
    try {
      const answer = await this.#options.ledger.commit(commit);
      if (!this.#reachable) {
        this.#reachable = true;
        this.#trouble("ledger-back", "the ledger answers again; the tick that was held is decided");
      }
      return answer;
    } catch (error) {
      if (!(error instanceof LedgerUnreachable)) {
        this.#halt("halted", error);
        return undefined;
      }
      if (this.#reachable) {
        this.#reachable = false;
        this.#trouble("ledger-unreachable", error.message);
      }
      return undefined;
    }
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

/** How long ticks took, over the last 1,000. */
class Measurements {
  ticks = 0;
  overruns = 0;
  readonly #coreMs: number[] = [];
  readonly #commitMs: number[] = [];

  took(coreMs: number, commitMs: number): void {
    this.#coreMs[this.ticks % 1000] = coreMs;
    this.#commitMs[this.ticks % 1000] = commitMs;
    this.ticks++;
  }

  summary() {
    const mean = (values: number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    return {
      ticks: this.ticks,
      overruns: this.overruns,
      coreMsMean: mean(this.#coreMs),
      coreMsMax: Math.max(0, ...this.#coreMs),
      commitMsMean: mean(this.#commitMs),
      commitMsMax: Math.max(0, ...this.#commitMs),
    };
  }
}
