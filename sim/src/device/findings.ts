import { createHash } from "node:crypto";
import { seededRandom } from "../random/seeded.ts";
import { channelOf } from "../world/customs-channel.ts";
import type { DeviceModel, Job, JobRecord, Result, Surroundings } from "./device.ts";

/** What the device found, or why it failed. The same job always comes out the same. */
export type Finding =
  | { readonly kind: "found"; readonly result: Result }
  | { readonly kind: "failed"; readonly code: string; readonly detail: string };

export function findingOf(record: JobRecord, model: DeviceModel, around: Surroundings): Finding {
  const { job } = record;
  const { faults, side } = model;
  const random = seededRandom(model.seed, "finding", model.deviceId, job.jobId);
  if (model.place !== undefined && random.chance(faults.deviceFails)) {
    return { kind: "failed", code: "device-fault", detail: `${model.deviceId} failed` };
  }
  return { kind: "found", result: resultOf() };

  function resultOf(): Result {
    const { task } = job;
    const account = `${side}.officer-${1 + random.integer(9)}`;
    const picture = `picture/${model.deviceId}/${digest(job).slice(0, 12)}`;
    switch (task.kind) {
      case "admit-truck": {
        const containerNo = around.trucks.get(task.truckPlate)?.containerNo ?? task.containerNo;
        return { kind: "admit-truck", truckPlate: task.truckPlate, containerNo, pictureReference: picture };
      }
      case "lift":
        return { kind: "lift", landed: true, twistLocksClosed: task.way === "onto-vehicle" };
      case "arm-seal":
        return {
          kind: "arm-seal",
          sealNo: task.sealNo,
          state: random.chance(faults.sealDead) ? "dead" : "armed",
        };
      case "identify": {
        const read = record.seen?.containerNo ?? "";
        return {
          kind: "identify",
          containerNo: random.chance(faults.misread) ? read.replace(/.$/, "?") : read,
          vehicleId: record.seen?.vehicleId ?? "",
          sealIntact: true,
          pictureReference: picture,
        };
      }
      case "weigh":
        return {
          kind: "weigh",
          grossKg: weighed(record.seen?.containerNo ?? task.containerNo),
          scaleClass: "0.5",
        };
      case "scan":
        return {
          kind: "scan",
          scanReference: `uff/${side}/${digest(job).slice(0, 16)}`,
          sha256: digest(job),
        };
      case "judge-scan":
        return { kind: "judge-scan", verdict: random.chance(faults.suspect) ? "suspect" : "clear", account };
      case "quarantine":
        return { kind: "quarantine", outcome: "not-listed", certificate: "" };
      case "decide": {
        const isRed = channelOf(model.seed, model.channels, task.containerNo) === "red";
        const inspect = task.verdict === "suspect" || isRed || random.chance(faults.inspect);
        return { kind: "decide", decision: inspect ? "inspect" : "release", account };
      }
      case "inspect":
        return {
          kind: "inspect",
          outcome: "release",
          officers: [account, `${side}.officer-10`],
          newSealNo: `BTR${String(random.integer(10_000_000)).padStart(7, "0")}`,
        };
      case "guard-check":
        return { kind: "guard-check", allowed: !random.chance(faults.guardRefuses), account };
      case "register-order":
        return {
          kind: "register-order",
          slot: `slot-${digest(job).slice(0, 8)}`,
          pass: digest(job).slice(0, 24),
        };
      case "close-order":
        return { kind: "close-order", confirmation: `closed-${digest(job).slice(0, 12)}` };
      default:
        return task satisfies never;
    }
  }

  /** In steps of 20 kg, off by no more than a fifth of a percent. */
  function weighed(containerNo: string): number {
    const off = 1 + (random.next() - 0.5) * 0.004;
    return Math.round((around.grossKg(containerNo) * off) / 20) * 20;
  }
}

function digest(job: Job): string {
  return createHash("sha256").update(`${job.jobId}/${job.task.containerNo}`).digest("hex");
}
