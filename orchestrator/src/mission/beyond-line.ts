import type { Pose, Side } from "@baton/maps";
import type { MissionVehicle } from "./records.ts";

/** How far a reported position may be off, and what is kept between bodies besides; the blocks of a side end at the line. */
const MARGIN_M = 1;

/**
 * Whether nothing of a vehicle's body is on a side's ground any more, however the vehicle is turned. Chainage grows
 * from Viet Nam to China, and the line is where it is 0.
 */
export function isBeyondLine(
  side: Side,
  pose: Pick<Pose, "xM">,
  { lengthM, widthM }: Pick<MissionVehicle, "lengthM" | "widthM">,
): boolean {
  const beyondM = side === "vn" ? pose.xM : -pose.xM;
  return beyondM > Math.hypot(lengthM, widthM) / 2 + MARGIN_M;
}
