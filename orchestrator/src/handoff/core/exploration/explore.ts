import type { GiverState } from "../giver-state.ts";
import { refusalToResolve } from "../may-resolve.ts";
import type { TakerState } from "../taker.ts";
import type { Holder } from "../word.ts";
import type { Finding } from "./finding.ts";
import { Interned } from "./interned.ts";
import { unfinished, violation } from "./properties.ts";
import { at, registerOf, SAYINGS, Steps } from "./steps.ts";
import { Visited } from "./visited.ts";
import { EXPIRY_MS, epochOf, halfSigned, type Machines, type World } from "./world.ts";

/** A world in which nothing is lost any more has come to rest after so many rounds, or never will. */
const CALM_ROUNDS = 24;

/** Breadth first over everything that can happen: the story of a finding is a shortest one. */
export function explore(machines: Machines, mostStates: number): Finding {
  const search = new Search(machines);
  const start = search.steps.first();
  let frontier: { readonly world: World; readonly number: number }[] = [
    {
      world: start,
      number:
        search.visited.add(search.parts.key(start), -1, search.label("vn offers the vehicle, hand-off 1")) ??
        0,
    },
  ];
  let steps = 0;
  let depth = 0;
  const found = (broken: string | undefined, state?: number): Finding => ({
    states: search.visited.count,
    steps,
    depth,
    broken,
    story: state === undefined ? [] : search.visited.wayTo(state).map((label) => search.labels[label] ?? "?"),
  });
  for (; frontier.length > 0; depth++) {
    const next: typeof frontier = [];
    for (const { world, number } of frontier) {
      const broken = violation(world);
      if (broken !== undefined) return found(broken, number);
      const inTheEnd = search.endsCalmly(world);
      if (inTheEnd !== undefined) {
        const finding = found(inTheEnd, number);
        return { ...finding, story: [...finding.story, "from here on everything gets through"] };
      }
      for (const happening of search.steps.after(world)) {
        steps++;
        const reached = search.visited.add(
          search.parts.key(happening.world),
          number,
          search.label(happening.what),
        );
        if (reached === undefined) continue;
        if (search.visited.count > mostStates) throw new Error(`more than ${mostStates} states`);
        next.push({ world: happening.world, number: reached });
      }
    }
    frontier = next;
  }
  return found(undefined);
}

/** What a search and a walk share: what may happen next, and whether all ends well once nothing is lost any more. */
export class Search {
  readonly parts = new Interned();
  readonly steps: Steps;
  readonly visited = new Visited();
  readonly labels: string[] = [];
  readonly #labelOf = new Map<string, number>();
  /** Worlds from which it is known that all ends well once nothing is lost any more. */
  readonly #settled = new Visited();
  readonly #maySay: Machines["maySay"];

  constructor(machines: Machines) {
    this.steps = new Steps(machines, this.parts);
    this.#maySay = machines.maySay;
  }

  label(what: string): number {
    const known = this.#labelOf.get(what);
    if (known !== undefined) return known;
    this.#labelOf.set(what, this.labels.length);
    return this.labels.push(what) - 1;
  }

  /** What is never finished, or goes wrong, though everything gets through from here on and no mission begins anything. */
  endsCalmly(from: World): string | undefined {
    const passed: string[] = [];
    let world = from;
    for (let round = 0; round < CALM_ROUNDS && unfinished(world) !== undefined; round++) {
      const key = this.parts.key(world);
      if (this.#settled.has(key)) break;
      passed.push(key);
      world = this.#calmRound(world);
      const broken = violation(world);
      if (broken !== undefined) return broken;
      if (round === CALM_ROUNDS - 1) return unfinished(world);
    }
    for (const key of passed) this.#settled.add(key, -1, 0);
    return undefined;
  }

  /**
   * What is due arrives, what is said in answer too, both sides see the register, clocks pass the expiry, both repeat what
   * is outstanding. Instructions of before may be lost for good: what they were for has to be asked again.
   */
  #calmRound(from: World): World {
    let world: World = from;
    for (let h = 0; h < world.handoffs.length; h++) {
      for (const said of at(world, h).said)
        if (said.due) world = this.steps.again.deliver(world, h, said, EXPIRY_MS);
      const tick = { kind: "tick", nowMs: EXPIRY_MS } as const;
      world = this.steps.again.stepTaker(this.steps.again.stepGiver(world, h, tick), h, tick);
      const repeat = { kind: "repeat", nowMs: 0 } as const;
      world = this.#obeyed(world, (now) =>
        this.steps.again.stepTaker(this.steps.again.stepGiver(now, h, repeat), h, repeat),
      );
      world = this.#obeyed(world, (now) => this.#seen(now, h));
      world = this.#seen(this.steps.crane?.settle(world) ?? world, h);
      world = this.#resolved(world, h);
      if (at(world, h).takerState?.phase === "switched")
        world = this.steps.again.stepTaker(world, h, { kind: "receive", record: halfSigned, nowMs: 0 });
    }
    return { ...world, instructions: from.instructions };
  }

  /** The people of both sides have spoken on the telephone: they say the same, if what each knows lets them. */
  #resolved(world: World, h: number): World {
    if (!world.lost) return world;
    const { giverState, takerState } = at(world, h);
    if (takerState === undefined) return world;
    const refuses = (state: GiverState | TakerState, holder: Holder): boolean =>
      refusalToResolve(state, holder) === "contradicts-witness";
    const open = SAYINGS.filter(({ holder }) => !refuses(giverState, holder) && !refuses(takerState, holder));
    const said = takerState.ourWord ?? giverState.ourWord;
    const saying = open.find(({ holder }) => holder === said?.holder) ?? open[0];
    if (saying === undefined) return world;
    const resolve = { kind: "resolve", saying, nowMs: 0 } as const;
    let next = world;
    if (this.#maySay(giverState, saying.holder)) next = this.steps.again.stepGiver(next, h, resolve);
    if (this.#maySay(takerState, saying.holder)) next = this.steps.again.stepTaker(next, h, resolve);
    return next;
  }

  /** What is asked for in a step is heard this time. */
  #obeyed(from: World, step: (world: World) => World): World {
    let world = step({ ...from, instructions: [] });
    for (const instruction of world.instructions) world = this.steps.again.obey(world, instruction);
    return world;
  }

  #seen(world: World, h: number): World {
    if (world.lost) return world;
    const { authority, by } = world.registers.at(-1) ?? { authority: "vn", by: undefined };
    const register = registerOf(authority, epochOf(world.registers), by);
    const sees = { kind: "register", register, nowMs: 0 } as const;
    return this.steps.again.stepTaker(this.steps.again.stepGiver(world, h, sees), h, sees);
  }
}
