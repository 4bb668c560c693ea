import mqtt, { type MqttClient } from "mqtt";
import type { Logger } from "pino";

/** The broker did not answer in time. What to do stands in the message. */
export class BrokerUnreachableError extends Error {
  readonly code = "mqtt-unreachable";
}

export interface BrokerLinkOptions {
  readonly mqttUrl: string;
  readonly clientId: string;
  readonly topicFilters: readonly string[];
  /** How long `open` waits for the first session, in the machine's time. */
  readonly openTimeoutMs: number;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  /** True once a session stands and its subscriptions are in force, false when it is lost. */
  readonly onLink: (up: boolean) => void;
}

/** A session with an MQTT broker that comes back by itself. */
export interface BrokerLink {
  /** Resolves when the first session stands; rejects with `BrokerUnreachableError`. */
  open(): Promise<void>;
  close(): Promise<void>;
  /** Sends once, at QoS 0 (VDA 5050 2.1 section 6.2). What cannot be sent now is dropped, never kept for later. */
  publish(topic: string, payload: string): void;
}

const RECONNECT_MS = 500;

export function brokerLink(options: BrokerLinkOptions): BrokerLink {
  const { log, onLink, onMessage } = options;
  let client: MqttClient | undefined;
  let up = false;
  let whenFirstUp: (() => void) | undefined;

  const setUp = (next: boolean): void => {
    if (up === next) return;
    up = next;
    onLink(next);
    if (next) whenFirstUp?.();
  };
  const connect = (): MqttClient => {
    const made = mqtt.connect(options.mqttUrl, {
      clientId: options.clientId,
      // A broker must not keep old messages for us, nor this client for it: the core sends again what is still meant.
      clean: true,
      queueQoSZero: false,
      // Subscriptions are renewed below, so that "up" is said after they are in force.
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      protocolVersion: 4,
    });
    made.on("connect", () => {
      const subscriptions = Object.fromEntries(
        // `connection` is sent at QoS 1 (section 6.2), the others at QoS 0: the lower of the two counts.
        options.topicFilters.map((filter) => [filter, { qos: 1 as const }]),
      );
      made.subscribe(subscriptions, (error) => {
        if (error) log.warn({ err: error }, "the broker refused the subscriptions");
        else setUp(made.connected);
      });
    });
    made.on("close", () => setUp(false));
    made.on("error", (error) => log.warn({ err: error, mqttUrl: options.mqttUrl }, "MQTT error"));
    made.on("message", (topic, payload) => onMessage(topic, payload));
    return made;
  };

  return {
    open: () =>
      new Promise((resolve, reject) => {
        const opened = connect();
        client = opened;
        const limit = setTimeout(() => {
          client = undefined;
          opened.end(true);
          const hint = "check that the broker runs there and that its port can be reached";
          reject(new BrokerUnreachableError(`no MQTT broker answers at ${options.mqttUrl}: ${hint}`));
        }, options.openTimeoutMs);
        whenFirstUp = () => {
          clearTimeout(limit);
          resolve();
        };
      }),
    close: async () => {
      const closing = client;
      client = undefined;
      if (closing !== undefined) await closing.endAsync(!closing.connected);
      setUp(false);
    },
    publish: (topic, payload) => {
      if (client === undefined || !client.connected) return;
      client.publish(topic, payload, { qos: 0 }, (error) => {
        if (error) log.debug({ err: error, topic }, "not published");
      });
    },
  };
}
