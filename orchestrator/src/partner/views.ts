import Type, { type Static } from "typebox";
import type { MissionView } from "../contract/index.ts";
import { SideName } from "../handoff/core/messages.ts";
import type { HandoffLook } from "../handoff/service-port.ts";
import { Envelope } from "../handoff/wire.ts";
import type { SharingPolicy } from "./sharing-policy.ts";

/** One hand-off as both of its sides may know it. Times are ms UTC. */
export const PartnerHandoff = Type.Object({
  handoffId: Type.String(),
  giver: SideName,
  taker: SideName,
  /** Where this side's machine stands. */
  phase: Type.String(),
  sinceMs: Type.Number(),
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  vehicleId: Type.String(),
  containerNo: Type.Optional(Type.String()),
  etaMs: Type.Number(),
  expiresAtMs: Type.Number(),
  /** Of one that came to nothing: `declined` with its code, or how it ended and the reason that was given. */
  end: Type.Optional(Type.Object({ how: Type.String(), why: Type.String() })),
  /** What this side has said and you have not acknowledged: for a partner whose server is not reached. */
  waiting: Type.Array(Envelope),
});
export type PartnerHandoff = Static<typeof PartnerHandoff>;

/** A container on its way to or from the partner. Never in it: plates, names, what holds a mission. */
export const PartnerMission = Type.Object({
  missionId: Type.String(),
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  containerNo: Type.Optional(Type.String()),
  step: Type.String(),
  stepSinceMs: Type.Number(),
  status: Type.Union([
    Type.Literal("running"),
    Type.Literal("held"),
    Type.Literal("done"),
    Type.Literal("returned"),
  ]),
  handoffId: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  vehicleId: Type.Optional(Type.String()),
  slot: Type.Optional(Type.Object({ fromMs: Type.Number(), toMs: Type.Number() })),
  returnLoad: Type.Optional(Type.Object({ orderId: Type.String(), containerNo: Type.String() })),
});
export type PartnerMission = Static<typeof PartnerMission>;

export const PartnerSlot = Type.Object({
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  fromMs: Type.Number(),
  toMs: Type.Number(),
  /** Containers that have it. */
  taken: Type.Integer(),
});
export type PartnerSlot = Static<typeof PartnerSlot>;

const Opening = Type.Object({
  /** Missing: open since ever. */
  fromMs: Type.Optional(Type.Number()),
  /** Missing: never closes. */
  toMs: Type.Optional(Type.Number()),
});
export const PartnerCalendars = Type.Object({
  /** Opening hours of each side, in its local time (0 is Sunday). */
  sides: Type.Record(
    Type.String(),
    Type.Object({
      utcOffsetMinutes: Type.Integer(),
      openingHours: Type.Array(
        Type.Object({ weekday: Type.Integer(), from: Type.String(), to: Type.String() }),
      ),
    }),
  ),
  /** When both sides are open, from the present opening on. */
  joint: Type.Array(Opening),
});
export type PartnerCalendars = Static<typeof PartnerCalendars>;

export function handoffView({ machine, waiting }: HandoffLook): PartnerHandoff {
  const { handoffId, giver, taker, phase, sinceMs, offer } = machine;
  const containerNo = offer.manifest.container?.containerNo;
  return {
    handoffId,
    giver,
    taker,
    phase,
    sinceMs,
    direction: offer.direction,
    vehicleId: offer.vehicleId,
    ...(containerNo === undefined ? {} : { containerNo }),
    etaMs: offer.etaMs,
    expiresAtMs: offer.expiresAtMs,
    ...(machine.phase === "declined" ? { end: { how: machine.phase, why: machine.code } } : {}),
    ...(machine.phase === "ended" ? { end: { how: machine.how, why: machine.reason } } : {}),
    waiting: [...waiting],
  };
}

export function missionView(mission: MissionView, { shareMissionFields }: SharingPolicy): PartnerMission {
  const { missionId, direction, containerNo, step, stepSinceMs, status, handoffId } = mission;
  const shared = Object.fromEntries(
    shareMissionFields.flatMap((name) => (mission[name] === undefined ? [] : [[name, mission[name]]])),
  );
  return {
    missionId,
    direction,
    ...(containerNo === undefined ? {} : { containerNo }),
    step,
    stepSinceMs,
    status,
    ...(handoffId === undefined ? {} : { handoffId }),
    ...shared,
  };
}

/** Which slots of the coming time are taken, from the missions that have them. */
export function slotsTaken(
  missions: readonly MissionView[],
  fromMs: number,
  toMs: number,
): readonly PartnerSlot[] {
  const slots = new Map<string, PartnerSlot>();
  for (const { slot, direction, status } of missions) {
    if (slot === undefined || status === "returned" || slot.toMs <= fromMs || slot.fromMs >= toMs) continue;
    const key = `${direction} ${slot.fromMs}`;
    const taken = (slots.get(key)?.taken ?? 0) + 1;
    slots.set(key, { direction, fromMs: slot.fromMs, toMs: slot.toMs, taken });
  }
  return [...slots.values()].sort((a, b) => a.fromMs - b.fromMs || (a.direction < b.direction ? -1 : 1));
}
