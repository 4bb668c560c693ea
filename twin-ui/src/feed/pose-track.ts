/** Where a vehicle is drawn at one moment. Site frame, metres, radians. */
export interface SampledPose {
  xM: number;
  yM: number;
  headingRad: number;
  speedMps: number;
  flags: number;
  batteryPct: number;
}

const DEPTH = 12;
/** Numbers of a pose: its moment, then the fields of `SampledPose`, filled up to a line of the processor's cache. */
const RECORD = 8;
const [X, Y, HEADING, SPEED, FLAGS, BATTERY] = [1, 2, 3, 4, 5, 6] as const;
/** Farther than this between two frames is not motion but a correction: jump, do not glide. */
const JUMP_M = 25;

/** `a` turned towards `b` by the fraction `part`, the short way round. */
export function turnBetween(a: number, b: number, part: number): number {
  if (a === b) return a;
  const turn = Math.atan2(Math.sin(b - a), Math.cos(b - a));
  return a + turn * part;
}

/**
 * The last poses of one vehicle in one feed: a ring, oldest overwritten first.
 * Between two poses it is interpolated; after the newest it goes on along its heading, for a while. Every vehicle is asked in every
 * frame, seldom enough to find nothing of it in the processor's cache: so a pose's numbers lie side by side.
 */
export class PoseTrack {
  readonly #ring = new Float64Array(DEPTH * RECORD);
  /** Where in the ring the newest pose begins. */
  #newest = 0;
  #count = 0;
  #newestAtMs = Number.NEGATIVE_INFINITY;

  get newestAtMs(): number {
    return this.#newestAtMs;
  }

  get newestFlags(): number {
    return this.#count === 0 ? 0 : (this.#ring[this.#newest + FLAGS] ?? 0);
  }

  clear(): void {
    this.#count = 0;
    this.#newestAtMs = Number.NEGATIVE_INFINITY;
  }

  push(atMs: number, pose: SampledPose): void {
    if (atMs <= this.#newestAtMs || this.#repeats(pose)) return;
    const ring = this.#ring;
    const at = (this.#newest + RECORD) % ring.length;
    ring[at] = atMs;
    ring[at + X] = pose.xM;
    ring[at + Y] = pose.yM;
    ring[at + HEADING] = pose.headingRad;
    ring[at + SPEED] = pose.speedMps;
    ring[at + FLAGS] = pose.flags;
    ring[at + BATTERY] = pose.batteryPct;
    this.#newest = at;
    this.#newestAtMs = atMs;
    this.#count = Math.min(DEPTH, this.#count + 1);
  }

  /**
   * Writes the pose at `atMs` into `out`; false when nothing is known. Past the newest pose it goes on for at most
   * `goOnMs` of the site's time.
   */
  sample(atMs: number, out: SampledPose, goOnMs = Number.POSITIVE_INFINITY): boolean {
    if (this.#count === 0) return false;
    const ring = this.#ring;
    let after = this.#newest;
    if (atMs >= this.#newestAtMs) {
      read(ring, after, out);
      const aheadM = (out.speedMps * Math.min(goOnMs, atMs - this.#newestAtMs)) / 1000;
      if (aheadM === 0) return true;
      out.xM += Math.cos(out.headingRad) * aheadM;
      out.yM += Math.sin(out.headingRad) * aheadM;
      return true;
    }
    for (let step = 1; step < this.#count; step++) {
      const before = after === 0 ? ring.length - RECORD : after - RECORD;
      if ((ring[before] ?? 0) <= atMs) {
        readBetween(ring, before, after, atMs, out);
        return true;
      }
      after = before;
    }
    read(ring, after, out);
    return true;
  }

  /**
   * Whether a moving vehicle's pose only says again what the newest one said: no new report had come when the frame
   * was made. Taken for a position of its own it would make the vehicle stop and leap.
   */
  #repeats(pose: SampledPose): boolean {
    const ring = this.#ring;
    const i = this.#newest;
    return (
      this.#count > 0 &&
      pose.speedMps !== 0 &&
      pose.xM === ring[i + X] &&
      pose.yM === ring[i + Y] &&
      pose.headingRad === ring[i + HEADING] &&
      pose.speedMps === ring[i + SPEED] &&
      pose.flags === ring[i + FLAGS]
    );
  }
}

function read(ring: Float64Array, at: number, out: SampledPose): void {
  out.xM = ring[at + X] ?? 0;
  out.yM = ring[at + Y] ?? 0;
  out.headingRad = ring[at + HEADING] ?? 0;
  out.speedMps = ring[at + SPEED] ?? 0;
  out.flags = ring[at + FLAGS] ?? 0;
  out.batteryPct = ring[at + BATTERY] ?? 0;
}

function readBetween(ring: Float64Array, a: number, b: number, atMs: number, out: SampledPose): void {
  const part = (atMs - (ring[a] ?? 0)) / ((ring[b] ?? 0) - (ring[a] ?? 0));
  read(ring, part < 0.5 ? a : b, out);
  const xM = ring[a + X] ?? 0;
  const yM = ring[a + Y] ?? 0;
  const dxM = (ring[b + X] ?? 0) - xM;
  const dyM = (ring[b + Y] ?? 0) - yM;
  if (dxM * dxM + dyM * dyM > JUMP_M * JUMP_M) return;
  out.xM = xM + dxM * part;
  out.yM = yM + dyM * part;
  out.headingRad = turnBetween(ring[a + HEADING] ?? 0, ring[b + HEADING] ?? 0, part);
  const speedMps = ring[a + SPEED] ?? 0;
  out.speedMps = speedMps + ((ring[b + SPEED] ?? 0) - speedMps) * part;
  // Whether it is loaded changes when the newer frame is reached, not half-way to it.
  out.flags = ring[a + FLAGS] ?? 0;
}
