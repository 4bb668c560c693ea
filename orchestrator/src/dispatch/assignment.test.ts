import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assignment, assign, assignAtMost } from "./assignment.ts";

const FORBIDDEN = Number.POSITIVE_INFINITY;

interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly costs: Float64Array;
  readonly leftOut: Float64Array;
}

const problems = (most: number): fc.Arbitrary<Problem> =>
  fc
    .record({ rows: fc.integer({ min: 0, max: most }), columns: fc.integer({ min: 0, max: most }) })
    .chain(({ rows, columns }) => {
      const cost = fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }) },
        { weight: 4, arbitrary: fc.double({ min: -50, max: 50, noNaN: true }) },
        { weight: 2, arbitrary: fc.constant(FORBIDDEN) },
      );
      const staying = fc.oneof(fc.integer({ min: -60, max: 120 }), fc.constant(1_000));
      return fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        costs: fc
          .array(cost, { minLength: rows * columns, maxLength: rows * columns })
          .map((list) => Float64Array.from(list)),
        leftOut: fc
          .array(staying, { minLength: rows, maxLength: rows })
          .map((list) => Float64Array.from(list)),
      });
    });

/** Tries everything. */
function leastCost({ rows, columns, costs, leftOut }: Problem, limit = rows): number {
  const taken = new Set<number>();
  const from = (row: number, left: number): number => {
    if (row === rows) return 0;
    let best = (leftOut[row] ?? 0) + from(row + 1, left);
    if (left === 0) return best;
    for (let column = 0; column < columns; column++) {
      const cost = costs[row * columns + column] ?? 0;
      if (taken.has(column) || cost === FORBIDDEN) continue;
      taken.add(column);
      best = Math.min(best, cost + from(row + 1, left - 1));
      taken.delete(column);
    }
    return best;
  };
  return from(0, limit);
}

/** Complementary slackness: with these prices no assignment can cost less. */
function expectProven({ rows, columns, costs, leftOut }: Problem, found: Assignment): void {
  const { columnOf, rowOf, rowPrice, columnPrice } = found;
  let priced = 0;
  for (let i = 0; i < rows; i++) {
    const u = rowPrice[i] ?? Number.NaN;
    priced += u;
    expect(u).toBeLessThanOrEqual((leftOut[i] ?? 0) + 1e-7);
    if (columnOf[i] === -1) expect(u).toBeCloseTo(leftOut[i] ?? 0, 7);
    for (let j = 0; j < columns; j++) {
      const slack = (costs[i * columns + j] ?? 0) - u - (columnPrice[j] ?? 0);
      if (slack < -1e-7) throw new Error(`pair ${i}, ${j} has slack ${slack}`);
      if (columnOf[i] === j) expect(slack).toBeCloseTo(0, 7);
    }
  }
  for (let j = 0; j < columns; j++) {
    const v = columnPrice[j] ?? Number.NaN;
    priced += v;
    expect(v).toBeLessThanOrEqual(1e-7);
    if (rowOf[j] === -1) expect(v).toBeCloseTo(0, 7);
  }
  expect(priced).toBeCloseTo(found.cost, 5);
}

function expectOneEach({ rows, columns }: Problem, { columnOf, rowOf }: Assignment): void {
  for (let i = 0; i < rows; i++) {
    const j = columnOf[i] ?? -1;
    if (j >= 0) expect(rowOf[j]).toBe(i);
  }
  const used = [...columnOf].filter((j) => j >= 0);
  expect(new Set(used).size).toBe(used.length);
  expect([...rowOf].filter((i) => i >= 0)).toHaveLength(used.length);
  expect(rowOf).toHaveLength(columns);
}

describe("an assignment", () => {
  it("costs as little as the best of all that there are, whatever is forbidden", () => {
    fc.assert(
      fc.property(problems(6), (problem) => {
        const found = assign(problem.costs, problem.rows, problem.columns, problem.leftOut);
        if (found === undefined) throw new Error("every row may be left out, yet none was found");
        expectOneEach(problem, found);
        expect(found.cost).toBeCloseTo(leastCost(problem), 7);
        expectProven(problem, found);
      }),
      { numRuns: 600 },
    );
  });

  it("of a hundred by sixty is proven optimal by its prices", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 100_000 })), (numbers) => {
        const [rows, columns] = [60, 100];
        const next = (): number => numbers.next().value ?? 0;
        const problem: Problem = {
          rows,
          columns,
          costs: Float64Array.from({ length: rows * columns }, () => {
            const drawn = next();
            return drawn % 5 === 0 ? FORBIDDEN : drawn / 7;
          }),
          leftOut: Float64Array.from({ length: rows }, () => next() / 3),
        };
        const found = assign(problem.costs, rows, columns, problem.leftOut);
        if (found === undefined) throw new Error("none was found");
        expectOneEach(problem, found);
        expectProven(problem, found);
      }),
      { numRuns: 20 },
    );
  });

  it("does not exist when two rows must have the one column that there is", () => {
    const must = Float64Array.of(FORBIDDEN, FORBIDDEN);
    expect(assign(Float64Array.of(1, 2), 2, 1, must)).toBeUndefined();
    expect(assign(Float64Array.of(1, FORBIDDEN, FORBIDDEN, 2), 2, 2, must)?.columnOf).toEqual(
      Int32Array.of(0, 1),
    );
  });

  it("of at most so many rows is the best of that many", () => {
    fc.assert(
      fc.property(problems(5), fc.integer({ min: 0, max: 6 }), (problem, limit) => {
        const { rows, columns, costs, leftOut } = problem;
        const columnOf = assignAtMost(limit, costs, rows, columns, leftOut);
        const served = [...columnOf].filter((column) => column >= 0);
        expect(served.length).toBeLessThanOrEqual(limit);
        expect(new Set(served).size).toBe(served.length);
        const cost = [...columnOf].reduce(
          (sum, column, row) =>
            sum + (column < 0 ? (leftOut[row] ?? 0) : (costs[row * columns + column] ?? 0)),
          0,
        );
        expect(cost).toBeCloseTo(leastCost(problem, limit), 4);
      }),
      { numRuns: 400 },
    );
  });
});
