/** The instant, in milliseconds since the Unix epoch, of the world that the caller lives in: real, scaled or simulated. */
export interface Clock {
  nowMs(): number;
}

/** Work for later, on the same clock. Cores never see this: they hold absolute deadlines and are told the time. */
export interface Timers {
  /** Runs `task` once, `delayMs` of the clock's time from now; the returned function takes it back. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` every `periodMs` of the clock's time; the returned function ends it. */
  every(periodMs: number, task: () => void): () => void;
}

/** Fresh identifiers (UUIDv7 in production, counted in fast time). */
export interface Ids {
  next(): string;
}
