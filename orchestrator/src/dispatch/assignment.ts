/** An assignment of rows to columns, each to at most one, with the prices that prove it optimal. */
export interface Assignment {
  /** The column of each row; -1 for a row that is left out. */
  readonly columnOf: Int32Array;
  /** The row of each column; -1 for a column that nobody has. */
  readonly rowOf: Int32Array;
  /** Of all assigned pairs and of all rows left out. */
  readonly cost: number;
  /** Dual prices: `rowPrice[i] + columnPrice[j] <= cost(i, j)`, with equality for assigned pairs. */
  readonly rowPrice: Float64Array;
  /** Never above 0, and 0 for columns that nobody has. */
  readonly columnPrice: Float64Array;
}

/**
 * The rectangular linear assignment problem: every row gets a column of its own, or is left out at its own cost, such
 * that the sum is least. Shortest augmenting paths (Jonker and Volgenant 1987) in the rectangular form of Crouse 2016,
 * without the initial heuristics; that a row may stay out is a private column of its own that is never written down.
 * O(rows^2 * columns) at worst.
 *
 * @param costs row by row, any sign; `Infinity` for a pair that is forbidden.
 * @param leftOut what it costs to leave a row out; `Infinity` where it must be assigned.
 * @returns undefined when a row that must be assigned cannot be.
 */
export function assign(
  costs: Float64Array,
  rows: number,
  columns: number,
  leftOut: Float64Array,
): Assignment | undefined {
  const columnOf = new Int32Array(rows).fill(-1);
  const rowOf = new Int32Array(columns).fill(-1);
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  const distance = new Float64Array(columns);
  const fromRow = new Int32Array(columns);
  /** Columns not settled yet are the first `open` of these, in any order. */
  const column = new Int32Array(columns);
  const tree = new Int32Array(rows);
  const treeDistance = new Float64Array(rows);

  for (let source = 0; source < rows; source++) {
    for (let j = 0; j < columns; j++) column[j] = j;
    distance.fill(Number.POSITIVE_INFINITY);
    let open = columns;
    let inTree = 0;
    let row = source;
    let soFar = 0;
    let sink = -1;
    let leaving = -1;
    let leavingAt = Number.POSITIVE_INFINITY;
    for (;;) {
      tree[inTree] = row;
      treeDistance[inTree++] = soFar;
      const ownPrice = at(rowPrice, row);
      const leaveAt = soFar + at(leftOut, row) - ownPrice;
      if (leaveAt < leavingAt) {
        leavingAt = leaveAt;
        leaving = row;
      }
      let nearest = -1;
      let nearestAt = Number.POSITIVE_INFINITY;
      for (let k = 0; k < open; k++) {
        const j = at(column, k);
        const reduced = soFar + at(costs, row * columns + j) - ownPrice - at(columnPrice, j);
        if (reduced < at(distance, j)) {
          distance[j] = reduced;
          fromRow[j] = row;
        }
        const reach = at(distance, j);
        // Of columns equally near, one that is free ends the search.
        if (
          reach < nearestAt ||
          (reach === nearestAt && nearest >= 0 && at(rowOf, j) < 0 && at(rowOf, at(column, nearest)) >= 0)
        ) {
          nearestAt = reach;
          nearest = k;
        }
      }
      if (leavingAt < nearestAt) break;
      if (nearest < 0) return undefined;
      const j = at(column, nearest);
      column[nearest] = at(column, --open);
      column[open] = j;
      soFar = nearestAt;
      if (at(rowOf, j) < 0) {
        sink = j;
        break;
      }
      row = at(rowOf, j);
    }
    const reached = sink < 0 ? leavingAt : soFar;
    for (let k = 0; k < inTree; k++) {
      const i = at(tree, k);
      rowPrice[i] = at(rowPrice, i) + reached - at(treeDistance, k);
    }
    for (let k = open; k < columns; k++) {
      const j = at(column, k);
      columnPrice[j] = at(columnPrice, j) - (reached - at(distance, j));
    }
    // Back along the path: each row on it takes the column by which the next one was reached.
    let freed = sink;
    if (sink < 0) {
      freed = at(columnOf, leaving);
      columnOf[leaving] = -1;
      if (leaving === source) continue;
    }
    for (;;) {
      const i = at(fromRow, freed);
      const next = at(columnOf, i);
      columnOf[i] = freed;
      rowOf[freed] = i;
      if (i === source) break;
      freed = next;
    }
  }
  let cost = 0;
  for (let i = 0; i < rows; i++) {
    const j = at(columnOf, i);
    cost += j < 0 ? at(leftOut, i) : at(costs, i * columns + j);
  }
  return { columnOf, rowOf, cost, rowPrice, columnPrice };
}

/** More than any cost or sum of costs that dispatch deals in, and little enough for a double to add a millisecond to it. */
const BEYOND_ALL = 1e10;

/**
 * The same with at most `limit` rows assigned: the least sum of any such choice. The other rows must go to columns
 * that exist for nothing else, and are so cheap that none of them stays empty.
 * Costs must be well below 1e10.
 */
export function assignAtMost(
  limit: number,
  costs: Float64Array,
  rows: number,
  columns: number,
  leftOut: Float64Array,
): Int32Array {
  const out = Math.max(0, rows - Math.max(0, limit));
  const wide = columns + out;
  const all = new Float64Array(rows * wide);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) all[i * wide + j] = at(costs, i * columns + j);
    for (let j = columns; j < wide; j++) all[i * wide + j] = at(leftOut, i) - BEYOND_ALL;
  }
  const columnOf = assign(all, rows, wide, leftOut)?.columnOf;
  if (columnOf === undefined) throw new Error("a row that may be left out was found to have no place");
  return columnOf.map((j) => (j >= columns ? -1 : j));
}

/** Typed arrays are read in bounds only; the type checker cannot know. */
function at(array: Float64Array | Int32Array, index: number): number {
  return array[index] ?? Number.NaN;
}
