import { describe, expect, it } from "vitest";
import { CraneMotion, type CraneWork } from "./crane-motion.ts";

const LAND_M = 4.3;

function after(motion: CraneMotion, work: CraneWork, seconds: number) {
  motion.observe(work);
  for (let i = 0; i < seconds * 10; i++) motion.advance(0.1, false);
  return motion.hook;
}

describe("a yard crane", () => {
  it("brings a container over the vehicle and waits there until it is reported landed", () => {
    const motion = new CraneMotion(LAND_M);
    const waiting = after(motion, { kind: "load", loaded: false }, 120);
    expect(waiting).toMatchObject({ acrossM: 0, carrying: true });
    expect(waiting.heightM).toBeGreaterThan(LAND_M);
    expect(waiting.heightM).toBeLessThan(LAND_M + 1);
    const done = after(motion, { kind: "load", loaded: true }, 60);
    expect(done).toMatchObject({ acrossM: 0, carrying: false });
    expect(done.heightM).toBeGreaterThan(8);
  });

  it("takes a container off only once the vehicle reports that it is gone", () => {
    const motion = new CraneMotion(LAND_M);
    expect(after(motion, { kind: "unload", loaded: true }, 60)).toMatchObject({
      carrying: false,
      heightM: LAND_M,
    });
    motion.observe({ kind: "unload", loaded: false });
    motion.advance(0.1, false);
    expect(motion.hook.carrying).toBe(true);
    expect(after(motion, { kind: "none", loaded: false }, 90)).toMatchObject({ carrying: false, acrossM: 0 });
  });

  it("rests when nothing is to be done, and then asks for no frames", () => {
    const motion = new CraneMotion(LAND_M);
    after(motion, { kind: "none", loaded: false }, 60);
    expect(motion.advance(0.1, false)).toBe(false);
  });

  it("jumps to the end for a viewer who wants no motion", () => {
    const motion = new CraneMotion(LAND_M);
    motion.observe({ kind: "unload", loaded: true });
    expect(motion.advance(0.01, true)).toBe(false);
    expect(motion.hook.heightM).toBe(LAND_M);
  });
});
