import { visitPage } from "../page.ts";
import { visitor } from "../visitor.ts";
import { type Machines, production } from "./world.ts";

/** A variant of the machines with one bug, and the property that it breaks. */
export interface VisitBug {
  readonly property: number;
  readonly what: string;
  readonly machines: Machines;
}

const bug = (property: number, what: string, machines: Partial<Machines>): VisitBug => ({
  property,
  what,
  machines: { ...production, ...machines },
});

export const VISIT_BUGS: readonly VisitBug[] = [
  bug(1, "a host that frees ground when the lease is over", {
    aged: (page, nowMs) => ({
      ...page,
      stretches: page.stretches.filter(
        ({ state, leaseUntilMs }) => state !== "granted" || leaseUntilMs > nowMs,
      ),
    }),
  }),
  bug(1, "a host that frees what an old report, made before its grant was seen, does not name", {
    asksAhead: 2,
    page: (page, event) =>
      visitPage(
        page,
        event.kind === "report" ? { ...event, report: { ...event.report, seen: page.number } } : event,
      ),
  }),
  bug(1, "a host that frees ground as soon as it wants it back", {
    page: (page, event) => {
      const next = visitPage(page, event);
      if (event.kind !== "revoke" || next === page) return next;
      return { ...next, stretches: next.stretches.filter(({ state }) => state !== "revoked") };
    },
  }),
  bug(1, "a home side that lets its vehicle in before it has noted it", {
    visitor: (state, event) => {
      const next = visitor(state, event);
      return event.kind === "enter" && next !== state ? { ...state } : next;
    },
  }),
  bug(1, "a home side that takes the grant of its way in for one of its way back", {
    way: ["A", "B", "A"],
    visitor: (state, event) => {
      const next = visitor(state, event);
      if (event.kind !== "want" || next === state) return next;
      return { ...next, wants: next.wants.map((one) => ({ ...one, after: 0 })) };
    },
  }),
  bug(1, "a host that grants before the witness has spoken", {
    page: (page, event) => {
      const next = visitPage(page, event);
      if (event.kind !== "held" || next === page) return next;
      const { leaseUntilMs } = event;
      const stretches = next.stretches.map((one) =>
        one.state === "held" ? { ...one, state: "granted" as const, epoch: next.number, leaseUntilMs } : one,
      );
      return { ...next, stretches };
    },
  }),
  bug(1, "a host that gives the right back before its ground is clear", {
    page: (page, event) => {
      if (event.kind !== "switch" || event.by !== page.host) return visitPage(page, event);
      const next = visitPage({ ...page, stage: "over" }, event);
      return next.register === page.register ? page : { ...next, stage: page.stage };
    },
  }),
  bug(2, "a home side that lets its vehicle in on a lease that is over", {
    visitor: (state, event) => visitor(state, event.kind === "enter" ? { ...event, latestMs: 0 } : event),
  }),
  bug(3, "a host that keeps what it wanted back though it was given back", {
    page: (page, event) => {
      const next = visitPage(page, event);
      const lost = page.stretches.filter(
        ({ stretchId, state }) =>
          state === "revoked" && !next.stretches.some((one) => one.stretchId === stretchId),
      );
      if (lost.length === 0) return next;
      return { ...next, stage: page.stage, stretches: [...lost, ...next.stretches] };
    },
  }),
  bug(3, "a home side that never says that it has seen a grant which it does not want any more", {
    visitor: (state, event) => {
      const next = visitor(state, event);
      return next === state ? state : { ...next, seen: 0 };
    },
  }),
  bug(5, "a door that lets in a report which the home side never made", { believesForged: true }),
];
