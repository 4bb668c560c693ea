import { nodePoseInMap, type Site } from "@baton/maps";
import { beforeAll, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import { exampleModel, orderOn, VehicleBench, vehicleAt } from "./example-vehicle.ts";
import { plannedPath } from "./planned-path.ts";
import type { VehicleModel } from "./vehicle.ts";

let site: Site;
let model: VehicleModel;
beforeAll(async () => {
  const loaded = await loadScenario("first-look");
  site = loaded.site;
  model = { ...exampleModel(loaded.scenario, site), protocol: "3.0" };
});

const STRIP = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3", "vn.out.strip-4"];

it("says which way it has planned, from where it is to the end of its base, and none when it is there", () => {
  const bench = new VehicleBench(vehicleAt(site, "vn", "vn.out.hold"), model);
  const planned = (side: "vn" | "cn" = "vn") => plannedPath(bench.vehicle, model, side).plannedPath;
  expect(planned()).toBeUndefined();
  bench.order("vn", orderOn(site, { side: "vn", orderId: "o-1", nodeIds: STRIP, released: 4 }));
  expect(planned()?.traversedNodes).toEqual(STRIP.slice(1, 4));
  const at = (nodeId: string) => {
    const pose = nodePoseInMap(site, "vn", nodeId);
    return { x: expect.closeTo(pose?.xM ?? 0, 2), y: expect.closeTo(pose?.yM ?? 0, 2) };
  };
  expect(planned()?.trajectory.controlPoints[0]).toEqual(at("vn.out.hold"));
  expect(planned()?.trajectory.controlPoints.at(-1)).toEqual(at("vn.out.strip-3"));
  // Nobody is told of an order that is another side's.
  expect(planned("cn")).toBeUndefined();
  bench.runUntil(({ lastNode }) => lastNode?.nodeId === "vn.out.strip-1");
  expect(planned()?.traversedNodes).toEqual(STRIP.slice(2, 4));
  bench.runUntil(({ speedMps, lastNode }) => speedMps === 0 && lastNode?.nodeId === "vn.out.strip-3");
  expect(planned()).toBeUndefined();
});
