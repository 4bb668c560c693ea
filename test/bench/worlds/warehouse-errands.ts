import { drawn } from "../instances/seeded.ts";
import type { Errands } from "./unit-world.ts";

/** A task leads to an endpoint drawn among those that nobody stands on or is on the way to, and not the present one. */
export function warehouseErrands(
  endpoints: readonly number[],
  homes: readonly number[],
  agents: number,
  random: () => number,
): Errands {
  // Homes first; a crowd begins on endpoints, too, where it is in nobody's way.
  const starts = [
    ...drawn(homes, Math.min(agents, homes.length), random),
    ...drawn(endpoints, Math.max(0, agents - homes.length), random),
  ];
  const held = new Set(starts);
  const goals = [...starts];
  return {
    starts,
    next(agent, pose) {
      const free = endpoints.filter((endpoint) => !held.has(endpoint) && endpoint !== pose);
      const goal = free[Math.floor(random() * free.length)];
      if (goal === undefined) throw new Error("more agents than endpoints");
      const left = goals[agent];
      if (left !== undefined) held.delete(left);
      held.add(goal);
      goals[agent] = goal;
      return { via: [], goal, goals: 1 };
    },
  };
}
