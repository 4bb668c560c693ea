import type { ActionId, ControlRegister, VehicleId } from "@baton/fleet-adapter";
import type { FastifyPluginAsync } from "fastify";
import { beginGiver, type GiverEvent } from "./core/giver.ts";
import { knownEpoch } from "./core/known-epoch.ts";
import type { SignedRecord } from "./core/messages.ts";
import type { TakerEvent } from "./core/taker.ts";
import { WitnessWatch } from "./core/witness-watch.ts";
import { Delivery } from "./delivery.ts";
import { Desk, isClosed, type Machine, NotKept, Superseded } from "./desk.ts";
import { httpFetch } from "./http-fetch.ts";
import type { SignedRequest } from "./http-signatures.ts";
import { takeMessage } from "./inbound.ts";
import type { Manifest } from "./manifest.ts";
import { Counters, type HandoffMetrics } from "./metrics.ts";
import { type AskFailure, askPartner } from "./partner-ask.ts";
import { PartnerDoor } from "./partner-door.ts";
import { partnerRoutes } from "./partner-routes.ts";
import { PartnerWatch } from "./partner-watch.ts";
import type {
  DeclineCode,
  HandoffEvent,
  HandoffId,
  HandoffSummary,
  Offer,
  ReceiptResult,
  ReturnLoad,
} from "./port.ts";
import { type Problem, problem } from "./problems.ts";
import { receiptOf } from "./receipt.ts";
import { createSerial } from "./serial.ts";
import type { HandoffLook, HandoffService, HandoffsOptions } from "./service-port.ts";
import { HANDOFF_SETTINGS, type HandoffSettings } from "./settings.ts";
import { type PartnerGate, SignatureGate } from "./signature-gate.ts";
import type { Acknowledgement, Envelope, Heartbeat } from "./wire.ts";

/** The hand-offs of one side with one partner. `start` rejects when the store cannot be reached. */
export function createHandoffs(options: HandoffsOptions): HandoffService {
  return new Service(options);
}

const FORGET_EVERY_MS = 60_000;

class Service implements HandoffService {
  readonly routes: FastifyPluginAsync;
  readonly gate: PartnerGate;
  readonly #options: HandoffsOptions;
  readonly #settings: HandoffSettings;
  readonly #desk: Desk;
  readonly #delivery: Delivery;
  readonly #serial = createSerial();
  readonly #counters = new Counters();
  readonly #witnesses: WitnessWatch;
  readonly #partner: PartnerWatch;
  readonly #door: PartnerDoor;
  readonly #listeners = new Set<(event: HandoffEvent) => void>();
  /** Troubles that were told already, by code: each is told once for a hand-off. */
  readonly #told = new Map<HandoffId, Set<string>>();
  readonly #repeats = new Map<HandoffId, { atMs: number; pauseMs: number; phase: string }>();
  /** Requests that the store could not keep yet, in their order. */
  readonly #unkept: (() => Promise<void>)[] = [];
  #running = false;
  #inDoubt = false;
  #cancelTick: (() => void) | undefined;
  /** When hand-offs that are over are looked through for those to be forgotten. */
  #sweepAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: HandoffsOptions) {
    this.#options = options;
    this.#settings = { ...HANDOFF_SETTINGS, ...options.settings };
    this.#witnesses = new WitnessWatch(this.#settings);
    const { side, partnerSide, partnerUrl, store, keys, clock, timers, ids, fleet, log } = options;
    const fetch = options.fetch ?? httpFetch;
    const ask = askPartner({ partnerUrl, partnerSide, keys, clock, ids, fetch });
    const heartbeat: Heartbeat = { from: side, to: partnerSide };
    const { heartbeatMs, silentAfterMs } = this.#settings;
    this.#partner = new PartnerWatch({
      partnerUrl,
      clock,
      heartbeatMs,
      silentAfterMs,
      beat: () => ask("heartbeat", heartbeat),
      announce: (event) => this.#announce(event),
    });
    this.#desk = new Desk({
      side,
      partnerSide,
      store,
      announce: (event) => this.#announce(event),
      instruct: ({ handoffId, offer }, effect) => {
        if (effect.kind === "dock") return;
        const { from, expectedEpoch, to } = effect;
        const baseEndsAtNodeId = to === from ? undefined : options.holdNodeOf?.(offer.handoffPointId);
        const actionId = `${handoffId}.${to === from ? "fence" : "transfer"}.${ids.next()}` as ActionId;
        fleet.instruct(offer.vehicleId, {
          actionId,
          kind: "transferControl",
          from,
          expectedEpoch,
          to,
          handoffId,
          ...(baseEndsAtNodeId === undefined ? {} : { baseEndsAtNodeId }),
        });
      },
      send: (items) => this.#delivery.add(items),
    });
    this.#delivery = new Delivery({
      ask,
      timers,
      retry: { firstMs: this.#settings.retryFirstMs, maxMs: this.#settings.retryMaxMs },
      delivered: async ({ envelope }) => {
        this.#partner.answered();
        await this.#serial(() => this.#desk.acknowledged(envelope.messageId)).catch((error: unknown) =>
          this.#failed(error),
        );
        this.#counters.delivered++;
      },
      isEnded: (handoffId) => {
        const phase = this.#desk.get(handoffId)?.machine.phase;
        return phase === "ended" || phase === "declined";
      },
      failed: ({ envelope }, failure) => this.#deliveryFailed(envelope.handoffId, envelope.type, failure),
    });
    this.gate = new SignatureGate({
      partnerSide,
      keys,
      store,
      clock,
      counters: this.#counters,
      log,
      announce: (event) => this.#announce(event),
      heard: () => this.#partner.spoke(),
    });
    this.#door = new PartnerDoor({
      side,
      partnerSide,
      gate: this.gate,
      counters: this.#counters,
      take: (envelope) => this.#take(envelope, clock.nowMs()),
    });
    this.routes = partnerRoutes({
      receive: (request, id, body) => this.receiveFromPartner(request, id, body),
      beat: (request, body) => this.heartbeatFromPartner(request, body),
      signAnswer: this.gate.signAnswer,
      log,
    });
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
      const earlier = this.#desk.machines().filter((one) => one.offer.vehicleId === vehicleId);
      const step = beginGiver(offer, side, partnerSide, nowMs, knownEpoch(earlier));
      await this.#desk.begin(step, [], nowMs);
    });
  }

  ready(handoffId: HandoffId, manifest: Manifest): void {
    this.#askGiver(handoffId, (nowMs) => ({ kind: "ready", manifest, nowMs }));
  }

  withdraw(handoffId: HandoffId, reason: string): void {
    this.#askGiver(handoffId, (nowMs) => ({ kind: "withdraw", reason: reason.slice(0, 512), nowMs }));
  }

  accept(handoffId: HandoffId, returnLoad?: ReturnLoad): void {
    const answer = returnLoad === undefined ? {} : { returnLoad };
    this.#askTaker(handoffId, (nowMs) => ({ kind: "accept", ...answer, nowMs }));
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
      const record =
        machine === undefined
          ? undefined
          : await receiptOf(machine, result, nowMs, this.#desk.custodyHead(), this.#options);
      const outcome = await this.#desk.stepTaker(handoffId, { kind: "receive", record, nowMs });
      if (outcome === undefined) this.#unknown(handoffId);
    });
  }

  receiveFromPartner(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem> {
    return this.#door.receive(request, handoffId, body);
  }

  heartbeatFromPartner(request: SignedRequest, body: Uint8Array): Promise<Heartbeat | Problem> {
    return this.#door.beat(request, body);
  }

  observeRegister(vehicleId: VehicleId, register: ControlRegister): void {
    this.#witnesses.heard(vehicleId, this.#options.clock.nowMs());
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

  look(handoffId: string): HandoffLook | undefined {
    const machine = this.#desk.machines().find((one) => one.handoffId === handoffId);
    return machine && { machine, waiting: this.#delivery.waitingFor(handoffId) };
  }

  metrics(): HandoffMetrics {
    return this.#counters.snapshot(this.#desk.open().length, this.#delivery.waiting());
  }

  lastPartnerMessageAtMs(): number | undefined {
    return this.#partner.lastHeardAtMs;
  }

  partner(): "online" | "silent" {
    return this.#partner.isSilent ? "silent" : "online";
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

  #take(envelope: Envelope, nowMs: number): Promise<Acknowledgement | Problem> {
    const { side, partnerSide, account, keys } = this.#options;
    return this.#serial(async () => {
      if (this.#inDoubt || !this.#running) return problem("not-durable", "the hand-off store is not at hand");
      return takeMessage(envelope, nowMs, { side, partnerSide, account, keys, desk: this.#desk });
    }).catch((error: unknown) => {
      this.#failed(error);
      return problem("not-durable", "");
    });
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#partner.look();
    void this.#serial(async () => {
      if (!this.#running) return;
      if (this.#inDoubt) await this.#recover();
      for (const machine of this.#due(nowMs))
        if (this.#wantsLook(machine, nowMs)) await this.#look(machine, nowMs);
    }).catch((error: unknown) => this.#failed(error));
  }

  /** Those that are not over, or were not when they were looked at last; the others now and then, to be forgotten. */
  #due(nowMs: number): readonly Machine[] {
    const due = this.#desk.open();
    for (const handoffId of this.#repeats.keys()) {
      const machine = this.#desk.get(handoffId)?.machine;
      if (machine !== undefined && isClosed(machine)) due.push(machine);
    }
    if (nowMs < this.#sweepAtMs) return due;
    this.#sweepAtMs = nowMs + FORGET_EVERY_MS;
    const isOld = (machine: Machine): boolean =>
      isClosed(machine) &&
      !this.#repeats.has(machine.handoffId) &&
      nowMs - machine.sinceMs >= this.#settings.retentionMs;
    return [...due, ...this.#desk.machines().filter(isOld)];
  }

  /** Whether time, or what its vehicle said, can have done anything to a hand-off since it was looked at last. */
  #wantsLook(machine: Machine, nowMs: number): boolean {
    if (isClosed(machine) || this.#desk.hasToSee(machine) || this.#waitsForWitness(machine)) return true;
    if (nowMs >= machine.offer.expiresAtMs) return true;
    const due = this.#repeats.get(machine.handoffId);
    return due?.phase !== machine.phase || nowMs >= due.atMs;
  }

  /** Deadlines of one hand-off. */
  async #look(machine: Machine, nowMs: number): Promise<void> {
    const { handoffId, phase, sinceMs } = machine;
    const { repeatMs, repeatMaxMs, retentionMs } = this.#settings;
    if (isClosed(machine)) {
      this.#repeats.delete(handoffId);
      this.#witnesses.forget(handoffId);
      if (nowMs - sinceMs < retentionMs) return;
      await this.#desk.forget(handoffId);
      this.#told.delete(handoffId);
      return;
    }
    if (nowMs >= machine.offer.expiresAtMs) await this.#stepAny(machine, { kind: "tick", nowMs });
    else await this.#desk.see(handoffId, nowMs);
    const due = this.#repeats.get(handoffId);
    if (due === undefined || due.phase !== phase) {
      this.#repeats.set(handoffId, { atMs: nowMs + repeatMs, pauseMs: repeatMs, phase });
    } else if (nowMs >= due.atMs) {
      const pauseMs = Math.min(repeatMaxMs, due.pauseMs * 2);
      this.#repeats.set(handoffId, { atMs: nowMs + pauseMs, pauseMs, phase });
      await this.#stepAny(machine, { kind: "repeat", nowMs });
    }
    if (!this.#waitsForWitness(machine)) return this.#witnesses.forget(handoffId);
    const detail = this.#witnesses.look({ handoffId, phase, vehicleId: machine.offer.vehicleId }, nowMs);
    if (detail !== undefined) this.#trouble(handoffId, "vehicle-not-switching", detail);
  }

  /** The vehicle has been told, or the partner is to tell it: a taker whose `go` is on its way waits for its partner. */
  #waitsForWitness({ handoffId, phase }: Machine): boolean {
    return (
      phase === "switching" ||
      phase === "fencing" ||
      (phase === "gone" && !this.#desk.isUnderWay(handoffId, "go"))
    );
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

  #deliveryFailed(handoffId: HandoffId, type: string, failure: AskFailure): void {
    this.#counters.deliveryFailures++;
    if (failure.kind !== "refused") {
      this.#partner.unreachable(failure.detail);
      if (failure.kind === "untrusted")
        this.#trouble(handoffId, "answer-untrusted", `${type}: ${failure.detail}`);
      return;
    }
    this.#partner.answered();
    if (failure.retryable) return;
    this.#trouble(
      handoffId,
      "message-refused",
      `${type}: ${failure.status} ${failure.code} ${failure.detail}`,
    );
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
