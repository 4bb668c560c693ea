import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_EXTRAPOLATION_MS, PlayoutClock } from "./playout-clock.ts";

const TICK_MS = 200;

function running(speed = 1): PlayoutClock {
  const clock = new PlayoutClock();
  clock.configure(TICK_MS, speed);
  return clock;
}

describe("the moment that is drawn", () => {
  /** How far behind the newest frame it lies after frames that were so late, in ticks. */
  function behindAfter(lateness: readonly number[]): number {
    const clock = running();
    lateness.forEach((lateMs, i) => {
      clock.observe(50_000 + i * TICK_MS, 1000 + i * TICK_MS + lateMs);
    });
    const last = lateness.length - 1;
    return (50_000 + last * TICK_MS - clock.renderAtMs(1000 + last * TICK_MS)) / TICK_MS;
  }
  const onTime = Array.from({ length: 100 }, () => 0);

  it("lies a tick and a half behind the newest frame at first, and less when frames have come on time for ten seconds", () => {
    expect(behindAfter([0])).toBeCloseTo(1.5, 1);
    expect(behindAfter(onTime.slice(0, 25))).toBeGreaterThan(1.3);
    expect(behindAfter(onTime)).toBeCloseTo(1.15, 6);
  });

  it("leaves room for frames that come late, within a second of when they begin to, without a leap", () => {
    const late = [60, 60, 0, 60, 60];
    expect(behindAfter([...onTime, 60])).toBeLessThan(1.3);
    expect(behindAfter([...onTime, ...late])).toBeGreaterThan(1.4);
    expect(behindAfter([...onTime, ...late, ...onTime])).toBeCloseTo(1.15, 6);
  });

  it("is drawn within two ticks where a picture takes most of them, and still lies behind the newest frame", () => {
    const clock = running();
    for (let i = 0; i < 20; i++) clock.observe(50_000 + i * TICK_MS, 1000 + i * TICK_MS);
    const newestMs = 50_000 + 19 * TICK_MS;
    const nowMs = 1000 + 19 * TICK_MS;
    clock.pace(33);
    expect(clock.renderAtMs(nowMs)).toBeLessThan(newestMs - TICK_MS);
    clock.pace(240);
    expect(clock.renderAtMs(nowMs)).toBeCloseTo(newestMs - 140, 6);
    clock.pace(3_000);
    expect(clock.renderAtMs(nowMs)).toBeCloseTo(newestMs - TICK_MS / 2, 6);
  });

  it("is found as soon as a frame comes, though a picture was asked for before", () => {
    const clock = running();
    clock.renderAtMs(900);
    clock.observe(50_000, 1_000);
    expect(clock.renderAtMs(1_000)).toBeCloseTo(50_000 - 1.5 * TICK_MS, -1);
  });

  it("runs as fast as the site's clock", () => {
    const clock = running(4);
    for (let i = 0; i < 20; i++) clock.observe(i * TICK_MS, (i * TICK_MS) / 4);
    const nowMs = (19 * TICK_MS) / 4;
    const drawnMs = clock.renderAtMs(nowMs);
    expect(clock.renderAtMs(nowMs + 50) - drawnMs).toBeCloseTo(200, 6);
  });

  it("stops a second after the last frame", () => {
    const clock = running();
    clock.observe(10_000, 0);
    expect(clock.renderAtMs(60_000)).toBe(10_000 + MAX_EXTRAPOLATION_MS);
    expect(clock.silentForMs(60_000)).toBe(60_000);
  });

  it("never goes back and never leaves the newest frame far behind, however unevenly frames come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 5, maxLength: 60 }), (lateness) => {
        const clock = running();
        let lastMs = Number.NEGATIVE_INFINITY;
        let arrivedMs = 0;
        for (const [i, late] of lateness.entries()) {
          arrivedMs = Math.max(arrivedMs, i * TICK_MS + late);
          clock.observe(i * TICK_MS, arrivedMs);
          const drawnMs = clock.renderAtMs(arrivedMs);
          expect(drawnMs).toBeGreaterThanOrEqual(lastMs);
          expect(drawnMs).toBeLessThanOrEqual(i * TICK_MS + MAX_EXTRAPOLATION_MS);
          expect(drawnMs).toBeGreaterThanOrEqual(i * TICK_MS - 2 * TICK_MS - 600);
          lastMs = drawnMs;
        }
      }),
    );
  });

  it("begins anew when the orchestrator's clock begins anew", () => {
    const clock = running();
    clock.observe(900_000, 0);
    clock.renderAtMs(0);
    clock.observe(1_000, 200);
    expect(clock.renderAtMs(200)).toBeCloseTo(1_000 - 1.5 * TICK_MS, -1);
  });
});
