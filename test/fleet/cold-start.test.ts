import {
  type ActionId,
  countedIds,
  createRos2Adapter,
  createVda5050Adapter,
  manualClock,
  memoryBroker,
  memoryGraph,
  mixedFleet,
  type VehicleId,
} from "@baton/fleet-adapter";
import type { NodeId, Site } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import { RollCall } from "../../orchestrator/src/mission/roll-call.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import { processMemory } from "../../sim/src/process/memory.ts";
import { seededRandom } from "../../sim/src/random/seeded.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import type { Scenario } from "../../sim/src/scenario/scenario.ts";
import { exampleModel, START_MS, vehicleAt } from "../../sim/src/vehicle/example-vehicle.ts";
import { startFleet } from "../../sim/src/vehicle/fleet.ts";

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("pilot"));
});

const VDA = "sim.vda" as VehicleId;
const ROS = "sim.ros" as VehicleId;
const STOPS = { [VDA]: "vn.parking-1", [ROS]: "vn.parking-2" } as const;

/** A side that has just come up: its ledger knows two vehicles, neither of which is running yet. */
async function side() {
  const clock = manualClock(START_MS);
  const broker = () => memoryBroker({ clock, timers: clock, random: seededRandom("broker") });
  const graph = () => memoryGraph({ timers: clock, random: seededRandom("graph") });
  const brokers = { vn: broker(), cn: broker() };
  const graphs = { vn: graph(), cn: graph() };
  const common = { side: "vn", site, clock, timers: clock, log: silentLog } as const;
  const fleet = mixedFleet({
    ...common,
    fleets: [
      createVda5050Adapter({ ...common, ids: countedIds("vda"), openLink: brokers.vn.openLink }),
      createRos2Adapter({ ...common, openRos: graphs.vn.openRos }),
    ],
  });
  const begun = fleet.start();
  clock.advance(100);
  await begun;
  const nodeOf = (stationId: string): NodeId => {
    const found = site.file.sides.vn.stations.find((one) => one.stationId === stationId);
    if (found?.nodeId === undefined) throw new Error(`no stop at ${stationId}`);
    return found.nodeId as NodeId;
  };
  const alarms = new Map<string, string>();
  const call = new RollCall({
    reservation: {
      standing: () =>
        [VDA, ROS].map((vehicleId) => ({ vehicleId, nodeIds: [nodeOf(STOPS[vehicleId] ?? "")] })),
    },
    fleet,
    clock,
    ids: countedIds("call"),
    alarms: {
      raise: ({ alarmId, detail }) => void alarms.set(alarmId, detail),
      clear: (alarmId) => void alarms.delete(alarmId),
    },
  });
  clock.every(1_000, () => call.look());
  const start = (vehicleId: VehicleId) =>
    startFleet({
      vehicles: [
        {
          model: {
            ...exampleModel(scenario, site),
            vehicleId,
            serialNumber: vehicleId.slice("sim.".length),
            ...(vehicleId === ROS ? { speaksRos: true } : {}),
          },
          fresh: vehicleAt(site, "vn", nodeOf(STOPS[vehicleId] ?? "")),
        },
      ],
      openLink: { vn: brokers.vn.openLink, cn: brokers.cn.openLink },
      graphs,
      clock,
      memory: processMemory(),
      log: silentLog,
    });
  return { clock, call, alarms, start, nodeOf, fleet };
}

describe("after a start, the roll of a fleet of VDA 5050 and ROS 2", () => {
  it("ends as soon as both have said where they are, each in its protocol", async () => {
    const { clock, call, alarms, start } = await side();
    clock.advance(5_000);
    expect(call.isOn).toBe(true);
    start(VDA);
    clock.advance(5_000);
    expect([...call.unheard.keys()]).toEqual([ROS]);
    expect(call.isOn).toBe(true);
    start(ROS);
    clock.advance(5_000);
    expect(call.missing).toEqual([]);
    expect(call.isOn).toBe(false);
    expect(alarms.size).toBe(0);
  });

  it.each([
    { late: ROS, there: VDA },
    { late: VDA, there: ROS },
  ])(
    "keeps the stop of $late for it, however long it stays away, and says so once",
    async ({ late, there }) => {
      const { clock, call, alarms, start, nodeOf } = await side();
      start(there);
      clock.advance(45_000);
      expect(call.isOn).toBe(false);
      const stop = nodeOf(STOPS[late] ?? "");
      expect([...alarms]).toEqual([[`vehicle.unheard:${late}`, expect.stringContaining(stop)]]);
      clock.advance(3_600_000);
      expect([...call.unheard]).toEqual([[late, [stop]]]);
      start(late);
      clock.advance(5_000);
      expect(call.unheard.size).toBe(0);
      expect(alarms.size).toBe(0);
    },
  );

  it.each([VDA, ROS])(
    "a word to %s, of which no fleet hears, is a person's case until one does",
    async (late) => {
      const { clock, start, fleet } = await side();
      const told: string[] = [];
      fleet.subscribe((event) => {
        if (event.vehicleId !== late) return;
        if (event.kind === "trouble") told.push(event.code);
        if (event.kind === "confirmed") told.push(event.kind);
      });
      fleet.instruct(late, { kind: "stateRequest", actionId: "where-are-you" as ActionId });
      clock.advance(60_000);
      expect(told).toEqual(["not-reflected"]);
      start(late);
      clock.advance(5_000);
      expect(told).toEqual(["not-reflected", "confirmed"]);
    },
  );
});
