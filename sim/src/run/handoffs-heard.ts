import type { Direction } from "@baton/maps";
import type { HandoffEvent } from "@baton/orchestrator/rooms";
import type { HandoffRun } from "./record.ts";

/** What was seen of a hand-off so far. */
interface Seen {
  run: HandoffRun;
  /** It is a loaded vehicle that drives over the line with it: not where a crane sets over, nor when a visitor is back home. */
  readonly isDriven: boolean;
  /** Since `ready`. */
  hasStood: boolean;
}

/** From `ready` to this way beyond the hold node's place a hand-off's time is counted: its tail is past the node. */
const CLEAR_AFTER_M = 27;

/** Hand-offs put together from what both sides hear of them. */
export class HandoffsHeard {
  readonly #seen = new Map<string, Seen>();
  /** By vehicle: made ready, and its tail not past the hold node yet. */
  readonly #leaving = new Map<string, Seen>();
  readonly #holdXM: Readonly<Partial<Record<Direction, number>>>;

  /** @param holdXM chainage of the hold node of each direction */
  constructor(holdXM: Readonly<Partial<Record<Direction, number>>>) {
    this.#holdXM = holdXM;
  }

  hear(event: HandoffEvent, atMs: number): void {
    if (event.kind === "offered") {
      const { handoffId, direction, vehicleId, mode, manifest } = event.offer;
      if (this.#seen.has(handoffId)) return;
      const run: HandoffRun = { handoffId, direction, vehicleId, offeredMs: atMs, ended: "open" };
      const isDriven = mode !== "container-transfers" && manifest.container !== undefined;
      this.#seen.set(handoffId, { run, isDriven, hasStood: false });
      return;
    }
    const seen = event.handoffId === undefined ? undefined : this.#seen.get(event.handoffId);
    if (seen === undefined) return;
    const { run } = seen;
    switch (event.kind) {
      case "accepted":
        seen.run = { acceptedMs: atMs, ...run };
        return;
      case "ready":
        seen.run = { readyMs: atMs, ...run };
        if (run.readyMs === undefined && seen.isDriven) this.#leaving.set(run.vehicleId, seen);
        return;
      case "going":
        seen.run = { goMs: atMs, ...run };
        return;
      case "switched":
        if (run.switchedMs !== undefined) return;
        seen.run = { ...run, switchedMs: atMs };
        return;
      case "concluded":
        seen.run = { ...run, ended: "done" };
        return;
      case "declined":
        this.#over(seen);
        seen.run = { ...run, ended: "declined" };
        return;
      case "ended":
        this.#over(seen);
        seen.run = { ...run, ended: event.how === "revoked" ? "revoked" : "withdrawn" };
        return;
      case "trouble":
        return;
      default:
        event satisfies never;
    }
  }

  /** Where a vehicle is, and whether it drives. */
  see(vehicleId: string, xM: number, isDriving: boolean, atMs: number): void {
    const leaving = this.#leaving.get(vehicleId);
    if (leaving === undefined) return;
    if (!isDriving) leaving.hasStood = true;
    const { direction, switchedMs } = leaving.run;
    if (switchedMs === undefined) return;
    const holdXM = this.#holdXM[direction];
    if (holdXM === undefined) return;
    if ((xM - holdXM) * (direction === "export" ? 1 : -1) < CLEAR_AFTER_M) return;
    this.#leaving.delete(vehicleId);
    leaving.run = { ...leaving.run, clearMs: atMs, hasStood: leaving.hasStood };
  }

  /** It ended before the line. */
  #over(seen: Seen): void {
    if (this.#leaving.get(seen.run.vehicleId) === seen) this.#leaving.delete(seen.run.vehicleId);
  }

  /** In the order in which they were offered. */
  runs(): HandoffRun[] {
    return [...this.#seen.values()].map(({ run }) => run);
  }
}
