import { open } from "node:fs/promises";
import { zstdCompressSync } from "node:zlib";
import { type IWritable, McapWriter } from "@mcap/core";
import type { TSchema } from "typebox";
import { viewerSchema } from "./viewer-schema.ts";

/** A place that an MCAP file is written to. */
export interface OpenWritable {
  readonly writable: IWritable;
  close(): Promise<void>;
}

/** A file, made anew. */
export async function fileWritable(path: string): Promise<OpenWritable> {
  const file = await open(path, "w");
  let written = 0n;
  return {
    writable: {
      position: () => written,
      write: async (bytes) => {
        await file.writeFile(bytes);
        written += BigInt(bytes.byteLength);
      },
    },
    close: () => file.close(),
  };
}

/** Bytes gathered before a chunk is compressed and written. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Messages as JSON into an MCAP file (mcap.dev specification, version 1): chunks compressed with Zstandard, indexed, so that a
 * viewer can jump in it. Everything is kept in the order in which it was given.
 */
export class McapFile {
  readonly #writer: McapWriter;
  readonly #to: OpenWritable;
  readonly #encoder = new TextEncoder();
  readonly #sequence = new Map<number, number>();
  /** The writer takes one call at a time: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  /** No message is earlier than the one before it. */
  #latestMs = 0;

  constructor(to: OpenWritable) {
    this.#to = to;
    this.#writer = new McapWriter({
      writable: to.writable,
      chunkSize: CHUNK_BYTES,
      compressChunk: (chunk) => ({ compression: "zstd", compressedData: zstdCompressSync(chunk) }),
    });
  }

  async start(): Promise<void> {
    await this.#writer.start({ profile: "", library: "baton" });
  }

  /** @param name of the schema, by which viewers know what its messages are; the schema itself is written as they can read it */
  async channel(topic: string, name: string, schema: TSchema): Promise<number> {
    const written = viewerSchema(schema);
    if (written?.type !== "object") throw new Error(`bug: messages of ${topic} are no objects`);
    const schemaId = await this.#writer.registerSchema({
      name,
      encoding: "jsonschema",
      data: this.#encoder.encode(JSON.stringify(written)),
    });
    return this.#writer.registerChannel({ topic, schemaId, messageEncoding: "json", metadata: new Map() });
  }

  add(channelId: number, atMs: number, message: object): void {
    this.#latestMs = Math.max(this.#latestMs, atMs);
    const logTime = BigInt(Math.round(this.#latestMs * 1000)) * 1000n;
    const sequence = (this.#sequence.get(channelId) ?? 0) + 1;
    this.#sequence.set(channelId, sequence);
    const data = this.#encoder.encode(JSON.stringify(message));
    this.#last = this.#last
      .then(() => this.#writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data }))
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
  }

  /** Writes what is left and the index. Rejects when anything could not be written. */
  async close(): Promise<void> {
    await this.#last;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#writer.end();
    } finally {
      await this.#to.close();
    }
  }
}
