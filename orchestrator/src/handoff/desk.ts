import type { ControlRegister } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { Effect, Step } from "./core/effects.ts";
import { type GiverEvent, giver } from "./core/giver.ts";
import { announceGiver, type GiverState, isGiverClosed } from "./core/giver-state.ts";
import type { Message, SignedRecord } from "./core/messages.ts";
import { announceTaker, isTakerClosed, type TakerEvent, type TakerState, taker } from "./core/taker.ts";
import { witnessOf } from "./core/witness.ts";
import { headAfter } from "./custody.ts";
import type { HandoffEntry, HandoffStore, Kept, OutboxItem } from "./handoff-store.ts";
import type { HandoffEvent, HandoffId } from "./port.ts";
import type { ProblemCode } from "./problems.ts";
import { messageIdOf, sealEnvelope } from "./wire.ts";

export type Machine = GiverState | TakerState;

/** What came after the commit of a step. */
export interface Outcome {
  readonly refused: { readonly code: ProblemCode; readonly detail: string } | undefined;
  readonly machine: Machine;
}

export interface DeskOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  readonly store: HandoffStore;
  readonly announce: (event: HandoffEvent) => void;
  /** To the witness: the vehicle, or the transfer device. */
  readonly instruct: (machine: Machine, effect: Extract<Effect, { kind: "switch" | "dock" }>) => void;
  readonly send: (items: readonly OutboxItem[]) => void;
}

/** The store did not keep the step; whether it did after all is known once the desk has loaded again. */
export class NotKept extends Error {
  override readonly name = "NotKept";
}
/** Another process has taken over this side's hand-offs: this one must not go on. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/**
 * Where every step of every hand-off is taken: the machine says what follows, the store keeps state, inbox, outbox and
 * custody record as one, and only then is anything carried out. Callers take one step at a time (`turns.ts`).
 */
export class Desk {
  readonly #options: DeskOptions;
  readonly #entries = new Map<HandoffId, HandoffEntry>();
  /** Those that are not over: a few, where those that are over grow with the days that they are kept. */
  readonly #open = new Map<HandoffId, Machine>();
  readonly #waiting = new Set<string>();
  /** By witness. */
  readonly #registers = new Map<string, ControlRegister>();
  /** The register that a machine was shown last, and of which nothing came: both are objects of their own. */
  readonly #seen = new WeakMap<Machine, ControlRegister>();
  #seq = 0;
  #lastSigned: SignedRecord | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Reads everything back: after a restart, or when it is not known what the store has kept. */
  async load(): Promise<Pick<Kept, "outbox" | "visits">> {
    const { entries, outbox, visits, lastSigned } = await this.#options.store.load();
    this.#entries.clear();
    this.#open.clear();
    for (const entry of entries) this.#put(entry);
    this.#waiting.clear();
    for (const item of outbox) {
      this.#waiting.add(item.envelope.messageId);
      this.#seq = Math.max(this.#seq, item.seq);
    }
    this.#lastSigned = lastSigned;
    return { outbox, visits };
  }

  get(handoffId: HandoffId): HandoffEntry | undefined {
    return this.#entries.get(handoffId);
  }

  machines(): Machine[] {
    return [...this.#entries.values()].map(({ machine }) => machine);
  }

  open(): Machine[] {
    return [...this.#open.values()];
  }

  /**
   * The newest register of a witness; false when it says nothing new. Called with every state of every vehicle.
   * An epoch only grows: a smaller one is an old state that came late.
   */
  noteRegister(witness: string, register: ControlRegister): boolean {
    const known = this.#registers.get(witness);
    if (known !== undefined && (register.epoch < known.epoch || isSameRegister(known, register)))
      return false;
    this.#registers.set(witness, register);
    return true;
  }

  /** The head of this side's custody chain, for the next record to point to. */
  custodyHead(): string {
    return headAfter(this.#lastSigned, this.#options.side);
  }

  /** What the witness of a hand-off said last; undefined before it was heard. */
  registerOf(machine: Machine): ControlRegister | undefined {
    return this.#registers.get(witnessOf(machine.offer));
  }

  announceAgain(machine: Machine): void {
    this.#carryOut(machine, machine.role === "giver" ? announceGiver(machine) : announceTaker(machine));
  }

  /** The beginning of a hand-off that is not known yet. */
  begin(step: Step<Machine>, mark: HandoffEntry["inbox"], nowMs: number): Promise<Outcome> {
    const [machine, effects] = step;
    return this.#keep(undefined, machine, mark, effects, nowMs);
  }

  async stepGiver(
    handoffId: HandoffId,
    event: GiverEvent,
    mark?: HandoffEntry["inbox"][number],
  ): Promise<Outcome | undefined> {
    const entry = this.#entries.get(handoffId);
    if (entry?.machine.role !== "giver") return undefined;
    const see = this.#sight(entry.machine, event.nowMs);
    const [machine, effects] = steps(giver, entry.machine, [...see, event, ...see]);
    return this.#keep(entry, machine, marked(entry, mark, effects), effects, event.nowMs);
  }

  async stepTaker(
    handoffId: HandoffId,
    event: TakerEvent,
    mark?: HandoffEntry["inbox"][number],
  ): Promise<Outcome | undefined> {
    const entry = this.#entries.get(handoffId);
    if (entry?.machine.role !== "taker") return undefined;
    const see = this.#sight(entry.machine, event.nowMs);
    const [machine, effects] = steps(taker, entry.machine, [...see, event, ...see]);
    return this.#keep(entry, machine, marked(entry, mark, effects), effects, event.nowMs);
  }

  /** Whether there is a register that a hand-off has not seen; nearly always there is none. */
  hasToSee(machine: Machine): boolean {
    const register = this.#registers.get(witnessOf(machine.offer));
    return register !== undefined && this.#seen.get(machine) !== register;
  }

  /** Shows the newest register to a hand-off that may not have seen it. */
  async see(handoffId: HandoffId, nowMs: number): Promise<Machine | undefined> {
    const machine = this.#entries.get(handoffId)?.machine;
    if (machine === undefined || !this.hasToSee(machine)) return machine;
    const [sight] = this.#sight(machine, nowMs);
    if (sight === undefined) return machine;
    const [next, effects] = machine.role === "giver" ? giver(machine, sight) : taker(machine, sight);
    if (next === machine && effects.length === 0) {
      this.#seen.set(machine, sight.register);
      return machine;
    }
    const outcome = await (machine.role === "giver"
      ? this.stepGiver(handoffId, sight)
      : this.stepTaker(handoffId, sight));
    return outcome?.machine;
  }

  /** What befalls either role alike. */
  async step(
    machine: Machine,
    event: { readonly kind: "tick" | "repeat"; readonly nowMs: number },
  ): Promise<void> {
    if (machine.role === "giver") await this.stepGiver(machine.handoffId, event);
    else await this.stepTaker(machine.handoffId, event);
  }

  /** Whether a message of ours has yet to be taken by the partner. */
  isUnderWay(handoffId: HandoffId, type: Message["type"]): boolean {
    return this.#waiting.has(messageIdOf(handoffId, type));
  }

  /** Forgets a hand-off that is over, once nothing of it waits to be sent. */
  async forget(handoffId: HandoffId): Promise<void> {
    for (const messageId of this.#waiting) if (messageId.startsWith(`${handoffId}.`)) return;
    await this.#commit({ handoffId, entry: undefined, send: [], append: undefined, complete: undefined });
    this.#entries.delete(handoffId);
    this.#open.delete(handoffId);
  }

  /** The partner has taken a message. */
  async acknowledged(messageId: string): Promise<void> {
    kept(await this.#options.store.acknowledged(messageId).catch(notKept));
    this.#waiting.delete(messageId);
  }

  /** What the vehicle says comes before and after what anyone else says: it decides. */
  #sight({ offer }: Machine, nowMs: number) {
    const register = this.#registers.get(witnessOf(offer));
    return register === undefined ? [] : [{ kind: "register" as const, register, nowMs }];
  }

  async #keep(
    before: HandoffEntry | undefined,
    machine: Machine,
    inbox: HandoffEntry["inbox"],
    effects: readonly Effect[],
    nowMs: number,
  ): Promise<Outcome> {
    const { side, partnerSide } = this.#options;
    const { handoffId } = machine;
    const send: OutboxItem[] = [];
    let append: SignedRecord | undefined;
    let complete: SignedRecord | undefined;
    let refused: Outcome["refused"];
    for (const effect of effects) {
      if (effect.kind === "send") {
        const envelope = sealEnvelope(handoffId, side, partnerSide, effect.message, nowMs);
        if (this.#waiting.has(envelope.messageId)) continue;
        if (send.some((item) => item.envelope.messageId === envelope.messageId)) continue;
        send.push({ seq: this.#seq + send.length + 1, envelope });
      } else if (effect.kind === "append") append = effect.record;
      else if (effect.kind === "complete") complete = effect.record;
      else if (effect.kind === "refuse") refused = effect;
    }
    const changed = before?.machine !== machine || before.inbox !== inbox || send.length > 0;
    if (changed) {
      const entry: HandoffEntry = { machine, inbox };
      await this.#commit({ handoffId, entry, send, append, complete });
      this.#put(entry);
      this.#seq += send.length;
      for (const item of send) this.#waiting.add(item.envelope.messageId);
      if (append !== undefined) this.#lastSigned = append;
      this.#options.send(send);
    }
    this.#carryOut(machine, effects);
    return { refused, machine };
  }

  #put(entry: HandoffEntry): void {
    const { machine } = entry;
    this.#entries.set(machine.handoffId, entry);
    if (isClosed(machine)) this.#open.delete(machine.handoffId);
    else this.#open.set(machine.handoffId, machine);
  }

  async #commit(change: Parameters<HandoffStore["commit"]>[0]): Promise<void> {
    kept(await this.#options.store.commit(change).catch(notKept));
  }

  #carryOut(machine: Machine, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "announce") this.#options.announce(effect.event);
      else if (effect.kind === "switch" || effect.kind === "dock") this.#options.instruct(machine, effect);
    }
  }
}

export function isClosed(machine: Machine): boolean {
  return machine.role === "giver" ? isGiverClosed(machine) : isTakerClosed(machine);
}

function steps<State, Event>(
  machine: (state: State, event: Event) => Step<State>,
  state: State,
  events: readonly Event[],
): Step<State> {
  const effects: Effect[] = [];
  let now = state;
  for (const event of events) {
    const [after, wanted] = machine(now, event);
    now = after;
    effects.push(...wanted);
  }
  return [now, effects];
}

function notKept(cause: unknown): never {
  throw new NotKept("the hand-off store could not be reached", { cause });
}

function kept(answer: "kept" | "fenced"): void {
  if (answer === "fenced") throw new Superseded("another process has taken over this side's hand-offs");
}

function isSameRegister(a: ControlRegister, b: ControlRegister): boolean {
  return a.epoch === b.epoch && a.authority === b.authority && a.handoffId === b.handoffId;
}

/** A refused message leaves no mark: it may come again when it fits. */
function marked(
  entry: HandoffEntry,
  mark: HandoffEntry["inbox"][number] | undefined,
  effects: readonly Effect[],
): HandoffEntry["inbox"] {
  if (mark === undefined || effects.some((effect) => effect.kind === "refuse")) return entry.inbox;
  if (entry.inbox.some((known) => known.messageId === mark.messageId)) return entry.inbox;
  return [...entry.inbox, mark];
}
