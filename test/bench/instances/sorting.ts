import type { CellGrid } from "./cell-grid.ts";

/**
 * A sorting floor of 37 rows and 77 columns with one-way aisles, from its description in the literature (Li et al. 2021):
 * a chute at every third cell both ways; between two lines of chutes two lanes of one direction, neighbours alternating;
 * stations where parcels are taken on the upper and the lower rim, each on the way from a lane that ends there to one that
 * begins; a parcel is dropped from a cell beside its chute.
 */
export const SORTING: CellGrid = {
  name: "sorting-37x77",
  width: 77,
  height: 37,
  passable: (x, y) => !isChute(x, y) && !((x === 0 || x === EAST_RIM) && (y === 0 || y === SOUTH_RIM)),
  mayStep,
};

const EAST_RIM = 76;
const SOUTH_RIM = 36;

function isChute(x: number, y: number): boolean {
  return x % 3 === 2 && y % 3 === 0 && y > 0 && y < SOUTH_RIM;
}

/** Columns (0, 1) lead north, (3, 4) south; rows (1, 2) lead east, (4, 5) west. */
const leadsSouth = (x: number): boolean => Math.floor(x / 3) % 2 === 1;
const leadsEast = (y: number): boolean => Math.floor(y / 3) % 2 === 0;

function mayStep(x: number, y: number, toX: number, toY: number): boolean {
  if (toY !== y) return x % 3 !== 2 && toY > y === leadsSouth(x);
  if (y === 0 || y === SOUTH_RIM) return alongTheRim(x, toX, y === 0);
  return y % 3 !== 0 && toX > x === leadsEast(y);
}

/** From the end of a lane over the station beside it to the beginning of the next. */
function alongTheRim(x: number, toX: number, north: boolean): boolean {
  const east = toX > x;
  // Lanes that lead north end at the northern rim, those that lead south at the southern one.
  if (x % 3 !== 2) return leadsSouth(x) !== north && (x % 3 === 1) === east;
  return (leadsSouth(x - 1) !== north) === east;
}

/** Where parcels are taken. */
export function isInduct(x: number, y: number): boolean {
  return (y === 0 || y === SOUTH_RIM) && x % 3 === 2;
}

/** The chute beside a cell, numbered column by column; `undefined` where there is none. */
export function chuteBeside(x: number, y: number): number | undefined {
  for (const [cx, cy] of [
    [x - 1, y],
    [x + 1, y],
    [x, y - 1],
    [x, y + 1],
  ] as const) {
    if (cx >= 0 && cx <= EAST_RIM && isChute(cx, cy)) return ((cx - 2) / 3) * 11 + cy / 3 - 1;
  }
  return undefined;
}

/** Where parcels are dropped: a cell beside a chute. */
export function isEject(x: number, y: number): boolean {
  return chuteBeside(x, y) !== undefined;
}

/**
 * Cells beside a chute of which every aisle has one lane without any: whoever rests in them leaves a way past. There are two
 * a chute, 550 in all, so the floor is well-formed for at most as many agents that keep a place to rest.
 */
export function isRestingPlace(x: number, y: number): boolean {
  return isChute(x - 1, y) || isChute(x, y - 1);
}
