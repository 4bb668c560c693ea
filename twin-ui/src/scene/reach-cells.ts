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
  readonly #cells = new Map<number, readonly number[]>();

  constructor(spots: readonly Spot[], reachM: number) {
    this.#reachM = reachM;
    spots.forEach(({ xM }, i) => {
      const cell = Math.floor(xM / reachM);
      for (let at = cell - 1; at <= cell + 1; at++) this.#cells.set(at, [...(this.#cells.get(at) ?? []), i]);
    });
  }

  /** The indices of all places that are within reach along x, and of some that are not quite. */
  near(xM: number): readonly number[] {
    return this.#cells.get(Math.floor(xM / this.#reachM)) ?? NOBODY;
  }
}
