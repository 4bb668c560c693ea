import type { EdgeId, NodeId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { VehicleId } from "../../port.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder, testContext } from "./order-fixture.ts";
import type { CoreContext } from "./vehicle-core.ts";
import { factsheetOf } from "./vehicle-state.ts";

const CORNERS = [
  { xM: 900, yM: 480 },
  { xM: 1200, yM: 480 },
  { xM: 1200, yM: 520 },
];

/** a, b and c lie in a fence that is this vehicle's, d beyond it. */
const shed = (vehicleId: VehicleId = testContext.vehicleId): CoreContext => ({
  ...testContext,
  plansOwnWay: true,
  chart: {
    ...testContext.chart,
    fences: () => [
      {
        fenceId: "shed",
        vehicleIds: [vehicleId],
        corners: CORNERS,
        nodeIds: new Set(["a", "b", "c"] as NodeId[]),
        edgeIds: new Set(["a>b", "b>c"] as EdgeId[]),
      },
    ],
  },
});

function started(context = shed()): CoreBench {
  const bench = new CoreBench("a", context);
  bench.report();
  return bench;
}

describe("a ROS vehicle that plans its own way", () => {
  it("is named the nodes and its fence, and sent the poses of the nodes ahead", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    expect(bench.toVehicle).toMatchObject([
      {
        service: "grant",
        request: {
          way: [
            { node_id: "a", path_index: 0 },
            { node_id: "b", edge_id: "a>b", path_index: 0 },
          ],
          leads_to_end: false,
          fence: CORNERS.map(({ xM, yM }) => ({ x: xM, y: yM })),
        },
      },
    ]);
    for (const message of bench.toVehicle.splice(0)) bench.deliver(message);
    bench.answer();
    expect(bench.toVehicle).toMatchObject([
      {
        kind: "sendGoal",
        action: "navigateThroughPoses",
        goal: { poses: [{ header: { frame_id: "map-vn" }, pose: { position: { x: 1098, y: 500 } } }] },
      },
    ]);
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b"]);
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3) });
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b", "c"]);
    for (let i = 0; i < 2; i += 1) bench.vehicle.move();
    bench.report();
    expect(bench.told("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]);
    expect([...bench.vehicle.refusals, ...bench.vehicle.violations]).toEqual([]);
    expect(bench.told("trouble")).toEqual([]);
  });

  it("is told nothing of an order that leads out of its fence, and a person is told why", () => {
    const bench = started();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 2) });
    bench.settle();
    expect(bench.vehicle.orderId).toBe("");
    expect(bench.told("trouble")).toMatchObject([
      {
        code: "order-refused",
        detail: "leg-1 revision 0: the vehicle plans its own way, and d does not lie in shed",
      },
    ]);
  });

  it("is told nothing where the fence is another vehicle's", () => {
    const bench = started(shed("maker.8" as VehicleId));
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    bench.settle();
    expect(bench.vehicle.orderId).toBe("");
    expect(bench.told("trouble")[0]?.detail).toMatch(/a does not lie in a fence of its own/);
  });

  it("and says so only when it is under way outside of any fence is granted nothing more", () => {
    const bench = started({ ...shed(), plansOwnWay: false });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c", "d"], 2) });
    bench.settle();
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b"]);
    bench.context = shed();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4) });
    bench.vehicle.reboot();
    for (let i = 0; i < 40; i += 1) {
      bench.wait(1_000);
      bench.settle();
    }
    expect(bench.vehicle.isFollowing).toBe(false);
    expect(bench.vehicle.ahead.map((stop) => stop.node_id)).toEqual(["b"]);
    expect(bench.told("trouble").map(({ code }) => code)).toEqual(["order-refused", "order-refused"]);
  });

  it("has a shortcoming where no fence is for it, so that no mission is given to it", () => {
    const announced = {
      header: { stamp: { sec: 0, nanosec: 0 }, frame_id: "" },
      manufacturer: "sim",
      serial_number: "vn-01",
      vehicle_namespace: "/agv",
      series_name: "",
      length_m: 15,
      width_m: 3,
      max_speed_mps: 7,
      max_load_kg: 70_000,
      work_kinds: [],
      rolling_handoff: false,
      plans_own_way: true,
    };
    const of = (context: CoreContext, plansOwnWay = true) =>
      factsheetOf({ ...announced, plans_own_way: plansOwnWay }, context).shortcomings;
    expect(of(shed())).toBeUndefined();
    expect(of(testContext, false)).toBeUndefined();
    expect(of(testContext)).toEqual(["it plans its own way, and no fence of vn is for it"]);
  });
});
