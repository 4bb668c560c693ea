import { HEAT_CELL_M, type HeatCell } from "./record.ts";

/** Where along a body its ground is counted, in parts of its length from the middle. */
const SAMPLED_AT = [-1 / 3, 0, 1 / 3] as const;

/**
 * Seconds that bodies stood or drove over each square of the ground. Site frame; `reach` bounds what is counted, anything
 * beyond it is left out.
 */
export class HeatMap {
  readonly #fromColumn: number;
  readonly #fromRow: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #standingS: Float32Array;
  readonly #drivingS: Float32Array;

  constructor(reach: {
    readonly fromXM: number;
    readonly toXM: number;
    readonly fromYM: number;
    readonly toYM: number;
  }) {
    this.#fromColumn = Math.floor(reach.fromXM / HEAT_CELL_M);
    this.#fromRow = Math.floor(reach.fromYM / HEAT_CELL_M);
    this.#columns = Math.ceil(reach.toXM / HEAT_CELL_M) - this.#fromColumn + 1;
    this.#rows = Math.ceil(reach.toYM / HEAT_CELL_M) - this.#fromRow + 1;
    this.#standingS = new Float32Array(this.#columns * this.#rows);
    this.#drivingS = new Float32Array(this.#columns * this.#rows);
  }

  /** A body was there for so many seconds. */
  add(
    xM: number,
    yM: number,
    headingRad: number,
    lengthM: number,
    isDriving: boolean,
    seconds: number,
  ): void {
    const counted = isDriving ? this.#drivingS : this.#standingS;
    const cos = Math.cos(headingRad) * lengthM;
    const sin = Math.sin(headingRad) * lengthM;
    let last = -1;
    for (const part of SAMPLED_AT) {
      const column = Math.floor((xM + cos * part) / HEAT_CELL_M) - this.#fromColumn;
      const row = Math.floor((yM + sin * part) / HEAT_CELL_M) - this.#fromRow;
      if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) continue;
      const cell = row * this.#columns + column;
      if (cell === last) continue;
      counted[cell] = (counted[cell] ?? 0) + seconds;
      last = cell;
    }
  }

  /** The squares that anything was ever over, in order of row and column. */
  cells(): HeatCell[] {
    const cells: HeatCell[] = [];
    this.#standingS.forEach((standingS, cell) => {
      const drivingS = this.#drivingS[cell] ?? 0;
      if (standingS === 0 && drivingS === 0) return;
      const row = Math.floor(cell / this.#columns);
      cells.push([cell - row * this.#columns + this.#fromColumn, row + this.#fromRow, standingS, drivingS]);
    });
    return cells;
  }
}
