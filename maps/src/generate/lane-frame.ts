import type { Pose } from "../geometry/pose.ts";

/**
 * A lane's own frame: `alongM` grows the way it is driven, `rightM` to the right of that. For an outbound lane
 * `alongM` is the outward frame's x; for an inbound lane it is -x, since it is an outbound lane turned by pi.
 */
export interface LaneFrame {
  /** The lane's distance from the middle of the crossing; traffic keeps right. */
  readonly offsetM: number;
  readonly bound: "outbound" | "inbound";
}

export function laneFrame(bound: "outbound" | "inbound", offsetM: number): LaneFrame {
  return { bound, offsetM };
}

/** A pose of the lane's frame in the outward frame; `leftRad` is the heading's turn to the left of the lane's. */
export function inOutwardFrame(frame: LaneFrame, alongM: number, rightM: number, leftRad = 0): Pose {
  const sign = frame.bound === "outbound" ? 1 : -1;
  return {
    xM: sign * alongM,
    yM: sign * -(frame.offsetM + rightM),
    headingRad: leftRad + (sign === 1 ? 0 : Math.PI),
  };
}
