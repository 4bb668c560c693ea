import { expect, it } from "vitest";
import { memoryBroker } from "../link/memory-broker.ts";
import { countedIds } from "../time/ids.ts";
import { manualClock } from "../time/manual-clock.ts";
import { createVda5050Adapter } from "./adapter.ts";
import { testContext } from "./core/drive-order-fixture.ts";
import type { ZoneSet } from "./model/zone-set.ts";
import { checkInstantActions, checkResponses, checkZoneSet, type State } from "./wire/v3_0/index.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const zoneSet: ZoneSet = {
  zoneSetId: "set-1",
  mapId: "map-vn",
  zones: [
    {
      kind: "RELEASE",
      zoneId: "crossing",
      onLoss: "STOP",
      vertices: [
        { xM: 0, yM: 0 },
        { xM: 10, yM: 0 },
        { xM: 10, yM: 10 },
      ],
    },
  ],
};

it("brings its zones to a vehicle of 3.0, enables them, and answers who asks to come in", async () => {
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
    zoneSets: [zoneSet],
  });
  const topic = (leaf: string): string => `vda5050/v3/acme/7/${leaf}`;
  const heard: unknown[] = [];
  const checks = { zoneSet: checkZoneSet, instantActions: checkInstantActions, responses: checkResponses };
  const link = broker.openLink({
    clientId: "vehicle",
    subscriptions: Object.keys(checks).map(topic),
    onMessage: (at, payload) => {
      const json = payload.json();
      const leaf = at.slice(at.lastIndexOf("/") + 1);
      if (leaf !== "zoneSet" && leaf !== "instantActions" && leaf !== "responses") return;
      const checked = checks[leaf](json.ok ? json.value : undefined);
      if (!checked.ok) throw new Error(checked.reason);
      heard.push(checked.value);
    },
  });
  void adapter.start();
  clock.advance(1_000);
  const header = (headerId: number) => ({
    headerId,
    timestamp: new Date(clock.nowMs()).toISOString(),
    version: "3.0.0",
    manufacturer: "acme",
    serialNumber: "7",
  });
  let count = 0;
  const report = (change: Partial<State>): unknown[] => {
    heard.length = 0;
    const state: State = {
      ...header(++count),
      orderId: "",
      orderUpdateId: 0,
      lastNodeId: "a",
      lastNodeSequenceId: 0,
      nodeStates: [],
      edgeStates: [],
      driving: false,
      actionStates: [],
      instantActionStates: [],
      powerSupply: { stateOfCharge: 80, charging: false },
      operatingMode: "AUTOMATIC",
      errors: [],
      safetyState: { activeEmergencyStop: "NONE", fieldViolation: false },
      ...change,
    };
    link.publish(topic("state"), state);
    clock.advance(100);
    return heard.filter((one) => !JSON.stringify(one).includes("factsheetRequest"));
  };
  link.publish(topic("factsheet"), {
    ...header(0),
    typeSpecification: {
      seriesName: "free",
      mobileRobotKinematics: "OMNIDIRECTIONAL",
      mobileRobotClass: "CARRIER",
      maximumLoadMass: 1,
      localizationTypes: [],
      navigationTypes: [],
      supportedZones: ["RELEASE"],
    },
    physicalParameters: {
      minimumSpeed: 0,
      maximumSpeed: 1,
      maximumAcceleration: 1,
      maximumDeceleration: 1,
      minimumHeight: 1,
      maximumHeight: 1,
      width: 1,
      length: 1,
    },
    protocolLimits: {
      maximumStringLengths: {},
      maximumArrayLengths: {},
      timing: { minimumOrderInterval: 0, minimumStateInterval: 0 },
    },
    protocolFeatures: { optionalParameters: [], mobileRobotActions: [] },
    mobileRobotGeometry: {},
    loadSpecification: {},
  });
  clock.advance(100);

  expect(report({})).toMatchObject([{ zoneSet: { zoneSetId: "set-1", zones: [{ zoneType: "RELEASE" }] } }]);
  const zoneSets = [{ zoneSetId: "set-1", mapId: "map-vn", zoneSetStatus: "DISABLED" as const }];
  expect(report({ zoneSets })).toMatchObject([{ actions: [{ actionType: "enableZoneSet" }] }]);
  const enabled = zoneSets.map((one) => ({ ...one, zoneSetStatus: "ENABLED" as const }));
  const request = { requestId: "r", requestType: "ACCESS", zoneId: "crossing", zoneSetId: "set-1" } as const;
  expect(
    report({ zoneSets: enabled, zoneRequests: [{ ...request, requestStatus: "REQUESTED" }] }),
  ).toMatchObject([
    { responses: [{ requestId: "r", grantType: "GRANTED", leaseExpiry: expect.any(String) }] },
  ]);
  expect(report({ zoneSets: enabled, zoneRequests: [{ ...request, requestStatus: "GRANTED" }] })).toEqual([]);
  heard.length = 0;
  adapter.closeZones([{ zoneSetId: "set-1", zoneId: "crossing" }]);
  clock.advance(100);
  expect(heard).toMatchObject([{ responses: [{ requestId: "r", grantType: "REVOKED" }] }]);
  await adapter.stop();
});
