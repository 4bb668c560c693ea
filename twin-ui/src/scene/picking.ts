import type { FleetPoses } from "../feed/fleet.ts";

/** A ray in the site frame; the direction need not be of unit length. */
export interface Ray {
  readonly origin: { readonly x: number; readonly y: number; readonly z: number };
  readonly direction: { readonly x: number; readonly y: number; readonly z: number };
}

/** Half sizes of what can be hit: a little more than a carrier, and as high as a loaded one. */
const HALF_LENGTH_M = 7.8;
const HALF_WIDTH_M = 2;
const HEIGHT_M = 4.4;

/** Which vehicle a ray hits first: slab test against each body, turned into the body's frame. */
export function pickVehicle(ray: Ray, fleet: FleetPoses): string | undefined {
  let nearest = Number.POSITIVE_INFINITY;
  let hit: string | undefined;
  for (let i = 0; i < fleet.count; i++) {
    const heading = fleet.headingRad[i] ?? 0;
    const cos = Math.cos(heading);
    const sin = Math.sin(heading);
    const ox = ray.origin.x - (fleet.xM[i] ?? 0);
    const oy = ray.origin.y - (fleet.yM[i] ?? 0);
    const at = slabs([
      [ox * cos + oy * sin, ray.direction.x * cos + ray.direction.y * sin, -HALF_LENGTH_M, HALF_LENGTH_M],
      [-ox * sin + oy * cos, -ray.direction.x * sin + ray.direction.y * cos, -HALF_WIDTH_M, HALF_WIDTH_M],
      [ray.origin.z, ray.direction.z, 0, HEIGHT_M],
    ]);
    if (at !== undefined && at < nearest) {
      nearest = at;
      hit = fleet.vehicleIds[i];
    }
  }
  return hit;
}

/** Where a ray enters the intersection of slabs `[origin, direction, low, high]`; undefined when it misses. */
function slabs(axes: readonly (readonly [number, number, number, number])[]): number | undefined {
  let enter = 0;
  let leave = Number.POSITIVE_INFINITY;
  for (const [origin, direction, low, high] of axes) {
    if (Math.abs(direction) < 1e-12) {
      if (origin < low || origin > high) return undefined;
      continue;
    }
    const a = (low - origin) / direction;
    const b = (high - origin) / direction;
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave ? enter : undefined;
}
