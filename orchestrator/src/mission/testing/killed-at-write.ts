import type { Side } from "@baton/maps";
import { expect } from "vitest";
import { memoryMissionStore } from "../memory-mission-store.ts";
import { breaking } from "./breaking-store.ts";
import type { TwoSides } from "./two-sides.ts";

/** The write at which the process of a side dies, counted from 0, and whether the store has it then. */
export interface DeadlyWrite {
  readonly side: Side;
  readonly at: number;
  readonly when: "before" | "after";
}

/**
 * Starts both sides, each with an empty store. The process of `side` dies at that write; it is started again when the world is to go
 * on, and `again` says once more what its customers said. What is returned tells whether it has died: a process may write less often.
 */
export async function startWithDeadlyWrite(
  sides: TwoSides,
  { side, at, when }: DeadlyWrite,
  again: () => Promise<void>,
): Promise<() => boolean> {
  let isBroken = false;
  let hasDied = false;
  sides.stores[side] = memoryMissionStore();
  await sides.start(side === "vn" ? "cn" : "vn");
  await sides.start(
    side,
    breaking(sides.stores[side], at, when, () => {
      isBroken = true;
    }),
  );
  const settle = sides.settle.bind(sides);
  sides.settle = async () => {
    // A broken process never settles.
    for (;;) {
      if (isBroken) {
        sides.kill(side);
        isBroken = false;
        hasDied = true;
        await sides.start(side);
        await again();
      }
      const settled = await Promise.race([settle().then(() => true), untilBroken(() => isBroken)]);
      if (settled && !isBroken) return;
    }
  };
  return () => hasDied;
}

/** Nothing is left that another restart would carry out again: a dismissal, hours later, would be of a new visit. */
export async function expectNothingLeft(sides: TwoSides, side: Side, what: string): Promise<void> {
  await sides.settle();
  const left = (await sides.stores[side].load()).missions.flatMap(({ context }) => context.outbox);
  expect(left, what).toEqual([]);
}

const untilBroken = (isBroken: () => boolean): Promise<false> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (isBroken()) resolve(false);
      else setImmediate(look);
    };
    setImmediate(look);
  });
