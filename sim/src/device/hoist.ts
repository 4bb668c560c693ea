import type { DevicePosition } from "@baton/orchestrator";
import type { JobRecord } from "./device.ts";

/** A place on the way of a crane's spreader, in the frame of its station; `containerNo` hangs under it from there on. */
interface Stop {
  readonly atMs: number;
  readonly acrossM: number;
  readonly heightM: number;
  readonly containerNo?: string | undefined;
}

/** A crane's spreader: the stops of its way in order of time, the last of which is where it stays. Plain data. */
export interface Hoist {
  readonly stops: readonly Stop[];
  /** The lift that it is on, and how far that is. */
  readonly liftId: string | undefined;
  readonly phase: JobRecord["phase"] | undefined;
}

const UP_M = 10.4;
/** The stack beside the lane: where a container is fetched from, and put away to. */
const STACK = { acrossM: 3.75, heightM: 6.2 } as const;
/** The spreader on a container that stands on a vehicle's deck. */
const LANDED_M = 4.32;
const TROLLEY_MPS = 0.8;
const HOIST_MPS = 0.9;
/** A container is held so far over the deck until the locks are found open. */
const OVER_DECK_M = 0.5;

export const restingHoist = (atMs: number): Hoist => ({
  stops: [{ atMs, acrossM: 0, heightM: UP_M }],
  liftId: undefined,
  phase: undefined,
});

/** The spreader's way after its jobs have changed: the lift that is under way, else what became of the last one. */
export function hoistAfter(hoist: Hoist, jobs: readonly JobRecord[], nowMs: number): Hoist {
  const lift =
    jobs.find(({ job, phase }) => job.task.kind === "lift" && (phase === "working" || phase === "hanging")) ??
    jobs.find(({ job }) => job.jobId === hoist.liftId);
  if (lift === undefined || (lift.job.jobId === hoist.liftId && lift.phase === hoist.phase)) return hoist;
  return { stops: wayOf(lift, stopAt(hoist, nowMs)), liftId: lift.job.jobId, phase: lift.phase };
}

/** What the crane says of its spreader. */
export function positionOf(hoist: Hoist, nowMs: number): DevicePosition {
  const { acrossM, heightM, containerNo } = stopAt(hoist, nowMs);
  const next = hoist.stops[legAt(hoist, nowMs) + 1];
  return {
    kind: "hoist",
    acrossM: round(acrossM),
    heightM: round(heightM),
    ...(containerNo === undefined ? {} : { containerNo }),
    ...(next === undefined
      ? {}
      : { course: { acrossM: next.acrossM, heightM: next.heightM, inMs: Math.ceil(next.atMs - nowMs) } }),
  };
}

/** Which of its stops it has passed last. */
export function legAt({ stops }: Hoist, nowMs: number): number {
  let leg = 0;
  while ((stops[leg + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) leg++;
  return leg;
}

function stopAt(hoist: Hoist, nowMs: number): Stop {
  const leg = legAt(hoist, nowMs);
  const from = hoist.stops[leg] ?? { atMs: nowMs, acrossM: 0, heightM: UP_M };
  const to = hoist.stops[leg + 1];
  if (to === undefined) return { ...from, atMs: nowMs };
  const part = Math.max(0, (nowMs - from.atMs) / (to.atMs - from.atMs));
  return {
    atMs: nowMs,
    acrossM: from.acrossM + (to.acrossM - from.acrossM) * part,
    heightM: from.heightM + (to.heightM - from.heightM) * part,
    containerNo: from.containerNo,
  };
}

function wayOf({ job, phase, dueAtMs }: JobRecord, from: Stop): readonly Stop[] {
  const { task } = job;
  if (task.kind !== "lift") return [from];
  const { containerNo } = task;
  const way = new Way(from);
  const isOnto = task.way === "onto-vehicle";
  switch (phase) {
    case "working":
      // What is still in the air from before is put away first.
      if (isOnto || from.containerNo !== undefined) {
        way
          .over(STACK.acrossM)
          .down(STACK.heightM)
          .hold(isOnto ? containerNo : undefined);
      }
      return way
        .over(0)
        .down(LANDED_M + (isOnto ? OVER_DECK_M : 0))
        .by(dueAtMs);
    case "hanging":
      return way.down(LANDED_M).hold(containerNo).stops;
    case "over":
      if (!isOnto && from.containerNo !== undefined) way.over(STACK.acrossM).down(STACK.heightM);
      return way.hold(undefined).over(0).stops;
    case "waiting":
      // The vehicle has left, or was never there.
      if (from.containerNo !== undefined) way.over(STACK.acrossM).down(STACK.heightM);
      return way.hold(undefined).over(0).stops;
    default:
      return phase satisfies never;
  }
}

/** A way as it is planned, at the pace that trolley and hoist have. */
class Way {
  readonly stops: Stop[];

  constructor(from: Stop) {
    this.stops = [from];
  }

  /** Up, and along the beam. */
  over(acrossM: number): this {
    return this.#to(this.#last.acrossM, UP_M).#to(acrossM, UP_M);
  }

  down(heightM: number): this {
    return this.#to(this.#last.acrossM, heightM);
  }

  /** Takes hold of a container where it is, or lets go of it. */
  hold(containerNo: string | undefined): this {
    this.stops[this.stops.length - 1] = { ...this.#last, containerNo };
    return this;
  }

  /** The same way, quicker or slower, so that it ends at an instant. */
  by(endMs: number | undefined): readonly Stop[] {
    const [{ atMs: beginMs } = this.#last] = this.stops;
    const planned = this.#last.atMs - beginMs;
    if (endMs === undefined || planned === 0) return this.stops;
    const stretch = Math.max(0, endMs - beginMs) / planned;
    return this.stops.map((stop) => ({ ...stop, atMs: beginMs + (stop.atMs - beginMs) * stretch }));
  }

  get #last(): Stop {
    const last = this.stops.at(-1);
    if (last === undefined) throw new Error("a way begins somewhere");
    return last;
  }

  #to(acrossM: number, heightM: number): this {
    const { atMs, containerNo, ...from } = this.#last;
    const takesS = Math.max(
      Math.abs(acrossM - from.acrossM) / TROLLEY_MPS,
      Math.abs(heightM - from.heightM) / HOIST_MPS,
    );
    if (takesS > 0) this.stops.push({ atMs: atMs + takesS * 1000, acrossM, heightM, containerNo });
    return this;
  }
}

/** To the centimetre. */
const round = (lengthM: number): number => Math.round(lengthM * 100) / 100;
