import type {
  ActionId,
  Clock,
  ControlRegister,
  Ids,
  Instruction,
  Timers,
  VehicleId,
} from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import type { FastifyPluginAsync } from "fastify";
import { beginGiver, type GiverEvent } from "./core/giver.ts";
import type { SignedRecord } from "./core/messages.ts";
import type { TakerEvent } from "./core/taker.ts";
import { signReceipt } from "./custody.ts";
import { Desk, isClosed, type Machine, NotKept, Superseded } from "./desk.ts";
import type { HandoffStore } from "./handoff-store.ts";
import { takeMessage } from "./inbound.ts";
import type { KeyRing } from "./keys.ts";
import type { Manifest } from "./manifest.ts";
import { Counters, type HandoffMetrics } from "./metrics.ts";
import { Delivery, type DeliveryFailure, type Fetch } from "./partner-link.ts";
import { partnerRoutes } from "./partner-routes.ts";
import type {
  DeclineCode,
  HandoffEvent,
  HandoffId,
  HandoffSummary,
  Handoffs,
  Offer,
  ReceiptResult,
} from "./port.ts";
import { type Problem, problem } from "./problems.ts";
import { createSerial } from "./serial.ts";
import { HANDOFF_SETTINGS, type HandoffSettings } from "./settings.ts";
import { type SignedRequest, verifyRequest, WINDOW_MS } from "./signatures.ts";
import { type Acknowledgement, readEnvelope } from "./wire.ts";

export interface HandoffLog {
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
}

export interface HandoffsOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  /** Where the partner's API is, without `/partner/v1`. */
  readonly partnerUrl: string;
  readonly keys: KeyRing;
  readonly store: HandoffStore;
  readonly fleet: { instruct(vehicleId: VehicleId, instruction: Instruction): void };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: HandoffLog;
  /** Who signs custody records for this side. */
  readonly account: string;
  /** Place and lane of a hand-off point, as the custody record names them. */
  readonly describePoint?: (handoffPointId: HandoffPointId) => {
    readonly place: string;
    readonly lane: string;
  };
  /** For the local times in a custody record; Viet Nam +07:00 and China +08:00 when not given. */
  readonly utcOffsetMinutes?: Readonly<Record<Side, number>>;
  readonly fetch?: Fetch;
  readonly settings?: Partial<HandoffSettings>;
}

export interface HandoffService extends Handoffs {
  /** The partner's door, to be registered with the prefix `/partner/v1`. */
  readonly routes: FastifyPluginAsync;
  metrics(): HandoffMetrics;
  lastPartnerMessageAtMs(): number | undefined;
  partner(): "online" | "silent";
  /** This side's custody chain, oldest first. */
  custody(): Promise<readonly SignedRecord[]>;
}

/** The hand-offs of one side with one partner. `start` rejects when the store cannot be reached. */
export function createHandoffs(options: HandoffsOptions): HandoffService {
  return new Service(options);
}

const UTC_OFFSET_MINUTES: Readonly<Record<Side, number>> = { vn: 420, cn: 480 };
const SIGNATURE_TROUBLE_PAUSE_MS = 60_000;
const SKEW_MS = 2_000;

class Service implements HandoffService {
  readonly routes: FastifyPluginAsync;
  readonly #options: HandoffsOptions;
  readonly #settings: HandoffSettings;
  readonly #desk: Desk;
  readonly #delivery: Delivery;
  readonly #serial = createSerial();
  readonly #counters = new Counters();
  readonly #listeners = new Set<(event: HandoffEvent) => void>();
  /** Troubles that were told already, by code: each is told once for a hand-off. */
  readonly #told = new Map<HandoffId, Set<string>>();
  readonly #repeats = new Map<HandoffId, { atMs: number; pauseMs: number; phase: string }>();
  /** Requests that the store could not keep yet, in their order. */
  readonly #unkept: (() => Promise<void>)[] = [];
  #running = false;
  #inDoubt = false;
  #cancelTick: (() => void) | undefined;
  #lastHeardAtMs: number | undefined;
  #unreachableSinceMs: number | undefined;
  #silent = false;
  readonly #signatureTroubleAtMs = new Map<string, number>();

  constructor(options: HandoffsOptions) {
    this.#options = options;
    this.#settings = { ...HANDOFF_SETTINGS, ...options.settings };
    const { side, partnerSide, partnerUrl, store, keys, clock, timers, ids, fleet, log } = options;
    this.#desk = new Desk({
      side,
      partnerSide,
      store,
      announce: (event) => this.#announce(event),
      transferControl: ({ handoffId, offer }, { from, expectedEpoch, to }) => {
        const actionId = `${handoffId}.${to === from ? "fence" : "transfer"}.${ids.next()}` as ActionId;
        fleet.instruct(offer.vehicleId, {
          actionId,
          kind: "transferControl",
          from,
          expectedEpoch,
          to,
          handoffId,
        });
      },
      send: (items) => this.#delivery.add(items),
    });
    this.#delivery = new Delivery({
      partnerUrl,
      keys,
      clock,
      timers,
      ids,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      retry: { firstMs: this.#settings.retryFirstMs, maxMs: this.#settings.retryMaxMs },
      delivered: async ({ envelope }) => {
        this.#heard();
        await this.#serial(() => this.#desk.acknowledged(envelope.messageId)).catch((error: unknown) =>
          this.#failed(error),
        );
        this.#counters.delivered++;
      },
      failed: ({ envelope }, failure) => this.#deliveryFailed(envelope.handoffId, envelope.type, failure),
    });
    this.routes = partnerRoutes({ receive: (request, id, body) => this.#receive(request, id, body), log });
  }

  async start(): Promise<void> {
    await this.#options.store.open();
    await this.#serial(() => this.#recover());
    this.#running = true;
    this.#delivery.start();
    this.#cancelTick = this.#options.timers.every(this.#settings.tickMs, () => this.#tick());
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTick?.();
    this.#delivery.stop();
    await this.#serial(async () => {});
  }

  offer(offer: Offer): void {
    this.#request(async (nowMs) => {
      const { handoffId, vehicleId } = offer;
      const known = this.#desk.get(handoffId);
      if (known !== undefined) return this.#desk.announceAgain(known.machine);
      const other = this.#desk
        .open()
        .find((one) => one.role === "giver" && one.phase !== "switched" && one.offer.vehicleId === vehicleId);
      if (other !== undefined) {
        return this.#trouble(
          handoffId,
          "vehicle-already-offered",
          `${vehicleId} is in hand-off ${other.handoffId}`,
        );
      }
      const { side, partnerSide } = this.#options;
      await this.#desk.begin(beginGiver(offer, side, partnerSide, nowMs), [], nowMs);
    });
  }

  ready(handoffId: HandoffId, manifest: Manifest): void {
    this.#askGiver(handoffId, (nowMs) => ({ kind: "ready", manifest, nowMs }));
  }

  withdraw(handoffId: HandoffId, reason: string): void {
    this.#askGiver(handoffId, (nowMs) => ({ kind: "withdraw", reason: reason.slice(0, 512), nowMs }));
  }

  accept(handoffId: HandoffId): void {
    this.#askTaker(handoffId, (nowMs) => ({ kind: "accept", nowMs }));
  }

  decline(handoffId: HandoffId, code: DeclineCode): void {
    this.#askTaker(handoffId, (nowMs) => ({ kind: "decline", code, nowMs }));
  }

  go(handoffId: HandoffId): void {
    this.#askTaker(handoffId, (nowMs) => ({ kind: "go", nowMs }));
  }

  revoke(handoffId: HandoffId, reason: string): void {
    this.#askTaker(handoffId, (nowMs) => ({ kind: "revoke", reason: reason.slice(0, 512), nowMs }));
  }

  receive(handoffId: HandoffId, result: ReceiptResult): void {
    this.#request(async (nowMs) => {
      const machine = await this.#desk.see(handoffId, nowMs);
      const record = machine === undefined ? undefined : await this.#receipt(machine, result, nowMs);
      const outcome = await this.#desk.stepTaker(handoffId, { kind: "receive", record, nowMs });
      if (outcome === undefined) this.#unknown(handoffId);
    });
  }

  observeRegister(vehicleId: VehicleId, register: ControlRegister): void {
    if (!this.#desk.noteRegister(vehicleId, register) || !this.#running) return;
    for (const { handoffId, offer } of this.#desk.open()) {
      if (offer.vehicleId !== vehicleId) continue;
      void this.#serial(() => this.#see(handoffId)).catch((error: unknown) => this.#failed(error));
    }
  }

  subscribe(listener: (event: HandoffEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  open(): readonly HandoffSummary[] {
    return this.#desk.open().map(({ handoffId, role, phase, offer, sinceMs }) => {
      const containerNo = offer.manifest.container?.containerNo;
      return { handoffId, role, phase, vehicleId: offer.vehicleId, containerNo, sinceMs };
    });
  }

  metrics(): HandoffMetrics {
    return this.#counters.snapshot(this.#desk.open().length, this.#delivery.waiting());
  }

  lastPartnerMessageAtMs(): number | undefined {
    return this.#lastHeardAtMs;
  }

  partner(): "online" | "silent" {
    return this.#silent ? "silent" : "online";
  }

  custody(): Promise<readonly SignedRecord[]> {
    return this.#options.store.custody();
  }

  #askGiver(handoffId: HandoffId, event: (nowMs: number) => GiverEvent): void {
    this.#request(async (nowMs) => {
      if ((await this.#desk.stepGiver(handoffId, event(nowMs))) === undefined) this.#unknown(handoffId);
    });
  }

  #askTaker(handoffId: HandoffId, event: (nowMs: number) => TakerEvent): void {
    this.#request(async (nowMs) => {
      if ((await this.#desk.stepTaker(handoffId, event(nowMs))) === undefined) this.#unknown(handoffId);
    });
  }

  /** A mission's request, kept in order. One that the store does not keep waits until it does. */
  #request(take: (nowMs: number) => Promise<void>): void {
    const run = (): Promise<void> => take(this.#options.clock.nowMs());
    void this.#serial(async () => {
      if (this.#inDoubt) {
        this.#unkept.push(run);
        return;
      }
      await run().catch((error: unknown) => {
        if (error instanceof NotKept) this.#unkept.push(run);
        this.#failed(error);
      });
    });
  }

  async #receive(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem> {
    const { keys, clock, side, partnerSide, account } = this.#options;
    const nowMs = clock.nowMs();
    const answer = await this.#judge(request, body, nowMs);
    if (answer !== undefined) return answer;
    this.#heard();
    const reading = readEnvelope(body);
    if (!reading.ok) return this.#refuse(problem(reading.code, reading.detail));
    const { envelope } = reading;
    if (envelope.handoffId !== handoffId || envelope.from !== partnerSide || envelope.to !== side) {
      return this.#refuse(
        problem("wrong-recipient", `${envelope.handoffId} from ${envelope.from} to ${envelope.to}`),
      );
    }
    const said = await this.#serial(async () => {
      if (this.#inDoubt || !this.#running) return problem("not-durable", "the hand-off store is not at hand");
      return takeMessage(envelope, nowMs, { side, partnerSide, account, keys, desk: this.#desk });
    }).catch((error: unknown) => {
      this.#failed(error);
      return problem("not-durable", "");
    });
    if ("status" in said) return this.#refuse(said);
    this.#counters.taken++;
    if (said.duplicate) this.#counters.duplicates++;
    return said;
  }

  /** The signature and its nonce; undefined when both are good. */
  async #judge(request: SignedRequest, body: Uint8Array, nowMs: number): Promise<Problem | undefined> {
    const { keys, partnerSide, store } = this.#options;
    const verified = verifyRequest(request, body, keys, partnerSide, nowMs);
    if (!verified.ok) return this.#refuseSignature(verified.reason, verified.detail, nowMs);
    const nonce = `${verified.keyId} ${verified.nonce}`;
    const isNew = await store
      .rememberNonce(nonce, verified.createdMs, nowMs - WINDOW_MS)
      .catch(() => undefined);
    if (isNew === undefined) return this.#refuse(problem("not-durable", "the nonce could not be remembered"));
    if (!isNew) return this.#refuseSignature("replayed", "sign each request with a nonce of its own", nowMs);
    if (Math.abs(verified.skewMs) > SKEW_MS) this.#counters.skewed++;
    return undefined;
  }

  #refuseSignature(reason: Parameters<typeof problem>[0], detail: string, nowMs: number): Problem {
    this.#counters.countSignature(reason);
    const before = this.#signatureTroubleAtMs.get(reason);
    if (before === undefined || nowMs - before >= SIGNATURE_TROUBLE_PAUSE_MS) {
      this.#signatureTroubleAtMs.set(reason, nowMs);
      this.#announce({
        kind: "trouble",
        handoffId: undefined,
        code: "signature-refused",
        detail: `${reason}: ${detail}`,
      });
    }
    return this.#refuse(problem(reason, detail));
  }

  #refuse(answer: Problem): Problem {
    this.#counters.countRefused(answer.code);
    this.#options.log.warn({ code: answer.code, detail: answer.detail }, "a partner request was refused");
    return answer;
  }

  async #receipt(machine: Machine, result: ReceiptResult, nowMs: number): Promise<SignedRecord | undefined> {
    if (machine.role !== "taker" || machine.phase !== "switched") return undefined;
    const { side, account, keys, describePoint, utcOffsetMinutes = UTC_OFFSET_MINUTES } = this.#options;
    const { handoffId, giver, taker, offer, manifest, epoch } = machine;
    const { direction, vehicleId, handoffPointId } = offer;
    const { place, lane } = describePoint?.(handoffPointId) ?? {
      place: handoffPointId,
      lane: handoffPointId,
    };
    return signReceipt(
      {
        handoffId,
        giver,
        taker,
        direction,
        vehicleId,
        controlEpoch: epoch,
        manifest,
        handoffPointId,
        place,
        lane,
        receivedAtMs: nowMs,
        utcOffsetMinutes,
        result,
      },
      { side, account, keys, previous: this.#desk.custodyHead() },
    );
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#watchPartner(nowMs);
    void this.#serial(async () => {
      if (!this.#running) return;
      if (this.#inDoubt) await this.#recover();
      for (const machine of this.#desk.machines()) await this.#look(machine, nowMs);
    }).catch((error: unknown) => this.#failed(error));
  }

  /** Deadlines of one hand-off. */
  async #look(machine: Machine, nowMs: number): Promise<void> {
    const { handoffId, phase, sinceMs } = machine;
    const { repeatMs, repeatMaxMs, witnessAfterMs, retentionMs } = this.#settings;
    if (isClosed(machine)) {
      this.#repeats.delete(handoffId);
      if (nowMs - sinceMs < retentionMs) return;
      await this.#desk.forget(handoffId);
      this.#told.delete(handoffId);
      return;
    }
    await this.#stepAny(machine, { kind: "tick", nowMs });
    const due = this.#repeats.get(handoffId);
    if (due === undefined || due.phase !== phase) {
      this.#repeats.set(handoffId, { atMs: nowMs + repeatMs, pauseMs: repeatMs, phase });
    } else if (nowMs >= due.atMs) {
      const pauseMs = Math.min(repeatMaxMs, due.pauseMs * 2);
      this.#repeats.set(handoffId, { atMs: nowMs + pauseMs, pauseMs, phase });
      await this.#stepAny(machine, { kind: "repeat", nowMs });
    }
    const waitsForWitness = phase === "switching" || phase === "fencing" || phase === "gone";
    if (waitsForWitness && nowMs - sinceMs >= witnessAfterMs) {
      const detail = `${machine.offer.vehicleId} has not changed its control register for ${witnessAfterMs / 1000} s`;
      this.#trouble(handoffId, "vehicle-not-switching", detail);
    }
  }

  async #stepAny(machine: Machine, event: { kind: "tick" | "repeat"; nowMs: number }): Promise<void> {
    if (machine.role === "giver") await this.#desk.stepGiver(machine.handoffId, event);
    else await this.#desk.stepTaker(machine.handoffId, event);
  }

  async #see(handoffId: HandoffId): Promise<void> {
    if (this.#running && !this.#inDoubt) await this.#desk.see(handoffId, this.#options.clock.nowMs());
  }

  /** Reads everything back and tells and does again what is outstanding; then takes the requests that waited. */
  async #recover(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const outbox = await this.#desk.load().catch((cause: unknown) => {
      throw new NotKept("the hand-off store could not be read", { cause });
    });
    this.#inDoubt = false;
    this.#delivery.add(outbox);
    for (const machine of this.#desk.machines()) {
      if (isClosed(machine) && nowMs - machine.sinceMs > this.#settings.announceClosedMs) continue;
      this.#desk.announceAgain(machine);
      if (!isClosed(machine)) await this.#stepAny(machine, { kind: "repeat", nowMs });
    }
    for (;;) {
      const run = this.#unkept[0];
      if (run === undefined) return;
      await run().catch((error: unknown) => {
        if (error instanceof NotKept) throw error;
        this.#failed(error);
      });
      this.#unkept.shift();
    }
  }

  #heard(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#lastHeardAtMs = nowMs;
    if (this.#silent) {
      this.#silent = false;
      const detail = `after ${Math.round((nowMs - (this.#unreachableSinceMs ?? nowMs)) / 1000)} s`;
      this.#announce({ kind: "trouble", handoffId: undefined, code: "partner-back", detail });
    }
    this.#unreachableSinceMs = undefined;
  }

  #deliveryFailed(handoffId: HandoffId, type: string, failure: DeliveryFailure): void {
    this.#counters.deliveryFailures++;
    if (failure.kind === "unreachable") {
      this.#unreachableSinceMs ??= this.#options.clock.nowMs();
      return;
    }
    this.#heard();
    if (failure.retryable) return;
    this.#trouble(
      handoffId,
      "message-refused",
      `${type}: ${failure.status} ${failure.code} ${failure.detail}`,
    );
  }

  #watchPartner(nowMs: number): void {
    const since = this.#unreachableSinceMs;
    if (this.#silent || since === undefined || nowMs - since < this.#settings.silentAfterMs) return;
    this.#silent = true;
    const detail = `${this.#options.partnerUrl} has not answered for ${Math.round((nowMs - since) / 1000)} s`;
    this.#announce({ kind: "trouble", handoffId: undefined, code: "partner-silent", detail });
  }

  #unknown(handoffId: HandoffId): void {
    this.#trouble(
      handoffId,
      "handoff-unknown",
      "a request named a hand-off that this side does not have in that role",
    );
  }

  #failed(error: unknown): void {
    if (!this.#running) return;
    if (error instanceof NotKept) {
      if (!this.#inDoubt) {
        this.#options.log.error({ err: error }, "the hand-off store is not at hand");
        this.#announce({
          kind: "trouble",
          handoffId: undefined,
          code: "store-unreachable",
          detail: error.message,
        });
      }
      this.#inDoubt = true;
    } else if (error instanceof Superseded) {
      this.#running = false;
      this.#cancelTick?.();
      this.#delivery.stop();
      this.#announce({ kind: "trouble", handoffId: undefined, code: "superseded", detail: error.message });
    } else {
      this.#options.log.error({ err: error }, "a hand-off step failed");
      const detail = error instanceof Error ? error.message : String(error);
      this.#announce({ kind: "trouble", handoffId: undefined, code: "internal", detail });
    }
  }

  #trouble(handoffId: HandoffId, code: string, detail: string): void {
    this.#announce({ kind: "trouble", handoffId, code, detail });
  }

  #announce(event: HandoffEvent): void {
    if (event.kind === "trouble" && event.handoffId !== undefined) {
      const told = this.#told.get(event.handoffId) ?? new Set();
      if (told.has(event.code)) return;
      this.#told.set(event.handoffId, told.add(event.code));
    }
    this.#counters.countEvent(event.kind);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#options.log.error({ err: error, event: event.kind }, "a listener of hand-off events failed");
      }
    }
  }
}
