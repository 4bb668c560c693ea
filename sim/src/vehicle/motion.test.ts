import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, brakingDistanceM, type Motion, type SpeedZone } from "./motion.ts";

const carrier = { maxSpeedMps: 6.944, accelerationMps2: 0.3, brakingMps2: 0.5 };
const EPSILON = 1e-6;

const road = fc
  .array(
    fc.record({
      lengthM: fc.double({ min: 0.5, max: 120, noNaN: true }),
      limitMps: fc.double({ min: 0.5, max: 9, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => {
    let atM = 0;
    const zones: SpeedZone[] = [];
    const endsM: number[] = [];
    for (const piece of pieces) {
      zones.push({ fromM: atM, maxSpeedMps: piece.limitMps });
      atM += piece.lengthM;
      endsM.push(atM);
    }
    return { zones, endsM };
  });

const limitAt = (zones: readonly SpeedZone[], alongM: number): number =>
  zones.findLast((zone) => zone.fromM <= alongM + EPSILON)?.maxSpeedMps ?? Number.POSITIVE_INFINITY;

describe("motion along a track", () => {
  it("never exceeds speed, acceleration or braking, and always stops inside the base, however it is extended", () => {
    fc.assert(
      fc.property(
        road,
        fc.array(
          fc.record({
            dtS: fc.double({ min: 0.01, max: 1, noNaN: true }),
            extend: fc.boolean(),
            pause: fc.constantFrom(false, false, false, true),
          }),
          { minLength: 50, maxLength: 400 },
        ),
        fc.constantFrom(0.1, 0.5, 1),
        ({ zones, endsM }, instants, stepS) => {
          let motion: Motion = { alongM: 0, speedMps: 0 };
          let base = 0;
          for (const { dtS, extend, pause } of instants) {
            if (extend) base = Math.min(base + 1, endsM.length - 1);
            const stopAtM = endsM[base] ?? 0;
            const next = advance(motion, { zones, stopAtM, brakeNow: pause }, carrier, dtS, stepS);
            const change = next.speedMps - motion.speedMps;
            expect(next.alongM).toBeGreaterThanOrEqual(motion.alongM);
            expect(next.alongM).toBeLessThanOrEqual(stopAtM + EPSILON);
            expect(next.alongM + brakingDistanceM(next.speedMps, carrier)).toBeLessThanOrEqual(
              stopAtM + 1e-3,
            );
            expect(next.speedMps).toBeLessThanOrEqual(carrier.maxSpeedMps + EPSILON);
            expect(change).toBeLessThanOrEqual(carrier.accelerationMps2 * dtS + EPSILON);
            if (next.speedMps > 0) expect(-change).toBeLessThanOrEqual(carrier.brakingMps2 * dtS + EPSILON);
            // Within a step the speed changes evenly: at a border it lies between the two.
            if (limitAt(zones, motion.alongM) === limitAt(zones, next.alongM)) {
              expect(next.speedMps).toBeLessThanOrEqual(limitAt(zones, next.alongM) + 1e-3);
            }
            motion = next;
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reaches the end of every base and stands exactly there", () => {
    fc.assert(
      fc.property(road, ({ zones, endsM }) => {
        const stopAtM = endsM.at(-1) ?? 0;
        let motion: Motion = { alongM: 0, speedMps: 0 };
        for (let i = 0; i < 40_000 && (motion.alongM < stopAtM || motion.speedMps > 0); i++) {
          motion = advance(motion, { zones, stopAtM, brakeNow: false }, carrier, 0.1);
        }
        expect(motion).toEqual({ alongM: stopAtM, speedMps: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it("takes as long over 100 m as the trapeze of its speeds", () => {
    // 5 m/s is reached after 41.7 m, braking takes 25 m: 16.67 s + 33.3 m at 5 m/s + 10 s.
    const expectedS = 5 / 0.3 + (100 - 5 ** 2 / 0.6 - 5 ** 2 / 1) / 5 + 5 / 0.5;
    let motion: Motion = { alongM: 0, speedMps: 0 };
    let ticks = 0;
    while (motion.alongM < 100 && ticks < 2_000) {
      motion = advance(
        motion,
        { zones: [{ fromM: 0, maxSpeedMps: 5 }], stopAtM: 100, brakeNow: false },
        carrier,
        0.1,
      );
      ticks++;
    }
    expect(Math.abs(ticks * 0.1 - expectedS)).toBeLessThan(0.5);
  });

  it("is slow enough when it enters a slower stretch", () => {
    const zones = [
      { fromM: 0, maxSpeedMps: 6 },
      { fromM: 80, maxSpeedMps: 1.4 },
    ];
    let motion: Motion = { alongM: 0, speedMps: 0 };
    let fastest = 0;
    let inSlow = 0;
    for (let i = 0; i < 4_000 && motion.alongM < 100; i++) {
      motion = advance(motion, { zones, stopAtM: 100, brakeNow: false }, carrier, 0.05);
      if (motion.alongM < 80) fastest = Math.max(fastest, motion.speedMps);
      else inSlow = Math.max(inSlow, motion.speedMps);
    }
    expect(fastest).toBeGreaterThan(5);
    expect(inSlow).toBeLessThanOrEqual(1.4 + EPSILON);
  });
});
