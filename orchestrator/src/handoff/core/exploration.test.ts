import { describe, expect, it } from "vitest";
import {
  calmRound,
  firstWorld,
  type Happening,
  keyOf,
  type Machines,
  production,
  successors,
  type World,
} from "./explored-world.ts";
import { giverCommands, isGiverClosed } from "./giver-state.ts";
import { isTakerClosed, takerCommands } from "./taker.ts";

const BOUNDS = { duplicates: 2, crashes: 1 };
const MAX_STATES = 400_000;
const CALM_ROUNDS = 20;

/** What must hold in every state; undefined when it does. */
function violation(world: World): string | undefined {
  const giverHas = giverCommands(world.giver);
  const takerHas = world.taker !== undefined && takerCommands(world.taker);
  if (giverHas && takerHas) return "both sides command the vehicle";
  if (giverHas && world.register.authority !== "vn")
    return "the giver commands what the register gives to the taker";
  if (takerHas && world.register.authority !== "cn")
    return "the taker commands what the register leaves with the giver";
  const freed = world.taker?.phase === "ended" || world.taker?.phase === "declined";
  if (freed && world.register.authority === "cn")
    return "the taker has freed its ground, and the vehicle is the taker's";
  return undefined;
}

/** What must hold once nothing is lost any more. */
function unfinished(world: World): string | undefined {
  if (!isGiverClosed(world.giver)) return `the giver never ends: ${world.giver.phase}`;
  if (world.taker !== undefined && !isTakerClosed(world.taker))
    return `the taker never ends: ${world.taker.phase}`;
  if ((world.giver.phase === "concluded") !== (world.taker?.phase === "concluded"))
    return "one side has a custody record, the other none";
  if (giverCommands(world.giver) === (world.taker !== undefined && takerCommands(world.taker)))
    return "not exactly one side commands";
  if (world.fromGiver.length + world.fromTaker.length > 0) return "messages are never taken";
  return undefined;
}

interface Finding {
  readonly states: number;
  readonly broken: string | undefined;
  readonly story: readonly string[];
}

/** Breadth first over everything that can happen: the first story found is a shortest one. */
function explore(machines: Machines): Finding {
  const start = firstWorld(BOUNDS);
  const cameFrom = new Map<string, { before: string | undefined; what: string }>();
  const settled = new Set<string>();
  cameFrom.set(keyOf(start), { before: undefined, what: "the giver offers" });
  let frontier: { key: string; world: World }[] = [{ key: keyOf(start), world: start }];
  const tell = (key: string, broken: string): Finding => {
    const story: string[] = [];
    for (let at: string | undefined = key; at !== undefined; at = cameFrom.get(at)?.before) {
      story.unshift(cameFrom.get(at)?.what ?? "?");
    }
    return { states: cameFrom.size, broken, story };
  };
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { key, world } of frontier) {
      const broken = violation(world) ?? endsCalmly(world, machines, settled);
      if (broken !== undefined) return tell(key, broken);
      for (const happening of successors(world, machines) satisfies readonly Happening[]) {
        const reached = keyOf(happening.world);
        if (cameFrom.has(reached)) continue;
        cameFrom.set(reached, { before: key, what: happening.what });
        if (cameFrom.size > MAX_STATES)
          throw new Error(`more than ${MAX_STATES} states: the bounds are too wide`);
        next.push({ key: reached, world: happening.world });
      }
    }
    frontier = next;
  }
  return { states: cameFrom.size, broken: undefined, story: [] };
}

function endsCalmly(from: World, machines: Machines, settled: Set<string>): string | undefined {
  const passed: string[] = [];
  let world = from;
  for (let round = 0; round < CALM_ROUNDS; round++) {
    const key = keyOf(world);
    if (settled.has(key)) break;
    passed.push(key);
    world = calmRound(world, machines);
    const broken = violation(world);
    if (broken !== undefined) return broken;
    if (unfinished(world) === undefined) break;
    if (round === CALM_ROUNDS - 1) return unfinished(world);
  }
  for (const key of passed) settled.add(key);
  return undefined;
}

/** A giver that takes a withdrawal after `go` at its word, without raising the epoch first. */
const withdrawsUnfenced: Machines = {
  ...production,
  giver: (state, event) => {
    const [next, effects] = production.giver(state, event);
    if (next.phase !== "fencing" || state.phase === "fencing") return [next, effects];
    const { manifest: _, epoch: __, goSeen: ___, ...kept } = next;
    return [
      { ...kept, phase: "ended" },
      [{ kind: "send", message: { type: "withdraw", body: { how: next.how, reason: next.reason } } }],
    ];
  },
};

/** A taker that frees its ground on a timer after `go`. */
const freesOnATimer: Machines = {
  ...production,
  taker: (state, event) => {
    if (state.phase !== "gone" || event.kind !== "tick") return production.taker(state, event);
    const { manifest: _, epoch: __, ...kept } = state;
    return [{ ...kept, phase: "ended", how: "expired", reason: "too long", byUs: true }, []];
  },
};

/** A taker that believes a message where only the witness may be believed. */
const takesOverOnGo: Machines = {
  ...production,
  taker: (state, event) => {
    const [next, effects] = production.taker(state, event);
    return state.phase === "prepared" && next.phase === "gone"
      ? [{ ...next, phase: "switched" }, effects]
      : [next, effects];
  },
};

/** A giver that forgets after a crash to say and do again what is outstanding. */
const neverRepeats: Machines = {
  ...production,
  giver: (state, event) => (event.kind === "repeat" ? [state, []] : production.giver(state, event)),
};

describe("everything that can happen to one hand-off", () => {
  it("leaves the vehicle with exactly one holder, commanded by nobody else, and every hand-off ends", () => {
    const found = explore(production);
    console.log(`hand-off exploration: ${found.states} states`);
    expect(found.story, found.broken).toEqual([]);
    expect(found.states).toBeGreaterThan(100_000);
  }, 180_000);

  it.each([
    {
      bug: "a giver that withdraws after go without fencing",
      machines: withdrawsUnfenced,
      harm: /never ends/,
    },
    { bug: "a taker that frees its ground on a timer after go", machines: freesOnATimer, harm: /freed/ },
    {
      bug: "a taker that takes over on a message instead of the witness",
      machines: takesOverOnGo,
      harm: /command/,
    },
    {
      bug: "a giver that does not repeat its transfer after a crash",
      machines: neverRepeats,
      harm: /never ends/,
    },
  ])("finds $bug", ({ machines, harm }) => {
    const found = explore(machines);
    expect(found.broken).toMatch(harm);
    expect(found.story.length).toBeGreaterThan(2);
  });
});
