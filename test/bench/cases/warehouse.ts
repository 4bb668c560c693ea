import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { atLeast, type BenchCase, figure, timing } from "../bench-case.ts";
import { cellNetwork } from "../instances/cell-grid.ts";
import { streamOf } from "../instances/seeded.ts";
import { cellsWhere, isWarehouseEndpoint, isWarehouseHome, WAREHOUSE } from "../instances/warehouse.ts";
import { seedsOf } from "../options.ts";
import { meanOf } from "../statistics.ts";
import { runUnitWorld, unitSettings } from "../worlds/unit-world.ts";
import { warehouseErrands } from "../worlds/warehouse-errands.ts";

const TICKS = 1000;
/** Planning beyond this effort waits for the next tick: several times what a tick needs, and the first, with all agents in it, is spread. */
const PLANNING_AN_AGENT = 20;

/** Bars of the design; `improvement` is the search effort that goes into it, in expanded states a tick: what the bar leaves on a quiet machine. */
const BARS = [
  { agents: 100, tasksATick: 3.4, meanMs: 1, improvement: 300 },
  { agents: 200, tasksATick: 5.9, meanMs: 3, improvement: 1600 },
  { agents: 300, tasksATick: 7.6, meanMs: 5, improvement: 2400 },
  { agents: 400, tasksATick: 8.4, meanMs: 8, improvement: 4800 },
] as const;

export const WAREHOUSE_CASES: readonly BenchCase[] = BARS.map(
  ({ agents, tasksATick, meanMs, improvement }) => ({
    name: `warehouse-${agents}`,
    async run(options) {
      const { network, poseOfCell } = cellNetwork(WAREHOUSE);
      const poses = (cells: readonly number[]): number[] => cells.map((cell) => at(poseOfCell, cell));
      const endpoints = poses(cellsWhere(WAREHOUSE, isWarehouseEndpoint));
      const homes = poses(cellsWhere(WAREHOUSE, isWarehouseHome));
      const results = seedsOf(options, 5).map((seed) =>
        runUnitWorld({
          network,
          errands: warehouseErrands(endpoints, homes, agents, streamOf(seed)),
          ticks: TICKS,
          settings: unitSettings(improvement, PLANNING_AN_AGENT * agents),
        }),
      );
      const mean = (of: (result: (typeof results)[number]) => number): number => meanOf(results.map(of));
      const name = `warehouse-${agents}`;
      return [
        atLeast(
          `${name}/tasksATick`,
          mean((r) => r.goalsATick),
          "1/tick",
          tasksATick,
        ),
        figure(
          `${name}/boundATick`,
          mean((r) => r.boundATick),
          "1/tick",
        ),
        figure(`${name}/shareOfBound`, 100 * mean((r) => r.goalsATick / r.boundATick), "%"),
        ...timing(
          `${name}/plan`,
          results.map(({ plan }) => plan),
          { mean: meanMs, max: 100 },
        ),
        figure(`${name}/firstTickMs`, Math.max(...results.map((r) => r.firstTickMs)), "ms"),
        figure(
          `${name}/improvedATick`,
          mean((r) => r.improvedATick),
          "1/tick",
        ),
        figure(
          `${name}/failedPlans`,
          mean((r) => r.failedPlans),
          "1/run",
        ),
      ];
    },
  }),
);
