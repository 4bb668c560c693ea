import { randomUUID } from "node:crypto";
import type { Ids } from "../time.ts";

/** `prefix-1`, `prefix-2`, ...: the same in every run. */
export function countedIds(prefix: string): Ids {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `${prefix}-${count}`;
    },
  };
}

/** Identifiers that no other process makes. */
export function uuidIds(): Ids {
  return { next: () => randomUUID() };
}
