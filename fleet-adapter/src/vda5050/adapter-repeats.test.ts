import { expect, it } from "vitest";
import { memoryBroker } from "../link/memory-broker.ts";
import type { VehicleId } from "../port.ts";
import { countedIds } from "../time/ids.ts";
import { manualClock } from "../time/manual-clock.ts";
import { createVda5050Adapter } from "./adapter.ts";
import { driveOrder, testContext } from "./core/drive-order-fixture.ts";
import { ModelVehicle } from "./core/model-vehicle.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

it("repeats an order until the vehicle's state shows it, and leaves the vehicle in peace from then on", async () => {
  const clock = manualClock(1_000_000);
  const broker = memoryBroker({ clock, timers: clock, random: { next: () => 0.5 } });
  const adapter = createVda5050Adapter({
    openLink: broker.openLink,
    side: "vn",
    chart: testContext.chart,
    clock,
    timers: clock,
    ids: countedIds("test"),
    log: quiet,
  });
  const vehicle = new ModelVehicle("a");
  const { manufacturer, serialNumber } = vehicle.state(clock.nowMs());
  const topic = (leaf: string): string => `uagv/v2/${manufacturer}/${serialNumber}/${leaf}`;
  const ordersAtMs: number[] = [];
  const link = broker.openLink({
    clientId: "vehicle",
    subscriptions: [topic("order")],
    onMessage: () => ordersAtMs.push(clock.nowMs()),
  });
  void adapter.start();
  clock.advance(1_000);
  const report = (): void => link.publish(topic("state"), vehicle.state(clock.nowMs()));
  report();
  clock.advance(10);
  const startMs = clock.nowMs();
  const order = driveOrder("leg-1", 0, ["a", "b"], 2);
  adapter.drive(`${manufacturer}.${serialNumber}` as VehicleId, order);
  clock.advance(8_000);
  // After 1, 2 and 4 s (VDA 5050 2.1 section 6.2: QoS 0 is not delivery), as the adapter's clock strikes.
  expect(ordersAtMs.map((atMs) => Math.floor((atMs - startMs) / 1_000))).toEqual([0, 1, 3, 7]);
  vehicle.receiveOrder({
    orderId: "leg-1",
    orderUpdateId: 0,
    nodes: [
      { nodeId: "a", sequenceId: 0, released: true, actions: [] },
      { nodeId: "b", sequenceId: 2, released: true, actions: [] },
    ],
    edges: [{ edgeId: "a>b", sequenceId: 1, released: true, startNodeId: "a", endNodeId: "b", actions: [] }],
  });
  report();
  clock.advance(60_000);
  expect(ordersAtMs).toHaveLength(4);
  await adapter.stop();
});
