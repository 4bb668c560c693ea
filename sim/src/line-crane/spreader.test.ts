import fc from "fast-check";
import { expect, it } from "vitest";
import { restingSpreader, spreaderAt, spreaderReport, spreaderWay } from "./spreader.ts";

const PADS = { giverM: -65, takerM: 65 };
const WORKS = ["engage", "lift", "land", "release"] as const;

it("travels only when it is up, and is where its work ends when that ends", () => {
  const works = fc.array(
    fc.record({ work: fc.constantFrom(...WORKS), takesMs: fc.integer({ min: 1, max: 90_000 }) }),
  );
  fc.assert(
    fc.property(works, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (list, parts) => {
      let nowMs = 1_000;
      let stops = restingSpreader(0, nowMs);
      for (const { work, takesMs } of list) {
        stops = spreaderWay(work, spreaderAt(stops, nowMs), PADS, takesMs);
        for (const part of [...parts].sort((a, b) => a - b)) {
          const { alongM, heightM } = spreaderAt(stops, nowMs + part * takesMs);
          const isOverPad = [PADS.giverM, PADS.takerM].some((padM) => Math.abs(alongM - padM) < 1e-6);
          expect(isOverPad || Math.abs(heightM - 10.4) < 1e-6 || work === "lift" || work === "release").toBe(
            true,
          );
        }
        nowMs += takesMs;
        const { alongM, heightM } = spreaderAt(stops, nowMs);
        const isDown = work === "engage" || work === "land";
        expect(heightM).toBeCloseTo(isDown ? 4.32 : 10.4, 6);
        if (isDown) expect(alongM).toBeCloseTo(work === "engage" ? -65 : 65, 6);
        expect(spreaderReport(stops, nowMs).course).toBeUndefined();
      }
    }),
  );
});

it("tells where it is and its whole course, from now on", () => {
  const stops = spreaderWay("land", { atMs: 0, alongM: -65, heightM: 10.4 }, PADS, 71_755);
  const told = spreaderReport(stops, 32_500);
  expect(told.alongM).toBeCloseTo(0, 0);
  expect(told.course?.map(({ alongM, heightM }) => [alongM, heightM])).toEqual([
    [65, 10.4],
    [65, 4.32],
  ]);
  expect(told.course?.at(-1)?.inMs).toBe(71_755 - 32_500);
});
