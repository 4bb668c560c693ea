import { expect, it } from "vitest";
import { createProgress } from "./progress.ts";

it("where nobody looks on, progress is a line each ten percent, with the time that is left", () => {
  const lines: string[] = [];
  let nowMs = 0;
  const progress = createProgress({
    name: "pilot",
    output: { write: (text) => lines.push(text) },
    nowMs: () => nowMs,
  });
  for (let pct = 1; pct <= 100; pct++) {
    nowMs = pct * 2_000;
    progress.set(pct / 100);
  }
  progress.end();
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe("pilot  10 %, 3 min 00 s left\n");
  expect(lines[9]).toBe("pilot 100 %, 3 min 20 s\n");
});

it("a jump over several tens is told once", () => {
  const lines: string[] = [];
  const progress = createProgress({
    name: "x",
    output: { write: (text) => lines.push(text) },
    nowMs: () => 0,
  });
  progress.set(0.55);
  progress.set(0.56);
  expect(lines).toHaveLength(1);
});
