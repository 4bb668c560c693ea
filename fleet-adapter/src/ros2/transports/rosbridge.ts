import type { RosTopic } from "../interfaces.ts";
import { type OpenRos, type RosTransport, RosUnreachableError } from "../transport.ts";
import { Action, Ros, type RosClient, Service, Topic } from "./roslib.ts";

export interface RosbridgeOptions {
  /** Of a rosbridge_server on this side's graph, e.g. `ws://127.0.0.1:9090`, run with `send_action_goals_in_new_thread:=true`. */
  readonly url: string;
  /** How long `whenOpen` waits for the first session, in the machine's time. */
  readonly openWithinMs?: number;
}

const OPEN_WITHIN_MS = 10_000;
const RECONNECT_MS = 500;
/** rosbridge sends no message of one topic more often than this. */
const THROTTLE_MS = 100;

interface Subscription {
  readonly topic: RosTopic;
  readonly onMessage: (message: unknown) => void;
  end: (() => void) | undefined;
}

/**
 * ROS 2 through rosbridge, by roslib 2. roslib neither reconnects nor tells whether it is connected when it says so, and keeps
 * what is published meanwhile for later, which for a command is dangerous. So each session has a client of its own, which is
 * subscribed to anew once it is open, and nothing is handed to one that is not. All times here are the machine's.
 */
export function rosbridge({ url, openWithinMs = OPEN_WITHIN_MS }: RosbridgeOptions): OpenRos {
  return (listener) => {
    const subscriptions = new Set<Subscription>();
    const opening = Promise.withResolvers<void>();
    // Nobody has to wait for it.
    opening.promise.catch(() => undefined);
    let ros: RosClient | undefined;
    let isOpen = false;
    let isEnded = false;
    let retry: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      const hint = "check that rosbridge_server runs there and that its port can be reached";
      opening.reject(new RosUnreachableError(`no rosbridge answers at ${url}: ${hint}`));
    }, openWithinMs);
    limit.unref();

    const begin = (subscription: Subscription): void => {
      if (ros === undefined) return;
      const { topic, onMessage } = subscription;
      const isLatched = topic.qos.durability === "transient-local";
      const heard = new Topic({
        ros,
        name: topic.name,
        messageType: topic.type,
        compression: "none",
        // A topic with many writers loses no writer's message; of a vehicle's own topics the newest counts.
        throttle_rate: isLatched ? 0 : THROTTLE_MS,
        queue_length: isLatched ? 0 : 1,
        // It would subscribe twice: this transport does it itself.
        reconnect_on_close: false,
      });
      heard.subscribe(onMessage);
      subscription.end = () => heard.unsubscribe();
    };

    const connect = (): void => {
      if (isEnded) return;
      const client = new Ros();
      ros = client;
      let isOver = false;
      const over = (): void => {
        if (isOver) return;
        isOver = true;
        if (isOpen) {
          isOpen = false;
          listener.onClose();
        }
        for (const subscription of subscriptions) subscription.end = undefined;
        if (!isEnded) retry = setTimeout(connect, RECONNECT_MS);
      };
      client.on("connection", () => {
        if (isEnded || isOver) return;
        isOpen = true;
        clearTimeout(limit);
        for (const subscription of subscriptions) begin(subscription);
        opening.resolve();
        listener.onOpen();
      });
      client.on("close", over);
      client.on("error", (event) => {
        listener.onTrouble(`${url}: ${detailOf(event)}`);
        if (!client.isConnected) over();
      });
      client.connect(url).catch((error: unknown) => {
        listener.onTrouble(`${url}: ${detailOf(error)}`);
        over();
      });
    };
    connect();

    const transport: RosTransport = {
      whenOpen: () => opening.promise,
      subscribe: (topic, onMessage) => {
        const subscription: Subscription = { topic, onMessage, end: undefined };
        subscriptions.add(subscription);
        if (isOpen) begin(subscription);
        return () => {
          subscriptions.delete(subscription);
          if (isOpen) subscription.end?.();
        };
      },
      call: (service, request, withinMs, onOutcome) => {
        if (!isOpen || ros === undefined) {
          setImmediate(() => onOutcome({ kind: "not-connected" }));
          return;
        }
        let isOver = false;
        const once = (outcome: Parameters<typeof onOutcome>[0]): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          onOutcome(outcome);
        };
        const timer = setTimeout(() => once({ kind: "timed-out" }), withinMs);
        new Service({ ros, name: service.name, serviceType: service.type }).callService(
          request,
          (response) => once({ kind: "answered", response }),
          (error) => once({ kind: "failed", detail: String(error) }),
          withinMs / 1000,
        );
      },
      sendGoal: (action, goal, onOutcome) => {
        if (!isOpen || ros === undefined) {
          setImmediate(() => onOutcome({ kind: "not-connected" }));
          return;
        }
        new Action({ ros, name: action.name, actionType: action.type }).sendGoal(
          goal,
          () => onOutcome({ kind: "succeeded" }),
          undefined,
          (error) =>
            onOutcome(error.includes("canceled") ? { kind: "canceled" } : { kind: "aborted", detail: error }),
        );
      },
      end: async () => {
        isEnded = true;
        clearTimeout(limit);
        clearTimeout(retry);
        opening.reject(new RosUnreachableError(`the session with ${url} was ended before it stood`));
        ros?.close();
        isOpen = false;
      },
    };
    return transport;
  };
}

function detailOf(event: unknown): string {
  if (event instanceof Error) return event.message;
  if (typeof event === "object" && event !== null && "message" in event) return String(event.message);
  return String(event);
}
