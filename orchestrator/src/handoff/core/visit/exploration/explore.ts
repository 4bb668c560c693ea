import type { Finding } from "../../exploration/finding.ts";
import { Visited } from "../../exploration/visited.ts";
import { Steps } from "./steps.ts";
import { firstWorld, keyOf, type Machines, type World } from "./world.ts";

/** Breadth first over everything that can happen to a visit: the story of a finding is a shortest one. */
export function exploreVisits(machines: Machines, mostStates: number): Finding {
  const steps = new Steps(machines);
  const visited = new Visited();
  const settled = new Visited();
  const labels: string[] = [];
  const labelOf = new Map<string, number>();
  const label = (what: string): number => {
    const known = labelOf.get(what) ?? labels.push(what) - 1;
    labelOf.set(what, known);
    return known;
  };
  /** What never ends from here, or goes wrong on the way; worlds that were passed are not looked at again. */
  const endsCalmly = (world: World): string | undefined => {
    const passed: string[] = [];
    const wrong = steps.endsCalmly(world, (each) => {
      const key = keyOf(each);
      passed.push(key);
      return settled.has(key);
    });
    if (wrong === undefined) for (const key of passed) settled.add(key, -1, 0);
    return wrong;
  };
  let looked = 0;
  let depth = 0;
  const found = (broken: string | undefined, story: readonly string[]): Finding => ({
    states: visited.count,
    steps: looked,
    depth,
    broken,
    story,
  });
  const wayTo = (state: number): string[] => visited.wayTo(state).map((each) => labels[each] ?? "?");
  const first = visited.add(keyOf(firstWorld), -1, label("cn accepts the visit of vn's vehicle")) ?? 0;
  let frontier: (readonly [World, number])[] = [[firstWorld, first]];
  for (; frontier.length > 0; depth++) {
    const next: typeof frontier = [];
    for (const [world, number] of frontier) {
      if (world.broken !== undefined) return found(world.broken, wayTo(number));
      const never = endsCalmly(world);
      if (never !== undefined)
        return found(never, [...wayTo(number), "from here on everything gets through"]);
      for (const [what, reached] of steps.after(world)) {
        looked++;
        const state = visited.add(keyOf(reached), number, label(what));
        if (state === undefined) continue;
        if (visited.count > mostStates) throw new Error(`more than ${mostStates} states`);
        next.push([reached, state]);
      }
    }
    frontier = next;
  }
  return found(undefined, []);
}
