import { describe, expect, it } from "vitest";
import { lightUnder, sunAt } from "./daylight.ts";
import { PALETTES } from "./palette.ts";

const at = (hour: number): number => Date.UTC(2027, 2, 20, hour) - 7 * 3_600_000;
const HANOI_MIN = 7 * 60;
const EAST = -1;

describe("the light of the hour", () => {
  it("comes from the east in the morning, from the west in the evening, and from high up at noon", () => {
    expect(Math.sign(sunAt(at(7), HANOI_MIN).from.y)).toBe(EAST);
    expect(Math.sign(sunAt(at(17), HANOI_MIN).from.y)).toBe(-EAST);
    expect(sunAt(at(12), HANOI_MIN).height).toBeCloseTo(1, 6);
  });

  it("is night at midnight by the site's clock, whatever the viewer's is", () => {
    const { height, from } = sunAt(at(0), HANOI_MIN);
    expect(lightUnder(PALETTES.dark.lights, height)).toMatchObject({
      to: PALETTES.dark.lights.night,
      part: 1,
    });
    expect(from.z).toBeGreaterThan(0.5);
    expect(sunAt(at(0), HANOI_MIN + 24 * 60).height).toBeCloseTo(height, 6);
  });

  it("changes without a leap through a whole day", () => {
    for (const { lights } of Object.values(PALETTES)) {
      const lamps = Array.from({ length: 24 * 12 }, (_, i) => {
        const { from, to, part } = lightUnder(lights, sunAt(at(0) + i * 300_000, HANOI_MIN).height);
        return from.lampGlow + (to.lampGlow - from.lampGlow) * part;
      });
      const leaps = lamps.map((lamp, i) => Math.abs(lamp - (lamps[i - 1] ?? lamp)));
      expect(Math.max(...leaps)).toBeLessThan(0.08);
    }
  });

  it("throws no shadow that is longer than things are apart", () => {
    for (let hour = 0; hour < 24; hour += 0.25) {
      const { x, y, z } = sunAt(at(hour), HANOI_MIN).from;
      expect(Math.hypot(x, y) / z).toBeLessThan(3);
    }
  });
});
