import { expect, test } from "vitest";
import { waitingChainOf } from "./waiting-chain.ts";

const link = (vehicleId: string, heldBy: string) => ({
  vehicleId,
  blockId: `${vehicleId}-${heldBy}`,
  heldBy,
  how: "held" as const,
});
const head = { vehicleId: "z", because: "waits-for-proceed" as const };

test("a chain names whom each one waits for, in order, down to the one that has to move", () => {
  const chain = [{ ...link("a", "b"), projectedFreeAtMs: 7_000 }, link("b", "z")];
  expect(waitingChainOf(chain, head)).toEqual({
    links: [
      { heldBy: "b", how: "held", freeAtMs: 7_000 },
      { heldBy: "z", how: "held", freeAtMs: undefined },
    ],
    more: 0,
    head,
  });
});

test("of a long chain the beginning is listed and the rest counted", () => {
  const chain = Array.from({ length: 8 }, (_, i) => link(`v${i}`, `v${i + 1}`));
  const shown = waitingChainOf(chain, head);
  expect(shown.links.map(({ heldBy }) => heldBy)).toEqual(["v1", "v2", "v3", "v4", "v5"]);
  expect(shown.more).toBe(3);
});
