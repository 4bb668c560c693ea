import type { MissionView } from "@baton/orchestrator/contract";

/** A run was ended before its time, since it cannot come to anything. */
export class RunStopped extends Error {
  readonly code = "run.stopped";
}

/** Counts containers that are on their way, from their truck's admission on, and ends a run in which there are too many. */
export class Backlog {
  readonly #stopAbove: number | undefined;
  readonly #open = new Set<string>();

  /** @param stopAbove never, if undefined */
  constructor(stopAbove: number | undefined) {
    this.#stopAbove = stopAbove;
  }

  hear({ bound, direction, containerNo, step, status }: MissionView): void {
    if (containerNo === undefined) return;
    const container = `${direction} ${containerNo}`;
    if (bound === "outbound" && step !== "register-order" && step !== "admit-truck" && step !== "close")
      this.#open.add(container);
    const isUnloaded = bound === "inbound" && (step === "close" || status === "done");
    if (isUnloaded || status === "returned") this.#open.delete(container);
  }

  /** @throws {RunStopped} */
  check(): void {
    if (this.#stopAbove === undefined || this.#open.size <= this.#stopAbove) return;
    throw new RunStopped(`${this.#open.size} containers are on their way`);
  }
}
