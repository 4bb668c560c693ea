import type { VehicleId } from "@baton/fleet-adapter";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HandoffId } from "../../port.ts";
import { freshPage, groundReport, keptStretches, type PageEvent, visitPage } from "./page.ts";
import type { GroundReport, VisitReport } from "./reports.ts";
import { freshVisitor, type VisitorEvent, visitor, visitReport } from "./visitor.ts";

const VEHICLE = "sim.vn-01" as VehicleId;
const VISIT = "h-1" as HandoffId;
const LEASE_MS = 30_000;

const stretchId = fc.constantFrom("A", "B");
const homeEvent: fc.Arbitrary<VisitorEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom("want", "left", "give-up"), stretchId }),
  fc.record({ kind: fc.constant("enter"), stretchId, latestMs: fc.nat(3 * LEASE_MS) }),
  fc.record({ kind: fc.constantFrom("renew", "end") }),
);
const hostEvent: fc.Arbitrary<PageEvent> = fc.oneof(
  fc.record({ kind: fc.constant("held"), stretchId, leaseUntilMs: fc.nat(3 * LEASE_MS) }),
  fc.record({ kind: fc.constantFrom("reject", "revoke"), stretchId }),
  fc.record({
    kind: fc.constant("switch"),
    by: fc.constantFrom("vn", "cn"),
    to: fc.constantFrom("vn", "cn"),
    expectedEpoch: fc.nat(2),
    handoffId: fc.constant(VISIT),
    leaseUntilMs: fc.constant(LEASE_MS),
  }),
);
/** Something that one side does, or the arrival of any report that was ever made. */
type Happening =
  | { readonly home: VisitorEvent }
  | { readonly host: PageEvent }
  | { readonly toHost: number }
  | { readonly toHome: number };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ home: homeEvent }),
  fc.record({ host: hostEvent }),
  fc.record({ toHost: fc.nat(20) }),
  fc.record({ toHome: fc.nat(20) }),
);

/** What both sides have come to know, and every report on the way there. */
function visited(happenings: readonly Happening[]) {
  let page = visitPage(freshPage(VEHICLE, "vn", "cn"), { kind: "begin", handoffId: VISIT });
  let home = visitor(freshVisitor(VEHICLE, "vn"), { kind: "begin", handoffId: VISIT });
  const toHost: VisitReport[] = [visitReport(home)];
  const toHome: GroundReport[] = [groundReport(page)];
  for (const one of happenings) {
    const leaseUntilMs = 2 * LEASE_MS;
    const report = "toHost" in one ? toHost[one.toHost % toHost.length] : undefined;
    const ground = "toHome" in one ? toHome[one.toHome % toHome.length] : undefined;
    if ("home" in one) home = visitor(home, one.home);
    else if ("host" in one) page = visitPage(page, one.host);
    else if (report !== undefined) page = visitPage(page, { kind: "report", report, leaseUntilMs });
    else if (ground !== undefined) home = visitor(home, { kind: "told", report: ground });
    if (home.number !== toHost.at(-1)?.number) toHost.push(visitReport(home));
    if (page.number !== toHome.at(-1)?.number) toHome.push(groundReport(page));
  }
  return { page, home, toHost, toHome };
}

describe("reports of a visit", () => {
  it("change nothing when they are not newer than what was taken", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { page, home, toHost, toHome } = visited(happenings);
        for (const report of toHost)
          if (report.number <= page.heard)
            expect(visitPage(page, { kind: "report", report, leaseUntilMs: 9 * LEASE_MS })).toBe(page);
        for (const report of toHome)
          if (report.number <= home.taken) expect(visitor(home, { kind: "told", report })).toBe(home);
      }),
    );
  });

  it("say the same under one number, whenever they are made", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { page, home, toHost, toHome } = visited(happenings);
        expect(groundReport(page)).toEqual(toHome.at(-1));
        expect(visitReport(home)).toEqual(toHost.at(-1));
      }),
    );
  });

  it("leave what may have been entered to the vehicle until its own side says that it is clear", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { page, home } = visited(happenings);
        const entered = home.holds.filter(({ isEntered }) => isEntered).map(({ stretchId: id }) => id);
        expect(keptStretches(page)).toEqual(expect.arrayContaining(entered));
      }),
    );
  });
});

describe("the page of the host's ledger", () => {
  const granted = (leaseUntilMs = LEASE_MS) => {
    const begun = visitPage(freshPage(VEHICLE, "vn", "cn"), { kind: "begin", handoffId: VISIT });
    const wants = { number: 1, seen: 0, wants: ["A"], holds: [], isOver: false };
    const asked = visitPage(begun, { kind: "report", report: wants, leaseUntilMs });
    const held = visitPage(asked, { kind: "held", stretchId: "A", leaseUntilMs });
    const to = { by: "vn", to: "cn", expectedEpoch: 0, handoffId: VISIT } as const;
    return visitPage(held, { kind: "switch", ...to, leaseUntilMs });
  };

  it("grants with the switch, under a lease and an epoch, what its ledger holds", () => {
    const page = granted();
    expect(page).toMatchObject({ stage: "open", register: { authority: "cn", epoch: 1, handoffId: VISIT } });
    expect(groundReport(page).grants).toEqual([
      { stretchId: "A", state: "GRANTED", epoch: page.number, leaseUntilMs: LEASE_MS },
    ]);
  });

  it("takes a switch from its holder alone, for the epoch that it was meant for", () => {
    const page = granted();
    const again = { kind: "switch", handoffId: VISIT, leaseUntilMs: LEASE_MS } as const;
    expect(visitPage(page, { ...again, by: "vn", to: "cn", expectedEpoch: 0 })).toBe(page);
    expect(visitPage(page, { ...again, by: "vn", to: "vn", expectedEpoch: 1 })).toBe(page);
    expect(visitPage(page, { ...again, by: "cn", to: "vn", expectedEpoch: 1 })).toBe(page);
  });

  it("begins the next visit with a new number, when the right is the home side's again", () => {
    const open = granted();
    const over = { number: 9, seen: open.number, wants: [], holds: [], isOver: true };
    const left = visitPage(open, { kind: "report", report: over, leaseUntilMs: 0 });
    const next = { kind: "begin", handoffId: "h-3" as HandoffId } as const;
    expect(visitPage(left, next)).toBe(left);
    const back = visitPage(left, {
      kind: "switch",
      by: "cn",
      to: "vn",
      expectedEpoch: 1,
      handoffId: "h-2" as HandoffId,
      leaseUntilMs: 0,
    });
    expect(back.register).toEqual({ authority: "vn", epoch: 2, handoffId: "h-2" });
    expect(visitPage(back, next)).toMatchObject({
      stage: "ready",
      handoffId: "h-3",
      number: back.number + 1,
    });
  });
});
