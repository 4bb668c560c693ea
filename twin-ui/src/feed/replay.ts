import type { Side } from "@baton/maps";
import {
  type ControlFrame,
  decodePoseFrame,
  entriesIn,
  POSE_FRAME,
  type TapeEntry,
} from "@baton/orchestrator/contract";
import { decodeControlFrame } from "./connection.ts";
import type { FeedMessage, FeedSource } from "./source.ts";

/** One side's tape. */
export interface Deck {
  readonly side: Side;
  /** The feed from the last snapshot before `fromMs` to `toMs`, in the tape's format; undefined for none. */
  read(fromMs: number, toMs: number): Promise<Uint8Array | undefined>;
}

export interface ReplayPorts {
  readonly decks: readonly Deck[];
  /** The page's steady clock, ms. */
  nowMs(): number;
  /** Calls again and again; the returned function ends it. */
  every(periodMs: number, act: () => void): () => void;
}

/** What a person sees and sets of a replay. */
export interface ReplayState {
  readonly atMs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  /** Nothing is shown yet of the moment that was asked for. */
  readonly isLoading: boolean;
}

export const REPLAY_SPEEDS = [1, 2, 4, 8, 16] as const;
/** So much is asked for at once, in the tape's time, and asked for again when so little of it is left. */
const CHUNK_MS = 10 * 60_000;
const AHEAD_MS = 5 * 60_000;
/** Where the tape ends, more is asked for so often. */
const ASK_AGAIN_MS = 2_000;
const STEP_MS = 100;

interface Reel {
  readonly deck: Deck;
  entries: readonly TapeEntry[];
  next: number;
  loadedToMs: number;
  isLoading: boolean;
  /** Something of this side has been shown since the last seek. */
  isShown: boolean;
  /** Not asked for more before that, on the page's clock. */
  notBeforeMs: number;
}

/**
 * Plays what viewers were shown at another time, as if it were the feed: a `FeedSource`, so that nothing else knows. Each
 * seek begins with a `hello`, which makes clocks and tracks begin anew.
 */
export class Replay implements FeedSource {
  readonly #ports: ReplayPorts;
  readonly #reels: readonly Reel[];
  readonly #onState: (state: ReplayState) => void;
  #emit: (message: FeedMessage) => void = () => undefined;
  #end: (() => void) | undefined;
  #atMs: number;
  #lastMs = 0;
  #speed = 1;
  #isPlaying = true;
  #isLoading = true;
  /** Counts seeks, so that what was loaded for an earlier one is dropped. */
  #generation = 0;

  constructor(ports: ReplayPorts, atMs: number, onState: (state: ReplayState) => void) {
    this.#ports = ports;
    this.#atMs = atMs;
    this.#onState = onState;
    this.#reels = ports.decks.map((deck) => ({
      deck,
      entries: [],
      next: 0,
      loadedToMs: 0,
      isLoading: false,
      isShown: false,
      notBeforeMs: 0,
    }));
  }

  start(onMessage: (message: FeedMessage) => void): void {
    this.#emit = onMessage;
    this.#lastMs = this.#ports.nowMs();
    this.#end = this.#ports.every(STEP_MS, () => this.#step());
    void this.seek(this.#atMs);
  }

  stop(): void {
    this.#generation++;
    this.#end?.();
    this.#emit({ kind: "hold", isHeld: false });
  }

  play(isPlaying: boolean): void {
    this.#isPlaying = isPlaying;
    this.#emit({ kind: "hold", isHeld: !isPlaying });
    this.#tell();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    void this.seek(this.#atMs);
  }

  /** Shows a moment: everything as it was then, and goes on from there. */
  async seek(atMs: number): Promise<void> {
    const generation = ++this.#generation;
    this.#atMs = atMs;
    this.#isLoading = true;
    this.#tell();
    await Promise.all(this.#reels.map((reel) => this.#rewind(reel, atMs, generation)));
    if (generation !== this.#generation) return;
    this.#isLoading = false;
    this.#lastMs = this.#ports.nowMs();
    for (const reel of this.#reels) this.#showUpTo(reel, atMs, true);
    this.#tell();
  }

  async #rewind(reel: Reel, atMs: number, generation: number): Promise<void> {
    const bytes = await reel.deck.read(atMs, atMs + CHUNK_MS);
    if (generation !== this.#generation) return;
    reel.entries = bytes === undefined ? [] : [...entriesIn(bytes)];
    reel.next = 0;
    reel.loadedToMs = atMs + CHUNK_MS;
    reel.isLoading = false;
    reel.isShown = false;
    if ((reel.entries[0]?.atMs ?? Number.POSITIVE_INFINITY) > atMs) this.#showNothing(reel.deck.side);
  }

  /** Tapes begin at different times: of a moment before the first entry nothing is known, whatever was shown until now. */
  #showNothing(side: Side): void {
    this.#emit({ kind: "link", side, state: "lost" });
    this.#emit({
      kind: "control",
      side,
      frame: {
        kind: "snapshot",
        vehicles: [],
        missions: [],
        alarms: [],
        borderline: { side, partner: "silent", handoffs: [] },
        closures: [],
        devices: [],
      },
    });
  }

  async #loadMore(reel: Reel): Promise<void> {
    reel.isLoading = true;
    const generation = this.#generation;
    const fromMs = reel.loadedToMs;
    const bytes = await reel.deck.read(fromMs, fromMs + CHUNK_MS);
    if (generation !== this.#generation) return;
    const more = bytes === undefined ? [] : [...entriesIn(bytes)].filter(({ atMs }) => atMs > fromMs);
    reel.entries = [...reel.entries.slice(reel.next), ...more];
    reel.next = 0;
    // Of a time that has not come yet there is nothing: it is asked for again.
    reel.loadedToMs = more.at(-1)?.atMs ?? fromMs;
    if (more.length === 0) reel.notBeforeMs = this.#ports.nowMs() + ASK_AGAIN_MS;
    reel.isLoading = false;
  }

  #step(): void {
    const nowMs = this.#ports.nowMs();
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (!this.#isPlaying || this.#isLoading) return;
    const newestMs = Math.max(...this.#reels.map(({ entries }) => entries.at(-1)?.atMs ?? 0));
    this.#atMs = Math.max(this.#atMs, Math.min(newestMs, this.#atMs + passedMs * this.#speed));
    for (const reel of this.#reels) {
      this.#showUpTo(reel, this.#atMs, false);
      const isShort = reel.loadedToMs - this.#atMs < AHEAD_MS;
      if (isShort && !reel.isLoading && nowMs >= reel.notBeforeMs) void this.#loadMore(reel);
    }
    this.#tell();
  }

  /** Emits what was shown until `atMs`; on the way to a moment that was asked for, only the last poses. */
  #showUpTo(reel: Reel, atMs: number, isSeek: boolean): void {
    let poses: TapeEntry | undefined;
    for (; reel.next < reel.entries.length; reel.next++) {
      const entry = reel.entries[reel.next];
      if (entry === undefined || entry.atMs > atMs) break;
      if (!reel.isShown) {
        reel.isShown = true;
        this.#emit({ kind: "link", side: reel.deck.side, state: "live" });
      }
      if (entry.message[0] === POSE_FRAME) {
        if (isSeek) poses = entry;
        else this.#show(reel.deck.side, entry);
      } else {
        this.#show(reel.deck.side, entry);
      }
    }
    if (poses !== undefined) this.#show(reel.deck.side, poses);
  }

  #show(side: Side, { message }: TapeEntry): void {
    const frame = decodePoseFrame(message);
    if (frame !== undefined) {
      this.#emit({ kind: "poses", side, frame });
      return;
    }
    const control = decodeControlFrame(message);
    if (control !== undefined) this.#emit({ kind: "control", side, frame: this.#paced(control) });
  }

  /** The world ran at its own speed then; it is shown at ours. */
  #paced(frame: ControlFrame): ControlFrame {
    return frame.kind === "hello" ? { ...frame, speed: this.#speed } : frame;
  }

  #tell(): void {
    this.#onState({
      atMs: this.#atMs,
      isPlaying: this.#isPlaying,
      speed: this.#speed,
      isLoading: this.#isLoading,
    });
  }
}
