import type { VehicleId } from "@baton/fleet-adapter";
import type { HandoffId } from "../../../port.ts";
import { freshPage, type PageEvent, type VisitPage, visitPage } from "../page.ts";
import type { GroundReport, VisitReport } from "../reports.ts";
import { freshVisitor, type Visitor, type VisitorEvent, visitor } from "../visitor.ts";

/**
 * The world of a visit: the home side drives its vehicle over the line, along a way of stretches of the host's ground, and home again;
 * or it turns round before. Both sides' machines of production, the vehicle, and time, which ends leases.
 *
 * The network is the worst there is: every report that was ever made may arrive at any time, in any order, any number of times, or never,
 * and so may the giver's switch and its fence. So loss, delay, doubling and reordering have no bounds, nor has a crash: state and reports
 * of a step are durable together, and nothing here needs to happen that was not.
 */
export interface World {
  readonly page: VisitPage;
  readonly visitor: Visitor;
  readonly toHost: readonly VisitReport[];
  readonly toHome: readonly GroundReport[];
  /** Stretches of its way that the vehicle has leave for, and those that it has driven onto. */
  readonly leave: number;
  readonly at: number;
  /** Its tail is on the stretch before. */
  readonly tail: boolean;
  /** It is back on its own ground, and stays. */
  readonly isHome: boolean;
  readonly nowMs: number;
  /** How often the host has wanted ground back, the home side has asked for more time, and an order was given up. */
  readonly revoked: number;
  readonly renewed: number;
  readonly turned: number;
  /** What is broken, as `property: words`. */
  readonly broken: string | undefined;
}

/** What is searched: production's own machines and door, or a variant with a seeded bug; and how much of a visit. */
export interface Machines {
  readonly page: (page: VisitPage, event: PageEvent) => VisitPage;
  readonly visitor: (state: Visitor, event: VisitorEvent) => Visitor;
  /** What of a page time does by itself: nothing. */
  readonly aged: (page: VisitPage, nowMs: number) => VisitPage;
  /** Whether a report that the partner never made gets past signatures (`signatures.ts`). */
  readonly believesForged: boolean;
  /** The vehicle's way over the host's ground. */
  readonly way: readonly string[];
  /** For how many stretches of its way it asks at once. */
  readonly asksAhead: number;
  /** How often each of the things happens that could go on for ever: ground wanted back, more time asked for, an order given up. */
  readonly most: number;
  /** How many of those happen in one visit altogether. */
  readonly altogether: number;
}

export const production: Machines = {
  page: visitPage,
  visitor,
  aged: (page) => page,
  believesForged: false,
  way: ["A", "B"],
  asksAhead: 1,
  most: 1,
  altogether: 3,
};

export const VISIT = "h-1" as HandoffId;
export const LEASE_MS = 1_000;
const VEHICLE = "sim.vn-01" as VehicleId;

export const firstWorld: World = {
  page: visitPage(freshPage(VEHICLE, "vn", "cn"), { kind: "begin", handoffId: VISIT }),
  visitor: visitor(freshVisitor(VEHICLE, "vn"), { kind: "begin", handoffId: VISIT }),
  toHost: [],
  toHome: [],
  leave: 0,
  at: 0,
  tail: false,
  isHome: false,
  nowMs: 0,
  revoked: 0,
  renewed: 0,
  turned: 0,
  broken: undefined,
};

/**
 * Worlds with one key behave alike from there on. Of numbers of reports and grants only the order matters, and of times how long a
 * lease still runs: each number is written as its rank among those that are left, so that a long way to a world is the same as a short one.
 */
export function keyOf(world: World): string {
  const { page, visitor: home, toHost, toHome, nowMs, broken, ...rest } = world;
  const epochs = (all: readonly { readonly epoch: number }[]): number[] => all.map(({ epoch }) => epoch);
  const host = ranks([
    page.number,
    home.taken,
    home.seen,
    ...epochs(page.stretches),
    ...epochs(home.holds),
    ...home.wants.map(({ after }) => after),
    ...toHost.flatMap(({ seen, holds }) => [seen, ...epochs(holds)]),
    ...toHome.flatMap(({ number, grants }) => [number, ...epochs(grants)]),
  ]);
  const own = ranks([home.number, page.heard, ...toHost.map(({ number }) => number)]);
  const left = (leaseUntilMs: number): number => Math.max(0, leaseUntilMs - nowMs) / LEASE_MS;
  return JSON.stringify([
    page.stage,
    page.register.epoch,
    host(page.number),
    own(page.heard),
    page.stretches.map((one) => [one.stretchId, one.state, host(one.epoch), left(one.leaseUntilMs)]),
    own(home.number),
    host(home.taken),
    host(home.seen),
    home.isOver,
    home.rejected,
    home.wants.map(({ stretchId, after }) => [stretchId, host(after)]),
    home.holds.map((one) => [
      one.stretchId,
      host(one.epoch),
      one.isEntered || one.isRevoked ? -1 : left(one.leaseUntilMs),
      one.isEntered,
      one.isRevoked,
    ]),
    toHost.map(({ number, seen, wants, holds, isOver }) => [
      own(number),
      host(seen),
      wants,
      holds.map(({ stretchId, epoch }) => [stretchId, host(epoch)]),
      isOver,
    ]),
    toHome.map(({ number, grants, register }) => [
      host(number),
      register.epoch,
      grants.map((one) => [one.stretchId, one.state, host(one.epoch), left(one.leaseUntilMs)]),
    ]),
    Object.values(rest),
    broken,
  ]);
}

function ranks(numbers: readonly number[]): (number: number) => number {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return (number) => sorted.indexOf(number);
}
