/**
 * A place in the plane. Metres, right-handed; the frame is named by whoever holds the value:
 * *site frame* (x = chainage along the crossing, Viet Nam negative, China positive, y = left of +x)
 * everywhere inside Baton, *map frame* (a side's own survey frame) only at the edges.
 */
export interface Point {
  readonly xM: number;
  readonly yM: number;
}

/** A place and a heading, radians counter-clockwise from +x, in (-pi, pi]. */
export interface Pose extends Point {
  readonly headingRad: number;
}
