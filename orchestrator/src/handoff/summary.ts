import type { ControlRegister } from "@baton/fleet-adapter";
import { isGiverBeforeGo } from "./core/giver.ts";
import { refusalToResolve } from "./core/may-resolve.ts";
import { isTakerBeforeGo } from "./core/taker.ts";
import { nextRound, type Saying, type Word } from "./core/word.ts";
import type { Machine } from "./desk.ts";
import type { HandoffSummary, ResolutionSummary } from "./port.ts";

/** A hand-off as people see it; `register`: what its witness said last. */
export function summaryOf(machine: Machine, register: ControlRegister | undefined): HandoffSummary {
  const { handoffId, role, phase, sinceMs, offer } = machine;
  const { vehicleId, handoffPointId, mode, expiresAtMs } = offer;
  const containerNo = offer.manifest.container?.containerNo;
  const resolution = resolutionOf(machine);
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
    ...(resolution === undefined ? {} : { resolution }),
  };
}

/** In these a hand-off waits for its witness, and for nothing else. */
const AWAITS_WITNESS: ReadonlySet<Machine["phase"]> = new Set(["switching", "fencing", "gone"]);
const HOLDERS = ["giver", "taker"] as const;

function resolutionOf(machine: Machine): ResolutionSummary | undefined {
  const { ourWord, theirWord } = machine;
  if (!AWAITS_WITNESS.has(machine.phase) && theirWord === undefined) return undefined;
  const stands = nextRound(machine) === undefined;
  return {
    maySay: stands ? [] : HOLDERS.filter((holder) => refusalToResolve(machine, holder) === undefined),
    ...(ourWord === undefined ? {} : { ours: sayingOf(ourWord) }),
    ...(theirWord === undefined ? {} : { theirs: sayingOf(theirWord) }),
  };
}

const sayingOf = ({ holder, account, reason }: Word): Saying => ({ holder, account, reason });

const isBeforeGo = (machine: Machine): boolean =>
  machine.role === "giver" ? isGiverBeforeGo(machine) : isTakerBeforeGo(machine);
