import type { Payload } from "./payload.ts";

/**
 * What is published: an object, JSON on a wire; or text, sent as it stands. An empty text takes a retained message back.
 * In memory the receivers get the object itself: neither its publisher nor they may change it afterwards, and what JSON
 * does not carry (`undefined`, NaN, classes) must not be in it.
 */
export type LinkMessage = object | string;

export interface Farewell {
  readonly topic: string;
  readonly message: LinkMessage;
}

/** A session with a side's broker (MQTT 3.1.1, or its image in memory) that comes back by itself. */
export interface MessageLink {
  /** Resolves when the first session stands; rejects with `BrokerUnreachableError` when none does in time, or `end` comes first. */
  whenOpen(): Promise<void>;
  /** Sends once. What cannot be sent now is dropped, never kept for later: whoever needs it known says it again in `onOpen`. */
  publish(topic: string, message: LinkMessage, options?: PublishOptions): void;
  /** `farewell` is published, retained and at QoS 1, before the session ends in order, which takes back the last will. */
  end(farewell?: Farewell): Promise<void>;
}

export interface PublishOptions {
  /** 0, which may be lost, if not given. */
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

export interface LinkOptions {
  /** A second session under the same id ends the first. */
  readonly clientId: string;
  /** Published by the broker, retained and at QoS 1, when the session is lost without an orderly end. */
  readonly will?: Farewell;
  /** Topic filters, with `+` and `#`, taken at QoS 1 at most. */
  readonly subscriptions: readonly string[];
  /** Each time a session begins, once its subscriptions stand. */
  onOpen?(link: MessageLink): void;
  /** Each time a session that stood is over, however it ended. */
  onClose?(): void;
  /**
   * Messages of one publisher come in the order sent, but for faults of the network. Never called from inside `publish`.
   * `isStored`: the broker had kept it from before this session subscribed (MQTT 3.1.1 section 3.3.1.3), so that nobody knows how old it is.
   */
  onMessage(topic: string, payload: Payload, isStored: boolean): void;
  /** Something that passes or that a person has to look at; the link goes on trying. */
  onTrouble?(detail: string): void;
}

/** How a room is given its broker: it opens the sessions it needs, and does not know what carries them. */
export type OpenLink = (options: LinkOptions) => MessageLink;

/** The broker did not answer in time. What to do stands in the message. */
export class BrokerUnreachableError extends Error {
  override readonly name = "BrokerUnreachableError";
  readonly code = "mqtt-unreachable";
}
