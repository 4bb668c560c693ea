import { Cluster, Redis, type RedisOptions } from "ioredis";
import { LedgerUnreachable } from "./ledger.ts";

/** A connection that never queues: what it is asked while Redis is away fails at once. */
export interface LedgerConnection {
  readonly redis: Redis | Cluster;
  /** Asks, and throws `LedgerUnreachable` when no answer came in time. */
  ask<T>(question: () => Promise<T>): Promise<T>;
  close(): void;
}

const CLUSTER = /^redis\+cluster:\/\//;

/**
 * Connects to one server (`redis://host:port`, `rediss://`, or the path of a unix socket), or to a Redis Cluster
 * (`redis+cluster://host:port,host:port`: any of its nodes). Reconnects by itself.
 */
export function connectLedger(url: string, answerWithinMs: number, connect = connectOne): LedgerConnection {
  const redis = CLUSTER.test(url)
    ? connectCluster(url, answerWithinMs)
    : connect(url, {
        enableOfflineQueue: false,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        commandTimeout: answerWithinMs,
        retryStrategy: (times) => Math.min(50 * times, 1000),
      });
  // Each failed call says so itself; without a listener the client would print to the console.
  redis.on("error", () => {});
  const firstReady = connected(redis, answerWithinMs);
  // Whoever asks meets the failure; nobody asking yet is no failure.
  firstReady.catch(() => {});
  return {
    redis,
    async ask(question) {
      try {
        if (redis.status === "connecting" || redis.status === "connect") await firstReady;
        return await withinMs(question(), answerWithinMs);
      } catch (cause) {
        // A script that fails is a bug, and asking again would not mend it.
        const refusal = cause instanceof Error && cause.name === "ReplyError" ? cause.message : undefined;
        if (refusal?.includes("user_script") === true) throw cause;
        throw new LedgerUnreachable(
          refusal !== undefined
            ? `Redis at ${url} does not take it: ${refusal}`
            : `Redis at ${url} does not answer: is it running, and is the address right?`,
          { cause },
        );
      }
    },
    close: () => redis.disconnect(),
  };
}

/** How a client of one server is made; a simulation brings one that answers in its own time. */
export type ConnectRedis = (url: string, options: Omit<RedisOptions, "replyMapping">) => Redis;

const connectOne: ConnectRedis = (url, options) => new Redis(url, options);

function connectCluster(url: string, answerWithinMs: number): Cluster {
  const nodes = url.replace(CLUSTER, "").split("/", 1)[0]?.split(",") ?? [];
  return new Cluster(
    nodes.map((node) => `redis://${node}`),
    {
      enableOfflineQueue: false,
      clusterRetryStrategy: (times) => Math.min(50 * times, 1000),
      slotsRefreshTimeout: answerWithinMs,
      redisOptions: { commandTimeout: answerWithinMs },
    },
  );
}

/** Resolves with the first connection, rejects when there is none in time. */
function connected(redis: Redis | Cluster, ms: number): Promise<void> {
  return withinMs(new Promise((resolve) => void redis.once("ready", () => resolve())), ms);
}

/** The client's own limits are one a node and a try; this is one a question. */
function withinMs<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    timer.unref();
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
