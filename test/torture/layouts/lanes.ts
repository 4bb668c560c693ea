import type { Random } from "../../../sim/src/random/seeded.ts";
import type { Sketch } from "./sketch.ts";

export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next();
export const whole = (random: Random, low: number, high: number): number =>
  low + random.integer(high - low + 1);

export const LANE_MPS = 6.9;
export const BEND_MPS = 4;
export const YARD_MPS = 3;
export const EAST = 0;
export const NORTH = Math.PI / 2;
export const WEST = Math.PI;
export const SOUTH = -Math.PI / 2;
/** How far a lay-by is beside its road, and the least way into it. */
export const LAYBY_OFF_M = 8;
const LAYBY_IN_M = 27;

/** A straight lane of nodes, with a lay-by beside every other stretch of it that is long enough. */
export function lane(
  sketch: Sketch,
  random: Random,
  name: string,
  from: { readonly xM: number; readonly yM: number },
  headingRad: number,
  laybys: number,
  stops = 0,
): string[] {
  const ids: string[] = [];
  const cos = Math.cos(headingRad);
  const sin = Math.sin(headingRad);
  let alongM = 0;
  const at = (m: number, offM: number) => ({
    xM: from.xM + m * cos + offM * sin,
    yM: from.yM + m * sin - offM * cos,
  });
  const add = (kind?: "stop"): string => {
    const { xM, yM } = at(alongM, 0);
    ids.push(sketch.node(`${name}${ids.length}`, xM, yM, headingRad, kind));
    return ids.at(-1) ?? "";
  };
  add();
  for (let i = 0; i < stops; i++) {
    alongM += between(random, 18, 34);
    add("stop");
  }
  for (let i = 0; i < laybys; i++) {
    const inM = between(random, LAYBY_IN_M, LAYBY_IN_M + 8);
    const before = ids.at(-1) ?? "";
    const bayAt = at(alongM + inM, LAYBY_OFF_M);
    const bay = sketch.node(`${name}.bay${i}`, bayAt.xM, bayAt.yM, headingRad, "bay");
    const parts = whole(random, 1, 3);
    for (let part = 0; part < parts; part++) {
      alongM += (2 * inM) / parts;
      add();
    }
    sketch.road(YARD_MPS, before, bay, ids.at(-1) ?? "");
  }
  alongM += between(random, 12, 30);
  add();
  sketch.road(LANE_MPS, ...ids);
  return ids;
}

export const first = (ids: readonly string[]): string => ids[0] ?? "";
export const last = (ids: readonly string[]): string => ids.at(-1) ?? "";

/** A half circle to the left from the end of one lane to the beginning of another, by a node half-way. */
export function turnLeft(sketch: Sketch, name: string, fromId: string, toId: string): void {
  const from = sketch.poseOf(fromId);
  const to = sketch.poseOf(toId);
  const radiusM = Math.hypot(to.xM - from.xM, to.yM - from.yM) / 2;
  const forward = { x: Math.cos(from.headingRad), y: Math.sin(from.headingRad) };
  const middle = sketch.node(
    name,
    (from.xM + to.xM) / 2 + radiusM * forward.x,
    (from.yM + to.yM) / 2 + radiusM * forward.y,
    from.headingRad + NORTH,
  );
  sketch.road(BEND_MPS, fromId, middle, toId);
}

/** A one-way loop: two straights and two half circles to the left, lay-bys on the outside. */
export function stadium(
  sketch: Sketch,
  random: Random,
  name: string,
  x0: number,
  south: number,
  north: number,
  stops = 0,
) {
  const radiusM = between(random, 20, 28);
  const bottom = lane(sketch, random, `${name}.s`, { xM: x0, yM: 0 }, EAST, south, stops);
  const eastM = sketch.poseOf(last(bottom)).xM;
  // The northern straight is drawn from the east; what is left at its western end is one more edge.
  const top = lane(sketch, random, `${name}.n`, { xM: eastM, yM: 2 * radiusM }, WEST, north);
  const westM = Math.min(x0, sketch.poseOf(last(top)).xM);
  let topEnd = last(top);
  let bottomStart = first(bottom);
  if (sketch.poseOf(topEnd).xM > westM + 1) {
    const end = sketch.node(`${name}.n.end`, westM, 2 * radiusM, WEST);
    sketch.road(LANE_MPS, topEnd, end);
    topEnd = end;
  }
  if (sketch.poseOf(bottomStart).xM > westM + 1) {
    const start = sketch.node(`${name}.s.start`, westM, 0, EAST);
    sketch.road(LANE_MPS, start, bottomStart);
    bottomStart = start;
  }
  return {
    radiusM,
    eastM,
    westM,
    top,
    bottom,
    topEnd,
    bottomStart,
    topStart: first(top),
    bottomEnd: last(bottom),
  };
}
