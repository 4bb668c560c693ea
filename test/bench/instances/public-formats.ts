import type { CellGrid } from "./cell-grid.ts";
import { drawn } from "./seeded.ts";

export interface CellKind {
  readonly type: "Travel" | "Endpoint" | "Home" | "Induct" | "Eject";
  /** The station that the cell belongs to, where the format wants one. */
  readonly station?: number;
}

/**
 * RHCR's `.map` of a warehouse: rows and columns, how many endpoints and homes, a horizon, then the cells:
 * `@` obstacle, `e` endpoint, `r` home, `.` free.
 */
export function mapText(grid: CellGrid, kindOf: (x: number, y: number) => CellKind): string {
  const letters = { Travel: ".", Endpoint: "e", Home: "r", Induct: "e", Eject: "e" } as const;
  const rows = Array.from({ length: grid.height }, (_, y) =>
    Array.from({ length: grid.width }, (_, x) =>
      grid.passable(x, y) ? letters[kindOf(x, y).type] : "@",
    ).join(""),
  );
  const count = (letter: string): number => rows.join("").split(letter).length - 1;
  return [`${grid.height},${grid.width}`, count("e"), count("r"), 5000, ...rows, ""].join("\n");
}

/**
 * RHCR's `.grid`: a line a cell with its type, station and what the steps from it cost (`inf`: not allowed). The format numbers
 * cells along its second axis, so that a `y` step is the nearer one; its order of steps is y+1, x-1, y-1, x+1.
 */
export function gridText(grid: CellGrid, kindOf: (x: number, y: number) => CellKind): string {
  const lines = [
    "Grid size (x, y)",
    `${grid.width},${grid.height}`,
    "id,type,station,x,y,weight_to_NORTH,weight_to_WEST,weight_to_SOUTH,weight_to_EAST,weight_for_WAIT",
  ];
  for (let x = 0; x < grid.width; x++) {
    for (let y = 0; y < grid.height; y++) {
      const step = (dx: number, dy: number): string => (isStep(grid, x, y, x + dx, y + dy) ? "1" : "inf");
      const kind = grid.passable(x, y) ? kindOf(x, y) : { type: "Obstacle" };
      const station = "station" in kind && kind.station !== undefined ? kind.station : "None";
      const steps = [step(0, 1), step(-1, 0), step(0, -1), step(1, 0)];
      lines.push([x * grid.height + y, kind.type, station, x, y, ...steps, 1].join(","));
    }
  }
  return [...lines, ""].join("\n");
}

function isStep(grid: CellGrid, x: number, y: number, toX: number, toY: number): boolean {
  const inside = toX >= 0 && toY >= 0 && toX < grid.width && toY < grid.height;
  return inside && grid.passable(x, y) && grid.passable(toX, toY) && grid.mayStep(x, y, toX, toY);
}

/** The map alone in the format of the MovingAI benchmarks, which LaCAM and PIBT read. */
export function movingAiMapText(grid: CellGrid): string {
  const rows = Array.from({ length: grid.height }, (_, y) =>
    Array.from({ length: grid.width }, (_, x) => (grid.passable(x, y) ? "." : "@")).join(""),
  );
  return ["type octile", `height ${grid.height}`, `width ${grid.width}`, "map", ...rows, ""].join("\n");
}

/** A one-shot scenario in MovingAI's format: agents from different starts to different goals, cell numbers of the grid. */
export function scenarioText(
  grid: CellGrid,
  mapName: string,
  starts: readonly number[],
  goals: readonly number[],
  agents: number,
  random: () => number,
): string {
  const from = drawn(starts, agents, random);
  const to = drawn(goals, agents, random);
  const place = (cell: number): string => `${cell % grid.width}\t${Math.floor(cell / grid.width)}`;
  const lines = from.map(
    (start, i) =>
      `${i}\t${mapName}\t${grid.width}\t${grid.height}\t${place(start)}\t${place(to[i] ?? start)}\t0`,
  );
  return ["version 1", ...lines, ""].join("\n");
}

/** Lists of tasks: an agent a line, where it begins and its goals in order, as cell numbers `y * width + x`. */
export function tasksText(
  starts: readonly number[],
  goals: readonly number[],
  agents: number,
  goalsEach: number,
  random: () => number,
): string {
  const lines = drawn(starts, agents, random).map((start) => {
    const list = Array.from({ length: goalsEach }, () => goals[Math.floor(random() * goals.length)] ?? start);
    return [start, ...list].join(" ");
  });
  return [String(agents), ...lines, ""].join("\n");
}
