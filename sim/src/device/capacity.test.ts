import { type ManualClock, manualClock, memoryBroker } from "@baton/fleet-adapter";
import { type DeviceReport, deviceTopic } from "@baton/orchestrator";
import { beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../process/log.ts";
import { processMemory } from "../process/memory.ts";
import { seededRandom } from "../random/seeded.ts";
import { type LoadedScenario, loadScenario } from "../scenario/load.ts";
import { devicesOf } from "../scenario/world.ts";
import { channelOf } from "../world/customs-channel.ts";
import { drawContainerNo } from "../world/iso6346.ts";
import { type Device, type DeviceModel, freshDevice, type Job } from "./device.ts";
import { startDevices } from "./devices.ts";
import { askDevice, tickDevice } from "./step.ts";

/** An instant of the scenario's first day, in Viet Nam's time. */
const at = (time: string): number => Date.parse(`2026-06-01T${time}:00+07:00`);

const box = (number: number): string => drawContainerNo(seededRandom("a test", String(number)));

function modelOf({ scenario, site }: LoadedScenario, deviceId: string): DeviceModel {
  const model = devicesOf(scenario, site, "vn").find((one) => one.deviceId === deviceId);
  if (model === undefined) throw new Error(`no device ${deviceId}`);
  return model;
}

/** Asks for many jobs at once and lets time pass; what was reported as done, with its instant. */
function workThrough(
  model: DeviceModel,
  tasks: readonly Job["task"][],
  fromMs: number,
  forMs: number,
): { readonly jobId: string; readonly atMs: number }[] {
  let device: Device = freshDevice;
  tasks.forEach((task, i) => {
    [device] = askDevice(device, { jobId: `j-${i}`, missionId: "m", sentAtMs: fromMs, task }, model, fromMs);
  });
  const done: { readonly jobId: string; readonly atMs: number }[] = [];
  const around = { vehicles: new Map(), trucks: new Map(), grossKg: () => 20_000 };
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += 1_000) {
    const [next, effects] = tickDevice(device, model, around, nowMs);
    device = next;
    for (const effect of effects) {
      if (effect.kind === "report" && effect.report.outcome.status === "done") {
        done.push({ jobId: effect.report.jobId, atMs: nowMs });
      }
    }
  }
  return done;
}

const verdicts = (count: number): Job["task"][] =>
  Array.from({ length: count }, (_, i) => ({ kind: "judge-scan", containerNo: box(i), scanReference: "s" }));

describe("people of an agency", () => {
  let short: LoadedScenario;
  beforeAll(async () => {
    short = await loadScenario("analyst-shortage-1119", [
      { path: "serviceTimes.judge-scan", value: { kind: "constant", valueS: 120, source: "a test" } },
    ]);
  });

  it("work on as many jobs as they are, first come first served, and the rest wait", () => {
    const done = workThrough(modelOf(short, "vn.analyst"), verdicts(6), at("09:00"), 600_000);
    expect(done.map(({ jobId }) => jobId)).toEqual(["j-0", "j-1", "j-2", "j-3", "j-4", "j-5"]);
    const minutes = done.map(({ atMs }) => Math.round((atMs - at("09:00")) / 60_000));
    expect(minutes).toEqual([2, 2, 4, 4, 6, 6]);
  });

  it("are more in another shift", () => {
    const done = workThrough(modelOf(short, "vn.analyst"), verdicts(6), at("17:00"), 200_000);
    expect(done).toHaveLength(6);
  });

  it("never lack where the scenario does not count them", () => {
    const tasks = Array.from({ length: 30 }, (_, i): Job["task"] => ({
      kind: "guard-check",
      containerNo: box(i),
    }));
    expect(workThrough(modelOf(short, "vn.border-guard"), tasks, at("09:00"), 120_000)).toHaveLength(30);
  });
});

describe("a scanner", () => {
  it("scans one container at a time, however close behind each other they drive through", async () => {
    const loaded = await loadScenario("target-2027-1119", [
      { path: "serviceTimes.scan", value: { kind: "constant", valueS: 45, source: "a test" } },
    ]);
    const model = modelOf(loaded, "vn.scanner-out");
    const { at: place } = model.place?.extent ?? { at: { xM: 0, yM: 0 } };
    let device: Device = freshDevice;
    const done: number[] = [];
    const vehicles = new Map(
      [1, 2, 3].map((number) => [
        `sim.vn-0${number}`,
        {
          vehicleId: `sim.vn-0${number}`,
          atMs: 0,
          ...place,
          headingRad: 0,
          speedMps: 1.4,
          locks: "closed" as const,
          loadIds: [box(number)],
        },
      ]),
    );
    for (const number of [1, 2, 3]) {
      const job: Job = {
        jobId: `j-${number}`,
        missionId: "m",
        vehicleId: `sim.vn-0${number}`,
        sentAtMs: 0,
        task: { kind: "scan", containerNo: box(number) },
      };
      [device] = askDevice(device, job, model, 0);
    }
    for (let nowMs = 0; nowMs < 200_000; nowMs += 250) {
      const [next, effects] = tickDevice(
        device,
        model,
        { vehicles, trucks: new Map(), grossKg: () => 1 },
        nowMs,
      );
      device = next;
      for (const effect of effects) {
        if (effect.kind === "report" && effect.report.outcome.status === "done") done.push(nowMs);
      }
    }
    expect(done).toHaveLength(3);
    expect((done[1] ?? 0) - (done[0] ?? 0)).toBeGreaterThanOrEqual(45_000);
    expect((done[2] ?? 0) - (done[1] ?? 0)).toBeGreaterThanOrEqual(45_000);
  });
});

describe("customs", () => {
  it("sends red lots to inspection, the ones that the orders call red, and releases the others", async () => {
    const loaded = await loadScenario("red-wave-1119");
    const { seed, channels } = loaded.scenario;
    const model = modelOf(loaded, "vn.customs");
    for (let number = 0; number < 100; number++) {
      const containerNo = box(number);
      const task = { kind: "decide", containerNo, declarationNo: "d", verdict: "clear" } as const;
      let [device] = askDevice(freshDevice, { jobId: "j", missionId: "m", sentAtMs: 0, task }, model, 0);
      const around = { vehicles: new Map(), trucks: new Map(), grossKg: () => 1 };
      [device] = tickDevice(device, model, around, 0);
      [device] = tickDevice(device, model, around, 60_000);
      const isRed = channelOf(seed, channels, containerNo) === "red";
      expect(device.jobs[0]?.outcome).toMatchObject({ result: { decision: isRed ? "inspect" : "release" } });
    }
  });
});

describe("a device that is down for some hours", () => {
  it("says that it is away, hears nothing, and is back with the same work afterwards", async () => {
    const { scenario, site } = await loadScenario("partner-offline-1119", [
      {
        path: "failures",
        value: {
          devices: [{ deviceId: "vn.customs", window: { from: "10:00", to: "12:00" }, source: "a test" }],
        },
      },
    ]);
    const clock: ManualClock = manualClock(at("09:59"));
    const broker = memoryBroker({ clock, timers: clock, random: seededRandom("a test") });
    const heard: { readonly leaf: string; readonly value: unknown }[] = [];
    const topic = (leaf: "job" | "report" | "status"): string =>
      deviceTopic(scenario.siteId, "vn", "vn.customs", leaf);
    const ear = broker.openLink({
      clientId: "ear",
      subscriptions: [topic("report"), topic("status")],
      onMessage: (heardOn, payload) => {
        const read = payload.json();
        heard.push({
          leaf: heardOn === topic("status") ? "status" : "report",
          value: read.ok ? read.value : undefined,
        });
      },
    });
    const devices = startDevices({
      siteId: scenario.siteId,
      side: "vn",
      seed: scenario.seed,
      models: devicesOf(scenario, site, "vn").filter((model) => model.deviceId === "vn.customs"),
      openLink: broker.openLink,
      clock,
      memory: processMemory(),
      log: silentLog,
    });
    const task = { kind: "decide", containerNo: box(1), declarationNo: "d", verdict: "clear" };
    const ask = (jobId: string): void => {
      ear.publish(
        topic("job"),
        { jobId, missionId: "m", sentAtMs: Math.round(clock.nowMs()), task },
        { qos: 1 },
      );
    };
    const go = (toTime: string): void => {
      while (clock.nowMs() < at(toTime)) clock.advance(1_000);
    };
    const said = (leaf: string): unknown[] =>
      heard.filter((one) => one.leaf === leaf).map(({ value }) => value);
    const isDone = (jobId: string): boolean =>
      said("report").some((value) => {
        const report = value as DeviceReport;
        return report.jobId === jobId && report.outcome.status === "done";
      });
    clock.advance(5_000);
    expect(said("status").at(-1)).toMatchObject({ status: "online" });
    go("10:01");
    expect(said("status").at(-1)).toMatchObject({ status: "offline" });
    ask("asked-while-down");
    go("11:59");
    expect(said("report")).toEqual([]);
    go("12:01");
    expect(said("status").at(-1)).toMatchObject({ status: "online" });
    ask("asked-while-down");
    go("12:02");
    expect(isDone("asked-while-down")).toBe(true);
    const stopped = devices.stop();
    clock.advance(1_000);
    await stopped;
  });
});
