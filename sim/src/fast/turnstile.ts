import { type Command, Redis, type RedisOptions } from "ioredis";

/**
 * What leaves the thread (a command to Redis, a signature) comes back when it comes back, which is never twice the same. The
 * turnstile lets answers in one at a time, in the order in which they were asked for, and only when the run says so; between
 * two of them, everything that follows from the first has been done. So the order of all that happens depends on nothing but
 * the order of what was asked.
 */
export class Turnstile {
  readonly #waiting: Entry[] = [];
  #whenReady: (() => void) | undefined;

  /** How many answers are outstanding. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Takes a place in the queue; the answer is handed over by calling what is returned, and let in at its turn. */
  enter(): (letIn: () => void) => void {
    const entry: Entry = { letIn: undefined };
    this.#waiting.push(entry);
    return (letIn) => {
      entry.letIn = letIn;
      if (this.#waiting[0] === entry) this.#whenReady?.();
    };
  }

  /** Work whose answer takes its turn. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    const handOver = this.enter();
    return new Promise((resolve, reject) => {
      work().then(
        (value) => handOver(() => resolve(value)),
        (error: unknown) => handOver(() => reject(error)),
      );
    });
  }

  /** Lets everything in that is outstanding, and what that asks for in turn. Resolves when nothing is in work any more. */
  async settle(): Promise<void> {
    await allDone();
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0];
      if (first?.letIn === undefined) {
        await new Promise<void>((resolve) => {
          this.#whenReady = resolve;
        });
        this.#whenReady = undefined;
        continue;
      }
      this.#waiting.shift();
      first.letIn();
      await allDone();
    }
  }
}

interface Entry {
  letIn: (() => void) | undefined;
}

/**
 * Resolves when every promise that could be settled by now has been, and what hung on it has run: Node comes to its next
 * ticks when no microtask is left. What only the event loop brings (an answer of Redis, a signature) waits at the turnstile
 * anyway, so that a turn of it, which asks the kernel each time, is not taken for each instant.
 */
function allDone(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** A Redis client whose answers pass the turnstile. */
export function redisThrough(turnstile: Turnstile): (url: string, options: RedisOptions) => Redis {
  /** A command that had to wait for the connection is sent twice, and asked for once. */
  const known = new WeakSet<Command>();
  class TurnstileRedis extends Redis {
    constructor(url: string, options: RedisOptions) {
      super(url, { ...options, replyMapping: "legacy" });
    }

    override sendCommand(command: Command, stream?: Parameters<Redis["sendCommand"]>[1]): unknown {
      if (known.has(command) || SENT_BY_ITSELF.has(command.name.toLowerCase()))
        return super.sendCommand(command, stream);
      known.add(command);
      const handOver = turnstile.enter();
      const { resolve, reject } = command;
      command.resolve = (value: unknown) => handOver(() => resolve(value));
      command.reject = (error: Error) => handOver(() => reject(error));
      return super.sendCommand(command, stream);
    }
  }
  return (url, options) => new TurnstileRedis(url, options);
}

/** What the client sends by itself while it connects is not asked for by anyone. */
const SENT_BY_ITSELF: ReadonlySet<string> = new Set(["info", "client", "hello", "auth", "select"]);
