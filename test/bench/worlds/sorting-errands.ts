import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { drawn } from "../instances/seeded.ts";
import type { StreetDistances } from "./street-distances.ts";
import type { Errands } from "./unit-world.ts";

/** An agent on its way to a station counts as so many cells of distance for the next one. */
const CELLS_AN_AGENT = 8;

/**
 * An errand is two goals: the station that is nearest, those on their way to it counted as distance, then a cell beside a
 * random chute. The engine wants a place to end at that is the agent's alone, so the chute's cell is drawn among those that
 * nobody stands on or is on the way to; and an agent stands a tick at a station, where the public benchmark lets it pass.
 */
export function sortingErrands(
  inducts: readonly number[],
  ejects: readonly number[],
  agents: number,
  distances: StreetDistances,
  random: () => number,
): Errands {
  const starts = drawn(ejects, agents, random);
  const held = new Set(starts);
  const goals = [...starts];
  const stations: (number | undefined)[] = starts.map(() => undefined);
  const onTheWay = new Map<number, number>(inducts.map((induct) => [induct, 0]));
  return {
    starts,
    next(agent, pose) {
      const before = stations[agent];
      if (before !== undefined) onTheWay.set(before, (onTheWay.get(before) ?? 1) - 1);
      const cost = (induct: number): number =>
        at(distances.to(induct), pose) + CELLS_AN_AGENT * (onTheWay.get(induct) ?? 0);
      const station = inducts.reduce((best, induct) => (cost(induct) < cost(best) ? induct : best));
      onTheWay.set(station, (onTheWay.get(station) ?? 0) + 1);
      stations[agent] = station;
      const free = ejects.filter((eject) => !held.has(eject));
      const goal = free[Math.floor(random() * free.length)];
      if (goal === undefined) throw new Error("more agents than places at chutes");
      const left = goals[agent];
      if (left !== undefined) held.delete(left);
      held.add(goal);
      goals[agent] = goal;
      return { via: [station], goal, goals: 2 };
    },
  };
}
