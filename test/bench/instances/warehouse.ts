import type { CellGrid } from "./cell-grid.ts";

/**
 * A fulfilment warehouse of 33 rows and 46 columns, drawn from its description in the lifelong path finding literature
 * (Li et al. 2021, "Lifelong multi-agent path finding in large-scale warehouses"): 24 shelves of 1 x 10 cells in eight rows
 * and three columns; the cells above and below a shelf are where goods are taken (480 endpoints); 192 homes at both ends.
 */
export const WAREHOUSE: CellGrid = {
  name: "warehouse-33x46",
  width: 46,
  height: 33,
  passable: (x, y) => !isShelf(x, y),
  mayStep: () => true,
};

const SHELF_COLUMNS = [7, 18, 29];
const SHELF_LENGTH = 10;
const HOME_COLUMNS = [1, 2, 4, 5, 40, 41, 43, 44];

function besideAColumn(x: number): boolean {
  return SHELF_COLUMNS.some((from) => x >= from && x < from + SHELF_LENGTH);
}

function isShelf(x: number, y: number): boolean {
  return y % 4 === 2 && besideAColumn(x);
}

/** Where tasks lead: the cells above and below shelves. */
export function isWarehouseEndpoint(x: number, y: number): boolean {
  return y % 2 === 1 && besideAColumn(x);
}

/** Where agents begin; rows that are aisles have none. */
export function isWarehouseHome(x: number, y: number): boolean {
  return y % 4 !== 0 && HOME_COLUMNS.includes(x);
}

/** Cells of a grid that satisfy a condition, as cell numbers. */
export function cellsWhere(grid: CellGrid, holds: (x: number, y: number) => boolean): number[] {
  const cells: number[] = [];
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++)
      if (grid.passable(x, y) && holds(x, y)) cells.push(y * grid.width + x);
  }
  return cells;
}
