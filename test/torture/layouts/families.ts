import type { Random } from "../../../sim/src/random/seeded.ts";
import {
  BEND_MPS,
  between,
  EAST,
  first,
  LANE_MPS,
  LAYBY_OFF_M,
  lane,
  last,
  NORTH,
  SOUTH,
  stadium,
  turnLeft,
  WEST,
  whole,
  YARD_MPS,
} from "./lanes.ts";
import { Sketch } from "./sketch.ts";

/** Draws one random layout of a family. */
export type Family = (random: Random) => Sketch;

const loop: Family = (random) => {
  const sketch = new Sketch();
  const ring = stadium(sketch, random, "r", 0, whole(random, 2, 4), whole(random, 2, 4));
  turnLeft(sketch, "r.east", ring.bottomEnd, ring.topStart);
  turnLeft(sketch, "r.west", ring.topEnd, ring.bottomStart);
  return sketch;
};

/** A loop with a line of stations in its lane, buffers behind them, parking on the other side. */
const gate: Family = (random) => {
  const sketch = new Sketch();
  const ring = stadium(sketch, random, "g", 0, whole(random, 2, 3), whole(random, 3, 4), whole(random, 2, 3));
  turnLeft(sketch, "g.east", ring.bottomEnd, ring.topStart);
  turnLeft(sketch, "g.west", ring.topEnd, ring.bottomStart);
  return sketch;
};

/** Two loops joined by one track that is driven both ways; `spur`: the second loop is a small dead end. */
function joined(
  random: Random,
  west: readonly [number, number],
  east: readonly [number, number],
  trackM: number,
): Sketch {
  const sketch = new Sketch();
  const a = stadium(sketch, random, "w", 0, west[0], west[1]);
  turnLeft(sketch, "w.west", a.topEnd, a.bottomStart);
  turnLeft(sketch, "w.east", a.bottomEnd, a.topStart);
  const fromM = a.eastM + a.radiusM + 50;
  const parts = Math.max(1, Math.round(trackM / between(random, 25, 40)));
  const eastward: string[] = [];
  const westward: string[] = [];
  for (let i = 0; i <= parts; i++) {
    const xM = fromM + (trackM * i) / parts;
    eastward.push(sketch.node(`t.e${i}`, xM, a.radiusM, EAST));
    westward.unshift(sketch.node(`t.w${i}`, xM, a.radiusM, WEST));
  }
  sketch.road(BEND_MPS, a.bottomEnd, first(eastward));
  sketch.road(LANE_MPS, ...eastward);
  sketch.road(LANE_MPS, ...westward);
  sketch.road(BEND_MPS, last(westward), a.topStart);
  const b = stadium(sketch, random, "e", fromM + trackM + 90, east[0], east[1]);
  // The second loop lies as far north as its own half width asks for; its ends lead to the track by S-bends.
  turnLeft(sketch, "e.east", b.bottomEnd, b.topStart);
  turnLeft(sketch, "e.west", b.topEnd, b.bottomStart);
  sketch.road(BEND_MPS, last(eastward), b.bottomStart);
  sketch.road(BEND_MPS, b.topEnd, first(westward));
  return sketch;
}

const singleTrack: Family = (random) =>
  joined(
    random,
    [whole(random, 1, 2), whole(random, 1, 2)],
    [whole(random, 1, 2), whole(random, 1, 2)],
    between(random, 60, 160),
  );

const deadEnd: Family = (random) =>
  joined(
    random,
    [whole(random, 1, 3), whole(random, 1, 3)],
    [1, whole(random, 0, 1)],
    between(random, 30, 70),
  );

/** Slanted rows would be easier: bays side by side between two aisles, entered and left by bends, one way around. */
const denseYard: Family = (random) => {
  const sketch = new Sketch();
  const slots = whole(random, 4, 9);
  const pitchM = between(random, 5.5, 8);
  const bendM = between(random, 14, 17);
  const upper: string[] = [sketch.node("u.in", -bendM - 25, 0, EAST)];
  const lower: string[] = [];
  const depthM = 2 * bendM + 28;
  for (let k = 0; k < slots; k++) {
    const xM = k * pitchM;
    upper.push(sketch.node(`u${k}`, xM - bendM, 0, EAST));
    const enter = sketch.node(`b${k}.in`, xM, -bendM, SOUTH);
    const bay = sketch.node(`b${k}`, xM, -bendM - 14, SOUTH, "bay");
    const leave = sketch.node(`b${k}.out`, xM, -bendM - 28, SOUTH);
    lower.unshift(sketch.node(`l${k}`, xM - bendM, -depthM, WEST));
    sketch.road(YARD_MPS, upper.at(-1) ?? "", enter, bay, leave, lower[0] ?? "");
  }
  const eastM = slots * pitchM + 8;
  upper.push(sketch.node("u.out", eastM, 0, EAST));
  lower.unshift(sketch.node("l.in", eastM, -depthM, WEST));
  // The way around at the western end has a lane with lay-bys of its own: work to go to and come from.
  lower.push(sketch.node("l.out", -bendM - 25, -depthM, WEST));
  sketch.road(BEND_MPS, ...upper);
  sketch.road(BEND_MPS, ...lower);
  const radiusM = depthM / 2;
  const east = sketch.node("east", eastM + radiusM, -radiusM, SOUTH);
  sketch.road(BEND_MPS, "u.out", east, "l.in");
  const road = lane(
    sketch,
    random,
    "road",
    { xM: -bendM - 70, yM: -depthM },
    WEST,
    whole(random, 1, 3),
    random.integer(3),
  );
  sketch.road(LANE_MPS, "l.out", first(road));
  const end = sketch.poseOf(last(road));
  const west = sketch.node("west", end.xM - radiusM, -radiusM, NORTH);
  const back = sketch.node("back", end.xM, 0, EAST);
  sketch.road(BEND_MPS, last(road), west, back);
  sketch.road(LANE_MPS, back, "u.in");
  return sketch;
};

/** One-way streets, the outer ones a ring; turns are bends, crossings are junctions. */
const streets: Family = (random) => {
  const sketch = new Sketch();
  const columns = 2 * whole(random, 1, 2);
  const rows = 2;
  const pitchM = between(random, 96, 115);
  const armM = between(random, 17, 20);
  const rowEast = (row: number): boolean => row % 2 === 0;
  const columnNorth = (column: number): boolean => column % 2 === 1;
  const has = (column: number, row: number): boolean =>
    column >= 0 && row >= 0 && column < columns && row < rows;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column * pitchM;
      const y = row * pitchM;
      const dx = rowEast(row) ? 1 : -1;
      const dy = columnNorth(column) ? 1 : -1;
      const h = dx > 0 ? EAST : WEST;
      const v = dy > 0 ? NORTH : SOUTH;
      const name = `x${column}.${row}`;
      const comesH = has(column - dx, row);
      const goesH = has(column + dx, row);
      const comesV = has(column, row - dy);
      const goesV = has(column, row + dy);
      if (comesH) sketch.node(`${name}.hi`, x - dx * armM, y, h);
      if (goesH) sketch.node(`${name}.ho`, x + dx * armM, y, h);
      if (comesV) sketch.node(`${name}.vi`, x, y - dy * armM, v);
      if (goesV) sketch.node(`${name}.vo`, x, y + dy * armM, v);
      if (comesH && goesH) sketch.road(LANE_MPS, `${name}.hi`, `${name}.ho`);
      if (comesV && goesV) sketch.road(LANE_MPS, `${name}.vi`, `${name}.vo`);
      if (comesH && goesV) sketch.road(BEND_MPS, `${name}.hi`, `${name}.vo`);
      if (comesV && goesH) sketch.road(BEND_MPS, `${name}.vi`, `${name}.ho`);
    }
  }
  const street = (fromId: string, toId: string): void => {
    const from = sketch.poseOf(fromId);
    const to = sketch.poseOf(toId);
    sketch.road(LANE_MPS, fromId, toId);
    if (random.chance(0.25)) return;
    // Right of the road: outside of the ring, or inside of a block, in either case clear of the crossings.
    const bay = sketch.node(
      `${fromId}.bay`,
      (from.xM + to.xM) / 2 + LAYBY_OFF_M * Math.sin(from.headingRad),
      (from.yM + to.yM) / 2 - LAYBY_OFF_M * Math.cos(from.headingRad),
      from.headingRad,
      "bay",
    );
    sketch.road(YARD_MPS, fromId, bay, toId);
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const dx = rowEast(row) ? 1 : -1;
      const dy = columnNorth(column) ? 1 : -1;
      if (has(column + dx, row)) street(`x${column}.${row}.ho`, `x${column + dx}.${row}.hi`);
      if (has(column, row + dy)) street(`x${column}.${row}.vo`, `x${column}.${row + dy}.vi`);
    }
  }
  return sketch;
};

/** A road that turns through three quarters of a circle and crosses itself: a path over its own tail. */
const knot: Family = (random) => {
  const sketch = new Sketch();
  const r = between(random, 13, 17);
  sketch.node("k.in", -r, 0, EAST);
  sketch.node("k.1", r, 0, EAST);
  sketch.node("k.2", 2 * r, r, NORTH);
  sketch.node("k.3", r, 2 * r, WEST);
  sketch.node("k.4", 0, r, SOUTH);
  sketch.node("k.out", 0, -r, SOUTH);
  sketch.road(LANE_MPS, "k.in", "k.1");
  sketch.road(BEND_MPS + 2, "k.1", "k.2", "k.3", "k.4");
  sketch.road(LANE_MPS, "k.4", "k.out");
  const road = lane(
    sketch,
    random,
    "road",
    { xM: -r - 20, yM: -2 * r - 20 },
    WEST,
    whole(random, 3, 5),
    random.integer(2),
  );
  sketch.road(BEND_MPS, "k.out", first(road));
  const end = sketch.poseOf(last(road));
  const half = -end.yM / 2;
  sketch.node("turn", end.xM - half, -half, NORTH);
  sketch.node("back", end.xM, 0, EAST);
  sketch.road(BEND_MPS, last(road), "turn", "back");
  const bayAt = (end.xM - r) / 2;
  sketch.node("k.bay", bayAt, LAYBY_OFF_M, EAST, "bay");
  sketch.road(YARD_MPS, "back", "k.bay", "k.in");
  sketch.road(LANE_MPS, "back", "k.in");
  return sketch;
};

export const FAMILIES: Readonly<Record<string, Family>> = {
  loop,
  gate,
  "single-track": singleTrack,
  "dead-end": deadEnd,
  "dense-yard": denseYard,
  streets,
  knot,
};
