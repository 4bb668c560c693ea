import { actionIdOf } from "../../names.ts";
import type { ActionStatus, FleetEvent, FleetOrderId } from "../../port.ts";
import { DIAGNOSTIC_LEVEL } from "../wire/standard.ts";
import type { VehicleStatus } from "../wire/vehicle-status.ts";
import {
  type CoreContext,
  type CoreEffect,
  MAX_STATUSES,
  type ToldStatus,
  type VehicleCore,
} from "./vehicle-core.ts";

type TroubleCode = Extract<FleetEvent, { kind: "trouble" }>["code"];

export function tellTrouble(
  out: CoreEffect[],
  { vehicleId }: CoreContext,
  code: TroubleCode,
  detail: string,
  atMs: number,
): void {
  out.push({ kind: "tell", event: { kind: "trouble", vehicleId, code, detail, atMs } });
}

export function tellConfirmed(out: CoreEffect[], { vehicleId }: CoreContext, atMs: number): void {
  out.push({ kind: "tell", event: { kind: "confirmed", vehicleId, atMs } });
}

export function tellOrderEnded(
  out: CoreEffect[],
  { vehicleId }: CoreContext,
  orderId: FleetOrderId,
  how: "finished" | "cancelled",
): void {
  out.push({ kind: "tell", event: { kind: "orderEnded", vehicleId, orderId, how } });
}

export function tellAction(
  out: CoreEffect[],
  { vehicleId }: CoreContext,
  actionId: string,
  told: ToldStatus,
  atMs: number,
): void {
  out.push({
    kind: "tell",
    event: { kind: "actionChanged", vehicleId, actionId: actionIdOf(actionId), ...told, atMs },
  });
}

/** Tells of an action and remembers it; what was told of it before is not told again. */
export function tellAndKeep(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  actionId: string,
  told: ToldStatus,
  atMs: number,
): VehicleCore {
  const before = core.statuses.get(actionId);
  // What has ended stays ended: a later word to the contrary is a repetition of an old one.
  if (before?.status === told.status || before?.status === "finished" || before?.status === "failed")
    return core;
  tellAction(out, context, actionId, told, atMs);
  const statuses = new Map(core.statuses);
  statuses.delete(actionId);
  statuses.set(actionId, told);
  for (const oldest of statuses.keys()) {
    if (statuses.size <= MAX_STATUSES) break;
    statuses.delete(oldest);
  }
  return { ...core, statuses };
}

const WORK_STATUSES: readonly ActionStatus[] = ["waiting", "running", "finished", "failed"];

/** Tells of every piece of work whose status is another than the one told last. */
export function tellWorks(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  status: VehicleStatus,
  nowMs: number,
): VehicleCore {
  let next = core;
  for (const { work_id: workId, status: at, detail } of status.works) {
    const told = WORK_STATUSES[at];
    if (told !== undefined) next = tellAndKeep(out, context, next, workId, { status: told, detail }, nowMs);
  }
  return next;
}

/** Whether an action is known to be over, even if the vehicle lists it no more. */
export function hasEnded(core: VehicleCore, actionId: string): boolean {
  const status = core.statuses.get(actionId)?.status;
  return status === "finished" || status === "failed";
}

/** Tells of what is wrong with the vehicle and was not before: it has left its path, or a part of it is not well. */
export function tellTroubles(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { status, unwell } = core;
  if (status?.off_path !== true && unwell.size === 0 && core.told.size === 0) return core;
  const now = new Map<string, string>();
  if (status?.off_path === true) now.set("off path", offPathWords(status));
  for (const [name, { level, message }] of unwell) {
    if (level === DIAGNOSTIC_LEVEL.error) now.set(`${name}: ${message}`, `${name}: ${message}`);
  }
  for (const [key, detail] of now) {
    if (!core.told.has(key)) tellTrouble(out, context, "vehicle-error", detail, nowMs);
  }
  return { ...core, told: new Set(now.keys()) };
}

export function offPathWords({ off_path_m: offM }: VehicleStatus): string {
  const by = offM === null ? "" : ` by ${offM.toFixed(2)} m`;
  return `the vehicle has left its path${by} and stopped by itself: look at it, and clear it at the vehicle`;
}
