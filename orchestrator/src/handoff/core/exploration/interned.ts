import type { Step } from "../effects.ts";
import type { GiverEvent } from "../giver.ts";
import type { GiverState } from "../giver-state.ts";
import type { Message } from "../messages.ts";
import type { TakerEvent, TakerState } from "../taker.ts";
import type { TransferDevice } from "../transfer-device.ts";
import type { World } from "./world.ts";

type Take<State, Event> = (state: State, event: Event) => Step<State>;
type Part = GiverState | TakerState | Message | TransferDevice;

/** Of what is the same in all of a search, or decides nothing. */
const CONSTANT: ReadonlySet<string> = new Set([
  "offer",
  "manifest",
  "sinceMs",
  "reason",
  "record",
  "recordHash",
]);

/**
 * States and messages, each kept once and numbered by what it says. A machine is a pure function, and a few hundred of its steps
 * make up all of a search: each is taken once.
 */
export class Interned {
  readonly #numbers = new Map<string, number>();
  readonly #parts: Part[] = [];
  readonly #numberOf = new WeakMap<object, number>();
  readonly #giverSteps = new Map<string, Step<GiverState>>();
  readonly #takerSteps = new Map<string, Step<TakerState>>();

  number(part: Part): number {
    const known = this.#numberOf.get(part);
    if (known !== undefined) return known;
    const text =
      "type" in part && part.type === "offer"
        ? "offer"
        : JSON.stringify(part, (name, value) => (CONSTANT.has(name) ? undefined : value));
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#parts.length;
      this.#numbers.set(text, number);
      this.#parts.push(part);
    }
    this.#numberOf.set(part, number);
    return number;
  }

  /** The one that stands for all that say the same. */
  one<State extends GiverState | TakerState>(state: State): State {
    const number = this.number(state);
    const first = this.#parts[number];
    return first !== undefined && isLike(state, first) ? first : state;
  }

  device(state: TransferDevice): TransferDevice {
    const first = this.#parts[this.number(state)];
    return first !== undefined && "pads" in first ? first : state;
  }

  message(message: Message): Message {
    const first = this.#parts[this.number(message)];
    return first !== undefined && "type" in first ? first : message;
  }

  stepGiver(state: GiverState, event: GiverEvent, take: Take<GiverState, GiverEvent>): Step<GiverState> {
    return this.#step(this.#giverSteps, state, event, take);
  }

  stepTaker(state: TakerState, event: TakerEvent, take: Take<TakerState, TakerEvent>): Step<TakerState> {
    return this.#step(this.#takerSteps, state, event, take);
  }

  #step<State extends GiverState | TakerState, Event extends GiverEvent | TakerEvent>(
    steps: Map<string, Step<State>>,
    state: State,
    event: Event,
    take: Take<State, Event>,
  ): Step<State> {
    const key = `${this.number(state)} ${this.#eventKey(event)}`;
    const known = steps.get(key);
    if (known !== undefined) return known;
    const [next, effects] = take(state, event);
    const taken: Step<State> = [this.one(next), effects];
    steps.set(key, taken);
    return taken;
  }

  #eventKey(event: GiverEvent | TakerEvent): string {
    if (event.kind === "message") return `message ${this.number(event.message)}`;
    if (event.kind === "register")
      return `register ${event.register.authority} ${event.register.epoch} ${event.register.handoffId}`;
    if (event.kind === "resolve") return `resolve ${event.saying.holder}`;
    return `${event.kind} ${event.nowMs}`;
  }

  /**
   * Worlds with one key behave alike from there on. Small numbers, as characters: times of phase, what never changes and the
   * order of what is on its way are left out.
   */
  key({ handoffs, registers, instructions, crane, lost }: World): string {
    const codes: number[] = [handoffs.length + (lost ? 64 : 0), registers.length];
    if (crane !== undefined)
      codes.push(this.number(crane.device), (crane.pads.vn ?? 15) * 16 + (crane.pads.cn ?? 15));
    for (const { authority, by } of registers) codes.push((by ?? 15) * 2 + (authority === "vn" ? 0 : 1));
    for (const { giver, giverState, takerState, said, released, checked, believed, kept } of handoffs) {
      codes.push(this.number(giverState), takerState === undefined ? 0xfffe : this.number(takerState));
      codes.push(
        (giver === "vn" ? 0 : 1) +
          (released ? 2 : 0) +
          (checked ? 4 : 0) +
          (believed ? 8 : 0) +
          kept.giver * 16 +
          kept.taker * 64,
      );
      codes.push(said.length);
      codes.push(
        ...said
          .map((one) => this.number(one.message) * 4 + (one.by === "giver" ? 0 : 2) + (one.due ? 1 : 0))
          .sort((a, b) => a - b),
      );
    }
    codes.push(
      ...instructions
        .map(
          ({ kind, by, from, to, expectedEpoch }) =>
            expectedEpoch * 128 +
            by * 8 +
            (kind === "dock" ? 4 : 0) +
            (from === "vn" ? 0 : 2) +
            (to === "vn" ? 0 : 1),
        )
        .sort((a, b) => a - b),
    );
    return String.fromCharCode(...codes);
  }
}

function isLike<State extends GiverState | TakerState>(state: State, other: Part): other is State {
  return "role" in other && other.role === state.role;
}
