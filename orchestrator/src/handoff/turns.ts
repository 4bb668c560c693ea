import type { Clock } from "@baton/fleet-adapter";
import type { Announcer } from "./announcer.ts";
import { NotKept, Superseded } from "./desk.ts";
import { createSerial } from "./serial.ts";
import type { HandoffLog } from "./service-port.ts";

export interface TurnsOptions {
  readonly clock: Clock;
  readonly log: HandoffLog;
  readonly announcer: Pick<Announcer, "trouble">;
  /** Reads everything back from the store, and does again what is outstanding; rejects with `NotKept` when it cannot. */
  readonly recover: (nowMs: number) => Promise<void>;
  /** Another process has taken over: nothing is taken from here on. */
  readonly superseded: () => void;
}

/**
 * The room's steps, one after the other. After one that the store did not keep nobody knows what it has: so nothing is taken until
 * everything was read back.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #serial = createSerial();
  /** Requests that the store could not keep yet, in their order. */
  readonly #unkept: ((nowMs: number) => Promise<void>)[] = [];
  #isRunning = false;
  #isInDoubt = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Rejects when the store cannot be read. */
  async start(): Promise<void> {
    await this.#serial(() => this.#recover());
    this.#isRunning = true;
  }

  /** Resolves when the step in work has ended. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#serial(async () => {});
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** A request of this side's own: one that the store does not keep waits until it does. */
  request(step: (nowMs: number) => Promise<void>): void {
    void this.#serial(async () => {
      if (this.#isInDoubt) {
        this.#unkept.push(step);
        return;
      }
      await step(this.#nowMs()).catch((error: unknown) => {
        if (error instanceof NotKept) this.#unkept.push(step);
        this.#failed(error);
      });
    });
  }

  /** A step that is kept now, or not at all. Rejects then, which has been told already. */
  take<Result>(step: (nowMs: number) => Promise<Result>): Promise<Result> {
    return this.#serial(async () => {
      if (this.#isInDoubt || !this.#isRunning) throw new NotKept("the hand-off store is not at hand");
      return step(this.#nowMs());
    }).catch((error: unknown) => {
      this.#failed(error);
      throw error;
    });
  }

  /** What is looked at again and again; in doubt, everything is read back first. */
  look(step: (nowMs: number) => Promise<void>): void {
    void this.#serial(async () => {
      if (!this.#isRunning) return;
      if (this.#isInDoubt) await this.#recover();
      await step(this.#nowMs());
    }).catch((error: unknown) => this.#failed(error));
  }

  async #recover(): Promise<void> {
    await this.#options.recover(this.#nowMs());
    this.#isInDoubt = false;
    for (;;) {
      const step = this.#unkept[0];
      if (step === undefined) return;
      await step(this.#nowMs()).catch((error: unknown) => {
        if (error instanceof NotKept) throw error;
        this.#failed(error);
      });
      this.#unkept.shift();
    }
  }

  #failed(error: unknown): void {
    if (!this.#isRunning) return;
    const { log, announcer, superseded } = this.#options;
    if (error instanceof NotKept) {
      if (!this.#isInDoubt) {
        log.error({ err: error }, "the hand-off store is not at hand");
        announcer.trouble(undefined, "store-unreachable", error.message);
      }
      this.#isInDoubt = true;
    } else if (error instanceof Superseded) {
      this.#isRunning = false;
      superseded();
      announcer.trouble(undefined, "superseded", error.message);
    } else {
      log.error({ err: error }, "a hand-off step failed");
      announcer.trouble(undefined, "internal", error instanceof Error ? error.message : String(error));
    }
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }
}
