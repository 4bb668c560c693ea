import type { Clock, Timers } from "../time.ts";

/** setTimeout takes no longer delay; it would fire at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;

export interface WallClockOptions {
  readonly speed: number;
  /** An instant of the machine's clock at which it is known what this clock shows; now, if not given. */
  readonly originMs?: number | undefined;
  /** What this clock shows at `originMs`; the same, if not given. A world that was stopped goes on from here. */
  readonly shownMs?: number | undefined;
}

/**
 * The machine's clock, `speed` times faster: at `originMs` it shows `shownMs`, and from there on it runs away from the
 * machine's. All processes of one world are given the same three. With speed 1 and `originMs` alone it is the
 * machine's clock, whatever the origin.
 */
export function wallClock(options: WallClockOptions): Clock & Timers {
  const { speed } = options;
  if (!(Number.isFinite(speed) && speed > 0)) {
    throw new RangeError(`speed must be a number above 0, not ${speed}`);
  }
  const originMs = options.originMs ?? Date.now();
  const shownMs = options.shownMs ?? originMs;
  return {
    nowMs: () => shownMs + (Date.now() - originMs) * speed,
    after: (delayMs, task) => {
      // A delay beyond what the machine's timer can hold is waited for in pieces.
      let leftMs = Math.max(0, delayMs / speed);
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        const pieceMs = Math.min(leftMs, MAX_TIMEOUT_MS);
        leftMs -= pieceMs;
        timer = setTimeout(leftMs > 0 ? wait : task, pieceMs);
      };
      wait();
      return () => clearTimeout(timer);
    },
    every: (periodMs, task) => {
      const timer = setInterval(task, Math.min(Math.max(1, periodMs / speed), MAX_TIMEOUT_MS));
      return () => clearInterval(timer);
    },
  };
}
