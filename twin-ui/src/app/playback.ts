import { type Deck, Replay, type ReplayState } from "../feed/replay.ts";
import type { FeedMessage, FeedSource } from "../feed/source.ts";

/** How far back a replay begins when nobody has said. */
const BACK_MS = 5 * 60_000;

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the page shows: the feed, or another time of it. */
export interface Playback {
  /** Shows a moment of the tape; five minutes ago when none is named. Nothing happens while there is no tape. */
  replay(atMs?: number): Promise<void>;
  live(): void;
  play(isPlaying: boolean): void;
  setSpeed(speed: number): void;
  stop(): void;
}

export function createPlayback(options: {
  readonly live: () => FeedSource;
  readonly decks: readonly Deck[];
  readonly range: () => Promise<Range | undefined>;
  readonly onMessage: (message: FeedMessage) => void;
  /** Undefined while the feed is live. */
  readonly onReplay: (replay: (ReplayState & Range) | undefined) => void;
}): Playback {
  let source: FeedSource = options.live();
  let replay: Replay | undefined;
  let known: Range = { fromMs: 0, toMs: 0 };
  source.start(options.onMessage);
  const within = (atMs: number): number => Math.min(known.toMs, Math.max(known.fromMs, atMs));

  return {
    async replay(atMs) {
      // At once: the bar has to stand where it was put, and of several moments asked for the last one is gone to.
      const sought = replay !== undefined && atMs !== undefined ? replay.seek(within(atMs)) : undefined;
      const range = await options.range();
      if (range !== undefined) known = range;
      if (sought !== undefined) return sought;
      if (range === undefined) return;
      const wantedMs = within(atMs ?? range.toMs - BACK_MS);
      if (replay !== undefined) return replay.seek(wantedMs);
      source.stop();
      replay = new Replay(
        {
          decks: options.decks,
          nowMs: () => performance.now(),
          every(periodMs, act) {
            const timer = setInterval(act, periodMs);
            return () => clearInterval(timer);
          },
        },
        wantedMs,
        (state) => options.onReplay({ ...state, ...known }),
      );
      source = replay;
      source.start(options.onMessage);
    },
    live() {
      if (replay === undefined) return;
      source.stop();
      replay = undefined;
      options.onReplay(undefined);
      source = options.live();
      source.start(options.onMessage);
    },
    play: (isPlaying) => replay?.play(isPlaying),
    setSpeed: (speed) => replay?.setSpeed(speed),
    stop: () => source.stop(),
  };
}
