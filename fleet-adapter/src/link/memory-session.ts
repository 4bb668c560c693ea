import type { Timers } from "../time.ts";
import type { LinkOptions } from "./link.ts";
import type { Payload } from "./payload.ts";

export interface Delivery {
  readonly topic: string;
  readonly payload: Payload;
  /** Kept by the broker from before the session. */
  readonly isStored: boolean;
}

interface Due extends Delivery {
  readonly dueMs: number;
}

export interface MemorySessionPorts {
  readonly nowMs: () => number;
  readonly timers: Timers;
  /** A message has reached its receiver. */
  readonly delivered: () => void;
}

/**
 * The broker's end of one session: what is on its way to the client. In order, as a TCP connection keeps it, so that all
 * that is due at one instant comes with one timer; what the network doubled or held up comes beside it.
 */
export class MemorySession {
  readonly options: LinkOptions;
  readonly #ports: MemorySessionPorts;
  #isOpen = false;
  /** Grows with each session of this client: what was on its way in an earlier one never comes. */
  #generation = 0;
  #queue: Due[] = [];

  constructor(options: LinkOptions, ports: MemorySessionPorts) {
    this.options = options;
    this.#ports = ports;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** What is on its way is lost. */
  close(): void {
    this.#isOpen = false;
    this.#generation += 1;
    this.#queue = [];
  }

  /** Comes after everything that was sent before: what was quicker on its way waits for what was slower. */
  sendInOrder(delivery: Delivery, latencyMs: number): void {
    const { topic, payload, isStored } = delivery;
    this.#queue.push({ topic, payload, isStored, dueMs: this.#ports.nowMs() + latencyMs });
    if (this.#queue.length === 1) this.#wait();
  }

  /** Comes when it comes. */
  sendBeside(delivery: Delivery, latencyMs: number): void {
    const generation = this.#generation;
    this.#ports.timers.after(latencyMs, () => {
      if (generation === this.#generation) this.#hand(delivery);
    });
  }

  #wait(): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    const generation = this.#generation;
    this.#ports.timers.after(Math.max(0, first.dueMs - this.#ports.nowMs()), () => {
      if (generation === this.#generation) this.#handDue();
    });
  }

  /** What is sent meanwhile, even without latency, waits for the next timer: nobody is called from inside his own call. */
  #handDue(): void {
    const nowMs = this.#ports.nowMs();
    const all = this.#queue;
    const later = all.findIndex((one) => one.dueMs > nowMs);
    this.#queue = later < 0 ? [] : all.slice(later);
    const due = later < 0 ? all.length : later;
    this.#wait();
    const generation = this.#generation;
    for (let at = 0; at < due && generation === this.#generation; at += 1) {
      const one = all[at];
      if (one !== undefined) this.#hand(one);
    }
  }

  #hand({ topic, payload, isStored }: Delivery): void {
    this.#ports.delivered();
    this.options.onMessage(topic, payload, isStored);
  }
}
