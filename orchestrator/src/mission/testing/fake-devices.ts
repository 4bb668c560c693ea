import type { Clock } from "@baton/fleet-adapter";
import type { DeviceId, Side } from "@baton/maps";
import type {
  DeviceEvent,
  DeviceJob,
  DeviceReport,
  DeviceResult,
  GateDevices,
  JobId,
} from "../../gate/port.ts";
import type { Agenda } from "./agenda.ts";
import type { FakeFleet } from "./fake-fleet.ts";
import { SideListeners } from "./side-listeners.ts";

/** What a device says to a job; undefined for silence. */
export type Answer = (job: DeviceJob) => DeviceReport["outcome"] | undefined;

/** The devices of both sides' gates, which do each job once. */
export class FakeDevices {
  answer: Answer = (job) => ({ status: "done", result: goodResult(job) });
  readonly #listeners = new SideListeners<DeviceEvent>();
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #fleet: FakeFleet;
  readonly #jobs: Record<Side, Map<JobId, DeviceReport | undefined>> = { vn: new Map(), cn: new Map() };
  readonly #open: Record<Side, Set<JobId>> = { vn: new Set(), cn: new Set() };

  constructor(clock: Clock, agenda: Agenda, fleet: FakeFleet) {
    this.#clock = clock;
    this.#agenda = agenda;
    this.#fleet = fleet;
  }

  /** The process of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    this.#listeners.clear(side);
  }

  /** The device's session ends or begins. */
  sayAvailability(side: Side, deviceId: DeviceId, online: boolean): void {
    const atMs = this.#clock.nowMs();
    this.#listeners.tell(side, { kind: "availability", deviceId, online, atMs });
  }

  devicesOf(side: Side): GateDevices {
    return {
      start: async () => {},
      stop: async () => {},
      ask: (job) => {
        this.#open[side].add(job.jobId);
        this.#agenda.later(() => this.#work(side, job));
      },
      forget: (jobId) => void this.#open[side].delete(jobId),
      subscribe: (listener) => this.#listeners.add(side, listener),
    };
  }

  #work(side: Side, job: DeviceJob): void {
    const { jobId, deviceId, task } = job;
    let report = this.#jobs[side].get(jobId);
    if (report === undefined) {
      const outcome = this.answer(job);
      if (outcome === undefined) return;
      report = { jobId, deviceId, atMs: this.#clock.nowMs(), outcome };
      this.#jobs[side].set(jobId, report);
      if (task.kind === "lift" && outcome.status === "done" && job.vehicleId !== undefined) {
        const vehicle = this.#fleet.vehicle(job.vehicleId);
        vehicle.loadIds =
          task.way === "onto-vehicle"
            ? [...vehicle.loadIds, task.containerNo]
            : vehicle.loadIds.filter((one) => one !== task.containerNo);
        this.#agenda.did(`lift ${task.containerNo} ${task.way}`);
        this.#fleet.sayState(vehicle.vehicleId);
      } else if (outcome.status === "done") this.#agenda.did(`${task.kind} ${task.containerNo} ${side}`);
    }
    const said = report;
    if (this.#open[side].has(jobId)) this.#listeners.tell(side, { kind: "reported", report: said });
  }
}

/** What a device says when all is as it should be. */
export function goodResult({ task, vehicleId }: DeviceJob): DeviceResult {
  switch (task.kind) {
    case "register-order":
      return { kind: task.kind, slot: "slot-1", pass: "pass-1" };
    case "admit-truck":
      return {
        kind: task.kind,
        truckPlate: task.truckPlate,
        containerNo: task.containerNo,
        pictureReference: "picture-1",
      };
    case "lift":
      return { kind: task.kind, landed: true, twistLocksClosed: true };
    case "arm-seal":
      return { kind: task.kind, sealNo: task.sealNo, state: "armed" };
    case "identify":
      return {
        kind: task.kind,
        containerNo: task.containerNo,
        vehicleId: vehicleId ?? "",
        sealIntact: true,
        pictureReference: "picture-2",
      };
    case "weigh":
      return { kind: task.kind, grossKg: 20_100, scaleClass: "5" };
    case "scan":
      return { kind: task.kind, scanReference: "scan-1", sha256: "a".repeat(64) };
    case "judge-scan":
      return { kind: task.kind, verdict: "clear", account: "analyst-1" };
    case "quarantine":
      return { kind: task.kind, outcome: "not-listed", certificate: "" };
    case "decide":
      return { kind: task.kind, decision: "release", account: "customs-1" };
    case "inspect":
      return {
        kind: task.kind,
        outcome: "release",
        officers: ["officer-1", "officer-2"],
        newSealNo: "SEAL-NEW",
      };
    case "guard-check":
      return { kind: task.kind, allowed: true, account: "guard-1" };
    case "close-order":
      return { kind: task.kind, confirmation: "closed" };
  }
}
