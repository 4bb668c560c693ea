import type { Side } from "@baton/maps";
import { type ControlFrame, MAX_VEHICLES, PoseFlag, type PoseFrame } from "@baton/orchestrator/contract";
import { MAX_EXTRAPOLATION_MS, PlayoutClock } from "./playout-clock.ts";
import { PoseTrack, type SampledPose } from "./pose-track.ts";

/** After this long (viewer's time) without a frame of a feed, its vehicles look old even if no one flagged them. */
export const OLD_AFTER_MS = 2_000;

/**
 * All vehicles at the moment that is drawn, struct of arrays; entry `i` is `vehicleIds[i]`, and keeps its index
 * as long as the vehicle is known. Frame: site, metres, radians. `ageMs` is the time since the newest frame,
 * 0 while the feed flows. Bound: MAX_VEHICLES.
 */
export interface FleetPoses {
  count: number;
  readonly vehicleIds: string[];
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly headingRad: Float64Array;
  readonly speedMps: Float64Array;
  readonly batteryPct: Float32Array;
  readonly flags: Uint8Array;
  readonly ageMs: Float64Array;
}

/** What a moment to be drawn means to one feed. */
interface SideMoment {
  renderAtMs: number;
  silentMs: number;
  /** How far past its newest pose a vehicle goes on, site's time. */
  goOnMs: number;
}

interface SideFeed {
  readonly clock: PlayoutClock;
  /** Slot to vehicle, as this side's control frames tell. */
  readonly vehicleOfSlot: Map<number, string>;
  /** Tracks by vehicle. */
  readonly tracks: Map<string, PoseTrack>;
  /** The same by the vehicle's index in `poses`; undefined where this feed has none. */
  trackAt: (PoseTrack | undefined)[];
  readonly now: SideMoment;
}

const newSideFeed = (): SideFeed => ({
  clock: new PlayoutClock(),
  vehicleOfSlot: new Map(),
  tracks: new Map(),
  trackAt: [],
  now: { renderAtMs: 0, silentMs: 0, goOnMs: 0 },
});

/**
 * The moving part of the twin, outside React: pose frames of both sides go in, one pose a vehicle comes out.
 * A vehicle may be in both feeds; it is drawn from the feed of the side that has its control register
 * (`PoseFlag.ours`), else from the one with the fresher pose.
 */
export class Fleet {
  readonly poses: FleetPoses = {
    count: 0,
    vehicleIds: [],
    xM: new Float64Array(MAX_VEHICLES),
    yM: new Float64Array(MAX_VEHICLES),
    headingRad: new Float64Array(MAX_VEHICLES),
    speedMps: new Float64Array(MAX_VEHICLES),
    batteryPct: new Float32Array(MAX_VEHICLES),
    flags: new Uint8Array(MAX_VEHICLES),
    ageMs: new Float64Array(MAX_VEHICLES),
  };
  readonly #feeds: Readonly<Record<Side, SideFeed>> = { vn: newSideFeed(), cn: newSideFeed() };
  readonly #indexOf = new Map<string, number>();
  /** The feed of a vehicle of which only one tells, by its index in `poses`; undefined where there is a choice. */
  #onlyFeedOf: (SideFeed | undefined)[] = [];
  /** Tracks came or went since the last look. */
  #areTracksNew = false;
  /** When the shown time was made to stand (viewer's clock), while it stands. */
  #heldAtMs: number | undefined;
  /** How long it has stood until now, in all. */
  #stoodMs = 0;
  readonly #scratch: SampledPose = { xM: 0, yM: 0, headingRad: 0, speedMps: 0, flags: 0, batteryPct: 0 };

  /** Lets the shown time stand: nothing moves and nothing gets older until it goes on from there. */
  hold(isHeld: boolean, localMs: number): void {
    if (isHeld) {
      this.#heldAtMs ??= localMs;
    } else if (this.#heldAtMs !== undefined) {
      this.#stoodMs += localMs - this.#heldAtMs;
      this.#heldAtMs = undefined;
    }
  }

  /** The viewer's clock without the time for which the picture stood. */
  #shownMs(localMs: number): number {
    return (this.#heldAtMs ?? localMs) - this.#stoodMs;
  }

  /** The index of a vehicle in `poses`, undefined when it was never seen. */
  indexOf(vehicleId: string): number | undefined {
    return this.#indexOf.get(vehicleId);
  }

  onControl(side: Side, frame: ControlFrame): void {
    const feed = this.#feeds[side];
    if (frame.kind === "hello") {
      feed.clock.configure(frame.tickMs, frame.speed);
      for (const track of feed.tracks.values()) track.clear();
      return;
    }
    if (frame.kind === "snapshot") {
      feed.vehicleOfSlot.clear();
      const known = new Set(frame.vehicles.map((vehicle) => vehicle.vehicleId));
      for (const vehicleId of feed.tracks.keys()) if (!known.has(vehicleId)) feed.tracks.delete(vehicleId);
      this.#areTracksNew = true;
    }
    for (const vehicle of frame.vehicles ?? []) feed.vehicleOfSlot.set(vehicle.slot, vehicle.vehicleId);
  }

  onPoses(side: Side, frame: PoseFrame, localMs: number): void {
    const feed = this.#feeds[side];
    feed.clock.observe(frame.atMs, this.#shownMs(localMs));
    const pose = this.#scratch;
    for (let i = 0; i < frame.count; i++) {
      const vehicleId = feed.vehicleOfSlot.get(frame.slot[i] ?? -1);
      if (vehicleId === undefined) continue;
      let track = feed.tracks.get(vehicleId);
      if (track === undefined) {
        track = new PoseTrack();
        feed.tracks.set(vehicleId, track);
        this.#areTracksNew = true;
      }
      pose.xM = frame.xM[i] ?? 0;
      pose.yM = frame.yM[i] ?? 0;
      pose.headingRad = frame.headingRad[i] ?? 0;
      pose.speedMps = frame.speedMps[i] ?? 0;
      pose.flags = frame.flags[i] ?? 0;
      pose.batteryPct = frame.batteryPct[i] ?? 0;
      track.push(frame.atMs, pose);
    }
  }

  /** How long it takes from one picture to the next, viewer's time. */
  pace(pictureMs: number): void {
    for (const side of SIDE_ORDER) this.#feeds[side].clock.pace(pictureMs);
  }

  /**
   * Brings `poses` to the moment to be drawn. Called once a drawn frame. `heardUntilMs`: until when everything that has
   * come has been read; a feed is silent only as far as somebody was listening.
   */
  sample(localMs: number, heardUntilMs = localMs): FleetPoses {
    if (this.#areTracksNew) this.#indexTracks();
    const shownMs = this.#shownMs(localMs);
    const heardMs = this.#shownMs(Math.min(localMs, heardUntilMs));
    for (const side of SIDE_ORDER) {
      const { clock, now } = this.#feeds[side];
      now.renderAtMs = clock.renderAtMs(shownMs);
      now.silentMs = Math.max(0, clock.silentForMs(heardMs));
      now.goOnMs = MAX_EXTRAPOLATION_MS * clock.speed;
    }
    for (let i = 0; i < this.poses.count; i++) this.#sampleOne(i);
    return this.poses;
  }

  /** The site's clock now, from the feed that spoke last; undefined before the first frame. */
  siteNowMs(localMs: number): number | undefined {
    return this.#newest(localMs)?.clock.siteNowMs(this.#shownMs(localMs));
  }

  /** The moment of the site's clock that was sampled last, of the feed that spoke last; undefined before the first frame. */
  shownAtMs(localMs: number): number | undefined {
    return this.#newest(localMs)?.now.renderAtMs;
  }

  /** Whether anything that is drawn is in motion, so that the next frame will differ. */
  get moving(): boolean {
    if (this.#heldAtMs !== undefined) return false;
    for (let i = 0; i < this.poses.count; i++) {
      if ((this.poses.speedMps[i] ?? 0) !== 0 && (this.poses.ageMs[i] ?? 0) === 0) return true;
    }
    return false;
  }

  #newest(localMs: number): SideFeed | undefined {
    const { vn, cn } = this.#feeds;
    const shownMs = this.#shownMs(localMs);
    const newest = vn.clock.silentForMs(shownMs) <= cn.clock.silentForMs(shownMs) ? vn : cn;
    return newest.clock.running ? newest : undefined;
  }

  #indexTracks(): void {
    this.#areTracksNew = false;
    for (const side of SIDE_ORDER) {
      for (const vehicleId of this.#feeds[side].tracks.keys()) this.#addIndex(vehicleId);
    }
    const { count, vehicleIds } = this.poses;
    for (const side of SIDE_ORDER) {
      const { tracks } = this.#feeds[side];
      this.#feeds[side].trackAt = Array.from({ length: count }, (_, i) => tracks.get(vehicleIds[i] ?? ""));
    }
    const { vn, cn } = this.#feeds;
    this.#onlyFeedOf = Array.from({ length: count }, (_, i) => {
      if (vn.trackAt[i] === undefined) return cn;
      return cn.trackAt[i] === undefined ? vn : undefined;
    });
  }

  #addIndex(vehicleId: string): void {
    if (this.#indexOf.has(vehicleId) || this.poses.count >= MAX_VEHICLES) return;
    this.#indexOf.set(vehicleId, this.poses.count);
    this.poses.vehicleIds[this.poses.count] = vehicleId;
    this.poses.count++;
  }

  #sampleOne(i: number): void {
    const feed = this.#onlyFeedOf[i] ?? this.#chooseFeed(i);
    const track = feed?.trackAt[i];
    if (feed === undefined || track === undefined) return;
    const pose = this.#scratch;
    const { renderAtMs, silentMs, goOnMs } = feed.now;
    if (!track.sample(renderAtMs, pose, goOnMs)) return;
    const { poses } = this;
    poses.xM[i] = pose.xM;
    poses.yM[i] = pose.yM;
    poses.headingRad[i] = pose.headingRad;
    poses.speedMps[i] = pose.speedMps;
    poses.batteryPct[i] = pose.batteryPct;
    poses.ageMs[i] = silentMs > OLD_AFTER_MS ? silentMs : 0;
    poses.flags[i] = silentMs > OLD_AFTER_MS ? pose.flags | PoseFlag.stale : pose.flags;
  }

  #chooseFeed(i: number): SideFeed | undefined {
    const { vn, cn } = this.#feeds;
    const ofVn = vn.trackAt[i];
    const ofCn = cn.trackAt[i];
    const vnRank = ofVn === undefined ? UNKNOWN : rankOf(ofVn, vn.now.silentMs);
    const cnRank = ofCn === undefined ? UNKNOWN : rankOf(ofCn, cn.now.silentMs);
    if (vnRank === UNKNOWN && cnRank === UNKNOWN) return undefined;
    if (vnRank !== cnRank) return vnRank > cnRank ? vn : cn;
    return (ofCn?.newestAtMs ?? 0) > (ofVn?.newestAtMs ?? 0) ? cn : vn;
  }
}

/** Of a vehicle that a feed has never told of. */
const UNKNOWN = -1;

/** Whom to believe: fresh before old, then the holder of the register, then the one that the orchestrator itself calls fresh. */
function rankOf(track: PoseTrack, silentMs: number): number {
  if (track.newestAtMs === Number.NEGATIVE_INFINITY) return UNKNOWN;
  const flags = track.newestFlags;
  return (
    (silentMs <= OLD_AFTER_MS ? 4 : 0) +
    ((flags & PoseFlag.ours) !== 0 ? 2 : 0) +
    ((flags & PoseFlag.stale) === 0 ? 1 : 0)
  );
}

const SIDE_ORDER: readonly Side[] = ["vn", "cn"];
