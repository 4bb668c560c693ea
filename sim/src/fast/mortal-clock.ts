import type { Clock, Timers } from "@baton/fleet-adapter";

/** The clock as one process has it: once that is dead, nothing that it asked for falls due any more. */
export function mortalClock(world: Clock & Timers): {
  readonly clock: Clock & Timers;
  readonly die: () => void;
} {
  let isDead = false;
  const whileAlive = (task: () => void) => () => {
    if (!isDead) task();
  };
  return {
    clock: {
      nowMs: () => world.nowMs(),
      after: (delayMs, task) => world.after(delayMs, whileAlive(task)),
      every: (periodMs, task) => world.every(periodMs, whileAlive(task)),
    },
    die: () => {
      isDead = true;
    },
  };
}
