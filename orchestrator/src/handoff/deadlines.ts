import { witnessOf } from "./core/witness.ts";
import { type Awaited, WitnessWatch } from "./core/witness-watch.ts";
import { type Desk, isClosed, type Machine } from "./desk.ts";
import type { HandoffId } from "./port.ts";
import type { HandoffSettings } from "./settings.ts";

const FORGET_EVERY_MS = 60_000;

export interface DeadlinesOptions {
  readonly desk: Desk;
  readonly settings: HandoffSettings;
  readonly trouble: (handoffId: HandoffId, code: string, detail: string) => void;
  /** It was over long enough, and is kept no more. */
  readonly forgotten: (handoffId: HandoffId) => void;
}

/** What time does to hand-offs: offers expire, steps are said again, a witness that does not move is brought to a person, old ones are forgotten. */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  readonly #witnesses: WitnessWatch;
  readonly #repeats = new Map<HandoffId, { atMs: number; pauseMs: number; phase: string }>();
  /** When hand-offs that are over are looked through for those to be forgotten. */
  #sweepAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
    this.#witnesses = new WitnessWatch(options.settings);
  }

  /** The witness has said something, whatever it was. */
  heard(witness: string, nowMs: number): void {
    this.#witnesses.heard(witness, nowMs);
  }

  /** Looks at one after the other; a step that the store does not keep ends it. */
  async look(nowMs: number): Promise<void> {
    for (const machine of this.#due(nowMs))
      if (this.#wantsLook(machine, nowMs)) await this.#lookAt(machine, nowMs);
  }

  /** Those that are not over, or were not when they were looked at last; the others now and then, to be forgotten. */
  #due(nowMs: number): readonly Machine[] {
    const { desk, settings } = this.#options;
    const due = desk.open();
    for (const handoffId of this.#repeats.keys()) {
      const machine = desk.get(handoffId)?.machine;
      if (machine !== undefined && isClosed(machine)) due.push(machine);
    }
    if (nowMs < this.#sweepAtMs) return due;
    this.#sweepAtMs = nowMs + FORGET_EVERY_MS;
    const isOld = (machine: Machine): boolean =>
      isClosed(machine) &&
      !this.#repeats.has(machine.handoffId) &&
      nowMs - machine.sinceMs >= settings.retentionMs;
    return [...due, ...desk.machines().filter(isOld)];
  }

  /** Whether time, or what its witness said, can have done anything to a hand-off since it was looked at last. */
  #wantsLook(machine: Machine, nowMs: number): boolean {
    if (isClosed(machine) || this.#options.desk.hasToSee(machine) || this.#waitsForWitness(machine))
      return true;
    if (nowMs >= machine.offer.expiresAtMs) return true;
    const due = this.#repeats.get(machine.handoffId);
    return due?.phase !== machine.phase || nowMs >= due.atMs;
  }

  async #lookAt(machine: Machine, nowMs: number): Promise<void> {
    const { handoffId, phase, sinceMs } = machine;
    const { desk, settings, trouble, forgotten } = this.#options;
    const { repeatMs, repeatMaxMs, retentionMs } = settings;
    if (isClosed(machine)) {
      this.#repeats.delete(handoffId);
      this.#witnesses.forget(handoffId);
      if (nowMs - sinceMs < retentionMs) return;
      await desk.forget(handoffId);
      forgotten(handoffId);
      return;
    }
    if (nowMs >= machine.offer.expiresAtMs) await desk.step(machine, { kind: "tick", nowMs });
    else await desk.see(handoffId, nowMs);
    const due = this.#repeats.get(handoffId);
    if (due === undefined || due.phase !== phase) {
      this.#repeats.set(handoffId, { atMs: nowMs + repeatMs, pauseMs: repeatMs, phase });
    } else if (nowMs >= due.atMs) {
      const pauseMs = Math.min(repeatMaxMs, due.pauseMs * 2);
      this.#repeats.set(handoffId, { atMs: nowMs + pauseMs, pauseMs, phase });
      await desk.step(machine, { kind: "repeat", nowMs });
    }
    if (!this.#waitsForWitness(machine)) return this.#witnesses.forget(handoffId);
    const detail = this.#witnesses.look(awaitedOf(machine, settings), nowMs);
    if (detail !== undefined) trouble(handoffId, "vehicle-not-switching", detail);
  }

  /** The witness has been told, or the partner is to tell it: a taker whose `go` is on its way waits for its partner. */
  #waitsForWitness({ handoffId, phase }: Machine): boolean {
    return (
      phase === "switching" ||
      phase === "fencing" ||
      (phase === "gone" && !this.#options.desk.isUnderWay(handoffId, "go"))
    );
  }
}

/** A crane takes minutes for what a vehicle does at once. */
function awaitedOf({ handoffId, phase, offer }: Machine, settings: HandoffSettings): Awaited {
  const witness = witnessOf(offer);
  if (offer.mode === "host-grants")
    return {
      handoffId,
      phase,
      witness,
      register: "page of the host's ledger",
      witnessAfterMs: settings.witnessAfterMs,
    };
  return offer.mode === "container-transfers"
    ? { handoffId, phase, witness, register: "custody register", witnessAfterMs: settings.transferAfterMs }
    : { handoffId, phase, witness, register: "control register", witnessAfterMs: settings.witnessAfterMs };
}
