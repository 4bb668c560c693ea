import { groundReport, keptStretches, type PageEvent } from "../page.ts";
import type { VisitReport } from "../reports.ts";
import { type VisitorEvent, visitReport } from "../visitor.ts";
import { LEASE_MS, type Machines, VISIT, type World } from "./world.ts";

/** What happens next, in words, and the world after it. */
export type Happening = readonly [what: string, world: World];

/** A world in which everything gets through has come to rest after so many rounds, or never will. */
const CALM_ROUNDS = 60;

const FORGED: VisitReport = { number: 99, seen: 99, wants: [], holds: [], isOver: false };

/** What can happen in the world of a visit. */
export class Steps {
  readonly #machines: Machines;

  constructor(machines: Machines) {
    this.#machines = machines;
  }

  after(world: World): readonly Happening[] {
    const { page, at, leave, tail, nowMs } = world;
    const { way, aged, asksAhead, believesForged } = this.#machines;
    const most = this.#mostOf(world);
    const found: Happening[] = [];
    const add = (what: string, next: World): void => {
      if (next !== world) found.push([what, checked(next, way)]);
    };
    for (const report of world.toHost)
      add(`${visitInWords(report)} reaches the host`, this.#toHost(world, report));
    for (const report of world.toHome)
      add(
        `report ${report.number} of the host reaches the home side`,
        this.#home(world, { kind: "told", report }),
      );
    for (const { stretchId, state } of page.stretches) {
      if (state === "queued") {
        add(`the host's ledger has ${stretchId}`, this.#held(world, stretchId));
        if (stretchId !== way[0])
          add(`the host rejects ${stretchId}`, this.#page(world, { kind: "reject", stretchId }));
      }
      if (state === "granted" && world.revoked < most)
        add(`the host wants ${stretchId} back`, {
          ...this.#page(world, { kind: "revoke", stretchId }),
          revoked: world.revoked + 1,
        });
    }
    add("the giver's switch reaches the host", this.#switch(world, "vn", "cn", 0));
    add("the giver's fence reaches the host", this.#switch(world, "vn", "vn", 0));
    add("the host gives the right back", this.#switch(world, "cn", "vn", 1));
    const later = nowMs + LEASE_MS;
    const isRunning = world.page.stretches.some(({ leaseUntilMs }) => leaseUntilMs > nowMs);
    if (isRunning)
      add("time passes, and leases are over", { ...world, nowMs: later, page: aged(page, later) });
    const next = way[leave];
    if (!world.isHome && at === leave && !tail && next !== undefined) {
      for (const stretchId of way.slice(leave, leave + asksAhead))
        add(`the home side asks for ${stretchId}`, this.#home(world, { kind: "want", stretchId }));
      add(`the home side notes that ${next} is entered, and lets its vehicle`, this.#enter(world, next));
    }
    if (world.renewed < most) {
      const renewed = this.#home(world, { kind: "renew" });
      if (renewed !== world)
        add("the home side asks for more time", { ...renewed, renewed: world.renewed + 1 });
    }
    for (const [what, driven] of this.#driven(world)) add(what, driven);
    if (believesForged) {
      const fooled = this.#toHost(world, FORGED);
      if (fooled !== world)
        add("a report that the home side never made reaches the host", {
          ...fooled,
          broken: "5: what nobody signed has changed the host's ledger",
        });
    }
    return found;
  }

  /** What is broken, or never ends, though everything gets through from here on and the vehicle is to come home. */
  endsCalmly(from: World, isSettled: (world: World) => boolean): string | undefined {
    let world = from;
    for (let round = 0; round < CALM_ROUNDS; round++) {
      if (world.broken !== undefined) return world.broken;
      if (isOver(world) || isSettled(world)) return undefined;
      world = checked(this.#calmRound(world), this.#machines.way);
    }
    const held = keptStretches(world.page).join(" ") || "nothing";
    return `3: the visit never ends: it is ${world.page.stage}, and the host keeps ${held} for it`;
  }

  #calmRound(from: World): World {
    let world = from;
    for (const report of world.toHost) world = this.#toHost(world, report);
    for (const { stretchId, state } of world.page.stretches)
      if (state === "queued") world = this.#held(world, stretchId);
    world = this.#home(world, { kind: "told", report: groundReport(world.page) });
    world = this.#switch(world, "cn", "vn", 1);
    const { way } = this.#machines;
    const next = way[world.leave];
    const isStuck = !world.isHome && world.at === world.leave && !world.tail && !this.#isNextToHome(world);
    if (!isStuck || next === undefined) return this.#driven(world)[0]?.[1] ?? world;
    const asked = this.#home(world, { kind: "want", stretchId: next });
    const entered = this.#enter(asked, next);
    return entered === asked ? this.#home(asked, { kind: "renew" }) : entered;
  }

  /** How often each of the things that could go on for ever may have happened: not once more when all are spent. */
  #mostOf({ revoked, renewed, turned }: World): number {
    const { most, altogether } = this.#machines;
    return revoked + renewed + turned < altogether ? most : 0;
  }

  #isNextToHome({ at }: World): boolean {
    const { way } = this.#machines;
    return at === 0 || at === way.length || way[at - 1] === way[0];
  }

  /** The vehicle, and its mission. */
  #driven(world: World): readonly Happening[] {
    const { at, leave, tail, isHome } = world;
    const { way } = this.#machines;
    const most = this.#mostOf(world);
    if (isHome) return [["the home side ends the visit", this.#home(world, { kind: "end" })]];
    if (tail) {
      const behind = way[at - 2] ?? "?";
      const cleared = { ...world, tail: false };
      return [[`the vehicle has left ${behind}`, this.#home(cleared, { kind: "left", stretchId: behind })]];
    }
    if (at < leave) {
      const ahead = way[at] ?? "?";
      const drives: Happening = [`the vehicle drives onto ${ahead}`, { ...world, at: at + 1, tail: at > 0 }];
      if (world.turned >= most) return [drives];
      const back = { ...world, leave: at, turned: world.turned + 1 };
      const what = `the vehicle has given up its order onto ${ahead}, and stands before it`;
      return [drives, [what, this.#home(back, { kind: "left", stretchId: ahead })]];
    }
    const over = { ...world, isHome: true };
    if (at === 0) return [["the vehicle stays at home", over]];
    if (!this.#isNextToHome(world)) return [];
    const here = way[at - 1] ?? "?";
    return [["the vehicle drives home over the line", this.#home(over, { kind: "left", stretchId: here })]];
  }

  #enter(world: World, stretchId: string): World {
    const next = this.#home(world, { kind: "enter", stretchId, latestMs: world.nowMs });
    if (next === world) return world;
    const epoch = next.visitor.holds.find((one) => one.stretchId === stretchId)?.epoch;
    const grant = next.page.stretches.find((one) => one.stretchId === stretchId && one.epoch === epoch);
    const entered = { ...next, leave: world.leave + 1 };
    if (grant !== undefined && world.nowMs >= grant.leaseUntilMs)
      return { ...entered, broken: `2: the vehicle was let onto ${stretchId} when its lease was over` };
    return entered;
  }

  #held(world: World, stretchId: string): World {
    return this.#page(world, { kind: "held", stretchId, leaseUntilMs: world.nowMs + LEASE_MS });
  }

  #toHost(world: World, report: VisitReport): World {
    return this.#page(world, { kind: "report", report, leaseUntilMs: world.nowMs + LEASE_MS });
  }

  #switch(world: World, by: "vn" | "cn", to: "vn" | "cn", expectedEpoch: number): World {
    const leaseUntilMs = world.nowMs + LEASE_MS;
    return this.#page(world, { kind: "switch", by, to, expectedEpoch, handoffId: VISIT, leaseUntilMs });
  }

  #page(world: World, event: PageEvent): World {
    const page = this.#machines.page(world.page, event);
    if (page === world.page) return world;
    const toHome = page.number === world.page.number ? world.toHome : [...world.toHome, groundReport(page)];
    return withoutSpent({ ...world, page, toHome });
  }

  #home(world: World, event: VisitorEvent): World {
    const next = this.#machines.visitor(world.visitor, event);
    if (next === world.visitor) return world;
    const isSaid = next.number !== world.visitor.number;
    const toHost = isSaid ? [...world.toHost, visitReport(next)] : world.toHost;
    return withoutSpent({ ...world, visitor: next, toHost });
  }
}

/** Reports that are no newer than what was taken change nothing (`visit.test.ts`): they are left out. */
function withoutSpent(world: World): World {
  const { page, visitor } = world;
  return {
    ...world,
    toHost: page.stage === "over" ? [] : world.toHost.filter(({ number }) => number > page.heard),
    toHome: world.toHome.filter(({ number }) => number > visitor.taken),
  };
}

/** Both sides know that it is over, and whose the right to move is. */
function isOver({ page, visitor }: World): boolean {
  const { epoch, authority } = page.register;
  return page.stage === "over" && visitor.isOver && authority === "vn" && visitor.register.epoch === epoch;
}

/** Where the vehicle is, or may drive by the leave it has. */
function groundOf({ at, leave, tail, isHome }: World, way: readonly string[]): readonly string[] {
  return isHome ? [] : way.slice(Math.max(0, at - (tail ? 2 : 1)), leave);
}

function checked(world: World, way: readonly string[]): World {
  if (world.broken !== undefined) return world;
  const ground = groundOf(world, way);
  const kept = keptStretches(world.page);
  const lost = ground.find((stretchId) => !kept.includes(stretchId));
  if (lost !== undefined)
    return {
      ...world,
      broken: `1: the vehicle is on ${lost}, or about to be, and the host may give it to others`,
    };
  const { authority } = world.page.register;
  if (ground.length > 0 && authority !== "cn")
    return { ...world, broken: "1: the vehicle is over the line, and the witness does not name the host" };
  return world;
}

function visitInWords({ number, holds, wants, isOver }: VisitReport): string {
  const holding = holds.map(({ stretchId }) => stretchId).join(" ") || "nothing";
  const wanting = wants.length === 0 ? "" : `, wants ${wants.join(" ")}`;
  return `report ${number} of the home side (${isOver ? "over" : `holds ${holding}${wanting}`})`;
}
