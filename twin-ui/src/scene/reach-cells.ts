/** A place of the ground, site frame. */
interface Spot {
  readonly xM: number;
  readonly yM: number;
}

const NOBODY: readonly number[] = [];

/**
 * Which of a few places that never move a point may be near: a site is kilometres long and a few lanes wide, so it is cut along
 * x into cells as long as the reach. For those who ask of a whole fleet, nearly all of which is near none.
 */
export class ReachCells {
  readonly #reachM: number;
  readonly #cells: (readonly number[])[];
  /** Where the first of them begins, in reaches. */
  readonly #first: number;

  constructor(spots: readonly Spot[], reachM: number) {
    const cellOf = spots.map(({ xM }) => Math.floor(xM / reachM));
    this.#reachM = reachM;
    this.#first = Math.min(...cellOf) - 1;
    const cells = spots.length === 0 ? 0 : Math.max(...cellOf) + 2 - this.#first;
    this.#cells = Array.from({ length: cells }, (_, i) =>
      cellOf.flatMap((cell, spot) => (Math.abs(cell - this.#first - i) <= 1 ? [spot] : [])),
    );
  }

  /** The indices of all places that are within reach along x, and of some that are not quite. */
  near(xM: number): readonly number[] {
    return this.#cells[Math.floor(xM / this.#reachM) - this.#first] ?? NOBODY;
  }
}
