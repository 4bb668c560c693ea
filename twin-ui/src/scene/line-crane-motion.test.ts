import { describe, expect, it } from "vitest";
import { LineCraneMotion } from "./line-crane-motion.ts";

const LAND_M = 4.4;
const PADS = { vn: -65, cn: 65 };
const crane = () => new LineCraneMotion(PADS, LAND_M);

describe("the crane at the line as it is drawn", () => {
  it("is where the crane says it is: down over the giver, then down over the taker with the container", () => {
    const motion = crane();
    motion.observe({ phase: "engaged", holder: "cn" });
    motion.advance(0, true);
    expect(motion.pose).toEqual({ alongM: 65, heightM: LAND_M, carrying: false });
    motion.observe({ phase: "landed", holder: "cn" });
    motion.advance(0, true);
    expect(motion.pose).toEqual({ alongM: -65, heightM: LAND_M, carrying: true });
    motion.observe({ phase: "free", holder: "vn" });
    motion.advance(0, true);
    expect(motion.pose).toMatchObject({ alongM: -65, carrying: false });
    expect(motion.pose.heightM).toBeGreaterThan(LAND_M);
  });

  it("travels with the spreader up, and carries from when it hangs", () => {
    const motion = crane();
    motion.observe({ phase: "lifting", holder: "vn" });
    motion.advance(0, true);
    expect(motion.pose.carrying).toBe(false);
    motion.observe({ phase: "landing", holder: "vn" });
    let lastM = motion.pose.alongM;
    let isMoving = true;
    for (let i = 0; isMoving && i < 1_000; i++) {
      isMoving = motion.advance(0.1, false);
      const { alongM, heightM, carrying } = motion.pose;
      if (alongM !== lastM) expect(heightM).toBeGreaterThan(10);
      expect(carrying).toBe(true);
      lastM = alongM;
    }
    expect(motion.pose).toMatchObject({ alongM: 65, heightM: LAND_M });
  });

  it("stays where it was while nothing is told of it", () => {
    const motion = crane();
    motion.observe({});
    expect(motion.advance(1, false)).toBe(false);
    expect(motion.pose.alongM).toBe(-65);
  });
});
