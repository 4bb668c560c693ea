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
 * Between two poses it is interpolated; after the newest it goes on along its heading, for a while.
 */
export class PoseTrack {
  readonly #atMs = new Float64Array(DEPTH).fill(Number.NEGATIVE_INFINITY);
  readonly #xM = new Float64Array(DEPTH);
  readonly #yM = new Float64Array(DEPTH);
  readonly #headingRad = new Float64Array(DEPTH);
  readonly #speedMps = new Float64Array(DEPTH);
  readonly #flags = new Uint8Array(DEPTH);
  readonly #batteryPct = new Float32Array(DEPTH);
  #newest = -1;
  #count = 0;

  get newestAtMs(): number {
    return this.#newest < 0
      ? Number.NEGATIVE_INFINITY
      : (this.#atMs[this.#newest] ?? Number.NEGATIVE_INFINITY);
  }

  get newestFlags(): number {
    return this.#newest < 0 ? 0 : (this.#flags[this.#newest] ?? 0);
  }

  clear(): void {
    this.#newest = -1;
    this.#count = 0;
  }

  push(atMs: number, pose: SampledPose): void {
    if (atMs <= this.newestAtMs || this.#repeats(pose)) return;
    const i = (this.#newest + 1) % DEPTH;
    this.#atMs[i] = atMs;
    this.#xM[i] = pose.xM;
    this.#yM[i] = pose.yM;
    this.#headingRad[i] = pose.headingRad;
    this.#speedMps[i] = pose.speedMps;
    this.#flags[i] = pose.flags;
    this.#batteryPct[i] = pose.batteryPct;
    this.#newest = i;
    this.#count = Math.min(DEPTH, this.#count + 1);
  }

  /**
   * Writes the pose at `atMs` into `out`; false when nothing is known. Past the newest pose it goes on for at most
   * `goOnMs` of the site's time.
   */
  sample(atMs: number, out: SampledPose, goOnMs = Number.POSITIVE_INFINITY): boolean {
    if (this.#newest < 0) return false;
    let after = this.#newest;
    if (atMs >= this.#at(after)) {
      this.#copy(after, out);
      const aheadS = Math.min(goOnMs, atMs - this.#at(after)) / 1000;
      out.xM += Math.cos(out.headingRad) * out.speedMps * aheadS;
      out.yM += Math.sin(out.headingRad) * out.speedMps * aheadS;
      return true;
    }
    for (let step = 1; step < this.#count; step++) {
      const before = (this.#newest - step + DEPTH) % DEPTH;
      if (this.#at(before) <= atMs) {
        this.#between(before, after, atMs, out);
        return true;
      }
      after = before;
    }
    this.#copy(after, out);
    return true;
  }

  /**
   * Whether a moving vehicle's pose only says again what the newest one said: no new report had come when the frame
   * was made. Taken for a position of its own it would make the vehicle stop and leap.
   */
  #repeats(pose: SampledPose): boolean {
    const i = this.#newest;
    return (
      i >= 0 &&
      pose.speedMps !== 0 &&
      pose.xM === this.#xM[i] &&
      pose.yM === this.#yM[i] &&
      pose.headingRad === this.#headingRad[i] &&
      pose.speedMps === this.#speedMps[i] &&
      pose.flags === this.#flags[i]
    );
  }

  #at(i: number): number {
    return this.#atMs[i] ?? 0;
  }

  #copy(i: number, out: SampledPose): void {
    out.xM = this.#xM[i] ?? 0;
    out.yM = this.#yM[i] ?? 0;
    out.headingRad = this.#headingRad[i] ?? 0;
    out.speedMps = this.#speedMps[i] ?? 0;
    out.flags = this.#flags[i] ?? 0;
    out.batteryPct = this.#batteryPct[i] ?? 0;
  }

  #between(a: number, b: number, atMs: number, out: SampledPose): void {
    const part = (atMs - this.#at(a)) / (this.#at(b) - this.#at(a));
    const dxM = (this.#xM[b] ?? 0) - (this.#xM[a] ?? 0);
    const dyM = (this.#yM[b] ?? 0) - (this.#yM[a] ?? 0);
    this.#copy(part < 0.5 ? a : b, out);
    if (dxM * dxM + dyM * dyM > JUMP_M * JUMP_M) return;
    out.xM = (this.#xM[a] ?? 0) + dxM * part;
    out.yM = (this.#yM[a] ?? 0) + dyM * part;
    out.headingRad = turnBetween(this.#headingRad[a] ?? 0, this.#headingRad[b] ?? 0, part);
    const speedA = this.#speedMps[a] ?? 0;
    out.speedMps = speedA + ((this.#speedMps[b] ?? 0) - speedA) * part;
    // Whether it is loaded changes when the newer frame is reached, not half-way to it.
    out.flags = this.#flags[a] ?? 0;
  }
}
