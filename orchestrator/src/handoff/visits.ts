import type { Clock, ControlRegister, VehicleId } from "@baton/fleet-adapter";
import { otherSide, type Side } from "@baton/maps";
import type { Effect } from "./core/effects.ts";
import { freshPage, keptStretches, type PageEvent, type VisitPage, visitPage } from "./core/visit/page.ts";
import { freshVisitor, type Visitor, type VisitorEvent, visitor } from "./core/visit/visitor.ts";
import { pageOf } from "./core/witness.ts";
import { type Desk, type Machine, NotKept, Superseded } from "./desk.ts";
import { type HandoffStore, type VisitRecord, vehicleOf } from "./handoff-store.ts";
import type { AskPartner } from "./partner-ask.ts";
import type { HandoffId } from "./port.ts";
import { type Problem, problem } from "./problems.ts";
import type { HandoffSettings } from "./settings.ts";
import type { GroundClaim, VisitGround, Visits } from "./visit-port.ts";
import { pathOf, VisitTelling } from "./visit-telling.ts";
import { type Acknowledgement, sealVisitEnvelope, type VisitEnvelope, type VisitMessage } from "./wire.ts";

export interface VisitDeskOptions {
  readonly side: Side;
  readonly store: HandoffStore;
  readonly desk: Desk;
  readonly ask: AskPartner;
  readonly clock: Clock;
  readonly settings: HandoffSettings;
  /** This side's ground for foreign vehicles; none, when it does not serve the mode. */
  readonly ground: VisitGround | undefined;
  /** Takes one step after the other, with those of the hand-offs; rejects when it was not kept. */
  readonly take: <Result>(step: (nowMs: number) => Promise<Result>) => Promise<Result>;
  /** Where the witness stands, whenever it was heard. */
  readonly observe: (witness: string, register: ControlRegister) => void;
}

/**
 * Where visits by a host's grants are kept: a page of this side's ledger for each foreign vehicle, and what this side knows of the ground
 * that its own vehicles visit. Each step is durable before anything of it is told or done. There is no outbox: what is kept
 * is the report, and is told until the partner has taken its number.
 */
export class VisitDesk implements Visits {
  readonly #options: VisitDeskOptions;
  readonly #records = new Map<VehicleId, VisitRecord>();
  readonly #telling: VisitTelling;
  readonly #listeners = new Set<(handoffId: HandoffId) => void>();

  constructor(options: VisitDeskOptions) {
    this.#options = options;
    this.#telling = new VisitTelling({ ...options, recordOf: (vehicleId) => this.#records.get(vehicleId) });
  }

  /** Takes up what the store has, and says it again: the partner's process may be another one, too. */
  load(records: readonly VisitRecord[]): void {
    this.#records.clear();
    this.#telling.forget();
    for (const record of records) {
      this.#put(record);
      this.#observed(vehicleOf(record));
    }
    this.#claim();
  }

  want(handoffId: HandoffId, stretchId: string): void {
    this.#request(handoffId, { kind: "want", stretchId });
  }

  enter(handoffId: HandoffId, stretchId: string): Promise<boolean> {
    return this.#options
      .take(async (nowMs) => {
        const before = this.visitor(handoffId);
        if (before === undefined) return false;
        const latestMs = nowMs + this.#options.settings.clockMarginMs;
        await this.#stepHome(before, { kind: "enter", stretchId, latestMs });
        return (
          this.visitor(handoffId)?.holds.some((one) => one.stretchId === stretchId && one.isEntered) === true
        );
      })
      .catch(() => false);
  }

  left(handoffId: HandoffId, stretchId: string): void {
    this.#request(handoffId, { kind: "left", stretchId });
  }

  giveUp(handoffId: HandoffId, stretchId: string): void {
    this.#request(handoffId, { kind: "give-up", stretchId });
  }

  end(handoffId: HandoffId): void {
    this.#request(handoffId, { kind: "end" });
  }

  revoke(handoffId: HandoffId, stretchId: string): void {
    void this.#options
      .take(async () => {
        const page = this.page(handoffId);
        if (page !== undefined) await this.#stepPage(page, { kind: "revoke", stretchId });
      })
      .catch(ignored);
  }

  visitor(handoffId: HandoffId): Visitor | undefined {
    for (const record of this.#records.values())
      if (record.role === "home" && record.visitor.handoffId === handoffId) return record.visitor;
    return undefined;
  }

  page(handoffId: HandoffId): VisitPage | undefined {
    for (const record of this.#records.values())
      if (record.role === "host" && record.page.handoffId === handoffId) return record.page;
    return undefined;
  }

  pages(): readonly VisitPage[] {
    return [...this.#records.values()].flatMap((record) => (record.role === "host" ? [record.page] : []));
  }

  subscribe(listener: (handoffId: HandoffId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A message of the partner's, verified and read. */
  async heard(envelope: VisitEnvelope, nowMs: number): Promise<Acknowledgement | Problem> {
    const { handoffId, messageId } = envelope;
    const answer = (isNew: boolean): Acknowledgement => ({ messageId, duplicate: !isNew });
    const leaseUntilMs = nowMs + this.#options.settings.leaseMs;
    if (envelope.type === "ground") {
      const home = this.visitor(handoffId);
      if (home !== undefined) {
        const isNew = await this.#stepHome(home, { kind: "told", report: envelope.body });
        this.#observed(home.vehicleId);
        return answer(isNew);
      }
      // Of a visit before: there is nothing more to hear of it.
      return this.#options.desk.get(handoffId) === undefined
        ? problem("handoff-unknown", handoffId)
        : answer(false);
    }
    const page = this.page(handoffId);
    if (page === undefined) return problem("handoff-unknown", handoffId);
    if (envelope.type === "visit")
      return answer(await this.#stepPage(page, { kind: "report", report: envelope.body, leaseUntilMs }));
    const { expectedEpoch, to } = envelope.body;
    const by = page.home;
    const isNew = await this.#stepPage(page, {
      kind: "switch",
      by,
      handoffId,
      expectedEpoch,
      to,
      leaseUntilMs,
    });
    // Who asks does not know where the register stands: it is told, whatever came of it.
    if (!isNew) this.#telling.again(page.vehicleId);
    return answer(isNew);
  }

  /** What a hand-off's machine wants of the page: of our own ledger's, or of the host's. */
  instruct({ handoffId, offer }: Machine, { to, expectedEpoch }: Extract<Effect, { kind: "switch" }>): void {
    const { side, clock, ask, settings, take } = this.#options;
    if (offer.vehicleHome === side) {
      const message: VisitMessage = { type: "page-switch", body: { expectedEpoch, to } };
      const step = `page-switch.${expectedEpoch}.${to}`;
      const envelope = sealVisitEnvelope(handoffId, side, otherSide(side), step, message, clock.nowMs());
      // Not kept: who does not see it obeyed says it again.
      void ask(pathOf(handoffId), envelope).catch(ignored);
      return;
    }
    void take(async (nowMs) => {
      const record = this.#records.get(offer.vehicleId);
      if (record?.role !== "host") return;
      const leaseUntilMs = nowMs + settings.leaseMs;
      const event = { kind: "switch", by: side, handoffId, expectedEpoch, to, leaseUntilMs } as const;
      await this.#stepPage(record.page, event);
    }).catch(ignored);
  }

  /** What is due: visits that begin and end with their hand-offs, ground that the ledger has got, leases, reports. */
  async look(nowMs: number): Promise<void> {
    for (const machine of this.#options.desk.open())
      if (machine.offer.mode === "host-grants") await this.#begin(machine);
    for (const record of [...this.#records.values()]) {
      if (record.role === "host") await this.#lookAtPage(record.page, nowMs);
      else await this.#lookAtVisitor(record.visitor, nowMs);
    }
    this.#claim();
    for (const vehicleId of this.#records.keys()) this.#telling.tell(vehicleId);
  }

  async #begin({ role, phase, handoffId, offer, giver }: Machine): Promise<void> {
    const { side } = this.#options;
    const { vehicleId, vehicleHome } = offer;
    const record = this.#records.get(vehicleId);
    if (role === "giver" && vehicleHome === side) {
      const home = record?.role === "home" ? record.visitor : freshVisitor(vehicleId, side);
      await this.#stepHome(home, { kind: "begin", handoffId });
    } else if (role === "taker" && vehicleHome === giver && phase !== "offered") {
      const page = record?.role === "host" ? record.page : freshPage(vehicleId, giver, side);
      await this.#stepPage(page, { kind: "begin", handoffId });
    }
  }

  async #lookAtPage(page: VisitPage, nowMs: number): Promise<void> {
    const { ground, settings } = this.#options;
    this.#observed(page.vehicleId);
    for (const { stretchId, state } of page.stretches) {
      if (state !== "queued") continue;
      const record = this.#records.get(page.vehicleId);
      if (record?.role !== "host") return;
      if (ground?.knows(stretchId) !== true) await this.#stepPage(record.page, { kind: "reject", stretchId });
      else if (ground.isHeld(page.vehicleId, stretchId))
        await this.#stepPage(record.page, {
          kind: "held",
          stretchId,
          leaseUntilMs: nowMs + settings.leaseMs,
        });
    }
  }

  async #lookAtVisitor(home: Visitor, nowMs: number): Promise<void> {
    const { desk, settings } = this.#options;
    if (home.handoffId === undefined || home.isOver) return;
    const phase = desk.get(home.handoffId)?.machine.phase;
    if (phase === "ended" || phase === "declined") {
      await this.#stepHome(home, { kind: "end" });
      return;
    }
    const isTold = this.#telling.isTaken(home.vehicleId, home.number);
    const runsOut = home.holds.some(
      ({ isEntered, leaseUntilMs }) => !isEntered && leaseUntilMs - nowMs < settings.leaseMs / 2,
    );
    if (isTold && runsOut) await this.#stepHome(home, { kind: "renew" });
  }

  #request(handoffId: HandoffId, event: VisitorEvent): void {
    void this.#options
      .take(async () => {
        const home = this.visitor(handoffId);
        if (home !== undefined) await this.#stepHome(home, event);
      })
      .catch(ignored);
  }

  async #stepHome(before: Visitor, event: VisitorEvent): Promise<boolean> {
    const next = visitor(before, event);
    if (next !== before) await this.#keep({ role: "home", visitor: next });
    return next !== before;
  }

  async #stepPage(before: VisitPage, event: PageEvent): Promise<boolean> {
    const next = visitPage(before, event);
    if (next !== before) await this.#keep({ role: "host", page: next });
    return next !== before;
  }

  async #keep(record: VisitRecord): Promise<void> {
    const answer = await this.#options.store.keepVisit(record).catch((cause: unknown) => {
      throw new NotKept("the hand-off store could not be reached", { cause });
    });
    if (answer === "fenced") throw new Superseded("another process has taken over this side's hand-offs");
    this.#put(record);
    const { vehicleId, handoffId } = record.role === "home" ? record.visitor : record.page;
    this.#observed(vehicleId);
    this.#claim();
    this.#telling.tell(vehicleId);
    if (handoffId !== undefined) for (const listener of [...this.#listeners]) listener(handoffId);
  }

  #put(record: VisitRecord): void {
    this.#records.set(vehicleOf(record), record);
  }

  #observed(vehicleId: VehicleId): void {
    const record = this.#records.get(vehicleId);
    if (record === undefined) return;
    const { register } = record.role === "home" ? record.visitor : record.page;
    this.#options.observe(pageOf(vehicleId), register);
  }

  /** What of this side's ground is for visitors, and what they wait for. */
  #claim(): void {
    const claims: GroundClaim[] = [];
    for (const record of this.#records.values()) {
      if (record.role !== "host") continue;
      const { vehicleId, stretches } = record.page;
      const kept = keptStretches(record.page);
      for (const { stretchId, state } of stretches)
        if (state !== "rejected") claims.push({ vehicleId, stretchId, isKept: kept.includes(stretchId) });
    }
    this.#options.ground?.keep(claims);
  }
}

/** Whoever takes steps has told of it: what was asked for is asked for again, or is not needed any more. */
function ignored(): void {}
