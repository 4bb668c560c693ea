import type { Site } from "@baton/maps";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import { exampleModel, orderOn, START_MS, VehicleBench, vehicleAt } from "./example-vehicle.ts";
import type { VehicleModel } from "./vehicle.ts";

const STRIP = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3", "vn.out.strip-4"];
/** Of one control step of 100 ms. */
const STEP_S = 0.1;

let site: Site;
let model: VehicleModel;
beforeAll(async () => {
  const loaded = await loadScenario("first-look");
  site = loaded.site;
  model = exampleModel(loaded.scenario, site);
});

/** Drives the strip under a cap, with the speed after each step. */
function speeds(
  capMpsAt: (seconds: number) => number,
  forMs: number,
): { readonly bench: VehicleBench; readonly mps: number[] } {
  const capped = { ...model, speedCapMpsAt: (atMs: number) => capMpsAt((atMs - START_MS) / 1000) };
  const bench = new VehicleBench(vehicleAt(site, "vn", "vn.out.hold"), capped);
  bench.order("vn", orderOn(site, { side: "vn", orderId: "o-1", nodeIds: STRIP }));
  const mps: number[] = [];
  bench.run(forMs, () => mps.push(bench.vehicle.speedMps));
  return { bench, mps };
}

describe("a vehicle in bad weather", () => {
  it("keeps below the cap, and arrives all the same", () => {
    const { bench, mps } = speeds(() => 1, 180_000);
    expect(Math.max(...mps)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.max(...mps)).toBeGreaterThan(0.95);
    expect(bench.vehicle.speedMps).toBe(0);
    expect(bench.vehicle.lastNode?.nodeId).toBe("vn.out.strip-4");
  });

  it("slows down no harder than it can brake when fog comes up, and speeds up when it lifts", () => {
    const { mps } = speeds((seconds) => (seconds > 12 && seconds < 30 ? 0.5 : 10), 40_000);
    mps.forEach((speed, i) => {
      const before = mps[i - 1] ?? 0;
      expect(before - speed).toBeLessThanOrEqual(model.kinematics.brakingMps2 * STEP_S + 1e-9);
      expect(speed - before).toBeLessThanOrEqual(model.kinematics.accelerationMps2 * STEP_S + 1e-9);
    });
    expect(mps[250]).toBeCloseTo(0.5);
    expect(mps[115]).toBeGreaterThan(1.5);
    expect(mps[350]).toBeGreaterThan(1);
  });
});

describe("a vehicle that stops by itself", () => {
  it("stands for as long as it does, and then drives on to the end", () => {
    const { bench, mps } = speeds((seconds) => (seconds > 10 && seconds < 60 ? 0 : 10), 180_000);
    expect(mps.slice(200, 590).every((speed) => speed === 0)).toBe(true);
    expect(bench.vehicle.lastNode?.nodeId).toBe("vn.out.strip-4");
  });

  it("never leaves its base, whenever caps come and go", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0.3, 1, 2.5, 10), { minLength: 5, maxLength: 40 }), (caps) => {
        const { bench, mps } = speeds((seconds) => caps[Math.floor(seconds / 3) % caps.length] ?? 0, 120_000);
        const nodes = bench.vehicle.order?.route.nodeAtM ?? [];
        expect(bench.vehicle.alongM).toBeLessThanOrEqual((nodes.at(-1) ?? 0) + 1e-6);
        mps.forEach((speed, i) => {
          expect((mps[i - 1] ?? 0) - speed).toBeLessThanOrEqual(model.kinematics.brakingMps2 * STEP_S + 1e-9);
        });
      }),
      { numRuns: 25 },
    );
  });
});
