import fc from "fast-check";
import { expect, it } from "vitest";
import { cliqueCover } from "./cliques.ts";

const graph = fc.integer({ min: 1, max: 14 }).chain((count) =>
  fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 40 }).map((pairs) => {
    const adjacent = Array.from({ length: count }, () => new Set<number>());
    for (const [a, b] of pairs) {
      if (a === b) continue;
      adjacent[a]?.add(b);
      adjacent[b]?.add(a);
    }
    return adjacent.map((others) => [...others].sort((a, b) => a - b));
  }),
);

it("covers every pair that overlaps, and none that does not", () => {
  fc.assert(
    fc.property(graph, (overlapping) => {
      const cliques = cliqueCover(
        overlapping,
        () => true,
        () => [],
      );
      overlapping.forEach((others, a) => {
        expect(cliques.some((clique) => clique.includes(a))).toBe(true);
        for (let b = 0; b < overlapping.length; b += 1) {
          const together = cliques.some((clique) => clique.includes(a) && clique.includes(b));
          if (a !== b) expect(together).toBe(others.includes(b));
        }
      });
    }),
  );
});
