import type { ControlRegister, VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId } from "@baton/maps";
import type { FastifyPluginAsync } from "fastify";
import { Announcer } from "./announcer.ts";
import { beginGiver, type GiverEvent } from "./core/giver.ts";
import { knownEpoch } from "./core/known-epoch.ts";
import type { SignedRecord } from "./core/messages.ts";
import type { TakerEvent } from "./core/taker.ts";
import { witnessOf } from "./core/witness.ts";
import type { Saying } from "./core/word.ts";
import { Deadlines } from "./deadlines.ts";
import { Delivery } from "./delivery.ts";
import { Desk, isClosed, NotKept } from "./desk.ts";
import { httpFetch } from "./http-fetch.ts";
import type { SignedRequest } from "./http-signatures.ts";
import { takeMessage } from "./inbound.ts";
import { instructWitness, servesMode } from "./instruct-witness.ts";
import type { Manifest } from "./manifest.ts";
import { Counters, type HandoffMetrics } from "./metrics.ts";
import { type AskFailure, askPartner } from "./partner-ask.ts";
import { PartnerDoor } from "./partner-door.ts";
import { partnerRoutes } from "./partner-routes.ts";
import { PartnerWatch } from "./partner-watch.ts";
import type {
  DeclineCode,
  Forecast,
  HandoffEvent,
  HandoffId,
  HandoffSummary,
  Offer,
  ReceiptResult,
  ReturnLoad,
} from "./port.ts";
import { type Problem, problem } from "./problems.ts";
import { receiptOf } from "./receipt.ts";
import { sayWhoHolds } from "./resolving.ts";
import type { HandoffLook, HandoffService, HandoffsOptions, ResolveOutcome } from "./service-port.ts";
import { HANDOFF_SETTINGS, type HandoffSettings } from "./settings.ts";
import { type PartnerGate, SignatureGate } from "./signature-gate.ts";
import { summaryOf } from "./summary.ts";
import type { TransferReport } from "./transfer-port.ts";
import { Turns } from "./turns.ts";
import { VisitDesk } from "./visits.ts";
import {
  type Acknowledgement,
  type Envelope,
  type Heartbeat,
  isAboutVisit,
  readVehiclesWanted,
  type VisitEnvelope,
} from "./wire.ts";

/** The hand-offs of one side with one partner. `start` rejects when the store cannot be reached. */
export function createHandoffs(options: HandoffsOptions): HandoffService {
  return new Service(options);
}

class Service implements HandoffService {
  readonly routes: FastifyPluginAsync;
  readonly gate: PartnerGate;
  readonly visits: VisitDesk;
  readonly #options: HandoffsOptions;
  readonly #settings: HandoffSettings;
  readonly #desk: Desk;
  readonly #delivery: Delivery;
  readonly #turns: Turns;
  readonly #counters = new Counters();
  readonly #deadlines: Deadlines;
  readonly #announcer: Announcer;
  readonly #partner: PartnerWatch;
  readonly #door: PartnerDoor;
  #cancelTick: (() => void) | undefined;
  #vehiclesWanted = 0;
  #partnerForecast: Forecast | undefined;

  constructor(options: HandoffsOptions) {
    this.#options = options;
    this.#settings = { ...HANDOFF_SETTINGS, ...options.settings };
    this.#announcer = new Announcer(this.#counters, options.log);
    const { side, partnerSide, partnerUrl, store, keys, clock, timers, ids, log } = options;
    const fetch = options.fetch ?? httpFetch;
    this.#turns = new Turns({
      clock,
      log,
      announcer: this.#announcer,
      recover: (nowMs) => this.#recover(nowMs),
      superseded: () => this.#end(),
    });
    const ask = askPartner({
      partnerUrl,
      partnerSide,
      keys,
      clock,
      ids,
      fetch,
      heard: (answer) => this.#hearForecast(answer),
    });
    const heartbeat: Heartbeat = { from: side, to: partnerSide };
    const { heartbeatMs, silentAfterMs } = this.#settings;
    this.#partner = new PartnerWatch({
      partnerUrl,
      clock,
      heartbeatMs,
      silentAfterMs,
      beat: () => ask("heartbeat", heartbeat),
      announce: (event) => this.#announcer.announce(event),
    });
    this.#desk = new Desk({
      side,
      partnerSide,
      store,
      announce: (event) => this.#announcer.announce(event),
      instruct: (machine, effect) => instructWitness(machine, effect, { ...options, visits: this.visits }),
      send: (items) => this.#delivery.add(items),
    });
    this.visits = new VisitDesk({
      side,
      store,
      desk: this.#desk,
      ask,
      clock,
      settings: this.#settings,
      ground: options.visitGround,
      take: (step) => this.#turns.take(step),
      observe: (witness, register) => this.#observe(witness, register),
    });
    this.#deadlines = new Deadlines({
      desk: this.#desk,
      settings: this.#settings,
      trouble: (...what) => this.#announcer.trouble(...what),
      forgotten: (handoffId) => this.#announcer.forget(handoffId),
    });
    this.#delivery = new Delivery({
      ask,
      timers,
      retry: { firstMs: this.#settings.retryFirstMs, maxMs: this.#settings.retryMaxMs },
      delivered: async ({ envelope }) => {
        this.#partner.answered();
        await this.#turns.take(() => this.#desk.acknowledged(envelope.messageId)).catch(told);
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
      announce: (event) => this.#announcer.announce(event),
      heard: () => this.#partner.spoke(),
    });
    this.#door = new PartnerDoor({
      side,
      partnerSide,
      gate: this.gate,
      counters: this.#counters,
      take: (envelope) => this.#take(envelope),
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
    await this.#turns.start();
    this.#delivery.start();
    this.#cancelTick = this.#options.timers.every(this.#settings.tickMs, () => this.#tick());
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#turns.stop();
  }

  #end(): void {
    this.#cancelTick?.();
    this.#delivery.stop();
  }

  offer(offer: Offer): void {
    this.#turns.request(async (nowMs) => {
      const { handoffId, vehicleId } = offer;
      const known = this.#desk.get(handoffId);
      if (known !== undefined) return this.#desk.announceAgain(known.machine);
      const other = this.#desk
        .open()
        .find((one) => one.role === "giver" && one.phase !== "switched" && one.offer.vehicleId === vehicleId);
      if (other !== undefined) {
        return this.#announcer.trouble(
          handoffId,
          "vehicle-already-offered",
          `${vehicleId} is in hand-off ${other.handoffId}`,
        );
      }
      if (!servesMode(offer, this.#options)) {
        const detail = `${offer.mode} at ${offer.handoffPointId}`;
        const code = offer.mode === "host-grants" ? "mode-not-served" : "no-transfer-device";
        return this.#announcer.trouble(handoffId, code, detail);
      }
      const { side, partnerSide } = this.#options;
      const witness = witnessOf({ ...offer, mode: offer.mode ?? "control-passes" });
      const earlier = this.#desk.machines().filter((one) => witnessOf(one.offer) === witness);
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
    this.#turns.request(async (nowMs) => {
      const machine = await this.#desk.see(handoffId, nowMs);
      const record =
        machine === undefined
          ? undefined
          : await receiptOf(machine, result, nowMs, this.#desk.custodyHead(), this.#options);
      const outcome = await this.#desk.stepTaker(handoffId, { kind: "receive", record, nowMs });
      if (outcome === undefined) this.#unknown(handoffId);
    });
  }

  kept(): Promise<void> {
    return new Promise((resolve) => this.#turns.request(async () => resolve()));
  }

  receiveFromPartner(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem> {
    return this.#door.receive(request, handoffId, body).then((answer) => this.#withForecast(answer));
  }

  heartbeatFromPartner(request: SignedRequest, body: Uint8Array): Promise<Heartbeat | Problem> {
    return this.#door.beat(request, body).then((answer) => this.#withForecast(answer));
  }

  forecast(vehiclesWanted: number): void {
    this.#vehiclesWanted = vehiclesWanted;
  }

  partnerForecast(): Forecast | undefined {
    return this.#partnerForecast;
  }

  #hearForecast(answer: unknown): void {
    const vehiclesWanted = readVehiclesWanted(answer);
    this.#partnerForecast = { vehiclesWanted, atMs: this.#options.clock.nowMs() };
  }

  #withForecast<Answer extends Acknowledgement | Heartbeat>(answer: Answer | Problem): Answer | Problem {
    if ("status" in answer || this.#vehiclesWanted === 0) return answer;
    return { ...answer, vehiclesWanted: this.#vehiclesWanted };
  }

  observeRegister(vehicleId: VehicleId, register: ControlRegister): void {
    this.#observe(vehicleId, register);
  }

  observeTransfer(handoffPointId: HandoffPointId, { register, fault }: TransferReport): void {
    const witness = witnessOf({ mode: "container-transfers", vehicleId: "" as VehicleId, handoffPointId });
    this.#observe(witness, register);
    const under = this.#desk.open().find((one) => one.handoffId === register.handoffId);
    if (fault !== undefined && under !== undefined)
      this.#announcer.trouble(under.handoffId, "transfer-device-failed", `${witness}: ${fault}`);
  }

  #observe(witness: string, register: ControlRegister): void {
    this.#deadlines.heard(witness, this.#options.clock.nowMs());
    if (!this.#desk.noteRegister(witness, register) || !this.#turns.isRunning) return;
    for (const { handoffId, offer } of this.#desk.open()) {
      if (witnessOf(offer) !== witness) continue;
      void this.#turns.take((nowMs) => this.#desk.see(handoffId, nowMs)).catch(told);
    }
  }

  subscribe(listener: (event: HandoffEvent) => void): () => void {
    return this.#announcer.subscribe(listener);
  }

  open(): readonly HandoffSummary[] {
    return this.#desk.open().map((machine) => summaryOf(machine, this.#desk.registerOf(machine)));
  }

  resolve(handoffId: string, saying: Saying): Promise<ResolveOutcome> {
    return this.#turns
      .take(async (nowMs) => sayWhoHolds(this.#desk, handoffId, saying, nowMs))
      .catch((): ResolveOutcome => ({ kind: "refused", why: "not-durable" }));
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
    this.#turns.request(async (nowMs) => {
      if ((await this.#desk.stepGiver(handoffId, event(nowMs))) === undefined) this.#unknown(handoffId);
    });
  }

  #askTaker(handoffId: HandoffId, event: (nowMs: number) => TakerEvent): void {
    this.#turns.request(async (nowMs) => {
      if ((await this.#desk.stepTaker(handoffId, event(nowMs))) === undefined) this.#unknown(handoffId);
    });
  }

  #take(envelope: Envelope | VisitEnvelope): Promise<Acknowledgement | Problem> {
    const { side, partnerSide, account, keys } = this.#options;
    return this.#turns
      .take(async (nowMs) => {
        if (isAboutVisit(envelope)) return this.visits.heard(envelope, nowMs);
        const serves = (offer: Pick<Offer, "mode" | "handoffPointId">): boolean =>
          servesMode(offer, this.#options);
        return takeMessage(envelope, nowMs, { side, partnerSide, account, keys, desk: this.#desk, serves });
      })
      .catch((error: unknown) => problem("not-durable", error instanceof NotKept ? error.message : ""));
  }

  #tick(): void {
    this.#partner.look();
    this.#turns.look(async (nowMs) => {
      await this.visits.look(nowMs);
      await this.#deadlines.look(nowMs);
    });
  }

  /** Reads everything back, and tells and does again what is outstanding. */
  async #recover(nowMs: number): Promise<void> {
    const { outbox, visits } = await this.#desk.load().catch((cause: unknown) => {
      throw new NotKept("the hand-off store could not be read", { cause });
    });
    this.visits.load(visits);
    this.#delivery.add(outbox);
    for (const machine of this.#desk.machines()) {
      if (isClosed(machine) && nowMs - machine.sinceMs > this.#settings.announceClosedMs) continue;
      this.#desk.announceAgain(machine);
      if (!isClosed(machine)) await this.#desk.step(machine, { kind: "repeat", nowMs });
    }
  }

  #deliveryFailed(handoffId: HandoffId, type: string, failure: AskFailure): void {
    this.#counters.deliveryFailures++;
    if (failure.kind !== "refused") {
      this.#partner.unreachable(failure.detail);
      if (failure.kind === "untrusted")
        this.#announcer.trouble(handoffId, "answer-untrusted", `${type}: ${failure.detail}`);
      return;
    }
    this.#partner.answered();
    if (failure.retryable) return;
    this.#announcer.trouble(
      handoffId,
      "message-refused",
      `${type}: ${failure.status} ${failure.code} ${failure.detail}`,
    );
  }

  #unknown(handoffId: HandoffId): void {
    this.#announcer.trouble(
      handoffId,
      "handoff-unknown",
      "a request named a hand-off that this side does not have in that role",
    );
  }
}

/** What could not be kept was told when it was tried. */
function told(): void {}
