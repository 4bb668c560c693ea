import type { Direction } from "@baton/maps";
import type { Trace } from "./record.ts";

export interface TraceWindow {
  readonly beginMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Chainages between which the lanes run, metres from the line. */
  readonly fromXM: number;
  readonly toXM: number;
}

/** How often a place is noted. */
const EVERY_MS = 5_000;
/** A heading nearer than this to a lane's counts as along it: bays lie beside it at an angle. */
const ALONG = Math.cos((75 * Math.PI) / 180);

interface OpenTrace {
  readonly direction: Direction;
  readonly points: number[];
}

/** Follows vehicles along the lanes for a time-space diagram: a trace a vehicle and passage, one way. */
export class Traces {
  readonly #window: TraceWindow;
  readonly #open = new Map<string, OpenTrace>();
  readonly #done: Trace[] = [];

  constructor(window: TraceWindow) {
    this.#window = window;
  }

  see(vehicleId: string, atMs: number, xM: number, headingRad: number, isLoaded: boolean): void {
    const { beginMs, fromMs, untilMs, fromXM, toXM } = this.#window;
    if (atMs < fromMs || atMs > untilMs || atMs % EVERY_MS !== 0) return;
    const direction = xM < fromXM || xM > toXM ? undefined : directionOf(headingRad);
    const open = this.#open.get(vehicleId);
    if (open !== undefined && open.direction !== direction) this.#end(vehicleId, open);
    if (direction === undefined) return;
    const trace = this.#open.get(vehicleId) ?? { direction, points: [] };
    this.#open.set(vehicleId, trace);
    trace.points.push(atMs - beginMs, Math.round(xM * 10) / 10, isLoaded ? 1 : 0);
  }

  /** All traces so far, in the order in which they ended; those that have not ended come last. */
  all(): Trace[] {
    for (const [vehicleId, open] of this.#open) this.#end(vehicleId, open);
    return [...this.#done];
  }

  #end(vehicleId: string, { direction, points }: OpenTrace): void {
    this.#open.delete(vehicleId);
    // A single point is no way.
    if (points.length > 3) this.#done.push({ vehicleId, direction, points: withoutRepeats(points) });
  }
}

function directionOf(headingRad: number): Direction | undefined {
  const along = Math.cos(headingRad);
  if (along > ALONG) return "export";
  return along < -ALONG ? "import" : undefined;
}

/** Leaves out what a straight line between its neighbours shows as well: places where nothing changed. */
function withoutRepeats(points: readonly number[]): number[] {
  const kept: number[] = [];
  for (let at = 0; at < points.length; at += 3) {
    const isEnd = at === 0 || at + 3 >= points.length;
    const stood =
      points[at + 1] === points[at - 2] &&
      points[at + 1] === points[at + 4] &&
      points[at + 2] === points[at + 5];
    if (isEnd || !stood) kept.push(points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0);
  }
  return kept;
}
