import type { DeviceReport } from "@baton/orchestrator";
import { meanS } from "../scenario/distribution.ts";
import { serviceTimeMs } from "../world/service-time.ts";
import type { Device, DeviceEffect, DeviceModel, Job, JobRecord, Surroundings } from "./device.ts";
import { findingOf } from "./findings.ts";
import { passesNow, passFor, standingVehicle } from "./presence.ts";

/** Jobs that are over and still answered when asked again. */
const MAX_JOBS_KEPT = 500;
/** A lift that the vehicle's locks have not answered is shown to it again. */
const SHOW_LIFT_AGAIN_MS = 5_000;

/** A vehicle that a scanner or scale was not there to see is not sent round: after so long a mobile unit comes to where it stands. */
const MOBILE_AFTER_MS = 600_000;

const NOTHING: readonly DeviceEffect[] = [];

export type DeviceStep = readonly [Device, readonly DeviceEffect[]];

/** A job came in. One that is known is answered as it stands: done twice is done once. */
export function askDevice(device: Device, job: Job, model: DeviceModel, nowMs: number): DeviceStep {
  const known = device.jobs.find((record) => record.job.jobId === job.jobId);
  if (known !== undefined) {
    const outcome = known.outcome ?? { status: "accepted" as const };
    return [device, [{ kind: "report", report: reportOf(model, known.job, outcome, nowMs) }]];
  }
  const open = device.jobs.filter((record) => record.phase !== "over");
  const over = device.jobs.filter((record) => record.phase === "over").slice(-MAX_JOBS_KEPT);
  return [
    { ...device, jobs: [...over, ...open, { job, receivedAtMs: nowMs, phase: "waiting" }] },
    [{ kind: "persist" }, { kind: "report", report: reportOf(model, job, { status: "accepted" }, nowMs) }],
  ];
}

/** Time went by. */
export function tickDevice(
  device: Device,
  model: DeviceModel,
  around: Surroundings,
  nowMs: number,
): DeviceStep {
  const extent = model.place?.extent;
  const passes = extent === undefined ? device.passes : passesNow(device.passes, extent, around, nowMs);
  const next: Device = passes === device.passes ? device : { ...device, passes };
  const open = openJobs(device.jobs);
  if (open.length === 0) return [next, NOTHING];
  const effects: DeviceEffect[] = [];
  // Who has been asked first is served first; the rest wait until somebody is free.
  let free = model.capacityAt?.(nowMs) ?? Number.POSITIVE_INFINITY;
  for (const index of open) if (isBusy(device.jobs[index])) free -= 1;
  // Each job sees what became of those before it; nothing is copied before something did.
  let jobs: JobRecord[] | undefined;
  let current = next;
  let changed = false;
  for (const index of open) {
    const record = device.jobs[index];
    if (record === undefined || (record.phase === "waiting" && free <= 0)) continue;
    const worked = workOn(record, current, model, around, nowMs);
    free += (isBusy(record) ? 1 : 0) - (isBusy(worked) ? 1 : 0);
    if (worked.phase === "over" && worked.outcome !== undefined) {
      effects.push({ kind: "report", report: reportOf(model, worked.job, worked.outcome, nowMs) });
    }
    const lift = liftOf(record, worked, model, nowMs);
    if (lift !== undefined) effects.push(lift);
    if (worked === record && lift === undefined) continue;
    if (worked.phase !== record.phase) changed = true;
    jobs ??= [...device.jobs];
    jobs[index] = lift !== undefined ? { ...worked, dueAtMs: nowMs + SHOW_LIFT_AGAIN_MS } : worked;
    if (current === next) current = { ...next, jobs };
  }
  return [current, changed ? [{ kind: "persist" }, ...effects] : effects];
}

/**
 * Until when ticks bring nothing, unless something is asked for. A device that waits for somebody to come, or sees who passes, has to
 * look; one that works sees nothing before it is done.
 */
export function idleUntilMs({ jobs }: Device, { place }: DeviceModel): number {
  if (place?.extent !== undefined) return Number.NEGATIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const index of openJobs(jobs)) {
    const record = jobs[index];
    if (record?.phase !== "working" || record.dueAtMs === undefined) return Number.NEGATIVE_INFINITY;
    untilMs = Math.min(untilMs, record.dueAtMs);
  }
  return untilMs;
}

function isBusy(record: JobRecord | undefined): boolean {
  return record?.phase === "working" || record?.phase === "hanging";
}

/** The jobs that are not over, by their places: looked for once in a list that changes seldom and is mostly over. */
const openIn = new WeakMap<readonly JobRecord[], readonly number[]>();

function openJobs(jobs: readonly JobRecord[]): readonly number[] {
  const known = openIn.get(jobs);
  if (known !== undefined) return known;
  const open = jobs.flatMap(({ phase }, index) => (phase === "over" ? [] : [index]));
  openIn.set(jobs, open);
  return open;
}

function reportOf(
  model: DeviceModel,
  job: Job,
  outcome: DeviceReport["outcome"],
  atMs: number,
): DeviceReport {
  return { jobId: job.jobId, deviceId: model.deviceId, atMs: Math.round(atMs), outcome };
}

function workOn(
  record: JobRecord,
  device: Device,
  model: DeviceModel,
  around: Surroundings,
  nowMs: number,
): JobRecord {
  switch (record.phase) {
    case "waiting":
      return begin(record, device, model, around, nowMs);
    case "working":
      return carryOn(record, model, around, nowMs);
    case "hanging":
      return isLiftAnswered(record, around) ? conclude(record, model, around) : record;
    case "over":
      return record;
    default:
      return record.phase satisfies never;
  }
}

/** Begins the job if what it needs is there. */
function begin(
  record: JobRecord,
  device: Device,
  model: DeviceModel,
  around: Surroundings,
  nowMs: number,
): JobRecord {
  const { job, receivedAtMs } = record;
  const { task } = job;
  const { place, serviceTimes } = model;
  const start = (seen?: JobRecord["seen"], sinceMs = nowMs): JobRecord => {
    const serviceMs = serviceTimeMs(serviceTimes[task.kind], model.seed, model.deviceId, job.jobId);
    return { ...record, phase: "working", dueAtMs: sinceMs + serviceMs, seen };
  };
  if (task.kind === "admit-truck") {
    const walkInAtMs = receivedAtMs + meanS(serviceTimes["walk-in-truck"]) * 1000;
    return around.trucks.has(task.truckPlate) || nowMs >= walkInAtMs ? start() : record;
  }
  if (place === undefined) return start();
  if (task.kind === "weigh" || task.kind === "scan") {
    const pass = passFor(device.passes, job);
    if (pass === undefined) {
      const seen =
        nowMs - firstAskedMs(device, job) < MOBILE_AFTER_MS ? undefined : standingAnywhere(job, around);
      return seen === undefined ? record : start(seen);
    }
    return start(
      { vehicleId: pass.vehicleId, containerNo: pass.containerNo },
      Math.max(pass.sinceMs, freeSinceMs(device, model)),
    );
  }
  if (place.standsAt === undefined) return start();
  const vehicle = standingVehicle(place, job, around);
  if (vehicle === undefined) return record;
  const seen = { vehicleId: vehicle.vehicleId, containerNo: vehicle.loadIds[0] ?? "" };
  if (task.kind !== "lift") return start(seen);
  const ready =
    task.way === "onto-vehicle" ? vehicle.loadIds.length === 0 : vehicle.loadIds.includes(task.containerNo);
  return ready ? start(seen) : record;
}

/** Since when this has been wanted of the container, whatever became of earlier tries. */
function firstAskedMs(device: Device, { task, missionId }: Job): number {
  return device.jobs.reduce(
    (firstMs, { job, receivedAtMs }) =>
      job.missionId === missionId && job.task.kind === task.kind ? Math.min(firstMs, receivedAtMs) : firstMs,
    Number.POSITIVE_INFINITY,
  );
}

/** The job's vehicle where it stands, with what it carries. */
function standingAnywhere(job: Job, around: Surroundings): JobRecord["seen"] {
  const vehicle = [...around.vehicles.values()].find(({ vehicleId, loadIds }) =>
    job.vehicleId === undefined
      ? loadIds.some((loadId) => loadId === job.task.containerNo)
      : vehicleId === job.vehicleId,
  );
  const containerNo = vehicle?.loadIds[0];
  return vehicle === undefined || vehicle.speedMps > 0 || containerNo === undefined
    ? undefined
    : { vehicleId: vehicle.vehicleId, containerNo };
}

/** When the last job of a device that works on so many at a time was done. */
function freeSinceMs(device: Device, model: DeviceModel): number {
  if (model.capacityAt === undefined) return Number.NEGATIVE_INFINITY;
  return device.jobs.reduce(
    (lastMs, record) => Math.max(lastMs, record.endedAtMs ?? lastMs),
    Number.NEGATIVE_INFINITY,
  );
}

function carryOn(record: JobRecord, model: DeviceModel, around: Surroundings, nowMs: number): JobRecord {
  if (nowMs < (record.dueAtMs ?? 0)) return record;
  const { task } = record.job;
  if (task.kind !== "lift" || model.place === undefined) return conclude(record, model, around);
  const finding = findingOf(record, model, around);
  if (finding.kind === "failed") return conclude(record, model, around);
  // Nothing is put onto, or taken off, a vehicle that left or whose locks are in the way.
  const vehicle = standingVehicle(model.place, record.job, around);
  if (vehicle?.vehicleId !== record.seen?.vehicleId)
    return { ...record, phase: "waiting", dueAtMs: undefined };
  return vehicle?.locks === "open" ? { ...record, phase: "hanging", dueAtMs: undefined } : record;
}

/** The vehicle's own word that the container is locked on its deck, or off it. */
function isLiftAnswered(record: JobRecord, around: Surroundings): boolean {
  const vehicle = around.vehicles.get(record.seen?.vehicleId ?? "");
  const { task } = record.job;
  if (task.kind !== "lift" || vehicle === undefined) return false;
  const on = vehicle.loadIds.includes(task.containerNo);
  return task.way === "onto-vehicle" ? on && vehicle.locks === "closed" : !on;
}

function conclude(record: JobRecord, model: DeviceModel, around: Surroundings): JobRecord {
  const finding = findingOf(record, model, around);
  const outcome: DeviceReport["outcome"] =
    finding.kind === "found"
      ? { status: "done", result: finding.result }
      : { status: "failed", code: finding.code, detail: finding.detail };
  return { ...record, phase: "over", dueAtMs: undefined, endedAtMs: record.dueAtMs, outcome };
}

/** What the vehicle under the crane feels: once as the lift is done, and again until its locks have answered. */
function liftOf(
  before: JobRecord,
  after: JobRecord,
  model: DeviceModel,
  nowMs: number,
): (DeviceEffect & { readonly kind: "crane" }) | undefined {
  const { job, seen, phase } = after;
  const { task } = job;
  if (task.kind !== "lift" || phase !== "hanging" || seen === undefined || model.place === undefined)
    return undefined;
  if (before.phase === "hanging" && nowMs < (after.dueAtMs ?? 0)) return undefined;
  return {
    kind: "crane",
    crane: {
      craneId: model.deviceId,
      liftId: job.jobId,
      vehicleId: seen.vehicleId,
      containerNo: task.containerNo,
      at: model.place.stationId,
      way: task.way,
      phase: task.way === "onto-vehicle" ? "lowered" : "lifted",
      atMs: nowMs,
    },
  };
}
