import { generateKeyPairSync } from "node:crypto";
import type { Behaviour } from "./behaviour.ts";
import { canonical, type SignedRecord } from "./custody.ts";
import { CustodyBook } from "./custody-book.ts";
import { type EmulatedHandoff, type EmulatorMemory, isVisit, type Register } from "./memory.ts";
import {
  type Envelope,
  isAboutVisit,
  type MessageBody,
  type OfferBody,
  type VisitEnvelope,
  type VisitMessage,
} from "./messages.ts";
import { type HostGround, type Page, Pages } from "./pages.ts";
import type { Jwk, OwnKey } from "./signing.ts";
import { answerTo, bindsAgainst } from "./word.ts";

export interface EmulatorOptions {
  readonly side: "vn" | "cn";
  readonly key: OwnKey;
  readonly peerKeys: () => readonly Jwk[];
  readonly nowMs: () => number;
  /** Sends an envelope to the peer, until it is taken. */
  readonly send: (envelope: Envelope | VisitEnvelope, key: OwnKey) => void;
  /** As a giver: has the vehicle's register changed, if it still stands at this epoch. */
  readonly transfer: (vehicleId: string, expectedEpoch: number, to: string, handoffId: string) => void;
  /** As a giver: vehicles are driven to the line first (`standsReady` tells of it); toy vehicles always stand there. */
  readonly drives: boolean;
  /** Its ground for vehicles that their own side drives; none, when it does not serve `host-grants`. */
  readonly ground?: HostGround;
}

/** How long an offer of the way home stands. */
const HOME_EXPIRES_MS = 600_000;
/** As long as it takes to drive a vehicle round to the other lane, generously. */
const RETURN_TAKES_MS = 600_000;

export const oppositeOf = (direction: string): string => (direction === "export" ? "import" : "export");

/** What the emulator says to a message: taken, taken before, or a problem's code. */
export type Reply =
  | { readonly kind: "taken"; readonly duplicate: boolean }
  | { readonly kind: "problem"; readonly status: number; readonly code: string };

/**
 * The other country: a partner that is not Baton. It holds the whole conversation of the protocol in either role, with the
 * faults that its behaviour asks for, and keeps the ground that it grants to visitors (`pages.ts`); it has no vehicles of its own, and no
 * memory but the one it is given.
 */
export class Emulator {
  readonly handoffs: EmulatorMemory["handoffs"];
  readonly ledger: EmulatorMemory["ledger"];
  readonly registers: EmulatorMemory["registers"];
  readonly heard: EmulatorMemory["heard"];
  #behaviour: Behaviour;
  readonly #options: EmulatorOptions;
  readonly #memory: EmulatorMemory;
  readonly #stranger: OwnKey;
  readonly #book: CustodyBook;
  readonly #pages: Pages | undefined;

  constructor(options: EmulatorOptions, behaviour: Behaviour, memory: EmulatorMemory) {
    this.#options = options;
    this.#memory = memory;
    this.handoffs = memory.handoffs;
    this.ledger = memory.ledger;
    this.registers = memory.registers;
    this.heard = memory.heard;
    this.#behaviour = behaviour;
    this.#stranger = { kid: options.key.kid, privateKey: generateKeyPairSync("ed25519").privateKey };
    const { side, nowMs, ground } = options;
    this.#book = new CustodyBook({ ...options, memory });
    if (ground === undefined) return;
    this.#pages = new Pages({
      side,
      ground,
      nowMs,
      pages: memory.pages,
      wantedByUs: () => this.#behaviour.ownGround,
      lie: () => this.#behaviour.lie,
      tell: ({ handoffId, number }, message) => this.#report(handoffId, number, message),
      changed: (page) => this.#visitChanged(page),
    });
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** People that were silent may find a word for what they were told. */
  set behaviour(behaviour: Behaviour) {
    this.#behaviour = behaviour;
    for (const handoff of this.handoffs.values()) this.#answerWord(handoff);
    this.#pages?.tellAgain();
    this.#pages?.settle();
  }

  /** Begins a hand-off as the giver. */
  offer(handoffId: string, offer: OfferBody): void {
    const handoff: EmulatedHandoff = {
      handoffId,
      role: "giver",
      phase: "offered",
      offer,
      manifest: offer.manifest,
      epoch: 0,
    };
    this.handoffs.set(handoffId, handoff);
    this.#say(handoff, { type: "offer", body: offer });
  }

  /**
   * A container that came over the line goes back as it is, on its vehicle: turned away here. Undefined when no hand-off of
   * that id has brought one.
   */
  giveBack(came: string, handoffId: string, handoffPointId: string): OfferBody | undefined {
    const before = this.handoffs.get(came);
    if (before?.role !== "taker" || before.phase !== "concluded") return undefined;
    const direction = oppositeOf(before.offer.direction);
    const etaMs = Math.round(this.#options.nowMs()) + RETURN_TAKES_MS;
    const offer: OfferBody = {
      ...before.offer,
      handoffPointId,
      direction,
      manifest: { ...Object(before.manifest), direction },
      etaMs,
      expiresAtMs: etaMs + RETURN_TAKES_MS,
    };
    this.offer(handoffId, offer);
    return offer;
  }

  /** The newest register of a vehicle, from wherever this emulator sees vehicles. */
  see(vehicleId: string, register: Register): void {
    const known = this.registers.get(vehicleId);
    if (known !== undefined && known.epoch >= register.epoch) return;
    this.registers.set(vehicleId, register);
    for (const handoff of this.handoffs.values()) {
      if (handoff.offer.vehicleId === vehicleId) this.#witness(handoff);
    }
  }

  hear(envelope: Envelope | VisitEnvelope): Reply {
    const { messageId, handoffId } = envelope;
    if (isAboutVisit(envelope)) {
      const isNew = this.#pages?.hear(envelope);
      if (isNew === undefined) return { kind: "problem", status: 404, code: "handoff-unknown" };
      if (isNew) this.heard.push(`${handoffId} ${envelope.type}`);
      return { kind: "taken", duplicate: !isNew };
    }
    const content = canonical([envelope.type, envelope.body]);
    const before = this.#memory.seen.get(messageId);
    if (before !== undefined && before !== content)
      return { kind: "problem", status: 409, code: "message-conflict" };
    const handoff = this.handoffs.get(handoffId);
    if (handoff === undefined && envelope.type !== "offer") {
      return { kind: "problem", status: 404, code: "handoff-unknown" };
    }
    if (handoff === undefined && envelope.type === "offer" && !this.#serves(envelope.body))
      return { kind: "problem", status: 422, code: "mode-not-served" };
    const refused = handoff === undefined ? this.#begin(envelope) : this.#step(handoff, envelope);
    if (refused !== undefined) return { kind: "problem", status: 409, code: refused };
    this.#memory.seen.set(messageId, content);
    if (before === undefined) this.heard.push(`${handoffId} ${envelope.type}`);
    return { kind: "taken", duplicate: before !== undefined };
  }

  #begin(envelope: Envelope): undefined {
    if (envelope.type !== "offer") return undefined;
    const { handoffId, body: offer } = envelope;
    const handoff: EmulatedHandoff = {
      handoffId,
      role: "taker",
      phase: "offered",
      offer,
      manifest: offer.manifest,
      epoch: 0,
    };
    this.handoffs.set(handoffId, handoff);
    this.#answerOffer(handoff);
    return undefined;
  }

  #answerOffer(handoff: EmulatedHandoff): void {
    const { offer, lie } = this.behaviour;
    if (offer === "ignore") return;
    if (offer !== "accept") {
      handoff.phase = "declined";
      this.#say(handoff, { type: "decline", body: { code: offer.slice("decline:".length) } });
      return;
    }
    const { vehicleId, vehicleHome } = handoff.offer;
    if (isVisit(handoff) && this.#pages?.begin(vehicleId, vehicleHome, handoff.handoffId) !== true) {
      handoff.phase = "declined";
      this.#say(handoff, { type: "decline", body: { code: "busy" } });
      return;
    }
    handoff.phase = "accepted";
    this.#say(handoff, lie === "early-go" ? { type: "go", body: {} } : { type: "accept", body: {} });
  }

  /** The code of a refusal, if it is one. A step that is repeated is answered with the last word again. */
  #step(handoff: EmulatedHandoff, message: Envelope): string | undefined {
    const isTaker = handoff.role === "taker";
    switch (message.type) {
      case "offer":
        if (handoff.phase === "accepted") this.#say(handoff, { type: "accept", body: {} });
        return undefined;
      case "ready":
        if (!isTaker) return "out-of-phase";
        if (handoff.phase !== "accepted" && handoff.phase !== "gone") return undefined;
        handoff.manifest = message.body.manifest;
        handoff.epoch = message.body.epoch;
        handoff.isReady = true;
        this.#answerReady(handoff);
        return undefined;
      case "withdraw":
        if (!["switched", "receipted", "concluded"].includes(handoff.phase)) handoff.phase = "ended";
        return undefined;
      case "switched":
        return undefined;
      case "countersign":
        return this.#conclude(handoff, message.body.record);
      case "accept":
        if (isTaker) return "out-of-phase";
        if (handoff.phase !== "offered") return undefined;
        handoff.phase = "accepted";
        if (!this.#options.drives || isVisit(handoff)) this.standsReady(handoff.handoffId);
        return undefined;
      case "decline":
        if (handoff.phase === "offered") handoff.phase = "declined";
        return undefined;
      case "go":
        if (handoff.phase !== "readied") return handoff.phase === "accepted" ? "out-of-phase" : undefined;
        handoff.phase = "gone";
        this.#transfer(handoff, this.#peer);
        return undefined;
      case "revoke":
        handoff.phase = "ended";
        return undefined;
      case "revoke-request":
        if (handoff.phase === "readied" || handoff.phase === "gone") handoff.phase = "fencing";
        this.#transfer(handoff, this.#options.side);
        return undefined;
      case "receipt":
        return this.#countersign(handoff, message.body.record);
      case "resolution":
        if (message.body.round <= (handoff.theirWord?.round ?? 0)) return undefined;
        handoff.theirWord = message.body;
        this.#answerWord(handoff);
        return undefined;
    }
  }

  #answerWord(handoff: EmulatedHandoff): void {
    const { phase, theirWord } = handoff;
    const word = answerTo(handoff, this.#behaviour.resolution);
    if (word !== undefined) {
      handoff.ourWord = word;
      this.#say(handoff, { type: "resolution", body: word });
    }
    const { ourWord } = handoff;
    if (ourWord?.round !== theirWord?.round || ourWord?.holder !== theirWord?.holder) return;
    if (phase !== "gone" && phase !== "fencing") return;
    if (theirWord?.holder === "taker") this.#switch(handoff, handoff.epoch + 1);
    else if (theirWord !== undefined) handoff.phase = "ended";
  }

  #answerReady(handoff: EmulatedHandoff): void {
    const { ready } = this.behaviour;
    if (ready === "ignore") return;
    if (ready === "revoke") {
      handoff.phase = "ended";
      this.#say(handoff, {
        type: "revoke",
        body: { how: "revoked", reason: "as its behaviour asks" },
      });
      return;
    }
    // A visitor is let go when there is ground for it, and not before.
    if (isVisit(handoff) && this.#pages?.hasGround(handoff.offer.vehicleId) !== true) return;
    handoff.phase = "gone";
    this.#say(handoff, { type: "go", body: {} });
    this.#witness(handoff);
  }

  /** Which modes it serves: as a host only where it has ground for it, and for vehicles of the other side. */
  #serves({ mode, vehicleHome, handoffPointId }: OfferBody): boolean {
    if (mode === "control-passes") return true;
    const isHost = mode === "host-grants" && vehicleHome === this.#peer;
    return isHost && this.#pages?.homePointOf(handoffPointId) !== undefined;
  }

  /** The page of a visitor has changed: it may be let go, the right to move may have passed, or it is to be sent home. */
  #visitChanged(page: Page): void {
    for (const handoff of this.handoffs.values()) {
      if (!isVisit(handoff) || handoff.offer.vehicleId !== page.vehicleId) continue;
      if (handoff.role === "taker" && handoff.phase === "accepted" && handoff.isReady === true)
        this.#answerReady(handoff);
      this.#witness(handoff);
    }
    if (page.stage === "over" && page.register.authority === this.#options.side) this.#sendHome(page);
  }

  /** The right goes back with a hand-off of its own, which is offered once: one that comes to nothing is left to people. */
  #sendHome({ vehicleId, home, handoffId: outward }: Page): void {
    const handoffId = `${outward}-home`;
    const before = this.handoffs.get(outward);
    const homePointId = this.#pages?.homePointOf(before?.offer.handoffPointId ?? "");
    if (before === undefined || homePointId === undefined || this.handoffs.has(handoffId)) return;
    const { vehicle, priority } = Object(before.manifest);
    const direction = oppositeOf(before.offer.direction);
    const nowMs = Math.round(this.#options.nowMs());
    this.offer(handoffId, {
      mode: "host-grants",
      handoffPointId: homePointId,
      direction,
      vehicleId,
      vehicleHome: home,
      manifest: { vehicle, direction, priority },
      etaMs: nowMs,
      expiresAtMs: nowMs + HOME_EXPIRES_MS,
    });
  }

  /** The witness is asked to change: a vehicle's own register, or our own page of a visitor. */
  #transfer({ offer: { mode, vehicleId }, epoch, handoffId }: EmulatedHandoff, to: string): void {
    if (mode === "host-grants") this.#pages?.giveBack(vehicleId, handoffId, epoch, to);
    else this.#options.transfer(vehicleId, epoch, to, handoffId);
  }

  #registerOf({ offer: { mode, vehicleId } }: EmulatedHandoff): Register | undefined {
    return mode === "host-grants" ? this.#pages?.of(vehicleId)?.register : this.registers.get(vehicleId);
  }

  /** As a giver: the vehicle that was accepted stands at the line. */
  standsReady(handoffId: string): void {
    const handoff = this.handoffs.get(handoffId);
    if (handoff === undefined || handoff.role !== "giver" || handoff.phase !== "accepted") return;
    const { manifest } = handoff;
    handoff.phase = "readied";
    handoff.epoch = this.#registerOf(handoff)?.epoch ?? 0;
    this.#say(handoff, { type: "ready", body: { manifest, epoch: handoff.epoch } });
  }

  #witness(handoff: EmulatedHandoff): void {
    const register = this.#registerOf(handoff);
    if (register === undefined || register.epoch <= handoff.epoch) return;
    if (handoff.phase !== "gone" && handoff.phase !== "fencing") return;
    const { side } = this.#options;
    const isTaker = handoff.role === "taker";
    const holder = (register.authority === side) === isTaker ? "taker" : "giver";
    if (bindsAgainst(handoff, holder)) return;
    if (holder === "giver") {
      handoff.phase = "ended";
      if (!isTaker) {
        const body = { how: "revoked" as const, reason: "fenced", fencedEpoch: register.epoch };
        this.#say(handoff, { type: "withdraw", body });
      }
      return;
    }
    this.#switch(handoff, register.epoch);
  }

  #switch(handoff: EmulatedHandoff, epoch: number): void {
    handoff.epoch = epoch;
    handoff.phase = "switched";
    if (handoff.role !== "taker") return;
    const record = this.#book.receiptFor(handoff, this.behaviour.lie);
    handoff.phase = "receipted";
    this.#say(handoff, { type: "receipt", body: { record } });
  }

  #countersign(handoff: EmulatedHandoff, receipt: SignedRecord): string | undefined {
    if (handoff.role !== "giver") return "out-of-phase";
    if (handoff.phase === "concluded") return undefined;
    if (handoff.phase !== "switched") return "witness-not-seen";
    const record = this.#book.countersigned(receipt);
    if (record === undefined) return "custody-disagrees";
    handoff.phase = "concluded";
    this.#say(handoff, { type: "countersign", body: { record } });
    return undefined;
  }

  #conclude(handoff: EmulatedHandoff, record: SignedRecord): string | undefined {
    if (handoff.phase === "concluded") return undefined;
    if (handoff.phase !== "receipted") return "out-of-phase";
    if (!this.#book.enter(record)) return "custody-disagrees";
    handoff.phase = "concluded";
    return undefined;
  }

  get #peer(): "vn" | "cn" {
    return this.#options.side === "vn" ? "cn" : "vn";
  }

  /** What is newer says all that holds: what the peer has not taken of before need not be said any more. */
  #report(handoffId: string, number: number, message: VisitMessage): void {
    const { outbox } = this.#memory;
    for (const one of outbox) if (isAboutVisit(one) && one.handoffId === handoffId) outbox.delete(one);
    this.#send(handoffId, `${message.type}.${number}`, message);
  }

  #say({ handoffId }: EmulatedHandoff, message: MessageBody): void {
    const step = message.type === "resolution" ? `resolution.${message.body.round}` : message.type;
    this.#send(handoffId, step, message);
  }

  #send(handoffId: string, step: string, message: MessageBody | VisitMessage): void {
    const { side, key, nowMs, send } = this.#options;
    const head = { messageId: `${handoffId}.${step}`, handoffId, from: side, to: this.#peer };
    send(
      { ...head, sentAtMs: nowMs(), ...message },
      this.behaviour.lie === "forged-key" ? this.#stranger : key,
    );
  }
}
