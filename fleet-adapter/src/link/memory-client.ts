import type { Timers } from "../time.ts";
import {
  BrokerUnreachableError,
  type Farewell,
  type LinkMessage,
  type LinkOptions,
  type MessageLink,
  type PublishOptions,
} from "./link.ts";
import type { MemorySession } from "./memory-session.ts";

/** What a client asks of its broker. */
export interface BrokerPort {
  isReachable(client: MemoryClient): boolean;
  /** Its subscriptions are in force from here on, */
  opened(session: MemorySession): void;
  /** and what is retained is on its way to it. */
  greet(session: MemorySession): void;
  closed(session: MemorySession): void;
  /** It never comes back. */
  gone(client: MemoryClient): void;
  publish(topic: string, message: LinkMessage, qos: 0 | 1, retain: boolean): void;
  publishWill(will: Farewell): void;
}

/** One client: a session that stands or does not, and comes back until it is over. */
export class MemoryClient implements MessageLink {
  readonly session: MemorySession;
  readonly #broker: BrokerPort;
  readonly #timers: Timers;
  readonly #opening = Promise.withResolvers<void>();
  readonly #cancelLimit: () => void;
  #isOver = false;
  #isDead = false;
  #cancelConnect: (() => void) | undefined;

  constructor(session: MemorySession, broker: BrokerPort, timers: Timers, openWithinMs: number) {
    this.session = session;
    this.#broker = broker;
    this.#timers = timers;
    // Nobody has to wait for it.
    this.#opening.promise.catch(() => undefined);
    const hint = "the client is cut off from it; mend the network";
    this.#cancelLimit = timers.after(openWithinMs, () => this.#giveUp(`no broker answers: ${hint}`));
  }

  get isOpen(): boolean {
    return this.session.isOpen;
  }

  whenOpen(): Promise<void> {
    return this.#opening.promise;
  }

  publish(topic: string, message: LinkMessage, { qos = 0, retain = false }: PublishOptions = {}): void {
    if (this.isOpen) this.#broker.publish(topic, message, qos, retain);
  }

  end(farewell?: Farewell): Promise<void> {
    if (this.isOpen && farewell !== undefined) {
      this.#broker.publish(farewell.topic, farewell.message, 1, true);
    }
    const stood = this.#leave();
    this.#giveUp("the session was ended before it stood");
    if (stood) this.#options.onClose?.();
    return Promise.resolve();
  }

  connectAfter(delayMs: number): void {
    if (this.#isOver) return;
    this.#cancelConnect?.();
    this.#cancelConnect = this.#timers.after(delayMs, () => this.#connect());
  }

  /** The connection breaks. */
  lose(): void {
    this.#cancelConnect?.();
    const { will, onClose } = this.#options;
    if (!this.#close()) return;
    if (will !== undefined) this.#broker.publishWill(will);
    this.#soon(() => onClose?.());
  }

  /** Another session has begun under the same id: the broker ends this one (MQTT 3.1.1, section 3.1.4). */
  takeOver(): void {
    const { clientId, will, onClose, onTrouble } = this.#options;
    const stood = this.#leave();
    if (stood && will !== undefined) this.#broker.publishWill(will);
    this.#soon(() => {
      onTrouble?.(`another session took over the client id ${clientId}`);
      if (stood) onClose?.();
    });
  }

  /** Its process is gone. */
  die(): void {
    this.#isDead = true;
    const { will } = this.#options;
    if (this.#leave() && will !== undefined) this.#broker.publishWill(will);
  }

  get #options(): LinkOptions {
    return this.session.options;
  }

  #connect(): void {
    if (this.#isOver || this.isOpen || !this.#broker.isReachable(this)) return;
    this.session.open();
    this.#broker.opened(this.session);
    this.#broker.greet(this.session);
    this.#cancelLimit();
    this.#opening.resolve();
    this.#options.onOpen?.(this);
  }

  /** Whether it stood. */
  #leave(): boolean {
    this.#isOver = true;
    this.#cancelConnect?.();
    this.#cancelLimit();
    this.#broker.gone(this);
    return this.#close();
  }

  #close(): boolean {
    if (!this.isOpen) return false;
    this.session.close();
    this.#broker.closed(this.session);
    return true;
  }

  #soon(tell: () => void): void {
    this.#timers.after(0, () => {
      if (!this.#isDead) tell();
    });
  }

  #giveUp(reason: string): void {
    this.#cancelLimit();
    this.#opening.reject(new BrokerUnreachableError(reason));
  }
}
