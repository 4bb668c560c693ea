import { connect, type IClientOptions } from "mqtt";
import { BrokerUnreachableError, type LinkMessage, type MessageLink, type OpenLink } from "./link.ts";
import { wirePayload } from "./payload.ts";

export interface MqttLinksOptions {
  /** Of this side's own broker, e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** How long `whenOpen` waits for the first session, in the machine's time. */
  readonly openWithinMs?: number;
}

const OPEN_WITHIN_MS = 10_000;
const RECONNECT_MS = 500;
const CONNECT_WITHIN_MS = 5_000;
const KEEP_ALIVE_S = 15;
/** A broker that went away must not keep its clients from ending. */
const END_WITHIN_MS = 1_000;

/** Sessions with an MQTT 3.1.1 broker. All times here are the machine's: a broker knows no other. */
export function mqttLinks(options: MqttLinksOptions): OpenLink {
  const { url, openWithinMs = OPEN_WITHIN_MS } = options;
  return ({ clientId, will, subscriptions, onOpen, onClose, onMessage, onTrouble }) => {
    const settings: IClientOptions = {
      clientId,
      protocolVersion: 4,
      // A broker must not keep old messages for us, nor this client for it: whoever still means them says them again.
      clean: true,
      queueQoSZero: false,
      // Subscriptions are renewed below, so that a session counts as open after they are in force.
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_WITHIN_MS,
      keepalive: KEEP_ALIVE_S,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      ...(will === undefined
        ? {}
        : {
            will: {
              topic: will.topic,
              payload: Buffer.from(textOf(will.message)),
              qos: 1 as const,
              retain: true,
            },
          }),
    };
    const client = connect(url, settings);
    const opening = Promise.withResolvers<void>();
    // Nobody has to wait for it.
    opening.promise.catch(() => undefined);
    let lastTrouble = "";
    const limit = setTimeout(() => {
      const hint = "check that the broker runs there, that its port can be reached and that it knows us";
      opening.reject(new BrokerUnreachableError(`no MQTT broker answers at ${url}${lastTrouble}: ${hint}`));
    }, openWithinMs);
    limit.unref();
    /** Between a session's first word, said in `onOpen`, and its end. */
    let isOpen = false;

    const open = (): void => {
      isOpen = true;
      clearTimeout(limit);
      opening.resolve();
      onOpen?.(link);
    };
    const link: MessageLink = {
      whenOpen: () => opening.promise,
      publish: (topic, message, { qos = 0, retain = false } = {}) => {
        if (!isOpen) return;
        client.publish(topic, textOf(message), { qos, retain }, (error) => {
          if (error) onTrouble?.(`${topic} was not published: ${error.message}`);
        });
      },
      end: async (farewell) => {
        clearTimeout(limit);
        opening.reject(new BrokerUnreachableError(`the session with ${url} was ended before it stood`));
        if (client.connected && farewell !== undefined) {
          await soon(client.publishAsync(farewell.topic, textOf(farewell.message), { qos: 1, retain: true }));
        }
        await soon(client.endAsync(!client.connected));
        if (!client.disconnected) client.end(true);
      },
    };
    client.on("connect", () => {
      if (subscriptions.length === 0) return open();
      client.subscribe([...subscriptions], { qos: 1 }, (error) => {
        if (error) onTrouble?.(`subscribing failed: ${error.message}`);
        else if (client.connected) open();
      });
    });
    client.on("close", () => {
      if (!isOpen) return;
      isOpen = false;
      onClose?.();
    });
    client.on("message", (topic, bytes, { retain }) => onMessage(topic, wirePayload(bytes), retain));
    client.on("error", (error) => {
      lastTrouble = ` (${error.message})`;
      onTrouble?.(`${url}: ${error.message}`);
    });
    return link;
  };
}

function textOf(message: LinkMessage): string {
  return typeof message === "string" ? message : JSON.stringify(message);
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
