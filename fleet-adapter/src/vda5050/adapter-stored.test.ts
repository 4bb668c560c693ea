import { beforeEach, expect, it } from "vitest";
import type { MessageLink } from "../link/link.ts";
import { memoryBroker } from "../link/memory-broker.ts";
import type { FleetEvent, VehicleId } from "../port.ts";
import { countedIds } from "../time/ids.ts";
import { manualClock } from "../time/manual-clock.ts";
import { createVda5050Adapter } from "./adapter.ts";
import { testContext } from "./core/drive-order-fixture.ts";
import { ModelVehicle } from "./core/model-vehicle.ts";
import { VDA5050_VERSION } from "./wire/index.ts";

/** What a broker has kept is old, nobody knows how old: a vehicle that retains its states must not seem to drive back. */

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const vehicleId = "sim.vn-01" as VehicleId;
const topic = (leaf: string): string => `uagv/v2/sim/vn-01/${leaf}`;

let clock: ReturnType<typeof manualClock>;
let broker: ReturnType<typeof memoryBroker>;
let vehicle: MessageLink;
let model: ModelVehicle;

const connection = (connectionState: string): object => ({
  headerId: 0,
  timestamp: new Date(clock.nowMs()).toISOString(),
  version: VDA5050_VERSION,
  manufacturer: "sim",
  serialNumber: "vn-01",
  connectionState,
});
const standAt = (nodeId: string, retain: boolean): void => {
  model.lastNodeId = nodeId;
  vehicle.publish(topic("state"), model.state(clock.nowMs()), { retain });
};

beforeEach(() => {
  clock = manualClock(1_000_000);
  broker = memoryBroker({ clock, timers: clock, random: { next: () => 0.5 } });
  model = new ModelVehicle("a");
  vehicle = broker.openLink({
    clientId: "vehicle",
    subscriptions: [],
    will: { topic: topic("connection"), message: connection("CONNECTIONBROKEN") },
    onOpen: (link) => link.publish(topic("connection"), connection("ONLINE"), { qos: 1, retain: true }),
    onMessage: () => undefined,
  });
  clock.advance(1_000);
});

function startAdapter() {
  const adapter = createVda5050Adapter({
    openLink: broker.openLink,
    side: "vn",
    chart: testContext.chart,
    clock,
    timers: clock,
    ids: countedIds("test"),
    log: quiet,
  });
  const places: (string | undefined)[] = [];
  const connections: string[] = [];
  adapter.subscribe((event: FleetEvent) => {
    if (event.kind === "state") places.push(event.state.lastNodeId);
    if (event.kind === "connection") connections.push(event.connection);
  });
  void adapter.start();
  clock.advance(1_000);
  return { adapter, places, connections, record: () => adapter.vehicles().get(vehicleId) };
}

it("knows nothing of a vehicle's place from a state that the broker has kept, until the vehicle speaks", () => {
  standAt("a", true);
  clock.advance(3_600_000);
  const { places, connections, record } = startAdapter();
  expect(connections).toEqual(["online"]);
  expect(record()?.state).toBeUndefined();
  standAt("c", false);
  clock.advance(10);
  expect(places).toEqual(["c"]);
});

it("is not taken back to a kept state when both connections broke, and the vehicle came back first", () => {
  standAt("a", true);
  const { places, connections, record } = startAdapter();
  clock.advance(1_000);
  standAt("b", false);
  clock.advance(10);
  broker.cut(/^vehicle$/);
  clock.advance(10);
  broker.cut(/^baton-/);
  clock.advance(10);
  broker.mend();
  clock.advance(5_000);
  // ONLINE again: it may count from 0, so that its states are not told apart by their count.
  expect(connections).toEqual(["online", "broken", "online"]);
  expect(places).toEqual(["b"]);
  standAt("c", false);
  clock.advance(10);
  expect(record()?.state?.lastNodeId).toBe("c");
});

it("does not count as heard by what the broker repeats of it, however often a session begins", () => {
  const { record } = startAdapter();
  standAt("b", false);
  clock.advance(10);
  const heardAtMs = record()?.heardAtMs;
  for (let time = 0; time < 5; time += 1) {
    clock.advance(20_000);
    broker.cut(/^baton-/);
    clock.advance(100);
    broker.mend();
    clock.advance(5_000);
  }
  expect(record()?.connection).toBe("online");
  expect(record()?.heardAtMs).toBe(heardAtMs);
});
