import {
  countedIds,
  createVda5050Adapter,
  type DriveOrder,
  type FleetOrderId,
  manualClock,
  memoryBroker,
  type Published,
  type VehicleId,
  type ZoneSet,
} from "@baton/fleet-adapter";
import { checkResponses, checkState } from "@baton/fleet-adapter/vda5050/v3_0";
import { type EdgeId, type NodeId, nodePoseInMap, reachesOver, type Site, toMapFrame } from "@baton/maps";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../process/log.ts";
import { processMemory } from "../../process/memory.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { vehiclesOf } from "../../scenario/world.ts";
import { START_MS, vehicleAt } from "../example-vehicle.ts";
import { startFleet } from "../fleet.ts";
import type { Vehicle } from "../vehicle.ts";

/** Two simulated vehicles of VDA 5050 3.0, a `RELEASE` zone on the way of both, and the fleet adapter, over a broker in memory. */

const WAY = [
  "vn.out.queue-1",
  "vn.out.hold",
  "vn.out.strip-1",
  "vn.out.strip-2",
  "vn.out.strip-3",
  "vn.out.strip-4",
];
const ZONE = { zoneSetId: "set-1", zoneId: "hall" };
const FIRST = "sim.vn-01" as VehicleId;
const SECOND = "sim.vn-02" as VehicleId;

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("release-zones"));
});

class Side {
  readonly clock = manualClock(START_MS);
  readonly responses: string[] = [];
  /** Instants at which two vehicles were let into the zone at once, by their own words. */
  readonly together: number[] = [];
  readonly statuses = new Map<string, readonly string[]>();
  readonly zoneSets: string[] = [];
  readonly broker = memoryBroker({
    clock: this.clock,
    timers: this.clock,
    random: { next: () => 0.5 },
    onPublished: (published) => this.#hear(published),
  });
  readonly adapter = createVda5050Adapter({
    openLink: this.broker.openLink,
    site,
    side: "vn",
    clock: this.clock,
    timers: this.clock,
    ids: countedIds("test"),
    log: silentLog,
    zoneSets: [zoneSet()],
  });
  readonly fleet = startFleet({
    vehicles: vehiclesOf(scenario, site, START_MS)
      .slice(0, 2)
      .map(({ model }, at) => ({ model, fresh: vehicleAt(site, "vn", WAY[1 - at] ?? "") })),
    openLink: {
      vn: this.broker.openLink,
      cn: memoryBroker({ clock: this.clock, timers: this.clock, random: { next: () => 0.5 } }).openLink,
    },
    clock: this.clock,
    memory: processMemory(),
    log: silentLog,
  });

  constructor() {
    void this.adapter.start();
    this.run(3_000);
  }

  run(ms: number): void {
    for (let left = ms; left > 0; left -= 100) this.clock.advance(100);
  }

  until(isSo: () => boolean): void {
    for (let left = 3_000; left > 0; left--) {
      if (isSo()) return;
      this.run(100);
    }
    throw new Error(`it never came to that: ${JSON.stringify([...this.statuses])}`);
  }

  vehicle(vehicleId: string): Vehicle {
    const vehicle = this.fleet.vehicle(vehicleId);
    if (vehicle === undefined) throw new Error(`no ${vehicleId}`);
    return vehicle;
  }

  isIn(vehicleId: string): boolean {
    const pose = toMapFrame(site.file.sides.vn.mapToSite, this.vehicle(vehicleId).pose);
    const body = { lengthM: 15, widthM: 3 };
    return zoneSet().zones.some(({ vertices }) => reachesOver(vertices, pose, body));
  }

  isAtEnd(vehicleId: string): boolean {
    const { order, alongM } = this.vehicle(vehicleId);
    return order !== undefined && alongM >= (order.route.nodeAtM.at(-1) ?? 0) - 0.01;
  }

  statusOf = (vehicleId: string): readonly string[] => this.statuses.get(vehicleId) ?? [];

  #hear({ topic, message }: Published): void {
    const [, , manufacturer, serialNumber, leaf] = topic.split("/");
    const vehicleId = `${manufacturer}.${serialNumber}`;
    if (leaf === "zoneSet") this.zoneSets.push(vehicleId);
    if (leaf === "responses") {
      const checked = checkResponses(message);
      if (!checked.ok) throw new Error(checked.reason);
      this.responses.push(...checked.value.responses.map(({ grantType }) => `${vehicleId} ${grantType}`));
    }
    if (leaf !== "state") return;
    const checked = checkState(message);
    if (!checked.ok) throw new Error(checked.reason);
    this.statuses.set(
      vehicleId,
      (checked.value.zoneRequests ?? []).map(({ requestStatus }) => requestStatus),
    );
    const inside = [...this.statuses.values()].filter((list) => list.includes("GRANTED"));
    if (inside.length > 1) this.together.push(this.clock.nowMs());
  }
}

function zoneSet(): ZoneSet {
  const at = nodePoseInMap(site, "vn", "vn.out.strip-3");
  const [xM, yM] = [at?.xM ?? 0, at?.yM ?? 0];
  const vertices = [
    { xM: xM - 4, yM: yM - 4 },
    { xM: xM + 4, yM: yM - 4 },
    { xM: xM + 4, yM: yM + 4 },
    { xM: xM - 4, yM: yM + 4 },
  ];
  const zone = { kind: "RELEASE", zoneId: ZONE.zoneId, onLoss: "STOP", vertices } as const;
  return { zoneSetId: ZONE.zoneSetId, mapId: site.file.sides.vn.mapId, zones: [zone] };
}

function along(orderId: string, nodeIds: readonly string[]): DriveOrder {
  const edges = site.lif.vn.layouts.flatMap((layout) => layout.edges);
  return {
    orderId: orderId as FleetOrderId,
    revision: 0,
    nodes: nodeIds.map((nodeId) => ({ nodeId: nodeId as NodeId, released: true, actions: [] })),
    edges: nodeIds.slice(1).map((nodeId, at) => ({
      edgeId: (edges.find((one) => one.startNodeId === nodeIds[at] && one.endNodeId === nodeId)?.edgeId ??
        "") as EdgeId,
      released: true,
      maxSpeedMps: 2,
    })),
  };
}

describe("a RELEASE zone on the way of two vehicles", () => {
  let side: Side;
  beforeEach(() => {
    side = new Side();
  });
  afterEach(async () => {
    await Promise.all([side.adapter.stop(), side.fleet.stop()]);
  });
  const bothGo = (): void => {
    side.adapter.drive(FIRST, along("a", WAY.slice(1)));
    side.run(1_000);
    side.adapter.drive(SECOND, along("b", WAY));
  };

  it("is sent to both, enabled by both, and passed by one after the other", () => {
    expect(new Set(side.zoneSets)).toEqual(new Set([FIRST, SECOND]));
    expect(side.vehicle(FIRST).zoneWork.sets).toMatchObject([{ zoneSetId: "set-1", enabled: true }]);
    bothGo();
    side.until(() => side.statusOf(SECOND).includes("QUEUED"));
    expect(side.statusOf(FIRST)).toEqual(["GRANTED"]);
    side.until(() => side.isAtEnd(FIRST) && side.isAtEnd(SECOND));
    expect(side.together).toEqual([]);
    expect(side.responses.filter((one) => !/GRANTED|QUEUED/.test(one))).toEqual([]);
  });

  it("stays with the vehicle whose lease runs out in there, is not freed by time, and is prolonged when all are heard again", () => {
    bothGo();
    side.until(() => side.isIn(FIRST));
    side.adapter.instruct(FIRST, { kind: "pause", actionId: "halt" as never });
    side.run(10_000);
    // Fleet control is away for longer than a lease.
    side.broker.cut(/^baton-vn/);
    side.until(() => side.statusOf(FIRST).includes("EXPIRED"));
    side.run(30_000);
    expect(side.statusOf(FIRST)).toEqual(["EXPIRED", "REQUESTED"]);
    expect(side.vehicle(FIRST).speedMps).toBe(0);
    side.broker.mend();
    side.until(() => side.statusOf(FIRST).join() === "GRANTED");
    expect(side.statusOf(SECOND)).not.toContain("GRANTED");
    side.adapter.instruct(FIRST, { kind: "resume", actionId: "go" as never });
    side.until(() => side.isAtEnd(FIRST) && side.isAtEnd(SECOND));
    expect(side.together).toEqual([]);
  });

  it("is lost by the vehicle whose lease runs out before it, which asks anew behind those that wait", () => {
    side.adapter.drive(FIRST, along("a", WAY.slice(1)));
    side.until(() => side.statusOf(FIRST).includes("GRANTED"));
    side.adapter.instruct(FIRST, { kind: "pause", actionId: "halt" as never });
    side.until(() => side.vehicle(FIRST).speedMps === 0);
    const [before] = side.vehicle(FIRST).zoneWork.requests;
    side.adapter.drive(SECOND, along("b", WAY));
    side.until(() => side.statusOf(SECOND).includes("QUEUED"));
    side.broker.cut(/^baton-vn/);
    side.run(60_000);
    expect(side.statusOf(FIRST)).toEqual(["REQUESTED"]);
    expect(side.vehicle(FIRST).zoneWork.requests[0]?.requestId).not.toBe(before?.requestId);
    side.broker.mend();
    side.until(() => side.isAtEnd(SECOND));
    side.adapter.instruct(FIRST, { kind: "resume", actionId: "go" as never });
    side.until(() => side.isAtEnd(FIRST));
    expect(side.together).toEqual([]);
  });

  it("is taken back where its ground is closed: who is in there stands, who waits waits, until it is open again", () => {
    bothGo();
    side.until(() => side.statusOf(FIRST).includes("GRANTED") && side.statusOf(SECOND).includes("QUEUED"));
    side.until(() => side.isIn(FIRST));
    side.adapter.closeZones([ZONE]);
    side.run(20_000);
    expect(side.responses).toContain(`${FIRST} REVOKED`);
    expect(side.vehicle(FIRST).speedMps).toBe(0);
    expect(side.statusOf(FIRST)[0]).toBe("REVOKED");
    expect(side.statusOf(SECOND)).toEqual(["QUEUED"]);
    side.adapter.closeZones([]);
    side.until(() => side.isAtEnd(FIRST) && side.isAtEnd(SECOND));
    expect(side.together).toEqual([]);
  });
});
