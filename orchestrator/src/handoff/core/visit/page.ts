import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { HandoffIdText, SideName } from "../messages.ts";
import {
  Count,
  type Grant,
  type GroundReport,
  PageRegister,
  StretchId,
  type VisitReport,
} from "./reports.ts";

/**
 * The page of the host's ledger for one foreign vehicle: the witness of a hand-off in the mode `host-grants`, and what is granted
 * to the vehicle while its visit is open. A pure machine; its state is durable before anything of it is told.
 *
 *     none ──begin──> ready ──REGISTER names the host──> open ──home side reports all clear──> over ──begin──> ready
 *                     ready ──REGISTER raised by the home side──> over
 *     a stretch: queued ──the ledger has it──> held ──open──> granted ──revoke──> revoked
 *                granted, revoked ──home side's word: clear, or not entered and given back──> gone
 *
 * Ground is given back by the home side's word alone, never by time: a lease that is over forbids to enter, and frees nothing.
 */
export const VisitPage = Type.Object({
  vehicleId: Type.Unsafe<VehicleId>(Type.String()),
  home: SideName,
  host: SideName,
  register: PageRegister,
  /** Of the visit that the page is, or was last, about. */
  handoffId: Type.Optional(HandoffIdText),
  stage: Type.Enum(["ready", "open", "over"]),
  /** Of the newest report of ours; grows with everything that the home side has to hear, from one visit to the next too. */
  number: Count,
  /** Of the newest report of the home side that was taken. */
  heard: Count,
  stretches: Type.Array(
    Type.Object({
      stretchId: StretchId,
      state: Type.Enum(["queued", "held", "granted", "revoked", "rejected"]),
      epoch: Count,
      leaseUntilMs: Type.Number(),
    }),
  ),
});
export type VisitPage = Static<typeof VisitPage>;
type Stretch = VisitPage["stretches"][number];

export type PageEvent =
  /** This side has accepted the hand-off that a visit begins with. */
  | { readonly kind: "begin"; readonly handoffId: NonNullable<VisitPage["handoffId"]> }
  /** Compare-and-set of the register, by its holder alone. `to` the holder itself is the fence. */
  | {
      readonly kind: "switch";
      readonly by: Side;
      readonly handoffId: NonNullable<VisitPage["handoffId"]>;
      readonly expectedEpoch: number;
      readonly to: Side;
      readonly leaseUntilMs: number;
    }
  | { readonly kind: "report"; readonly report: VisitReport; readonly leaseUntilMs: number }
  /** This side's ledger holds a stretch for the vehicle: nobody else is on it, or will be. */
  | { readonly kind: "held"; readonly stretchId: string; readonly leaseUntilMs: number }
  /** It never will: there is no such ground, or it is not for visitors. */
  | { readonly kind: "reject"; readonly stretchId: string }
  /** This side wants it back: it is given back at once if it was not entered, else once it is clear. */
  | { readonly kind: "revoke"; readonly stretchId: string };

/** The page of a vehicle that has never been here: the right to move it is its home's. */
export function freshPage(vehicleId: VehicleId, home: Side, host: Side): VisitPage {
  const register = { authority: home, epoch: 0 };
  return { vehicleId, home, host, register, stage: "over", number: 0, heard: 0, stretches: [] };
}

/** The page after an event; the same object when nothing came of it. */
export function visitPage(page: VisitPage, event: PageEvent): VisitPage {
  switch (event.kind) {
    case "begin":
      // One that was never opened may have ended unheard: nothing of it was granted.
      if (page.stage === "open" || page.register.authority !== page.home) return page;
      if (page.handoffId === event.handoffId) return page;
      return said({ ...page, handoffId: event.handoffId, stage: "ready", stretches: [] });
    case "switch":
      return switched(page, event);
    case "report":
      return hear(page, event.report, event.leaseUntilMs);
    case "held":
      return changed(page, event.stretchId, "queued", (one) =>
        page.stage === "open" ? granted(page, one, event.leaseUntilMs) : { ...one, state: "held" },
      );
    case "reject":
      return changed(page, event.stretchId, "queued", (one) => ({ ...one, state: "rejected" }));
    case "revoke":
      return changed(page, event.stretchId, "granted", (one) => ({ ...one, state: "revoked" }));
  }
}

/** Where the vehicle is, or may come by what it was granted: as long as a stretch is among these, it is nobody else's. */
export function keptStretches({ stretches }: VisitPage): readonly string[] {
  return stretches.flatMap(({ stretchId, state }) =>
    state === "held" || state === "granted" || state === "revoked" ? [stretchId] : [],
  );
}

const TOLD: Readonly<Record<Stretch["state"], Grant["state"]>> = {
  queued: "QUEUED",
  // Held before the witness has spoken is not granted yet.
  held: "QUEUED",
  granted: "GRANTED",
  revoked: "REVOKED",
  rejected: "REJECTED",
};

/** What the home side is told. */
export function groundReport({ number, register, stretches }: VisitPage): GroundReport {
  return { number, register, grants: stretches.map((one) => ({ ...one, state: TOLD[one.state] })) };
}

function switched(page: VisitPage, event: Extract<PageEvent, { kind: "switch" }>): VisitPage {
  const { register, home, host } = page;
  const { by, handoffId, expectedEpoch, to, leaseUntilMs } = event;
  if (by !== register.authority || expectedEpoch !== register.epoch) return page;
  // The right goes back only when nothing of this side's ground is the vehicle's any more.
  if (by === host && to === home && page.stage !== "over") return page;
  const next = said({ ...page, register: { authority: to, epoch: register.epoch + 1, handoffId } });
  if (page.stage !== "ready" || by !== home || handoffId !== page.handoffId) return next;
  if (to === home) return { ...next, stage: "over", stretches: [] };
  const stretches = page.stretches.map((one) =>
    one.state === "held" ? granted(page, one, leaseUntilMs) : one,
  );
  return { ...next, stage: "open", stretches };
}

function hear(page: VisitPage, report: VisitReport, leaseUntilMs: number): VisitPage {
  if (report.number <= page.heard || page.stage === "over") return page;
  const stretches = page.stretches.flatMap((one) => {
    const isGranted = one.state === "granted" || one.state === "revoked";
    const isHeld = report.holds.some(
      ({ stretchId, epoch }) => stretchId === one.stretchId && epoch === one.epoch,
    );
    // A grant that the home side had not seen when it said this may be taken up any moment.
    const stays = isGranted ? isHeld || one.epoch > report.seen : report.wants.includes(one.stretchId);
    if (!stays) return [];
    return [one.state === "granted" && one.leaseUntilMs < leaseUntilMs ? { ...one, leaseUntilMs } : one];
  });
  const known = new Set(stretches.map(({ stretchId }) => stretchId));
  if (!report.isOver)
    for (const stretchId of new Set(report.wants))
      if (!known.has(stretchId)) stretches.push({ stretchId, state: "queued", epoch: 0, leaseUntilMs: 0 });
  const stage = report.isOver && stretches.length === 0 ? "over" : page.stage;
  const heard: VisitPage = { ...page, heard: report.number, stage, stretches };
  // What changes nothing that is told back makes no new report: or two that answer each other would never stop.
  const isSame =
    stretches.length === page.stretches.length && stretches.every((one, i) => one === page.stretches[i]);
  return isSame ? heard : said(heard);
}

/** Its epoch is the number of the report that this change makes. */
function granted({ number }: VisitPage, one: Stretch, leaseUntilMs: number): Stretch {
  return { ...one, state: "granted", epoch: number + 1, leaseUntilMs };
}

function changed(
  page: VisitPage,
  stretchId: string,
  from: Stretch["state"],
  to: (one: Stretch) => Stretch,
): VisitPage {
  const isIt = (one: Stretch): boolean => one.stretchId === stretchId && one.state === from;
  if (!page.stretches.some(isIt)) return page;
  return said({ ...page, stretches: page.stretches.map((one) => (isIt(one) ? to(one) : one)) });
}

function said(page: VisitPage): VisitPage {
  return { ...page, number: page.number + 1 };
}
