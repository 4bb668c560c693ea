import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  type Chart,
  createVda5050Adapter,
  type DriveOrder,
  type FleetOrderId,
  mqttLinks,
  uuidIds,
  type VehicleId,
  wallClock,
} from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import { startMosquitto } from "../../../scripts/provision/mosquitto.ts";
import { atLeast, atMost, type BenchCase, figure } from "../bench-case.ts";
import { summaryOf } from "../statistics.ts";

const VEHICLES = 1_000;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 30_000;
/** Nodes of an order, and how far ahead of itself a vehicle is released. */
const WAY = 40;
const AHEAD = 3;

const chart: Chart = {
  mapId: "map",
  nodeInMap: (nodeId) => ({ xM: 10 * Number(nodeId.slice(1)), yM: 0, headingRad: 0 }),
  trajectory: () => undefined,
  edgeIds: () => [],
  toSite: (pose) => pose,
  toMap: (pose) => pose,
};

/** The adapter alone, over a real broker, beside vehicles in a process of their own: what it costs, and how late the engine hears. */
export const FLEET_CASE: BenchCase = {
  name: `fleet-${VEHICLES}`,
  async run({ minutes }) {
    const broker = await startMosquitto();
    const child = fork(fileURLToPath(new URL("../worlds/fleet-vehicles.ts", import.meta.url)), [
      broker.url,
      String(VEHICLES),
    ]);
    const clock = wallClock({ speed: 1 });
    const openLink = mqttLinks({ url: broker.url });
    /** When the message that is being handled came out of the socket. */
    let arrivedMs = 0;
    const adapter = createVda5050Adapter({
      openLink: (options) =>
        openLink({
          ...options,
          onMessage: (topic, payload, isStored) => {
            arrivedMs = performance.now();
            options.onMessage(topic, payload, isStored);
          },
        }),
      side: "vn",
      chart,
      clock,
      timers: clock,
      ids: uuidIds(),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      maxVehicles: VEHICLES,
    });
    const lateMs: number[] = [];
    const wayMs: number[] = [];
    let measuring = false;
    let updates = 0;
    let troubles = 0;
    const legs = new Map<VehicleId, { readonly begin: number; revision: number; releasedTo: number }>();
    adapter.subscribe((event) => {
      if (event.kind === "trouble") troubles += 1;
      if (event.kind !== "state") return;
      const { state, vehicleId } = event;
      if (measuring) {
        lateMs.push(performance.now() - arrivedMs);
        wayMs.push(Date.now() - state.atMs);
      }
      const at = Number(state.lastNodeId?.slice(1) ?? 0);
      const known = legs.get(vehicleId);
      const leg =
        known === undefined || at >= known.begin + WAY ? { begin: at, revision: -1, releasedTo: -1 } : known;
      legs.set(vehicleId, leg);
      const releasedTo = Math.min(leg.begin + WAY, at + AHEAD);
      if (releasedTo <= leg.releasedTo) return;
      leg.revision += 1;
      leg.releasedTo = releasedTo;
      if (measuring) updates += 1;
      adapter.drive(vehicleId, orderOf(leg.begin, leg.revision, releasedTo));
    });
    try {
      await once(child, "message");
      await adapter.start();
      await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
      measuring = true;
      const cpu = process.cpuUsage();
      const begunMs = performance.now();
      await new Promise((resolve) =>
        setTimeout(resolve, minutes === undefined ? MEASURED_MS : minutes * 60_000),
      );
      const used = process.cpuUsage(cpu);
      const wallMs = performance.now() - begunMs;
      const late = summaryOf(lateMs);
      const way = summaryOf(wayMs);
      const name = `fleet-${VEHICLES}`;
      return [
        atMost(`${name}/cpuShare`, (used.user + used.system) / 1000 / wallMs, "cores", 0.5),
        atMost(`${name}/stateToEngineP99Ms`, late.p99, "ms", 20),
        figure(`${name}/stateToEngineMeanMs`, late.mean, "ms"),
        figure(`${name}/vehicleToEngineMeanMs`, way.mean, "ms"),
        figure(`${name}/vehicleToEngineP99Ms`, way.p99, "ms"),
        atLeast(`${name}/statesPerS`, lateMs.length / (wallMs / 1000), "1/s", 0.95 * VEHICLES),
        figure(`${name}/orderUpdatesPerS`, updates / (wallMs / 1000), "1/s"),
        atMost(`${name}/troubles`, troubles, "troubles", 0),
      ];
    } finally {
      child.kill();
      await adapter.stop();
      await broker.stop();
    }
  },
};

function orderOf(begin: number, revision: number, releasedTo: number): DriveOrder {
  const places = Array.from({ length: WAY + 1 }, (_, place) => begin + place);
  return {
    orderId: `leg-${begin}` as FleetOrderId,
    revision,
    nodes: places.map((place) => ({
      nodeId: `n${place}` as NodeId,
      released: place <= releasedTo,
      actions: [],
    })),
    edges: places.slice(1).map((place) => ({
      edgeId: `n${place - 1}-n${place}` as EdgeId,
      released: place <= releasedTo,
      maxSpeedMps: 4,
    })),
  };
}
