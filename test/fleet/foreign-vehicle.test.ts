import {
  type ActionId,
  type Chart,
  createVda5050Adapter,
  type DriveOrder,
  type FleetEvent,
  type FleetOrderId,
  mqttLinks,
  uuidIds,
  type Vda5050Adapter,
  type VehicleId,
  type Vendor,
  wallClock,
} from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { BROKERS, type TestBroker } from "./brokers.ts";
import { COATY, ForeignVehicle } from "./foreign-vehicle.ts";

/** A vehicle that somebody else has written, under the real adapter, over real brokers. */

const vehicleId = "coaty.7" as VehicleId;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const WAIT = { timeout: 20_000, interval: 10 };

/** A straight road east: node `n3` is 30 m down it. */
const chart: Chart = {
  mapId: "yard",
  nodeInMap: (nodeId) => ({ xM: 10 * Number(nodeId.slice(1)), yM: 0, headingRad: 0 }),
  trajectory: () => undefined,
  edgeIds: () => [],
  toSite: (pose) => pose,
  toMap: (pose) => pose,
};

function order(
  orderId: string,
  revision: number,
  places: readonly number[],
  releasedNodes: number,
  actions: Readonly<Record<number, "pick" | "drop">> = {},
): DriveOrder {
  return {
    orderId: orderId as FleetOrderId,
    revision,
    nodes: places.map((place, at) => {
      const kind = actions[place];
      const about = { loadId: "CSQU3054383", stationId: "crane-1" };
      return {
        nodeId: `n${place}` as NodeId,
        released: at < releasedNodes,
        actions: kind === undefined ? [] : [{ actionId: `${orderId}-${kind}` as ActionId, kind, ...about }],
      };
    }),
    edges: places.slice(1).map((place, at) => ({
      edgeId: `n${places[at]}-n${place}` as EdgeId,
      released: at + 1 < releasedNodes,
      maxSpeedMps: 2,
    })),
  };
}

for (const { name, start } of BROKERS) {
  describe.skipIf(start === undefined)(`vda-5050-lib's vehicle at ${name}`, () => {
    let broker: TestBroker;
    let adapter: Vda5050Adapter;
    let vehicle: ForeignVehicle;
    let events: FleetEvent[];

    const begin = async (vendors: readonly Vendor[]): Promise<void> => {
      const clock = wallClock({ speed: 5 });
      adapter = createVda5050Adapter({
        openLink: mqttLinks({ url: broker.url }),
        side: "vn",
        chart,
        clock,
        timers: clock,
        ids: uuidIds(),
        log: silent,
        vendors,
      });
      events = [];
      adapter.subscribe((event) => events.push(event));
      await adapter.start();
      await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.state).toBeDefined(), WAIT);
    };
    const kinds = <K extends FleetEvent["kind"]>(kind: K): Extract<FleetEvent, { kind: K }>[] =>
      events.filter((event): event is Extract<FleetEvent, { kind: K }> => event.kind === kind);
    const ended = (orderId: string): string | undefined =>
      kinds("orderEnded").find((event) => event.orderId === orderId)?.how;
    const xM = (): number => adapter.vehicles().get(vehicleId)?.state?.pose?.xM ?? Number.NaN;

    beforeEach(async () => {
      if (start === undefined) throw new Error("skipped");
      broker = await start(await freePort());
      vehicle = await ForeignVehicle.connect(broker.url, {
        mapId: "yard",
        x: 0,
        y: 0,
        theta: 0,
        lastNodeId: "n0",
      });
    });

    afterEach(async () => {
      await adapter.stop();
      await vehicle.stop();
      await broker.stop();
    });

    it("picks, drives on as it is released, and drops, each once", async () => {
      await begin([COATY]);
      const actions = { 2: "pick", 4: "drop" } as const;
      adapter.drive(vehicleId, order("leg-1", 0, [0, 1, 2, 3, 4], 3, actions));
      await vi.waitFor(() => expect(vehicle.actions).toContain("leg-1-pick RUNNING"), WAIT);
      // Its base ends where it picks: the update begins there, while it does.
      adapter.drive(vehicleId, order("leg-1", 1, [0, 1, 2, 3, 4], 5, actions));
      await vi.waitFor(() => expect(ended("leg-1")).toBe("finished"), WAIT);
      const told = kinds("actionChanged").map(({ actionId, status }) => `${actionId} ${status}`);
      expect(told).toContain("leg-1-pick finished");
      expect(told).toContain("leg-1-drop finished");
      expect(vehicle.actions.filter((said) => said.endsWith("FAILED"))).toEqual([]);
      expect(kinds("trouble")).toEqual([]);
      expect(xM()).toBeCloseTo(40, 0);
    });

    it("stops between two nodes when its order is cancelled, and goes on by the next one from there", async () => {
      await begin([COATY]);
      adapter.drive(vehicleId, order("leg-1", 0, [0, 2], 2));
      await vi.waitFor(() => expect(xM()).toBeGreaterThan(4), WAIT);
      adapter.cancel(vehicleId);
      await vi.waitFor(() => expect(ended("leg-1")).toBe("cancelled"), WAIT);
      expect(vehicle.state.driving).toBe(false);
      expect(xM()).toBeLessThan(19);
      adapter.drive(vehicleId, order("leg-2", 0, [0, 2, 3], 3));
      await vi.waitFor(() => expect(ended("leg-2")).toBe("finished"), WAIT);
      expect(kinds("trouble")).toEqual([]);
    });

    it("is not lost when there is nothing to cancel: it says so in an error only", async () => {
      await begin([COATY]);
      adapter.drive(vehicleId, order("leg-1", 0, [0, 1], 2));
      await vi.waitFor(() => expect(ended("leg-1")).toBe("finished"), WAIT);
      adapter.cancel(vehicleId);
      adapter.drive(vehicleId, order("leg-2", 0, [1, 2], 2));
      await vi.waitFor(() => expect(ended("leg-2")).toBe("finished"), WAIT);
      expect(kinds("trouble")).toEqual([]);
    });

    it("drives on what it holds while its connection is broken, and is told the rest when it reports again", async () => {
      await begin([COATY]);
      adapter.drive(vehicleId, order("leg-1", 0, [0, 1, 2, 3], 3));
      await vi.waitFor(() => expect(vehicle.state.driving).toBe(true), WAIT);
      vehicle.drop();
      await vi.waitFor(
        () => expect(kinds("connection").map((event) => event.connection)).toContain("broken"),
        WAIT,
      );
      adapter.drive(vehicleId, order("leg-1", 1, [0, 1, 2, 3], 4));
      // It never says ONLINE again; its state does.
      await vi.waitFor(() => expect(ended("leg-1")).toBe("finished"), WAIT);
      expect(kinds("connection").at(-1)?.connection).toBe("online");
      expect(kinds("trouble")).toEqual([]);
    });

    it("is paused and goes on", async () => {
      await begin([COATY]);
      adapter.drive(vehicleId, order("leg-1", 0, [0, 1, 2], 3));
      await vi.waitFor(() => expect(xM()).toBeGreaterThan(1), WAIT);
      adapter.instruct(vehicleId, { kind: "pause", actionId: "p-1" as ActionId });
      await vi.waitFor(
        () => expect(adapter.vehicles().get(vehicleId)?.state?.pausedBy).toEqual(["vn"]),
        WAIT,
      );
      expect(ended("leg-1")).toBeUndefined();
      adapter.instruct(vehicleId, { kind: "resume", actionId: "p-2" as ActionId });
      await vi.waitFor(() => expect(ended("leg-1")).toBe("finished"), WAIT);
    });

    it("without its entry is not understood: it looks for the actions under another key", async () => {
      await begin([]);
      const said = (): string | undefined => vehicle.state.errors.at(-1)?.errorDescription;
      await vi.waitFor(() => expect(said()).toContain("/instantActions"), WAIT);
    });

    it("without its entry would pick twice where an update begins", async () => {
      const quirks = COATY.quirks.filter((quirk) => quirk !== "stitch-appends-actions");
      await begin([{ ...COATY, quirks }]);
      const actions = { 2: "pick" } as const;
      adapter.drive(vehicleId, order("leg-1", 0, [0, 1, 2, 3], 3, actions));
      await vi.waitFor(() => expect(xM()).toBeGreaterThan(2), WAIT);
      adapter.drive(vehicleId, order("leg-1", 1, [0, 1, 2, 3], 4, actions));
      const listed = (): number =>
        vehicle.state.actionStates.filter(({ actionId }) => actionId === "leg-1-pick").length;
      await vi.waitFor(() => expect(listed()).toBe(2), WAIT);
      // What it says twice is told once.
      await vi.waitFor(
        () => expect(kinds("actionChanged").map(({ status }) => status)).toContain("waiting"),
        WAIT,
      );
    });
  });
}
