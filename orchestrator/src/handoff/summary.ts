import type { ControlRegister } from "@baton/fleet-adapter";
import { isGiverBeforeGo } from "./core/giver.ts";
import { isTakerBeforeGo } from "./core/taker.ts";
import type { Machine } from "./desk.ts";
import type { HandoffSummary } from "./port.ts";

/** A hand-off as people see it; `register`: what its witness said last. */
export function summaryOf(machine: Machine, register: ControlRegister | undefined): HandoffSummary {
  const { handoffId, role, phase, sinceMs, offer } = machine;
  const { vehicleId, handoffPointId, mode, expiresAtMs } = offer;
  const containerNo = offer.manifest.container?.containerNo;
  return {
    handoffId,
    role,
    phase,
    vehicleId,
    containerNo,
    handoffPointId,
    mode,
    sinceMs,
    ...(register === undefined ? {} : { register: { authority: register.authority, epoch: register.epoch } }),
    ...(isBeforeGo(machine) ? { goByMs: expiresAtMs } : {}),
  };
}

const isBeforeGo = (machine: Machine): boolean =>
  machine.role === "giver" ? isGiverBeforeGo(machine) : isTakerBeforeGo(machine);
