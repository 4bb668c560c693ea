import { describe, expect, it } from "vitest";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { cellNetwork } from "../instances/cell-grid.ts";
import { lanes } from "../instances/lanes.ts";
import { streamOf } from "../instances/seeded.ts";
import { cellsWhere, isWarehouseEndpoint, isWarehouseHome, WAREHOUSE } from "../instances/warehouse.ts";
import { batonStreets } from "./baton-streets.ts";
import { fixedOrderSettings, streetSettings } from "./settings.ts";
import { driveStreets } from "./street-world.ts";
import { runUnitWorld, unitSettings } from "./unit-world.ts";
import { warehouseErrands } from "./warehouse-errands.ts";

describe("the engine on the streets", () => {
  const { network, bays } = lanes(4);
  const drive = (vehicles: number, seconds: number, settings = streetSettings("next-run")) =>
    driveStreets({ network, bays, vehicles, seed: 1, stopProbability: 0, seconds }, (fleet) =>
      batonStreets({ name: "baton", network, vehicles: fleet, settings }),
    );

  it("lets a vehicle alone drive as on an empty street, whichever way grants reach ahead", async () => {
    for (const settings of [streetSettings("next-run"), streetSettings("braking-distance")]) {
      const result = await drive(1, 900, settings);
      expect(result.missions).toBeGreaterThan(3);
      expect(result.tripOverFreeFlow).toBe(1);
    }
  });

  it("brings many home without a lock, in fixed order too", async () => {
    for (const settings of [streetSettings("next-run"), fixedOrderSettings("next-run")]) {
      const result = await drive(16, 600, settings);
      expect(result.gridlockAtS).toBeUndefined();
      expect(result.missions).toBeGreaterThan(16);
      expect(result.tripOverFreeFlow).toBeGreaterThanOrEqual(1);
    }
  });
});

describe("the engine's planner in the warehouse", () => {
  const { network, poseOfCell } = cellNetwork(WAREHOUSE);
  const poses = (cells: readonly number[]): number[] => cells.map((cell) => at(poseOfCell, cell));
  const run = (agents: number) =>
    runUnitWorld({
      network,
      errands: warehouseErrands(
        poses(cellsWhere(WAREHOUSE, isWarehouseEndpoint)),
        poses(cellsWhere(WAREHOUSE, isWarehouseHome)),
        agents,
        streamOf(1),
      ),
      ticks: 120,
      settings: unitSettings(0),
    });

  it("finishes errands, never more than the bound", () => {
    const result = run(20);
    expect(result.failedPlans).toBe(0);
    expect(result.goalsATick).toBeGreaterThan(0.5 * result.boundATick);
    expect(result.goalsATick).toBeLessThanOrEqual(result.boundATick);
  });
});
