/**
 * Acceleration-limited motion along a track. Metres, seconds. Pure; the track's own coordinate `alongM` grows
 * in driving direction.
 */

export interface Motion {
  readonly alongM: number;
  readonly speedMps: number;
}

export interface Kinematics {
  readonly maxSpeedMps: number;
  readonly accelerationMps2: number;
  readonly brakingMps2: number;
}

/** A stretch of track and the speed allowed on it. Zones of one track join end to end, in driving order. */
export interface SpeedZone {
  readonly fromM: number;
  readonly maxSpeedMps: number;
}

export interface Track {
  readonly zones: readonly SpeedZone[];
  /** What holds in all zones, as in fog; infinite if not given. */
  readonly capMps?: number;
  /** Where the vehicle must stand at the latest. */
  readonly stopAtM: number;
  /** Brake now, wherever that ends (before `stopAtM`, since the vehicle could always stop there). */
  readonly brakeNow: boolean;
}

/** Longest stretch of time that is integrated in one go, unless a vehicle's model says otherwise. */
const INTEGRATION_STEP_S = 0.1;
/** Nearer than this to the stop, and slower than the next figure, counts as standing there. */
const ARRIVED_WITHIN_M = 0.005;
const STANDING_BELOW_MPS = 0.05;

/** How far it is until the vehicle stands when it brakes now. */
export function brakingDistanceM(speedMps: number, kinematics: Kinematics): number {
  return speedMps ** 2 / (2 * kinematics.brakingMps2);
}

/**
 * The motion `dtS` later. Within one step the speed changes evenly, so that acceleration and braking never
 * exceed the kinematics, and the speed at every later instant still allows to keep each zone's limit and the
 * stop: that is the invariant `speed² <= limit² + 2 * braking * distance` of every constraint ahead, which
 * full braking preserves. It holds for steps of any length, since with an even change of speed `speed²` is linear in the
 * distance, as each limit is; a longer step only brakes a little early.
 */
export function advance(
  motion: Motion,
  track: Track,
  kinematics: Kinematics,
  dtS: number,
  stepS = INTEGRATION_STEP_S,
): Motion {
  const current = { alongM: motion.alongM, speedMps: motion.speedMps };
  for (let left = dtS; left > 1e-9; left -= stepS) {
    advanceOnce(current, track, kinematics, Math.min(left, stepS));
  }
  return current;
}

/** A motion that is being worked out. */
interface Moving {
  alongM: number;
  speedMps: number;
}

function advanceOnce(motion: Moving, track: Track, kinematics: Kinematics, dtS: number): void {
  const { alongM, speedMps } = motion;
  const { accelerationMps2, brakingMps2 } = kinematics;
  if (track.stopAtM - alongM <= ARRIVED_WITHIN_M && speedMps <= STANDING_BELOW_MPS) {
    motion.alongM = Math.max(alongM, track.stopAtM);
    motion.speedMps = 0;
    return;
  }
  const slowest = speedMps - brakingMps2 * dtS;
  const wanted = track.brakeNow ? slowest : fastestAllowed(motion, track, kinematics, dtS);
  const next = Math.max(slowest, Math.min(wanted, speedMps + accelerationMps2 * dtS));
  if (next <= 0) {
    // Stands before the step is over.
    const stopsAtM = alongM + brakingDistanceM(speedMps, kinematics);
    motion.alongM = Math.min(stopsAtM, track.stopAtM);
    motion.speedMps = 0;
    return;
  }
  const nextM = alongM + ((speedMps + next) / 2) * dtS;
  motion.alongM = Math.min(nextM, track.stopAtM);
  motion.speedMps = next;
}

/** The highest speed at the end of the step that still lets the vehicle keep everything ahead of it. */
function fastestAllowed(motion: Motion, track: Track, kinematics: Kinematics, dtS: number): number {
  const { alongM } = motion;
  const { zones, stopAtM, capMps = Number.POSITIVE_INFINITY } = track;
  const { brakingMps2 } = kinematics;
  const lookM = alongM + brakingDistanceM(kinematics.maxSpeedMps, kinematics) + kinematics.maxSpeedMps * dtS;
  let allowed = Math.min(kinematics.maxSpeedMps, fastestBefore(motion, brakingMps2, dtS, stopAtM, 0));
  for (let at = zoneAt(zones, alongM); at < zones.length; at++) {
    const zone = zones[at];
    if (zone === undefined || zone.fromM > lookM) break;
    const limitMps = Math.min(zone.maxSpeedMps, capMps);
    allowed = Math.min(allowed, fastestBefore(motion, brakingMps2, dtS, zone.fromM, limitMps));
  }
  return allowed;
}

/** The last zone that begins at `alongM` or before it, else the first. Of an order's some 40, most are behind. */
function zoneAt(zones: readonly SpeedZone[], alongM: number): number {
  let low = 0;
  let high = zones.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((zones[middle]?.fromM ?? Number.POSITIVE_INFINITY) <= alongM) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Solves `v'² = limit² + 2 b (toM - alongM')` with `alongM' = alongM + (v + v') / 2 * dt` for v'. */
function fastestBefore(
  { alongM, speedMps }: Motion,
  brakingMps2: number,
  dtS: number,
  toM: number,
  limitMps: number,
): number {
  const bt = brakingMps2 * dtS;
  const rest = bt * speedMps - 2 * brakingMps2 * (toM - alongM) - limitMps * limitMps;
  const solved = (-bt + Math.sqrt(Math.max(0, bt * bt - 4 * rest))) / 2;
  // Once at or below the limit, the limit itself may be driven into the zone.
  return speedMps <= limitMps ? Math.max(solved, limitMps) : solved;
}
