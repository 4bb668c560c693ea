/**
 * One thing at a time, in the order asked; when there is nothing left, `whenIdle` runs and may ask for more.
 * Tasks must not throw: what throws is a bug, goes to `onBug`, and nothing runs any more.
 */
export class WorkQueue {
  readonly #tasks: (() => Promise<void>)[] = [];
  readonly #whenIdle: () => void;
  readonly #onBug: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(whenIdle: () => void, onBug: (error: unknown) => void) {
    this.#whenIdle = whenIdle;
    this.#onBug = onBug;
  }

  add(task: () => Promise<void>): void {
    if (this.#closed) return;
    this.#tasks.push(task);
    this.#running ??= this.#run();
  }

  /** Adds a task that answers; rejects when the queue was closed before it came to it. */
  ask<T>(task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(new Error("mission control has been stopped"));
      this.add(async () => {
        if (this.#closed) reject(new Error("mission control has been stopped"));
        else await task().then(resolve, reject);
      });
    });
  }

  get length(): number {
    return this.#tasks.length;
  }

  /** Takes no more; resolves when the task in work is over. Tasks that wait are dropped, askers are told. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** Resolves when there is nothing left to do. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Begins after whoever added the task has gone on: a task never runs inside the call that asked for it.
    await Promise.resolve();
    try {
      for (;;) {
        const task = this.#tasks.shift();
        if (task === undefined) {
          if (!this.#closed) this.#whenIdle();
          if (this.#tasks.length === 0) return;
          continue;
        }
        await task();
      }
    } catch (error) {
      this.#closed = true;
      this.#onBug(error);
    } finally {
      this.#running = undefined;
    }
  }
}
