import { connect, type IClientOptions } from "mqtt";

/** One MQTT session that comes back for ever when its broker goes away. */
export interface MqttLink {
  /** Lost when there is no session: whoever needs it known says it again in `onConnect`. */
  publish(
    topic: string,
    payload: string,
    options?: { readonly qos?: 0 | 1; readonly retain?: boolean },
  ): void;
  /** `farewell` is published before the session ends in order, which takes back the last will. */
  end(farewell?: { readonly topic: string; readonly payload: string }): Promise<void>;
}

export interface MqttLinkOptions {
  readonly url: string;
  readonly clientId: string;
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly subscriptions: readonly string[];
  /** Called each time a session begins, once its subscriptions stand. */
  onConnect?(link: MqttLink): void;
  onMessage(topic: string, payload: Uint8Array): void;
  onTrouble?(detail: string): void;
}

const RECONNECT_MS = 1_000;
/** A broker that went away must not keep its clients from ending. */
const END_WITHIN_MS = 1_000;

export function openMqttLink(options: MqttLinkOptions): MqttLink {
  const { will, subscriptions } = options;
  const settings: IClientOptions = {
    clientId: options.clientId,
    clean: true,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: 5_000,
    keepalive: 15,
    queueQoSZero: false,
    resubscribe: false,
    ...(will === undefined
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: true } }),
  };
  const client = connect(options.url, settings);
  /** Between a session's first word, said in `onConnect`, and its end. */
  let isOpen = false;
  const open = (): void => {
    isOpen = true;
    options.onConnect?.(link);
  };
  const link: MqttLink = {
    publish: (topic, payload, { qos = 0, retain = false } = {}) => {
      if (isOpen) client.publish(topic, payload, { qos, retain });
    },
    end: async (farewell) => {
      if (client.connected && farewell !== undefined) {
        const { topic, payload } = farewell;
        await soon(client.publishAsync(topic, payload, { qos: 1, retain: true }));
      }
      await soon(client.endAsync(!client.connected));
      if (!client.disconnected) client.end(true);
    },
  };
  client.on("connect", () => {
    if (subscriptions.length === 0) return open();
    client.subscribe([...subscriptions], { qos: 1 }, (error) => {
      if (error) options.onTrouble?.(`subscribing failed: ${error.message}`);
      else open();
    });
  });
  client.on("close", () => {
    isOpen = false;
  });
  client.on("message", (topic, payload) => options.onMessage(topic, payload));
  client.on("error", (error) => options.onTrouble?.(error.message));
  return link;
}

/** Waits for something to end, well or not, but not for ever. */
async function soon(done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_WITHIN_MS);
  });
  await Promise.race([done.catch(() => undefined), late]);
  clearTimeout(timer);
}
