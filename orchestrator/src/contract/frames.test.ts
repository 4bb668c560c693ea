import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePoseFrame, encodePoseFrame, MAX_VEHICLES, type PoseRecord } from "./frames.ts";

const record: fc.Arbitrary<PoseRecord> = fc.record({
  slot: fc.nat(MAX_VEHICLES - 1),
  flags: fc.nat(63),
  batteryPct: fc.double({ min: 0, max: 100, noNaN: true }),
  xM: fc.double({ min: -5_000, max: 5_000, noNaN: true }),
  yM: fc.double({ min: -500, max: 500, noNaN: true }),
  headingRad: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  speedMps: fc.double({ min: 0, max: 10, noNaN: true }),
});

test("what a viewer decodes is what was encoded, to the millimetre and a ten-thousandth of a radian", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 50 }), fc.nat(2 ** 32 - 1), (records, tick) => {
      const frame = decodePoseFrame(encodePoseFrame(tick, 1_750_000_000_123.5, records));
      expect(frame?.tick).toBe(tick);
      expect(frame?.atMs).toBe(1_750_000_000_123.5);
      expect(frame?.count).toBe(records.length);
      records.forEach((sent, i) => {
        expect(frame?.slot[i]).toBe(sent.slot);
        expect(frame?.flags[i]).toBe(sent.flags);
        expect(Math.abs((frame?.xM[i] ?? NaN) - sent.xM)).toBeLessThan(1e-3);
        expect(Math.abs((frame?.yM[i] ?? NaN) - sent.yM)).toBeLessThan(1e-3);
        expect(Math.abs((frame?.headingRad[i] ?? NaN) - sent.headingRad)).toBeLessThan(1e-4);
        expect(Math.abs((frame?.speedMps[i] ?? NaN) - sent.speedMps)).toBeLessThan(1e-3);
        expect(Math.abs((frame?.batteryPct[i] ?? NaN) - sent.batteryPct)).toBeLessThanOrEqual(0.25);
      });
    }),
  );
});

test("a frame that was cut short or is of another kind or version is not decoded", () => {
  const bytes = encodePoseFrame(1, 2, [
    { slot: 1, flags: 0, batteryPct: 50, xM: 1, yM: 2, headingRad: 0, speedMps: 0 },
  ]);
  expect(decodePoseFrame(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
  expect(decodePoseFrame(bytes.subarray(0, 3))).toBeUndefined();
  expect(decodePoseFrame(Uint8Array.from([2, ...bytes.subarray(1)]))).toBeUndefined();
  expect(decodePoseFrame(Uint8Array.from([1, 9, ...bytes.subarray(2)]))).toBeUndefined();
});
