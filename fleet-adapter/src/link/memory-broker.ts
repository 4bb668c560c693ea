import type { Clock, Timers } from "../time.ts";
import type { LinkMessage, OpenLink } from "./link.ts";
import { type BrokerPort, MemoryClient } from "./memory-client.ts";
import { MemorySession } from "./memory-session.ts";
import { type NetworkConditions, NetworkDice, PERFECT_NETWORK, type RandomSource } from "./network.ts";
import { objectPayload, type Payload, wirePayload } from "./payload.ts";
import { TopicTree, topicFits } from "./topic-tree.ts";

export interface MemoryBrokerOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** A stream of this broker's own. */
  readonly random: RandomSource;
  /** Without faults and delay if not given. Loss takes what was sent at QoS 0; doubled is what was sent at QoS 1. */
  readonly network?: NetworkConditions;
  /** How long `whenOpen` waits for the first session, on the clock. */
  readonly openWithinMs?: number;
  /** Called with each message that the broker takes, wills too, before anybody receives it; it must not be changed. */
  readonly onPublished?: (published: Published) => void;
}

/** A message as its publisher sent it. */
export interface Published {
  readonly atMs: number;
  readonly topic: string;
  readonly message: LinkMessage;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface BrokerFigures {
  /** Sessions that stand. */
  readonly sessions: number;
  readonly retained: number;
  /** Since the start: taken from publishers, wills too. */
  readonly published: number;
  /** Handed to receivers. */
  readonly delivered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly heldUp: number;
  readonly wills: number;
}

export interface MemoryBroker {
  readonly openLink: OpenLink;
  /**
   * Cuts off the clients whose id fits, all if not given: their wills are published, what was on its way to them is
   * lost, and they stay away, with whoever opens a session under such an id, until `mend`.
   */
  cut(clientIds?: RegExp): void;
  /** Ends all cuts; clients come back by themselves, each after a moment of its own. */
  mend(): void;
  /** The processes of these clients die: their wills are published, and nothing is ever told to them again. */
  kill(clientIds: RegExp): void;
  figures(): BrokerFigures;
}

const OPEN_WITHIN_MS = 10_000;
/** As often as a client over MQTT tries. */
const RECONNECT_MS = 500;

interface Retained {
  readonly payload: Payload;
  readonly qos: 0 | 1;
}

/**
 * An MQTT 3.1.1 broker in memory, with clean sessions, on any clock: topics, retained messages, last wills, QoS 0 and 1.
 * Objects reach their receivers as they were published; no text is made of them. Everything that is drawn comes from
 * `random`, so that the same seed gives the same order, message for message. A message takes its whole latency on the
 * way to the receiver: the broker has it, and keeps it when retained, at once.
 */
export function memoryBroker(options: MemoryBrokerOptions): MemoryBroker {
  return new Broker(options);
}

class Broker implements MemoryBroker {
  readonly #options: MemoryBrokerOptions;
  readonly #dice: NetworkDice;
  readonly #tree = new TopicTree<MemorySession>();
  readonly #retained = new Map<string, Retained>();
  readonly #clients = new Map<string, MemoryClient>();
  #cuts: readonly (RegExp | undefined)[] = [];
  #published = 0;
  #delivered = 0;
  #lost = 0;
  #doubled = 0;
  #heldUp = 0;
  #wills = 0;

  constructor(options: MemoryBrokerOptions) {
    this.#options = options;
    this.#dice = new NetworkDice(options.network ?? PERFECT_NETWORK, options.random);
  }

  readonly openLink: OpenLink = (options) => {
    const { clock, timers, openWithinMs = OPEN_WITHIN_MS } = this.#options;
    this.#clients.get(options.clientId)?.takeOver();
    const session = new MemorySession(options, {
      nowMs: () => clock.nowMs(),
      timers,
      delivered: () => {
        this.#delivered += 1;
      },
    });
    const client = new MemoryClient(session, this.#port, timers, openWithinMs);
    this.#clients.set(options.clientId, client);
    client.connectAfter(this.#dice.latencyMs());
    return client;
  };

  cut(clientIds?: RegExp): void {
    this.#cuts = [...this.#cuts, clientIds];
    for (const client of this.#clients.values()) if (this.#isCut(client)) client.lose();
  }

  mend(): void {
    const away = [...this.#clients.values()].filter((client) => this.#isCut(client));
    this.#cuts = [];
    for (const client of away) client.connectAfter(this.#dice.within(RECONNECT_MS));
  }

  kill(clientIds: RegExp): void {
    for (const client of [...this.#clients.values()]) if (fits(clientIds, client)) client.die();
  }

  figures(): BrokerFigures {
    let sessions = 0;
    for (const client of this.#clients.values()) if (client.isOpen) sessions += 1;
    return {
      sessions,
      retained: this.#retained.size,
      published: this.#published,
      delivered: this.#delivered,
      lost: this.#lost,
      doubled: this.#doubled,
      heldUp: this.#heldUp,
      wills: this.#wills,
    };
  }

  readonly #port: BrokerPort = {
    isReachable: (client) => !this.#isCut(client),
    opened: (session) => {
      for (const filter of new Set(session.options.subscriptions)) this.#tree.add(filter, session);
    },
    greet: (session) => {
      for (const topic of this.#retainedFor(session.options.subscriptions)) {
        const kept = this.#retained.get(topic);
        if (kept !== undefined) this.#send(session, topic, kept.payload, kept.qos, true);
      }
    },
    closed: (session) => {
      for (const filter of new Set(session.options.subscriptions)) this.#tree.remove(filter, session);
    },
    gone: (client) => {
      const { clientId } = client.session.options;
      if (this.#clients.get(clientId) === client) this.#clients.delete(clientId);
    },
    publish: (topic, message, qos, retain) => this.#take(topic, message, qos, retain),
    publishWill: ({ topic, message }) => {
      this.#wills += 1;
      this.#take(topic, message, 1, true);
    },
  };

  /** Each topic once. Most filters are plain topics, which need no search. */
  #retainedFor(filters: readonly string[]): ReadonlySet<string> {
    const topics = new Set<string>();
    for (const filter of filters) {
      if (!/[+#]/.test(filter)) topics.add(filter);
      else for (const topic of this.#retained.keys()) if (topicFits(filter, topic)) topics.add(topic);
    }
    return topics;
  }

  #take(topic: string, message: LinkMessage, qos: 0 | 1, retain: boolean): void {
    this.#published += 1;
    const { clock, onPublished } = this.#options;
    onPublished?.({ atMs: clock.nowMs(), topic, message, qos, retain });
    const payload = typeof message === "string" ? wirePayload(message) : objectPayload(message);
    if (retain && payload.isEmpty) this.#retained.delete(topic);
    else if (retain) this.#retained.set(topic, { payload, qos });
    for (const session of this.#tree.listeners(topic)) this.#send(session, topic, payload, qos, false);
  }

  #send(session: MemorySession, topic: string, payload: Payload, qos: 0 | 1, isStored: boolean): void {
    const dice = this.#dice;
    if (qos === 0 && dice.isLost()) {
      this.#lost += 1;
      return;
    }
    const delivery = { topic, payload, isStored };
    if (dice.isHeldUp()) {
      this.#heldUp += 1;
      session.sendBeside(delivery, dice.latencyMs() + dice.holdUpMs());
    } else session.sendInOrder(delivery, dice.latencyMs());
    if (qos === 1 && dice.isDoubled()) {
      this.#doubled += 1;
      session.sendBeside(delivery, dice.latencyMs() + dice.holdUpMs());
    }
  }

  #isCut(client: MemoryClient): boolean {
    return this.#cuts.some((clientIds) => clientIds === undefined || fits(clientIds, client));
  }
}

/** A pattern's own memory (`g`, `y`) must not decide. */
function fits(clientIds: RegExp, client: MemoryClient): boolean {
  return client.session.options.clientId.search(clientIds) >= 0;
}
