import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { type CloudEvent, sequenceOf } from "./event.ts";
import type { EventLog } from "./event-log.ts";
import type { PartnerFeed } from "./feed.ts";

/** More streams than a partner has any use for; the oldest ends when one more is opened. */
const MAX_STREAMS = 16;
const BATCH = 256;
/** A line without meaning, so that proxies keep the connection and a dead one is noticed. */
const HEARTBEAT_MS = 15_000;

interface Stream {
  readonly response: ServerResponse;
  readonly show: (event: CloudEvent) => unknown;
  cursor: number;
  isBusy: boolean;
}

/** Server-sent events (HTML Living Standard, 9.2) out of the event log. */
export class EventStreams {
  readonly #log: EventLog;
  readonly #logger: { error(context: object, message: string): void };
  readonly #streams = new Set<Stream>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: {
    readonly log: EventLog;
    readonly feed: Pick<PartnerFeed, "onAppended">;
    readonly logger: { error(context: object, message: string): void };
  }) {
    this.#log = options.log;
    this.#logger = options.logger;
    this.#unsubscribe = options.feed.onAppended(() => {
      for (const stream of this.#streams) void this.#send(stream);
    });
    // A network's time, not the world's: it keeps a connection, and nothing depends on it.
    this.#heartbeat = setInterval(() => {
      for (const { response } of this.#streams) response.write(": here\n\n");
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Takes the reply over and sends what comes after the cursor, now and later; `show` leaves out what it has no word for. */
  open(reply: FastifyReply, cursor: number, show: Stream["show"]): void {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write(": here\n\n");
    const stream: Stream = { response, show, cursor, isBusy: false };
    const [oldest] = this.#streams;
    if (this.#streams.size >= MAX_STREAMS && oldest !== undefined) this.#end(oldest);
    this.#streams.add(stream);
    response.once("close", () => this.#streams.delete(stream));
    void this.#send(stream);
  }

  close(): void {
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    for (const stream of this.#streams) this.#end(stream);
  }

  async #send(stream: Stream): Promise<void> {
    if (stream.isBusy) return;
    stream.isBusy = true;
    try {
      for (;;) {
        const events = await this.#log.after(stream.cursor, BATCH);
        for (const event of events) {
          stream.cursor = sequenceOf(event);
          const shown = stream.show(event);
          if (shown === undefined) continue;
          stream.response.write(
            `id: ${stream.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(shown)}\n\n`,
          );
        }
        if (events.length === 0 || !this.#streams.has(stream)) break;
        // A reader that is too slow is waited for; nothing piles up here.
        if (stream.response.writableNeedDrain) await drained(stream.response);
      }
    } catch (error) {
      // The reader comes back with its last id when the store does.
      this.#logger.error({ err: error }, "an event stream ends");
      this.#end(stream);
    }
    stream.isBusy = false;
  }

  #end(stream: Stream): void {
    this.#streams.delete(stream);
    stream.response.end();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}
