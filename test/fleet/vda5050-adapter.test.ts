import {
  type ActionId,
  BrokerUnreachableError,
  createVda5050Adapter,
  type DriveOrder,
  type FleetEvent,
  mqttLinks,
  uuidIds,
  type Vda5050Adapter,
  type VehicleId,
  wallClock,
} from "@baton/fleet-adapter";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { driveOrder, testChart } from "../../fleet-adapter/src/vda5050/core/drive-order-fixture.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { BROKERS, type TestBroker } from "./brokers.ts";
import { factsheetMessage, MqttVehicle } from "./mqtt-vehicle.ts";

const vehicleId = "sim.vn-01" as VehicleId;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const WAIT = { timeout: 10_000, interval: 10 };

function newAdapter(
  mqttUrl: string,
  { openWithinMs = 10_000, ...more }: { maxVehicles?: number; openWithinMs?: number } = {},
): Vda5050Adapter {
  // Ten times as fast as the machine: a message is repeated after a tenth of a second.
  const clock = wallClock({ speed: 10 });
  return createVda5050Adapter({
    openLink: mqttLinks({ url: mqttUrl, openWithinMs }),
    side: "vn",
    chart: testChart,
    clock,
    timers: clock,
    ids: uuidIds(),
    log: silent,
    maxMessageBytes: 64 * 1024,
    ...more,
  });
}

for (const { name, start } of BROKERS) {
  describe.skipIf(start === undefined)(`a vehicle at ${name}`, () => {
    let broker: TestBroker;
    let port: number;
    let adapter: Vda5050Adapter;
    let vehicle: MqttVehicle;
    let events: FleetEvent[];
    const startAgain = async (): Promise<TestBroker> => {
      if (start === undefined) throw new Error("skipped");
      return start(port);
    };
    const begin = async (made: Vda5050Adapter): Promise<void> => {
      adapter = made;
      events = [];
      adapter.subscribe((event) => events.push(event));
      await adapter.start();
    };
    const kinds = <K extends FleetEvent["kind"]>(kind: K): Extract<FleetEvent, { kind: K }>[] =>
      events.filter((event): event is Extract<FleetEvent, { kind: K }> => event.kind === kind);
    const nodesHeld = (): string[] =>
      vehicle.model.nodes.map((node) => `${node.nodeId}${node.released ? "" : "?"}`);
    const drive = (order: DriveOrder): void => adapter.drive(vehicleId, order);

    beforeEach(async () => {
      port = await freePort();
      broker = await startAgain();
      vehicle = await MqttVehicle.connect(broker.url, "a");
      await begin(newAdapter(broker.url));
      vehicle.report();
      // The vehicle has been asked what it is, and has said that it was: from here on it is quiet.
      await vi.waitFor(() => expect(kinds("actionChanged")).toHaveLength(1), WAIT);
    });

    afterEach(async () => {
      await adapter.stop();
      await vehicle.leave();
      await broker.stop();
      expect(vehicle.malformed).toEqual([]);
    });

    it("drives what it is granted, piece by piece, to the end", async () => {
      drive(driveOrder("leg-1", 0, ["a", "b", "c"], 2, ["c"]));
      await vi.waitFor(() => expect(nodesHeld()).toEqual(["b", "c?"]), WAIT);
      drive(driveOrder("leg-1", 1, ["a", "b", "c"], 3, ["c"]));
      await vi.waitFor(() => expect(nodesHeld()).toEqual(["b", "c"]), WAIT);
      vehicle.move(3);
      await vi.waitFor(
        () => expect(kinds("orderEnded")).toMatchObject([{ orderId: "leg-1", how: "finished" }]),
        WAIT,
      );
      expect(kinds("actionChanged").at(-1)).toMatchObject({ actionId: "leg-1-pick-c", status: "finished" });
      expect(vehicle.model.refusals).toEqual([]);
      expect(vehicle.model.violations).toEqual([]);
      expect(kinds("trouble")).toEqual([]);
    });

    it("gets an order again that was lost on the way", async () => {
      vehicle.deaf = true;
      drive(driveOrder("leg-1", 0, ["a", "b"], 2));
      await vi.waitFor(() => expect(vehicle.lost).toBeGreaterThan(0), WAIT);
      vehicle.deaf = false;
      await vi.waitFor(() => expect(nodesHeld()).toEqual(["b"]), WAIT);
      expect(vehicle.orders[0]?.headerId).toBeGreaterThan(0);
    });

    it("goes on under an adapter that has started again, as if nothing had been", async () => {
      drive(driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3));
      await vi.waitFor(() => expect(nodesHeld()).toEqual(["b", "c", "d?"]), WAIT);
      await adapter.stop();
      vehicle.move();
      await begin(newAdapter(broker.url));
      drive(driveOrder("leg-1", 0, ["a", "b", "c", "d"], 3));
      const sentBefore = vehicle.orders.length;
      await vi.waitFor(() => {
        vehicle.report();
        expect(kinds("state").at(-1)?.state.orderRevision).toBe(0);
      }, WAIT);
      expect(vehicle.orders).toHaveLength(sentBefore);
      drive(driveOrder("leg-1", 1, ["a", "b", "c", "d"], 4));
      await vi.waitFor(() => expect(nodesHeld()).toEqual(["c", "d"]), WAIT);
      expect(vehicle.orders.at(-1)?.nodes.map((node) => node.sequenceId)).toEqual([4, 6]);
      vehicle.move(2);
      await vi.waitFor(() => expect(kinds("orderEnded")).toMatchObject([{ how: "finished" }]), WAIT);
      expect(vehicle.model.refusals).toEqual([]);
    });

    it("gets what was asked for while the broker was away, once it is back", async () => {
      await broker.stop();
      drive(driveOrder("leg-1", 0, ["a", "b"], 2));
      adapter.instruct(vehicleId, { kind: "stateRequest", actionId: "s-1" as ActionId });
      broker = await startAgain();
      await vi.waitFor(() => {
        vehicle.report();
        expect(nodesHeld()).toEqual(["b"]);
      }, WAIT);
      expect(vehicle.model.refusals).toEqual([]);
    });

    it("counts as broken when its connection drops, and as online when it is heard again", async () => {
      await vehicle.drop();
      await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.connection).toBe("broken"), WAIT);
      await vehicle.leave();
      vehicle = await MqttVehicle.connect(broker.url, "a");
      await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.connection).toBe("online"), WAIT);
      expect(kinds("connection").map((event) => event.connection)).toEqual(["online", "broken", "online"]);
    });

    it("is asked what it is, and no longer once it has said so", async () => {
      const asked = () =>
        vehicle.instantActions.filter(({ actions }) => actions[0]?.actionType === "factsheetRequest").length;
      await vi.waitFor(() => expect(asked()).toBe(1), WAIT);
      vehicle.publish("factsheet", factsheetMessage());
      await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.factsheet?.lengthM).toBe(15), WAIT);
      expect(kinds("factsheet")).toHaveLength(1);
    });

    it.each([
      ["no JSON at all", "nonsense", /is not JSON/],
      ["a state without its fields", "{}", /must have required properties/],
      ["a state of somebody else", "other", /its header names sim\/vn-99/],
      ["a state that is too long", "x".repeat(70_000), /has 70000 bytes, more than 65536/],
      ["JSON nested beyond measure", "[".repeat(60_000), /is not JSON|must be/],
    ])("may send %s: it is counted, reported once, and changes nothing", async (_, what, reason) => {
      const other = JSON.stringify({ ...vehicle.model.state(Date.now()), serialNumber: "vn-99" });
      const before = adapter.vehicles().get(vehicleId)?.state;
      for (let time = 0; time < 3; time += 1) vehicle.publish("state", what === "other" ? other : what);
      await vi.waitFor(() => expect(adapter.invalidMessages()).toBe(3), WAIT);
      expect(kinds("trouble")).toMatchObject([
        { code: "invalid-message", vehicleId, detail: expect.stringMatching(reason) },
      ]);
      // An answer of its own to what it was asked may have come meanwhile.
      expect(adapter.vehicles().get(vehicleId)?.state).toEqual({ ...before, atMs: expect.any(Number) });
      vehicle.report();
      await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.state).not.toBe(before), WAIT);
    });
  });
}

describe("an adapter", () => {
  it("says what to do when no broker answers", async () => {
    const adapter = newAdapter(`mqtt://127.0.0.1:${await freePort()}`, { openWithinMs: 300 });
    const failure = await adapter.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BrokerUnreachableError);
    expect(failure).toMatchObject({
      code: "mqtt-unreachable",
      message: expect.stringContaining("check that the broker runs"),
    });
  });

  it("takes no more vehicles than it was told to", async () => {
    const [embedded] = BROKERS;
    const broker = await embedded?.start?.(await freePort());
    if (broker === undefined) throw new Error("the embedded broker is always there");
    const adapter = newAdapter(broker.url, { maxVehicles: 0 });
    const events: FleetEvent[] = [];
    adapter.subscribe((event) => events.push(event));
    await adapter.start();
    const vehicle = await MqttVehicle.connect(broker.url, "a");
    vehicle.report();
    await vi.waitFor(
      () =>
        expect(events).toContainEqual(
          expect.objectContaining({ kind: "trouble", code: "too-many-vehicles" }),
        ),
      WAIT,
    );
    expect(adapter.vehicles().size).toBe(0);
    await adapter.stop();
    await vehicle.leave();
    await broker.stop();
  });
});
