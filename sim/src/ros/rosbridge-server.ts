import type { CallOutcome, GoalOutcome, MemoryGraph } from "@baton/fleet-adapter";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Log } from "../process/log.ts";
import { type ClientMessage, readClientMessage } from "./protocol.ts";

export interface RosbridgeServerOptions {
  readonly graph: MemoryGraph;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: Log;
}

export interface RosbridgeServer {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** A service that does not answer; rosbridge itself waits for ever unless it is told otherwise. */
const ANSWER_WITHIN_MS = 10_000;
const STATUS = { succeeded: 4, canceled: 5, aborted: 6 } as const;

/**
 * The simulated world's graph behind the JSON protocol of rosbridge v2 (RobotWebTools/rosbridge_suite, ROSBRIDGE_PROTOCOL.md), as a real
 * rosbridge_server with `send_action_goals_in_new_thread:=true` would show it. On the loopback address only.
 */
export async function startRosbridge({ graph, port, log }: RosbridgeServerOptions): Promise<RosbridgeServer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port, maxPayload: MAX_MESSAGE_BYTES });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  server.on("connection", (socket) => serveClient(socket, graph, log));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on a port has an address");
  return {
    url: `ws://127.0.0.1:${address.port}`,
    stop: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function serveClient(socket: WebSocket, graph: MemoryGraph, log: Log): void {
  const send = (message: object): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const complain = (id: string | undefined, msg: string): void => {
    send({ op: "status", level: "error", msg, ...(id === undefined ? {} : { id }) });
  };
  const ros = graph.openRos({
    onOpen: () => undefined,
    onClose: () => undefined,
    onTrouble: () => undefined,
  });
  /** By the subscription's id, or the topic for want of one. */
  const subscriptions = new Map<string, { readonly topic: string; readonly end: () => void }>();
  socket.on("message", (data) => {
    const read = readClientMessage(textOf(data));
    if (!read.ok) complain(undefined, read.reason);
    else obey(read.value);
  });
  socket.on("error", (error) => log.debug({ detail: error.message }, "a client of rosbridge"));
  socket.on("close", () => void ros.end());

  const obey = (message: ClientMessage): void => {
    switch (message.op) {
      case "subscribe":
        subscribe(message);
        break;
      case "unsubscribe":
        for (const [id, { topic, end }] of subscriptions) {
          if (message.id !== undefined ? id !== message.id : topic !== message.topic) continue;
          end();
          subscriptions.delete(id);
        }
        break;
      case "call_service": {
        const { id, service, args } = message;
        ros.call({ name: service, type: "" }, args ?? {}, ANSWER_WITHIN_MS, (outcome) =>
          send({ op: "service_response", service, ...idOf(id), ...responseOf(outcome) }),
        );
        break;
      }
      case "send_action_goal": {
        const { id, action, action_type: type, args } = message;
        ros.sendGoal({ name: action, type }, args ?? {}, (outcome) =>
          send({ op: "action_result", action, ...idOf(id), ...resultOf(outcome) }),
        );
        break;
      }
    }
  };

  const subscribe = ({ id, topic, type }: Extract<ClientMessage, { op: "subscribe" }>): void => {
    const key = id ?? topic;
    subscriptions.get(key)?.end();
    // rosbridge asks for what the topic's publishers offer, as far as it knows any at that moment.
    const offered = graph.offered(topic);
    const asked = offered ?? { name: topic, type: type ?? "", qos: RELIABLE };
    const end = ros.subscribe(asked, (msg) => send({ op: "publish", topic, msg }));
    subscriptions.set(key, { topic, end });
  };
}

const RELIABLE = { reliability: "reliable", durability: "volatile", depth: 10 } as const;

const idOf = (id: string | undefined): { readonly id?: string } => (id === undefined ? {} : { id });

function responseOf(outcome: CallOutcome): { readonly values: unknown; readonly result: boolean } {
  if (outcome.kind === "answered") return { values: outcome.response, result: true };
  return {
    values: outcome.kind === "failed" ? outcome.detail : "the service does not answer",
    result: false,
  };
}

function resultOf(outcome: GoalOutcome): object {
  switch (outcome.kind) {
    case "succeeded":
    case "canceled":
      return { values: {}, status: STATUS[outcome.kind], result: true };
    case "aborted":
      return { values: { error_msg: outcome.detail }, status: STATUS.aborted, result: true };
    case "not-connected":
      return { values: "the graph is away", status: 0, result: false };
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("utf8");
}
