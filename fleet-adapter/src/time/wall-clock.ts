import type { Clock, Timers } from "../time.ts";

/** setTimeout takes no longer delay; it would fire at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * The machine's clock, `speed` times faster: at `originMs` it shows the same time as the machine, and from
 * there on it runs away from it. All processes of one world are given the same origin and speed. With
 * speed 1 it is the machine's clock, whatever the origin.
 */
export function wallClock(options: { readonly speed: number; readonly originMs?: number }): Clock & Timers {
  const { speed } = options;
  if (!(Number.isFinite(speed) && speed > 0)) {
    throw new RangeError(`speed must be a number above 0, not ${speed}`);
  }
  const originMs = options.originMs ?? Date.now();
  return {
    nowMs: () => originMs + (Date.now() - originMs) * speed,
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
