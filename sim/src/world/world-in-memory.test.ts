import {
  type ActionId,
  countedIds,
  createVda5050Adapter,
  type FleetEvent,
  type FleetOrderId,
  type LinkMessage,
  type ManualClock,
  type MemoryBroker,
  manualClock,
  memoryBroker,
  type NetworkConditions,
  type OpenLink,
  type Vda5050Adapter,
  type VehicleId,
} from "@baton/fleet-adapter";
import { type EdgeId, type NodeId, SIDES, type Side, type Site } from "@baton/maps";
import { deviceTopic } from "@baton/orchestrator";
import { beforeAll, describe, expect, it } from "vitest";
import { startDevices } from "../device/devices.ts";
import { silentLog } from "../process/log.ts";
import { processMemory } from "../process/memory.ts";
import { seededRandom } from "../random/seeded.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { devicesOf, vehiclesOf } from "../scenario/world.ts";
import { START_MS, vehicleAt } from "../vehicle/example-vehicle.ts";
import { startFleet } from "../vehicle/fleet.ts";

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("first-look"));
});

const ROUGH: NetworkConditions = {
  latencyMs: { min: 5, max: 60 },
  lossShare: 0.05,
  duplicateShare: 0.02,
  reorderShare: 0.02,
};
const WAY = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3"];
const BOX = "BTNU0000017";

interface World {
  readonly clock: ManualClock;
  readonly brokers: Readonly<Record<Side, MemoryBroker>>;
  readonly adapter: Vda5050Adapter;
  readonly events: FleetEvent[];
  readonly vehicleId: VehicleId;
  /** Every message of `vn`, in the order in which an ear heard it. */
  readonly heard: { readonly atMs: number; readonly topic: string; readonly value: unknown }[];
}

/** A side's adapter, devices and one vehicle between two brokers, on one clock and without a process or a socket. */
async function world(
  network: NetworkConditions,
  seed: string,
  nodeId: string,
  through: (open: OpenLink) => OpenLink = (open) => open,
): Promise<World> {
  const clock = manualClock(START_MS);
  const broker = (side: Side): MemoryBroker =>
    memoryBroker({ clock, timers: clock, random: seededRandom(seed, "broker", side), network });
  const brokers = { vn: broker("vn"), cn: broker("cn") };
  const openLink = { vn: through(brokers.vn.openLink), cn: through(brokers.cn.openLink) };
  const heard: World["heard"] = [];
  brokers.vn.openLink({
    clientId: "ear",
    subscriptions: ["#"],
    onMessage: (topic, payload) => {
      const read = payload.json();
      heard.push({ atMs: clock.nowMs(), topic, value: read.ok ? read.value : undefined });
    },
  });
  const common = { clock, memory: processMemory(), log: silentLog };
  const [first] = vehiclesOf(scenario, site, START_MS);
  if (first === undefined) throw new Error("the scenario has no vehicle");
  const fresh = vehicleAt(site, "vn", nodeId, nodeId === "vn.out.portal" ? BOX : undefined);
  startFleet({ ...common, vehicles: [{ model: first.model, fresh }], openLink });
  startDevices({
    ...common,
    siteId: scenario.siteId,
    side: "vn",
    seed: scenario.seed,
    models: devicesOf(scenario, site, "vn"),
    openLink: openLink.vn,
  });
  const adapter = createVda5050Adapter({
    openLink: openLink.vn,
    site,
    side: "vn",
    clock,
    timers: clock,
    ids: countedIds("vn"),
    log: silentLog,
  });
  const events: FleetEvent[] = [];
  adapter.subscribe((event) => events.push(event));
  const started = adapter.start();
  clock.advance(5_000);
  await started;
  return { clock, brokers, adapter, events, vehicleId: first.model.vehicleId as VehicleId, heard };
}

function driveAlong({ adapter, vehicleId }: World, orderId: string, nodeIds: readonly string[]): void {
  const edges = site.lif.vn.layouts.flatMap((layout) => layout.edges);
  adapter.drive(vehicleId, {
    orderId: orderId as FleetOrderId,
    revision: 0,
    nodes: nodeIds.map((nodeId) => ({ nodeId: nodeId as NodeId, released: true, actions: [] })),
    edges: nodeIds.slice(1).map((to, at) => {
      const edge = edges.find((one) => one.startNodeId === nodeIds[at] && one.endNodeId === to);
      if (edge === undefined) throw new Error(`no edge from ${nodeIds[at]} to ${to}`);
      return { edgeId: edge.edgeId as EdgeId, released: true, maxSpeedMps: 2 };
    }),
  });
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}

/** Passes on what JSON would bring unchanged, frozen; keeps the topics of all else. */
const strictly =
  (unfit: string[], published: Set<string>) =>
  (open: OpenLink): OpenLink =>
  (options) => {
    const judged = (topic: string, message: LinkMessage): void => {
      published.add(topic);
      if (typeof message === "string") return;
      deepFreeze(message);
      try {
        expect(JSON.parse(JSON.stringify(message))).toStrictEqual(message);
      } catch {
        unfit.push(`${topic} ${JSON.stringify(message)}`);
      }
    };
    if (options.will !== undefined) judged(options.will.topic, options.will.message);
    const link = open({ ...options, onOpen: () => options.onOpen?.(watched) });
    const watched: typeof link = {
      whenOpen: () => link.whenOpen(),
      publish: (topic, message, how) => {
        judged(topic, message);
        link.publish(topic, message, how);
      },
      end: (farewell) => link.end(farewell),
    };
    return watched;
  };

describe("a world without a network", () => {
  it("drives a vehicle to the end of its order, over a way that loses, doubles and overtakes", async () => {
    const here = await world(ROUGH, "drive", "vn.out.hold");
    driveAlong(here, "o-1", WAY);
    here.clock.advance(120_000);
    expect(here.events).toContainEqual(
      expect.objectContaining({ kind: "orderEnded", orderId: "o-1", how: "finished" }),
    );
    expect(here.events.filter((event) => event.kind === "trouble")).toEqual([]);
    expect(here.adapter.invalidMessages()).toBe(0);
    expect(here.brokers.vn.figures().lost).toBeGreaterThan(0);
  });

  it("publishes nothing but what JSON carries, and nobody changes what was published", async () => {
    const unfit: string[] = [];
    const published = new Set<string>();
    const here = await world(ROUGH, "strict", "vn.out.portal", strictly(unfit, published));
    const asker = here.brokers.vn.openLink({
      clientId: "gate",
      subscriptions: [],
      onMessage: () => undefined,
    });
    here.clock.advance(1_000);
    for (const [device, kind] of [
      ["vn.portal-1", "identify"],
      ["vn.weighbridge-1", "weigh"],
    ] as const) {
      asker.publish(
        deviceTopic(scenario.siteId, "vn", device, "job"),
        Object.freeze({
          jobId: `${kind}-1`,
          missionId: "m-1",
          sentAtMs: START_MS,
          task: { kind, containerNo: BOX },
        }),
        { qos: 1 },
      );
    }
    const edges = site.lif.vn.layouts.flatMap((layout) => layout.edges);
    const way = ["vn.out.portal"];
    for (let at = way.at(-1); at !== undefined && way.length < 5; at = way.at(-1)) {
      const next = edges.find((edge) => edge.startNodeId === at)?.endNodeId;
      if (next === undefined) break;
      way.push(next);
    }
    driveAlong(here, "o-1", way);
    here.adapter.instruct(here.vehicleId, { kind: "pause", actionId: "p-1" as ActionId });
    here.clock.advance(10_000);
    here.adapter.instruct(here.vehicleId, { kind: "resume", actionId: "r-1" as ActionId });
    here.clock.advance(120_000);
    expect(unfit).toEqual([]);
    expect(here.adapter.invalidMessages()).toBe(0);
    const kinds = new Set([...published].map((topic) => topic.slice(topic.lastIndexOf("/") + 1)));
    for (const leaf of ["state", "connection", "factsheet", "order", "instantActions", "status", "report"]) {
      expect(kinds, leaf).toContain(leaf);
    }
  });

  it("tells the same story twice, message for message, from the same seed", async () => {
    const story = async (seed: string): Promise<string> => {
      const here = await world(ROUGH, seed, "vn.out.hold");
      driveAlong(here, "o-1", WAY);
      here.clock.advance(30_000);
      here.brokers.vn.cut(/^vehicle-/);
      here.clock.advance(5_000);
      here.brokers.vn.mend();
      here.clock.advance(60_000);
      const figures = SIDES.map((side) => here.brokers[side].figures());
      return JSON.stringify({ heard: here.heard, events: here.events, figures });
    };
    const first = await story("a");
    expect(await story("a")).toBe(first);
    expect(await story("b")).not.toBe(first);
  });

  it("takes a vehicle for broken that is cut off, and for online once it is back", async () => {
    const here = await world(ROUGH, "cut", "vn.out.hold");
    const connections = (): string[] =>
      here.events.flatMap((event) => (event.kind === "connection" ? [event.connection] : []));
    expect(connections()).toEqual(["online"]);
    here.brokers.vn.cut(/^vehicle-/);
    here.clock.advance(2_000);
    here.brokers.vn.mend();
    here.clock.advance(2_000);
    expect(connections()).toEqual(["online", "broken", "online"]);
  });
});
