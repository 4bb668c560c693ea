import type { RandomSource } from "@baton/fleet-adapter";
import { Search } from "./explore.ts";
import { violation } from "./properties.ts";
import type { Happening, Machines, World } from "./world.ts";

export interface WalkFinding {
  readonly steps: number;
  readonly walks: number;
  /** Hand-offs that were begun, and how many of them both sides concluded. */
  readonly handoffs: number;
  readonly concluded: number;
  readonly broken: string | undefined;
  /** How the walk that broke something came to it, a sentence a step. */
  readonly story: readonly string[];
}

/** After so many steps a walk has seen what there is to see, and another one begins. */
const LONGEST_WALK = 1_000;
/** Whether all would end well from here is asked this often on the way, and at the end of each walk. */
const CALM_EVERY = 50;
/** How likely a happening is that this walk does not care for, and one that ends a hand-off before it comes to anything. */
const RARE = 0.1;
const ENDING = 0.003;
const ENDS = /withdraws|expiry|declines|closes the border|after its time/;

/**
 * Random walks through everything that can happen, for what is beyond the bounds of a search: many hand-offs of one vehicle,
 * hundreds of steps. Each walk favours some kinds of happenings over others, drawn anew (swarm testing, Groce et al. 2012):
 * one that draws evenly ends nearly everything before it comes to anything. Walks end with the first property that is broken.
 */
export function walk(machines: Machines, mostSteps: number, random: RandomSource): WalkFinding {
  const search = new Search(machines);
  let steps = 0;
  let walks = 0;
  let handoffs = 0;
  let concluded = 0;
  while (steps < mostSteps) {
    const favours = new Map<string, number>();
    const favour = ({ what }: Happening): number => {
      const kind = what.replace(/\d+|\b(vn|cn)\b/g, "");
      const known =
        favours.get(kind) ??
        (random.next() < (ENDS.test(kind) ? 0.1 : 0.5) ? 1 : ENDS.test(kind) ? ENDING : RARE);
      favours.set(kind, known);
      return known;
    };
    const story: string[] = [];
    const brokenAt = (broken: string): WalkFinding => ({ steps, walks, handoffs, concluded, broken, story });
    let world: World = search.steps.first();
    walks++;
    for (let at = 0; at < LONGEST_WALK; at++) {
      const happening = drawn(search.steps.after(world), favour, random);
      if (happening === undefined) break;
      steps++;
      world = happening.world;
      story.push(happening.what);
      const broken = violation(world) ?? (at % CALM_EVERY === 0 ? search.endsCalmly(world) : undefined);
      if (broken !== undefined) return brokenAt(broken);
    }
    const broken = search.endsCalmly(world);
    if (broken !== undefined) return brokenAt(broken);
    handoffs += world.handoffs.length;
    concluded += world.handoffs.filter(
      ({ giverState, takerState }) => giverState.phase === "concluded" && takerState?.phase === "concluded",
    ).length;
  }
  return { steps, walks, handoffs, concluded, broken: undefined, story: [] };
}

function drawn(
  happenings: readonly Happening[],
  favour: (happening: Happening) => number,
  random: RandomSource,
): Happening | undefined {
  const weights = happenings.map(favour);
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return happenings.find((_, i) => {
    left -= weights[i] ?? 0;
    return left < 0;
  });
}
