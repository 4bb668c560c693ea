import {
  countedIds,
  createVda5050Adapter,
  type FleetEvent,
  manualClock,
  memoryBroker,
  type VehicleId,
} from "@baton/fleet-adapter";
import type { Protocol } from "@baton/fleet-adapter/vda5050";
import { driveOrder, testChart } from "../../../fleet-adapter/src/vda5050/core/drive-order-fixture.ts";
import { ModelVehicle } from "../../../fleet-adapter/src/vda5050/core/model-vehicle.ts";
import { seededRandom } from "../../../sim/src/random/seeded.ts";
import { tongueOf } from "../../../sim/src/vehicle/protocol/tongues.ts";
import { factsheetMessage } from "../mqtt-vehicle.ts";
import { mutated } from "./mutate.ts";

export const FUZZED = ["state", "connection", "factsheet", "visualization"] as const;
export type Fuzzed = (typeof FUZZED)[number];

export interface FuzzReport {
  readonly sent: number;
  /** Refused, counted by the adapter. */
  readonly refused: number;
  /** Told to a person; a sender of nonsense is told of now and then, not each time. */
  readonly troubles: number;
  /** Events that broke inside the adapter. */
  readonly failures: readonly string[];
  /** Nodes released to the vehicle that nobody had asked to release. */
  readonly wrongGrants: readonly string[];
  /** Whether a good state is understood afterwards. */
  readonly isWell: boolean;
}

const VEHICLE = "sim.vn-01" as VehicleId;

/** Sends mutated messages of one kind, in one version, from a vehicle that has an order under way. One seed, one run. */
export function fuzz(protocol: Protocol, kind: Fuzzed, count: number, seed: string): FuzzReport {
  const clock = manualClock(1_790_000_000_000);
  const random = seededRandom(seed, protocol, kind);
  const broker = memoryBroker({ clock, timers: clock, random: { next: () => 0.5 } });
  const failures: string[] = [];
  const error = (about: object): void => void failures.push(String("err" in about ? about.err : about));
  const adapter = createVda5050Adapter({
    openLink: broker.openLink,
    side: "vn",
    chart: testChart,
    clock,
    timers: clock,
    ids: countedIds("fuzz"),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error },
  });
  const events: FleetEvent[] = [];
  adapter.subscribe((event) => {
    if (event.kind === "trouble") events.push(event);
  });
  const tongue = tongueOf(protocol);
  const base = protocol === "3.0" ? "vda5050/v3/sim/vn-01" : "uagv/v2/sim/vn-01";
  const model = new ModelVehicle("a");
  const wrongGrants: string[] = [];
  const mouth = broker.openLink({
    clientId: "vehicle",
    subscriptions: [`${base}/order`],
    onMessage: (_topic, payload) => {
      const json = payload.json();
      const order = tongue.readOrder(json.ok ? json.value : undefined);
      if (!order.ok) return void wrongGrants.push(order.reason);
      for (const { nodeId, released } of order.value.nodes)
        if (released && !["a", "b"].includes(nodeId)) wrongGrants.push(nodeId);
      model.receiveOrder(order.value);
    },
  });
  void adapter.start();
  clock.advance(1_000);
  const trajectory = {
    controlPoints: [
      { x: 0, y: 0 },
      { x: 10, y: 1 },
    ],
  };
  const state = (): object =>
    tongue.writeState(model.state(clock.nowMs()), () => ({
      isInstant: () => false,
      errors: [],
      zoneSets: [{ zoneSetId: "set-1", mapId: "map-vn", zoneSetStatus: "ENABLED" }],
      zoneRequests: [
        {
          requestId: "1",
          requestType: "ACCESS",
          zoneId: "a",
          zoneSetId: "set-1",
          requestStatus: "REQUESTED",
        },
      ],
      plannedPath: { trajectory, traversedNodes: ["b"] },
      intermediatePath: { polyline: [{ x: 1, y: 1, theta: 0, eta: new Date(clock.nowMs()).toISOString() }] },
    }));
  const report = (): void => {
    mouth.publish(`${base}/state`, state());
    clock.advance(20);
  };
  report();
  adapter.drive(VEHICLE, driveOrder("leg-1", 0, ["a", "b", "c", "d"], 2));
  clock.advance(100);
  report();

  const { timestamp, version, manufacturer, serialNumber } = model.state(clock.nowMs());
  const header = { headerId: 0, timestamp, version, manufacturer, serialNumber };
  const sheet = JSON.parse(factsheetMessage());
  const good = (): object => {
    if (kind === "state") return state();
    if (kind === "connection") return tongue.writeConnection({ ...header, connectionState: "ONLINE" });
    if (kind === "factsheet") return tongue.writeFactsheet(sheet);
    return { ...header, referenceStateHeaderId: 0, velocity: { vx: 1, vy: 0, omega: 0 } };
  };
  for (let sent = 0; sent < count; sent++) {
    mouth.publish(`${base}/${kind}`, mutated(good(), random));
    clock.advance(20);
    if (sent % 50 === 0) report();
  }
  const refused = adapter.invalidMessages();
  const troubles = events.length;
  // A state from a far future may have been believed: a few good ones in a row say that it was none.
  for (let time = 0; time < 5; time++) report();
  const seenAtMs = adapter.vehicles().get(VEHICLE)?.state?.atMs ?? 0;
  const isWell = clock.nowMs() - seenAtMs < 1_000 && !("polluted" in {});
  void adapter.stop();
  return { sent: count, refused, troubles, failures, wrongGrants, isWell };
}
