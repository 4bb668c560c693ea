import { createServer, type Server } from "node:net";
import { type ManualClock, manualClock, mqttLinks } from "@baton/fleet-adapter";
import type { DeviceId } from "@baton/maps";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLinkedDevices, type LinkedDevices } from "./linked-devices.ts";
import { type DeviceEvent, type DeviceJob, deviceTopic, type JobId } from "./port.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let broker: Aedes;
let server: Server;
let device: MqttClient;
let devices: LinkedDevices;
let clock: ManualClock;
let events: DeviceEvent[];
let jobs: { topic: string; jobId: string; qos: number }[];

beforeEach(async () => {
  broker = await Aedes.createBroker();
  server = createServer(broker.handle);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const brokerUrl = `mqtt://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  device = await connectAsync(brokerUrl);
  jobs = [];
  device.on("message", (topic, payload, packet) =>
    jobs.push({ topic, jobId: JSON.parse(payload.toString()).jobId, qos: packet.qos }),
  );
  await device.subscribeAsync("baton/v1/mini/vn/+/job", { qos: 1 });
  clock = manualClock(1_000);
  devices = createLinkedDevices({
    openLink: mqttLinks({ url: brokerUrl }),
    siteId: "mini",
    side: "vn",
    clientId: "gate",
    clock,
    timers: clock,
    resendMs: 3_000,
  });
  events = [];
  devices.subscribe((event) => events.push(event));
  await devices.start();
});

afterEach(async () => {
  await devices.stop();
  await device.endAsync(true);
  await new Promise<void>((done) => broker.close(done));
  await new Promise((done) => server.close(done));
});

const job: DeviceJob = {
  jobId: "m-1.weigh.1" as JobId,
  deviceId: "vn.weighbridge-1" as DeviceId,
  missionId: "m-1",
  task: { kind: "weigh", containerNo: "CSQU3054383" },
};
const report = {
  jobId: job.jobId,
  deviceId: job.deviceId,
  atMs: 2_000,
  outcome: { status: "done", result: { kind: "weigh", grossKg: 20_000, scaleClass: "5" } },
};
const say = (leaf: "report" | "status" | "position", message: unknown, deviceId: string = job.deviceId) =>
  device.publishAsync(
    deviceTopic("mini", "vn", deviceId, leaf),
    typeof message === "string" ? message : JSON.stringify(message),
    { qos: 1 },
  );

describe("a job", () => {
  it("is said to its device at QoS 1, and again until the device reports", async () => {
    devices.ask(job);
    await vi.waitFor(
      () =>
        expect(jobs).toEqual([{ topic: "baton/v1/mini/vn/vn.weighbridge-1/job", jobId: job.jobId, qos: 1 }]),
      WAIT,
    );
    clock.advance(3_000);
    await vi.waitFor(() => expect(jobs).toHaveLength(2), WAIT);
    await say("report", { ...report, outcome: { status: "accepted" } });
    await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
    clock.advance(30_000);
    await say("report", report);
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ kind: "reported", report }), WAIT);
    expect(jobs).toHaveLength(2);
  });

  it("that is forgotten is said no more, and a report on it is nobody's", async () => {
    devices.ask(job);
    await vi.waitFor(() => expect(jobs).toHaveLength(1), WAIT);
    devices.forget(job.jobId);
    clock.advance(30_000);
    await say("report", report);
    await say("status", { deviceId: job.deviceId, status: "offline", atMs: 5 });
    await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
    expect(events[0]).toMatchObject({ kind: "availability", online: false });
    expect(jobs).toHaveLength(1);
  });

  it("is said again to a device that comes back, even when it had begun", async () => {
    devices.ask(job);
    await vi.waitFor(() => expect(jobs).toHaveLength(1), WAIT);
    await say("report", { ...report, outcome: { status: "accepted" } });
    await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
    await say("status", { deviceId: job.deviceId, status: "online", atMs: 5 });
    await vi.waitFor(() => expect(jobs).toHaveLength(2), WAIT);
  });
});

describe("a device whose arm moves", () => {
  it("is heard, and not when it says what no arm can be", async () => {
    const position = { kind: "barrier", openShare: 0.25, course: { openShare: 1, inMs: 1_200 } };
    await say("position", { deviceId: job.deviceId, atMs: 7, position });
    await vi.waitFor(
      () => expect(events).toEqual([{ kind: "moved", deviceId: job.deviceId, position, atMs: 7 }]),
      WAIT,
    );
    await say("position", { deviceId: job.deviceId, atMs: 8, position: { kind: "barrier", openShare: 1.5 } });
    await vi.waitFor(() => expect(devices.invalidMessages()).toBe(1), WAIT);
  });
});

describe("nonsense from a device", () => {
  it.each([
    ["no JSON", "{"],
    [
      "a result of another shape",
      {
        ...report,
        outcome: { status: "done", result: { kind: "weigh", grossKg: "heavy", scaleClass: "5" } },
      },
    ],
    [
      "a negative weight",
      { ...report, outcome: { status: "done", result: { kind: "weigh", grossKg: -1, scaleClass: "5" } } },
    ],
    ["another device's name", { ...report, deviceId: "vn.weighbridge-2" }],
    ["far too much", { ...report, padding: "x".repeat(20_000) }],
  ])("(%s) is counted, told, and changes nothing", async (_title, message) => {
    devices.ask(job);
    // What was asked first has come: the next to come is asked again.
    await vi.waitFor(() => expect(jobs).toHaveLength(1), WAIT);
    await say("report", message);
    await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
    expect(events[0]).toMatchObject({ kind: "invalidMessage" });
    expect(devices.invalidMessages()).toBe(1);
    clock.advance(3_000);
    await vi.waitFor(() => expect(jobs).toHaveLength(2), WAIT);
  });

  it("(a report on a job of another device) is counted, told, and changes nothing", async () => {
    devices.ask(job);
    await say("report", { ...report, deviceId: "vn.scanner-out" }, "vn.scanner-out");
    await vi.waitFor(() => expect(events).toMatchObject([{ kind: "invalidMessage" }]), WAIT);
  });
});

describe("the gate's session", () => {
  it("does not begin with a broker that does not believe it, and says what to do", async () => {
    const guarded = await Aedes.createBroker({
      authenticate: (_client, username, password, done) =>
        done(null, username === "gate" && password?.toString() === "secret"),
    });
    const door = createServer(guarded.handle);
    await new Promise<void>((ready) => door.listen(0, "127.0.0.1", ready));
    const address = door.address();
    const url = `mqtt://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const begin = async (password: string, openWithinMs: number): Promise<void> => {
      const gate = createLinkedDevices({
        openLink: mqttLinks({ url, username: "gate", password, openWithinMs }),
        siteId: "mini",
        side: "vn",
        clientId: "guarded-gate",
        clock,
        timers: clock,
      });
      await gate.start();
      await gate.stop();
    };
    await begin("secret", 15_000);
    await expect(begin("guess", 3_000)).rejects.toMatchObject({
      code: "mqtt-unreachable",
      message: expect.stringMatching(/Connection refused.*: check that the broker .* knows us/),
    });
    await new Promise<void>((done) => guarded.close(done));
    await new Promise((done) => door.close(done));
  });
});
