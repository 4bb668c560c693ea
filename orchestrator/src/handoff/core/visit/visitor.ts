import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { HandoffIdText } from "../messages.ts";
import { Count, type GroundReport, PageRegister, StretchId, type VisitReport } from "./reports.ts";

/**
 * What the home side knows of the ground that its vehicle visits. A pure machine, durable before anything is driven: `enter` is noted
 * first, so that what may have been entered is known after any crash, and stays held.
 */
export const Visitor = Type.Object({
  vehicleId: Type.Unsafe<VehicleId>(Type.String()),
  /** Of the visit that this is, or was last, about. */
  handoffId: Type.Optional(HandoffIdText),
  /** The witness, as the newest report of the host had it. */
  register: PageRegister,
  /** Of the newest report of ours; grows with everything that the host has to hear, from one visit to the next too. */
  number: Count,
  /** Of the host's newest report that was taken. */
  taken: Count,
  /** The newest grant that was seen in one. */
  seen: Count,
  /** `after`: what had been taken when it was asked for; an older grant was for the time before. */
  wants: Type.Array(Type.Object({ stretchId: StretchId, after: Count })),
  holds: Type.Array(
    Type.Object({
      stretchId: StretchId,
      epoch: Count,
      leaseUntilMs: Type.Number(),
      /** The vehicle has, or is about to get, leave to drive onto it: it may be there. */
      isEntered: Type.Boolean(),
      /** The host wants it back. */
      isRevoked: Type.Boolean(),
    }),
  ),
  /** Asked for, and not to be had in this visit. */
  rejected: Type.Array(StretchId),
  isOver: Type.Boolean(),
});
export type Visitor = Static<typeof Visitor>;

export type VisitorEvent =
  | { readonly kind: "begin"; readonly handoffId: NonNullable<Visitor["handoffId"]> }
  | { readonly kind: "want"; readonly stretchId: string }
  | { readonly kind: "told"; readonly report: GroundReport }
  /** The vehicle is to be let onto it: noted only under a grant whose lease still runs, at the latest that the host's clock can be. */
  | { readonly kind: "enter"; readonly stretchId: string; readonly latestMs: number }
  /** By the vehicle's own word it is not on it, and no order of its leads there. */
  | { readonly kind: "left"; readonly stretchId: string }
  /** Not wanted any more, and not entered. */
  | { readonly kind: "give-up"; readonly stretchId: string }
  /** Leases run out while the way is not free yet: ask for more time. */
  | { readonly kind: "renew" }
  /** The vehicle is on its own ground, and stays. */
  | { readonly kind: "end" };

/** Of a vehicle that has visited nobody yet. */
export function freshVisitor(vehicleId: VehicleId, home: Side): Visitor {
  const counts = { number: 0, taken: 0, seen: 0 };
  const register = { authority: home, epoch: 0 };
  return { vehicleId, register, ...counts, wants: [], holds: [], rejected: [], isOver: true };
}

/** What is known after an event; the same object when nothing came of it. */
export function visitor(state: Visitor, event: VisitorEvent): Visitor {
  switch (event.kind) {
    case "begin": {
      const { handoffId } = event;
      if (!state.isOver || state.handoffId === handoffId) return state;
      return { ...state, handoffId, wants: [], holds: [], rejected: [], isOver: false };
    }
    case "want": {
      const { stretchId } = event;
      const isKnown = [...state.wants, ...state.holds].some((one) => one.stretchId === stretchId);
      if (isKnown || state.isOver || state.rejected.includes(stretchId)) return state;
      return said({ ...state, wants: [...state.wants, { stretchId, after: state.taken }] });
    }
    case "told":
      return hear(state, event.report);
    case "enter": {
      if (!mayEnter(state, event.stretchId, event.latestMs)) return state;
      const entered = (one: Visitor["holds"][number]) =>
        one.stretchId === event.stretchId ? { ...one, isEntered: true } : one;
      return { ...state, holds: state.holds.map(entered) };
    }
    case "left": {
      const holds = state.holds.filter((one) => one.stretchId !== event.stretchId);
      return holds.length === state.holds.length ? state : said({ ...state, holds });
    }
    case "give-up": {
      const isOther = (one: { readonly stretchId: string }): boolean => one.stretchId !== event.stretchId;
      const wants = state.wants.filter(isOther);
      const holds = state.holds.filter((one) => isOther(one) || one.isEntered);
      const isSame = wants.length === state.wants.length && holds.length === state.holds.length;
      return isSame ? state : said({ ...state, wants, holds });
    }
    case "renew":
      return state.isOver || state.holds.every((one) => one.isEntered) ? state : said(state);
    case "end": {
      if (state.isOver || state.holds.some((one) => one.isEntered)) return state;
      return said({ ...state, wants: [], holds: [], isOver: true });
    }
  }
}

/** Whether the vehicle may be let onto a stretch. `latestMs`: the latest that the host's clock can be. */
function mayEnter({ holds }: Visitor, stretchId: string, latestMs: number): boolean {
  return holds.some(
    (one) => one.stretchId === stretchId && !one.isEntered && !one.isRevoked && latestMs < one.leaseUntilMs,
  );
}

/** What the host is told. */
export function visitReport({ number, seen, wants, holds, isOver }: Visitor): VisitReport {
  return {
    number,
    seen,
    wants: wants.map(({ stretchId }) => stretchId),
    holds: holds.map(({ stretchId, epoch }) => ({ stretchId, epoch })),
    isOver,
  };
}

function hear(state: Visitor, report: GroundReport): Visitor {
  if (report.number <= state.taken) return state;
  const grantOf = (stretchId: string) => report.grants.find((one) => one.stretchId === stretchId);
  const isRejected = ({ stretchId }: { readonly stretchId: string }): boolean =>
    grantOf(stretchId)?.state === "REJECTED";
  const given = state.wants.flatMap(({ stretchId, after }) => {
    const grant = grantOf(stretchId);
    if (grant?.state !== "GRANTED" || grant.epoch <= after) return [];
    const { epoch, leaseUntilMs } = grant;
    return [{ stretchId, epoch, leaseUntilMs, isEntered: false, isRevoked: false }];
  });
  const kept = state.holds.flatMap((one) => {
    const grant = grantOf(one.stretchId);
    if (grant?.epoch !== one.epoch) return [one];
    const isRevoked = grant.state === "REVOKED";
    // Not entered: given back by not being named any more.
    if (isRevoked && !one.isEntered) return [];
    return [{ ...one, isRevoked, leaseUntilMs: grant.leaseUntilMs }];
  });
  const wants = state.wants.filter(
    (one) => !given.some(({ stretchId }) => stretchId === one.stretchId) && !isRejected(one),
  );
  const rejected = [...state.rejected, ...state.wants.filter(isRejected).map(({ stretchId }) => stretchId)];
  const seen = Math.max(state.seen, ...report.grants.map(({ epoch }) => epoch));
  const next: Visitor = {
    ...state,
    register: report.register,
    taken: report.number,
    seen,
    wants,
    holds: [...kept, ...given],
    rejected,
  };
  // What the host would hear just as before is not said again.
  const isSame =
    seen === state.seen && wants.length === state.wants.length && next.holds.length === state.holds.length;
  return isSame ? next : said(next);
}

function said(state: Visitor): Visitor {
  return { ...state, number: state.number + 1 };
}
