import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, stat, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FeedSocket } from "../api/feed-hub.ts";
import { encodeEntry, entriesIn, wholeBytes } from "../contract/index.ts";
import { REEL_MS, reelName, reelOf, reelStartMs } from "./reels.ts";

/** A snapshot so often, so that a replay can begin anywhere without reading an hour. */
const SNAPSHOT_EVERY_MS = 60_000;
/** What is asked for at once; longer replays are asked for piece by piece. */
export const MAX_REPLAY_MS = 15 * 60_000;

/**
 * All that viewers were shown, kept on disk by the hour. It is a viewer of the feed itself, so that a replay shows what
 * a person saw then and not what was computed afterwards.
 */
export interface Tape {
  /** What joins the hub. */
  readonly socket: FeedSocket;
  /** To be called about once a second: writes snapshots, drops reels that are too old. */
  look(): void;
  /** From when to when there is something to replay; undefined while there is nothing. */
  range(): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined>;
  /** Entries from the last snapshot before `fromMs` to `toMs`, as bytes of the tape's format. At most `MAX_REPLAY_MS`. */
  read(fromMs: number, toMs: number): Promise<Uint8Array>;
  /** Resolves when all is written. */
  stop(): Promise<void>;
}

/**
 * @throws {Error} when the directory cannot be made or written.
 */
export async function openTape(options: {
  readonly directory: string;
  readonly keepHours: number;
  readonly nowMs: () => number;
  /** Messages that a viewer is greeted with: the state of everything now. */
  readonly greeting: () => readonly Uint8Array[];
  readonly onError: (error: unknown) => void;
}): Promise<Tape> {
  const { directory, nowMs, onError } = options;
  await mkdir(directory, { recursive: true });
  await mendLast(directory);

  let reel: { readonly startMs: number; readonly stream: WriteStream } | undefined;
  let snapshotAtMs = Number.NEGATIVE_INFINITY;
  const closing = new Set<Promise<void>>();

  const closed = (stream: WriteStream): Promise<void> =>
    new Promise((resolve) => {
      stream.once("close", () => resolve());
      stream.end();
    });

  const streamAt = (atMs: number): WriteStream => {
    const startMs = reelStartMs(atMs);
    if (reel?.startMs === startMs) return reel.stream;
    if (reel !== undefined) {
      const end = closed(reel.stream);
      closing.add(end);
      void end.then(() => closing.delete(end));
    }
    const stream = createWriteStream(join(directory, reelName(atMs)), { flags: "a" });
    stream.on("error", onError);
    reel = { startMs, stream };
    // Each reel can be read without the one before.
    snapshotAtMs = Number.NEGATIVE_INFINITY;
    return stream;
  };

  const write = (message: Uint8Array): void => {
    const atMs = nowMs();
    const stream = streamAt(atMs);
    if (atMs - snapshotAtMs >= SNAPSHOT_EVERY_MS) {
      snapshotAtMs = atMs;
      for (const first of options.greeting()) stream.write(encodeEntry(atMs, first));
    }
    stream.write(encodeEntry(atMs, message));
  };

  const reels = async (): Promise<readonly { name: string; startMs: number }[]> =>
    (await readdir(directory))
      .flatMap((name) => {
        const startMs = reelOf(name);
        return startMs === undefined ? [] : [{ name, startMs }];
      })
      .sort((a, b) => a.startMs - b.startMs);

  let droppedAtMs = 0;
  const dropOld = async (): Promise<void> => {
    const oldestMs = nowMs() - options.keepHours * REEL_MS;
    for (const { name, startMs } of await reels())
      if (startMs + REEL_MS <= oldestMs) await unlink(join(directory, name));
  };

  return {
    socket: {
      send: write,
      close: () => undefined,
      get unreadBytes() {
        return reel?.stream.writableLength ?? 0;
      },
    },
    look() {
      if (nowMs() - droppedAtMs < REEL_MS / 12) return;
      droppedAtMs = nowMs();
      dropOld().catch(onError);
    },
    async range() {
      const all = await reels();
      const first = all[0];
      const last = all.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const fromMs = await firstTimeIn(join(directory, first.name));
      return fromMs === undefined ? undefined : { fromMs, toMs: nowMs() };
    },
    async read(fromMs, toMs) {
      const untilMs = Math.min(toMs, fromMs + MAX_REPLAY_MS);
      const pieces: Uint8Array[] = [];
      for (const { name, startMs } of await reels()) {
        if (startMs + REEL_MS <= fromMs || startMs > untilMs) continue;
        const entries = [...entriesIn(await readFile(join(directory, name)))];
        const begin = pieces.length > 0 ? 0 : lastSnapshotBefore(entries, fromMs);
        for (const { atMs, message } of entries.slice(begin))
          if (atMs <= untilMs) pieces.push(encodeEntry(atMs, message));
      }
      return Buffer.concat(pieces);
    },
    async stop() {
      if (reel !== undefined) await closed(reel.stream);
      await Promise.all(closing);
    },
  };
}

/** A `hello` begins each snapshot: the first control frame after a minute, told by what it holds, not by its place. */
function lastSnapshotBefore(
  entries: readonly { atMs: number; message: Uint8Array }[],
  fromMs: number,
): number {
  let found = 0;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined || entry.atMs > fromMs) break;
    if (isHello(entry.message)) found = i;
  }
  return found;
}

/** A control frame (0x02) whose msgpack map begins with the key and value `kind: "hello"`. */
function isHello(message: Uint8Array): boolean {
  return message[0] === 0x02 && Buffer.from(message.subarray(1, 20)).includes("hello");
}

async function firstTimeIn(file: string): Promise<number | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return bytesRead === 8 ? buffer.readDoubleLE(0) : undefined;
  } finally {
    await handle.close();
  }
}

/** A process that was killed may have left an entry cut short; what comes after it could not be read. */
async function mendLast(directory: string): Promise<void> {
  const last = (await readdir(directory))
    .filter((name) => reelOf(name) !== undefined)
    .sort()
    .at(-1);
  if (last === undefined) return;
  const file = join(directory, last);
  const whole = wholeBytes(await readFile(file));
  if (whole < (await stat(file)).size) await truncate(file, whole);
}
