import { type ManualClock, manualClock, mqttLinks } from "@baton/fleet-adapter";
import {
  checkConnection,
  checkFactsheet,
  checkState,
  readJson,
  type State,
} from "@baton/fleet-adapter/vda5050";
import type { Side, Site } from "@baton/maps";
import { DeviceReport, deviceTopic } from "@baton/orchestrator";
import { connectAsync, type MqttClient } from "mqtt";
import { Compile } from "typebox/compile";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Broker, startBroker } from "../broker/broker.ts";
import { type RunningDevices, startDevices } from "../device/devices.ts";
import { silentLog } from "../process/log.ts";
import { type Memory, processMemory } from "../process/memory.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { devicesOf, vehiclesOf } from "../scenario/world.ts";
import { instant, nodeAction, orderOn, START_MS, vehicleAt } from "../vehicle/example-vehicle.ts";
import { type RunningFleet, startFleet } from "../vehicle/fleet.ts";
import { cargoOf } from "./cargo.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let scenario: Scenario;
let site: Site;
beforeAll(async () => {
  ({ scenario, site } = await loadScenario("first-look"));
});

const isReport = Compile(DeviceReport);

let clock: ManualClock;
let brokers: Record<Side, Broker>;
let ears: Record<Side, MqttClient>;
let heard: { side: Side; topic: string; retain: boolean; value: unknown }[];
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  clock = manualClock(START_MS);
  heard = [];
  brokers = { vn: await startBroker({ port: 0 }), cn: await startBroker({ port: 0 }) };
  const listen = async (side: Side): Promise<MqttClient> => {
    const ear = await connectAsync(brokers[side].url);
    ear.on("message", (topic, payload, packet) => {
      const read = readJson(payload);
      heard.push({ side, topic, retain: packet.retain, value: read.ok ? read.value : undefined });
    });
    await ear.subscribeAsync("#", { qos: 1 });
    return ear;
  };
  ears = { vn: await listen("vn"), cn: await listen("cn") };
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((thing) => thing.stop()));
  await Promise.all([ears.vn.endAsync(), ears.cn.endAsync()]);
  await Promise.all([brokers.vn.stop(), brokers.cn.stop()]);
});

const startOne = (nodeId: string, memory: Memory = processMemory(), containerNo?: string): RunningFleet => {
  const [first] = vehiclesOf(scenario, site, START_MS);
  if (first === undefined) throw new Error("the scenario has no vehicle");
  const fleet = startFleet({
    vehicles: [{ model: first.model, fresh: vehicleAt(site, "vn", nodeId, containerNo) }],
    openLink: { vn: mqttLinks({ url: brokers.vn.url }), cn: mqttLinks({ url: brokers.cn.url }) },
    clock,
    memory,
    log: silentLog,
  });
  running.push(fleet);
  return fleet;
};

const startSide = (memory: Memory = processMemory()): RunningDevices => {
  const { seed, siteId } = scenario;
  const models = devicesOf(scenario, site, "vn");
  const devices = startDevices({
    siteId,
    side: "vn",
    seed,
    models,
    openLink: mqttLinks({ url: brokers.vn.url }),
    clock,
    memory,
    log: silentLog,
  });
  running.push(devices);
  return devices;
};

const topic = (leaf: string): string => `uagv/v2/sim/${scenario.fleet[0]?.serialNumber}/${leaf}`;
const states = (side: Side): State[] =>
  heard
    .filter((one) => one.side === side && one.topic === topic("state"))
    .map(({ value }) => {
      const checked = checkState(value);
      if (!checked.ok) throw new Error(checked.reason);
      return checked.value;
    });
const say = (side: Side, leaf: string, message: object): Promise<unknown> =>
  ears[side].publishAsync(topic(leaf), JSON.stringify(message));

/** Lets the world's time pass, half a second at each look, until something is so. */
const until = (isSo: () => unknown, stepMs = 500): Promise<unknown> =>
  vi.waitFor(
    () => {
      clock.advance(stepMs);
      expect(isSo()).toBeTruthy();
    },
    { interval: 2, timeout: 15_000 },
  );

const NODES = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3"];

describe("a vehicle with two brokers", () => {
  it("presents itself to both, drives an order to its end, and tells both where it is", async () => {
    startOne("vn.out.hold");
    for (const side of ["vn", "cn"] as const) {
      const first = (leaf: string) => heard.find((one) => one.side === side && one.topic === topic(leaf));
      await until(() => states(side).length > 0 && first("connection") && first("factsheet"));
      expect(checkConnection(first("connection")?.value)).toMatchObject({
        ok: true,
        value: { connectionState: "ONLINE" },
      });
      expect(checkFactsheet(first("factsheet")?.value).ok).toBe(true);
    }
    await say("vn", "order", orderOn(site, { side: "vn", orderId: "o-1", nodeIds: NODES }));
    await until(() => states("vn").some((state) => state.orderId === "o-1" && state.driving));
    await until(() => {
      const last = states("vn").at(-1);
      return last?.lastNodeId === "vn.out.strip-3" && last.nodeStates.length === 0 && !last.driving;
    });
    await until(() => states("cn").at(-1)?.lastNodeId === "cn.in.strip-3");
    expect(states("cn").every((state) => state.orderId === "" && state.operatingMode === "SERVICE")).toBe(
      true,
    );
    const ids = states("vn").map((state) => state.headerId);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it("keeps its control register when its process is started again, and says OFFLINE before it ends", async () => {
    const memory = processMemory();
    const fleet = startOne("vn.out.hold", memory);
    await until(() => states("vn").length > 0);
    await say(
      "vn",
      "instantActions",
      instant("transferControl", "t-1", { from: "vn", expectedEpoch: 0, to: "cn", handoffId: "h-1" }),
    );
    await until(() => states("cn").at(-1)?.batonControl?.epoch === 1);
    await running.splice(running.indexOf(fleet), 1)[0]?.stop();
    await vi.waitFor(() => {
      for (const side of ["vn", "cn"] as const) {
        const last = heard.findLast((one) => one.side === side && one.topic === topic("connection"));
        expect(last?.value, side).toMatchObject({ connectionState: "OFFLINE" });
      }
    }, WAIT);
    heard.length = 0;
    startOne("vn.out.hold", memory);
    await until(() => states("cn").length > 0);
    expect(states("cn").at(-1)).toMatchObject({
      operatingMode: "AUTOMATIC",
      batonControl: { authority: "cn", epoch: 1, handoffId: "h-1" },
    });
  });

  it("answers nonsense with an error and goes on", async () => {
    startOne("vn.out.hold");
    await until(() => states("vn").length > 0 && states("cn").length > 0);
    await ears.vn.publishAsync(topic("order"), "{ no json");
    await ears.vn.publishAsync(topic("instantActions"), JSON.stringify({ actions: 7 }));
    await until(() => states("vn").at(-1)?.errors.length === 2);
    // To the other side it speaks by another connection: of all that it has said since, too, none has an error.
    const heardByCn = states("cn").length;
    await until(() => states("cn").length > heardByCn);
    expect(
      states("vn")
        .at(-1)
        ?.errors.map((error) => error.errorType),
    ).toEqual(["validationError", "validationError"]);
    expect(states("cn").at(-1)?.errors).toEqual([]);
  });
});

describe("a crane and a vehicle", () => {
  const box = "BTNU0000017";
  const ask = (device: string, jobId: string, task: object): Promise<unknown> =>
    ears.vn.publishAsync(
      deviceTopic(scenario.siteId, "vn", device, "job"),
      JSON.stringify({
        jobId,
        missionId: "m",
        vehicleId: `sim.${scenario.fleet[0]?.serialNumber}`,
        sentAtMs: START_MS,
        task,
      }),
      { qos: 1 },
    );
  const report = (jobId: string): DeviceReport | undefined => {
    const reports = heard.flatMap(({ value }) => (isReport.Check(value) ? [value] : []));
    return reports.findLast((one) => one.jobId === jobId && one.outcome.status === "done");
  };
  const order = (orderId: string, action: string) =>
    orderOn(site, {
      side: "vn",
      orderId,
      nodeIds: ["vn.yard.crane-1"],
      actionsAtEnd: [nodeAction(action, action)],
    });

  it("load and unload a container, each believing only what it feels", async () => {
    startOne("vn.yard.crane-1");
    startSide();
    await until(() =>
      heard.some((one) => one.topic === deviceTopic(scenario.siteId, "vn", "vn.crane-1", "status")),
    );
    await until(() => states("vn").length > 0);
    await ask("vn.crane-1", "lift-1", { kind: "lift", containerNo: box, way: "onto-vehicle" });
    await say("vn", "order", order("o-1", "pick"));
    await until(() => report("lift-1"));
    expect(report("lift-1")?.outcome).toMatchObject({ result: { landed: true, twistLocksClosed: true } });
    await until(() => states("vn").at(-1)?.loads?.[0]?.loadId === box);
    await until(
      () =>
        states("vn")
          .at(-1)
          ?.actionStates.find((action) => action.actionId === "pick")?.actionStatus === "FINISHED",
    );
    await say("vn", "order", order("o-2", "drop"));
    await ask("vn.crane-1", "lift-2", { kind: "lift", containerNo: box, way: "off-vehicle" });
    await until(() => report("lift-2"));
    await until(() => states("vn").at(-1)?.loads?.length === 0);
  });

  it("tell the portal what really stands there", async () => {
    startOne("vn.out.portal", processMemory(), box);
    startSide();
    await until(() => states("vn").length > 0);
    await vi.waitFor(
      () => expect(heard.some((one) => one.topic.includes("portal-1/status"))).toBe(true),
      WAIT,
    );
    await ask("vn.portal-1", "id-1", { kind: "identify", containerNo: "BTNU9999999" });
    await until(() => report("id-1"));
    expect(report("id-1")?.outcome).toMatchObject({ result: { containerNo: box } });
  });

  it("weigh what the cargo of the scenario weighs, as the vehicle drives over the scale", async () => {
    startOne("vn.out.portal", processMemory(), box);
    startSide();
    await until(() => states("vn").length > 0);
    await vi.waitFor(
      () => expect(heard.some((one) => one.topic.includes("weighbridge-1/status"))).toBe(true),
      WAIT,
    );
    await ask("vn.weighbridge-1", "w-1", { kind: "weigh", containerNo: box });
    const edges = site.lif.vn.layouts.flatMap((layout) => layout.edges);
    const next = (nodeId: string): string | undefined =>
      edges.find((edge) => edge.startNodeId === nodeId)?.endNodeId;
    const nodeIds = ["vn.out.portal"];
    for (let node = next("vn.out.portal"); node !== undefined && nodeIds.length < 4; node = next(node))
      nodeIds.push(node);
    await say("vn", "order", orderOn(site, { side: "vn", orderId: "o-1", nodeIds }));
    await until(() => report("w-1"));
    const outcome = report("w-1")?.outcome;
    if (outcome?.status !== "done" || outcome.result.kind !== "weigh") throw new Error("not weighed");
    const { grossKg } = cargoOf(scenario.seed, box);
    expect(Math.abs(outcome.result.grossKg - grossKg) / grossKg).toBeLessThan(0.005);
  });
});
