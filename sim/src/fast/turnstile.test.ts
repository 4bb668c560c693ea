import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turnstile } from "./turnstile.ts";

/** Work that is over whenever the machine pleases. */
const work = <T>(value: T, turns: number): (() => Promise<T>) => {
  return async () => {
    for (let turn = 0; turn < turns; turn++) await sleep(0);
    return value;
  };
};

describe("the turnstile", () => {
  it("lets answers in as they were asked for, whichever comes first, and what follows from one before the next", async () => {
    const turnstile = new Turnstile();
    const seen: string[] = [];
    const ask = async (name: string, turns: number): Promise<void> => {
      seen.push(await turnstile.pass(work(name, turns)));
      await Promise.resolve();
      await Promise.resolve();
      seen.push(`after ${name}`);
    };
    void ask("slow", 20);
    void ask("quick", 0);
    expect(turnstile.size).toBe(2);
    await turnstile.settle();
    expect(seen).toEqual(["slow", "after slow", "quick", "after quick"]);
    expect(turnstile.size).toBe(0);
  });

  it("settles what an answer asks for in turn, and passes a refusal on", async () => {
    const turnstile = new Turnstile();
    const seen: unknown[] = [];
    void turnstile
      .pass(work("first", 1))
      .then(() => turnstile.pass(() => Promise.reject(new Error("no"))))
      .catch((error: unknown) => seen.push(error instanceof Error ? error.message : error));
    await turnstile.settle();
    expect(seen).toEqual(["no"]);
  });
});
