import type { CrossingFigures } from "./parameters.ts";

/**
 * How far past the beginning of a bend the middle of a body must be on the straight road to stand clear of
 * vehicles that turn off (and before the end of one, of vehicles that join). The furthest that a turning body reaches along the road is
 * its outer front corner, as that corner leaves the road's width; for a bend of radius r and a body (margin included) of
 * half length l and half width w that is sqrt(l^2 + (r + w)^2 - (r - w)^2) = sqrt(l^2 + 4 r w) past the beginning.
 */
export function clearOfBendM(crossing: CrossingFigures, radiusM: number): number {
  const halfLengthM = crossing.vehicleLengthM.value / 2 + crossing.safetyMarginM.value;
  const halfWidthM = crossing.vehicleWidthM.value / 2 + crossing.safetyMarginM.value;
  const reachM = Math.sqrt(halfLengthM ** 2 + 4 * radiusM * halfWidthM);
  return reachM + halfLengthM + SPARE_M;
}

/** Files are rounded to a tenth of a millimetre; a survey is a few millimetres off. */
const SPARE_M = 0.03;

/** How a straight piece of road is to be cut. */
export interface Cutting {
  /** Places where one may stand are no further apart than this. */
  readonly spacingM: number;
  /** No place nearer to the beginning than this, where the piece begins where a road leads off; else 0. */
  readonly clearStartM: number;
  /** No place nearer to the end than this, where the piece ends where a road joins; else 0. */
  readonly clearEndM: number;
  /** A stretch before the end that is cut shorter: whoever waits there for a gate moves up by short steps. */
  readonly approach?: { readonly lengthM: number; readonly spacingM: number };
}

/** Where to put nodes on a straight piece of road, in metres from its beginning, both ends left out. Ascending. */
export function placesAlong(lengthM: number, cutting: Cutting): number[] {
  const { spacingM, clearStartM, clearEndM, approach } = cutting;
  const toM = lengthM - clearEndM;
  if (toM < clearStartM) return [];
  const stretchM = approach === undefined ? 0 : Math.min(approach.lengthM, toM - clearStartM);
  const places = [
    clearStartM,
    ...evenly(clearStartM, toM - stretchM, spacingM),
    ...evenly(toM - stretchM, toM, approach?.spacingM ?? spacingM),
  ];
  return places.filter((placeM) => placeM >= MIN_EDGE_M && lengthM - placeM >= MIN_EDGE_M);
}

/** Places after the beginning up to the end, no further apart than the spacing. */
function evenly(fromM: number, toM: number, spacingM: number): number[] {
  const pieces = Math.ceil((toM - fromM) / spacingM - 1e-9);
  return Array.from({ length: pieces }, (_, i) => fromM + ((toM - fromM) * (i + 1)) / pieces);
}

/** Two nodes are never nearer than this. */
const MIN_EDGE_M = 2;
