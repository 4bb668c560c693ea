import fc from "fast-check";
import { expect, it } from "vitest";
import { manualClock } from "../time/manual-clock.ts";
import { createRos2Adapter } from "./adapter.ts";
import { ModelVehicle } from "./core/model-vehicle.ts";
import { driveOrder, testContext } from "./core/order-fixture.ts";
import { ANNOUNCEMENTS, interfacesOf } from "./interfaces.ts";
import { memoryGraph } from "./transports/memory-graph.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A message with one of its parts replaced by anything that JSON can carry, or taken away. */
function mutated(message: unknown, path: readonly number[], by: unknown): unknown {
  if (typeof message !== "object" || message === null) return by;
  const keys = Object.keys(message);
  const [first = 0, ...rest] = path;
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const part: unknown = Reflect.get(message, key);
  const changed = rest.length === 0 ? by : mutated(part, rest, by);
  return Array.isArray(message)
    ? message.map((one, index) => (String(index) === key ? changed : one))
    : { ...message, [key]: changed };
}

const TOPICS = ["status", "odometry", "tf", "battery", "diagnostics", "announcement"] as const;

it("nonsense from a ROS vehicle throws nothing, and no goal goes out by it but of what was granted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          topic: fc.constantFrom(...TOPICS),
          path: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
          by: fc.jsonValue(),
        }),
        { minLength: 1, maxLength: 25 },
      ),
      async (messages) => {
        const clock = manualClock(1_000_000);
        const graph = memoryGraph({ timers: clock, random: { next: () => 0.5 } });
        const errors: unknown[] = [];
        const adapter = createRos2Adapter({
          openRos: graph.openRos,
          side: "vn",
          chart: testContext.chart,
          clock,
          timers: clock,
          log: { ...quiet, error: (what: unknown) => errors.push(what) },
        });
        const at = interfacesOf("/agv");
        const node = graph.node();
        const vehicle = new ModelVehicle("a");
        const granted: string[] = [];
        node.serve(at.grant, (request) => {
          const { way } = request as { way: { node_id: string }[] };
          granted.push(...way.map((stop) => stop.node_id));
          return { accepted: true, reason: "" };
        });
        const announcement = {
          header: { stamp: { sec: 1_000, nanosec: 0 }, frame_id: "map-vn" },
          manufacturer: "sim",
          serial_number: "vn-01",
          vehicle_namespace: "/agv",
          series_name: "",
          length_m: 15,
          width_m: 3,
          max_speed_mps: 7,
          max_load_kg: 70_000,
          work_kinds: [0, 1],
          rolling_handoff: false,
          plans_own_way: false,
        };
        const truth = {
          announcement: () => announcement,
          status: () => vehicle.status(clock.nowMs()),
          odometry: () => vehicle.odometry(clock.nowMs()),
          tf: () => ({
            transforms: [
              {
                header: { stamp: { sec: 1_000, nanosec: 0 }, frame_id: "map-vn" },
                child_frame_id: "odom",
                transform: { translation: { x: 1, y: 2, z: 0 }, rotation: { x: 0, y: 0, z: 0, w: 1 } },
              },
            ],
          }),
          battery: () => ({ percentage: 0.8 }),
          diagnostics: () => ({ status: [{ level: 1, name: "lidar", message: "dirty" }] }),
        };
        const publishers = {
          announcement: node.advertise(ANNOUNCEMENTS),
          status: node.advertise(at.status),
          odometry: node.advertise(at.odometry),
          tf: node.advertise(at.tf),
          battery: node.advertise(at.battery),
          diagnostics: node.advertise(at.diagnostics),
        };
        void adapter.start();
        clock.advance(10);
        for (const topic of TOPICS) publishers[topic].publish(truth[topic]());
        clock.advance(10);
        adapter.drive(testContext.vehicleId, driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3));
        clock.advance(1_000);
        // The vehicle is known and driven: what follows is taken for its word.
        expect(granted).toContain("c");
        for (const { topic, path, by } of messages) {
          const message = mutated(truth[topic](), path, by);
          if (typeof message === "object" && message !== null) publishers[topic].publish(message);
          clock.advance(400);
        }
        // Of the order that was stated, never the node that was not released; what the vehicle claims to hold it may be told again.
        expect(granted).not.toContain("d");
        expect(errors).toEqual([]);
        await adapter.stop();
      },
    ),
    { numRuns: 400 },
  );
});
