import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { atLeast, type BenchCase, figure, timing } from "../bench-case.ts";
import { cellNetwork } from "../instances/cell-grid.ts";
import { streamOf } from "../instances/seeded.ts";
import { isEject, isInduct, isRestingPlace, SORTING } from "../instances/sorting.ts";
import { cellsWhere } from "../instances/warehouse.ts";
import type { BenchRow } from "../report.ts";
import { sortingErrands } from "../worlds/sorting-errands.ts";
import { StreetDistances } from "../worlds/street-distances.ts";
import { runUnitWorld, type UnitResult, unitSettings } from "../worlds/unit-world.ts";

const TICKS = 500;

/**
 * Eight hundred agents, as the public benchmark has it. The engine promises each of them a place to stay at the end of its
 * plan, and the floor has 550 that leave a way past.
 */
const CROWD: BenchCase = {
  name: "sorting-800",
  async run() {
    const result = sort(800, isEject);
    return [
      atLeast("sorting-800/goalsATick", result.goalsATick, "1/tick", 23.2),
      ...timing("sorting-800/plan", [result.plan], { mean: 20 }),
      ...common("sorting-800", result),
    ];
  },
};

/** As many as the floor is well-formed for with room to choose; no bar is known for it. */
const WELL_FORMED: BenchCase = {
  name: "sorting-400",
  async run() {
    const result = sort(400, isRestingPlace);
    return [
      figure("sorting-400/goalsATick", result.goalsATick, "1/tick"),
      ...timing("sorting-400/plan", [result.plan]),
      ...common("sorting-400", result),
    ];
  },
};

export const SORTING_CASES: readonly BenchCase[] = [WELL_FORMED, CROWD];

function sort(agents: number, isGoal: (x: number, y: number) => boolean): UnitResult {
  const { network, poseOfCell } = cellNetwork(SORTING);
  const poses = (cells: readonly number[]): number[] => cells.map((cell) => at(poseOfCell, cell));
  const errands = sortingErrands(
    poses(cellsWhere(SORTING, isInduct)),
    poses(cellsWhere(SORTING, isGoal)),
    agents,
    new StreetDistances(network),
    streamOf(1),
  );
  return runUnitWorld({ network, errands, ticks: TICKS, settings: unitSettings(0) });
}

function common(name: string, { boundATick, goalsATick, failedPlans }: UnitResult): BenchRow[] {
  return [
    figure(`${name}/boundATick`, boundATick, "1/tick"),
    figure(`${name}/shareOfBound`, (100 * goalsATick) / boundATick, "%"),
    figure(`${name}/failedPlans`, failedPlans, "1/run"),
  ];
}
