import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, Pose } from "@baton/maps";
import { isEmptyChange } from "./core/change.ts";
import type { CommittedLeg } from "./core/committed-leg.ts";
import { createZone } from "./core/create-zone.ts";
import { explain } from "./core/explain.ts";
import { holdingOf } from "./core/holding.ts";
import { type CoreSettings, DEFAULT_SETTINGS } from "./core/kinematics.ts";
import { legsAsked } from "./core/legs-asked.ts";
import { outOfUseOf } from "./core/out-of-use.ts";
import { standingIn } from "./core/standing.ts";
import { confirmTick, runTick, type TickOutcome } from "./core/tick.ts";
import { absoluteTick } from "./core/ticks.ts";
import { turningNode } from "./core/turn.ts";
import type { Zone } from "./core/zone.ts";
import { type Asked, Inbox } from "./inbox.ts";
import { type CommitOutcome, LedgerUnreachable } from "./ledger/ledger.ts";
import { Measurements } from "./measurements.ts";
import type {
  Explanation,
  Holding,
  LegId,
  OutOfUse,
  ReservationEvent,
  Standing,
  TroubleCode,
} from "./port.ts";
import type {
  Found,
  ReservationMetrics,
  ReservationOptions,
  ReservationService,
  TickReport,
  VouchOutcome,
} from "./service-port.ts";
import { takeLead } from "./take-lead.ts";
import { Telling } from "./telling.ts";
import { reportOf } from "./tick-report.ts";
import { vouch, whyNotIdleAt } from "./vouch.ts";

type Phase = "stopped" | "leading" | "halted";

/** A tick that is computed and not known to be in the ledger; retried as it is until it is. */
interface Unconfirmed {
  readonly asked: Asked;
  readonly outcome: TickOutcome;
  readonly keepFromTick: number;
}

const NOTHING_ASKED: Pick<Asked, "commands" | "whoWaits"> = { commands: [], whoWaits: [] };

/** The tick loop of one zone: the core between its inbox and the ledger. */
export function createReservation(options: ReservationOptions): ReservationService {
  return new Service(options);
}

class Service extends Inbox implements ReservationService {
  readonly #options: ReservationOptions;
  readonly #settings: CoreSettings;
  readonly #telling: Telling;
  readonly #measured = new Measurements();
  #zone: Zone;
  /** What was asked for since the zone changed. */
  readonly #holdings = new Map<VehicleId, Holding>();
  #phase: Phase = "stopped";
  #epoch = 0;
  #committedTick = 0;
  #unconfirmed: Unconfirmed | undefined;
  #inWork: Promise<TickReport> | undefined;
  #reachable = true;
  #endTimer: (() => void) | undefined;
  /** The ledger was rebuilt, and is not known to be whole until the next tick is in it. */
  #toSettle = false;
  /** The ledger has lost ticks, and this leader has not come to lead it again yet. */
  #leadsAnew = false;

  constructor(options: ReservationOptions) {
    super();
    this.#telling = new Telling(options.log);
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
    const lead = await takeLead(this.#options, this.#settings, this.#nowTick(), this.#leadsAnew);
    const { zone, epoch, lastTick } = lead;
    if (lead.wasRebuilt) this.#toSettle = true;
    // Where the ledger has lost ticks, the one that it did not take has decided nothing.
    const { commands, whoWaits } = this.#unconfirmed?.asked ?? NOTHING_ASKED;
    this.commands = [...lead.commands, ...commands, ...this.commands];
    this.whoWaits = [...whoWaits, ...this.whoWaits];
    this.#zone = zone;
    this.#holdings.clear();
    this.#epoch = epoch;
    this.#committedTick = lastTick;
    this.#unconfirmed = undefined;
    this.#reachable = true;
    this.#options.log.info({ epoch, lastTick, vehicles: zone.vehicles.size }, "leading the zone");
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
    const { asked, outcome, keepFromTick } = this.#unconfirmed;
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
    this.#holdings.clear();
    this.#telling.committed(this.#zone);
    for (const event of outcome.events) this.#telling.event(event);
    for (const decided of asked.whoWaits) decided();
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
    this.#holdings.clear();
    const keepFromTick = Math.max(0, tick - (this.#options.keepTicks ?? 3000));
    const asked = this.takeAll();
    return { asked, outcome: runTick(this.#zone, { tick, ...asked }), keepFromTick };
  }

  /**
   * The ledger went on without ticks that it had acknowledged. It begins again, as a leader that has just come, with
   * what vehicles say; what was asked of it is asked again.
   */
  async #leadAnew(): Promise<TickReport> {
    const asked = legsAsked(this.#zone);
    if (!this.#leadsAnew) this.#options.log.warn({ epoch: this.#epoch }, "the ledger has lost ticks");
    this.#leadsAnew = true;
    try {
      await this.#takeLead();
      this.#leadsAnew = false;
      this.commands.push(...asked);
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
    this.#telling.event({ kind: "trouble", code, vehicleId: undefined, detail });
  }

  #report(outcome: TickReport["outcome"]): TickReport {
    return reportOf(absoluteTick(this.#zone, this.#zone.tick), outcome, this.#unconfirmed?.outcome);
  }

  subscribe(listener: (event: ReservationEvent) => void): () => void {
    return this.#telling.subscribe(listener);
  }

  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void {
    return this.#telling.onCommitted(listener);
  }

  explain(vehicleId: VehicleId): Explanation | undefined {
    return explain(this.#zone, vehicleId);
  }

  isAdmitted(vehicleId: VehicleId): boolean {
    return this.#zone.vehicles.has(vehicleId);
  }

  holding(vehicleId: VehicleId): Holding | undefined {
    const known = this.#holdings.get(vehicleId);
    if (known !== undefined) return known;
    const holding = holdingOf(this.#zone, vehicleId);
    if (holding !== undefined) this.#holdings.set(vehicleId, holding);
    return holding;
  }

  turningNode(vehicleId: VehicleId, onLeg?: LegId): NodeId | undefined {
    return turningNode(this.#zone, vehicleId, onLeg);
  }

  standing(): readonly Standing[] {
    return standingIn(this.#zone);
  }

  outOfUse(): OutOfUse {
    return outOfUseOf(this.#zone);
  }

  vouch(vehicleId: VehicleId, found: Found): Promise<VouchOutcome> {
    const { witnesses } = this.#options;
    return vouch(
      { zone: () => this.#zone, reservation: this, telling: this.#telling, witnesses },
      vehicleId,
      found,
    );
  }

  whyNotIdleAt(vehicleId: VehicleId, nodeId: NodeId, pose: Pose): string | undefined {
    return whyNotIdleAt(this.#zone, vehicleId, nodeId, pose);
  }

  epoch(): number {
    return this.#epoch;
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
