/** What decides how closely vehicles follow each other along a road. */
export interface FollowingFigures {
  /** How far apart the places are between which a vehicle is granted all or nothing; 0 for blocks without length. */
  readonly blockLengthM: number;
  readonly speedMps: number;
  /** The vehicle with the gap that it keeps. */
  readonly vehicleAndGapM: number;
  readonly brakingMps2: number;
  /** From a tail being clear to the follower knowing it: report, tick, commit, order. */
  readonly latencyS: number;
  /** Between two reports of a vehicle; ground is held for as long. */
  readonly reportEveryS?: number;
}

/**
 * How many vehicles an hour can follow each other at full speed: a block is held from when the follower of a vehicle
 * would have to brake for it to when the vehicle's tail is known to have left it, which is for
 * (block + vehicle and gap + braking distance + latency) / speed.
 */
export function capacityPerHour(figures: FollowingFigures): number {
  const { blockLengthM, speedMps, vehicleAndGapM, brakingMps2, latencyS, reportEveryS = 0 } = figures;
  const brakingM = speedMps ** 2 / (2 * brakingMps2);
  const heldM = blockLengthM + vehicleAndGapM + brakingM + speedMps * (latencyS + reportEveryS);
  return (3600 * speedMps) / heldM;
}
