import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PoseTrack, type SampledPose, turnBetween } from "./pose-track.ts";

const pose = (over: Partial<SampledPose> = {}): SampledPose => ({
  xM: 0,
  yM: 0,
  headingRad: 0,
  speedMps: 0,
  flags: 0,
  batteryPct: 50,
  ...over,
});

function sampled(track: PoseTrack, atMs: number): SampledPose {
  const out = pose();
  expect(track.sample(atMs, out)).toBe(true);
  return out;
}

describe("a vehicle's track", () => {
  it("knows nothing before its first pose", () => {
    expect(new PoseTrack().sample(0, pose())).toBe(false);
  });

  it("is between two poses in the proportion of time", () => {
    const track = new PoseTrack();
    track.push(1000, pose({ xM: 10, yM: -13, speedMps: 4 }));
    track.push(1500, pose({ xM: 12, yM: -13, speedMps: 4 }));
    expect(sampled(track, 1125)).toMatchObject({ xM: 10.5, yM: -13, speedMps: 4 });
  });

  it("stays between its two neighbours, whatever the poses and the moment", () => {
    const x = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(x, { minLength: 2, maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, part) => {
          const track = new PoseTrack();
          for (const [i, xM] of xs.entries()) track.push(i * 250, pose({ xM: xM / 2 }));
          const atMs = part * (xs.length - 1) * 250;
          const before = Math.min(xs.length - 2, Math.floor(atMs / 250));
          const ends = [(xs[before] ?? 0) / 2, (xs[before + 1] ?? 0) / 2];
          const { xM } = sampled(track, atMs);
          expect(xM).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9);
          expect(xM).toBeLessThanOrEqual(Math.max(...ends) + 1e-9);
        },
      ),
    );
  });

  it("turns the short way round through pi", () => {
    expect(turnBetween(3.1, -3.1, 0.5)).toBeCloseTo(Math.PI, 2);
    const track = new PoseTrack();
    track.push(0, pose({ headingRad: 3.1 }));
    track.push(100, pose({ headingRad: -3.1 }));
    expect(Math.cos(sampled(track, 50).headingRad)).toBeCloseTo(-1, 2);
  });

  it("goes on along its heading after the newest pose", () => {
    const track = new PoseTrack();
    track.push(0, pose({ xM: 5, headingRad: Math.PI / 2, speedMps: 2 }));
    expect(sampled(track, 500)).toMatchObject({ xM: 5, yM: 1 });
  });

  it("moves evenly although a frame repeats the pose of a vehicle that has not reported since", () => {
    const track = new PoseTrack();
    track.push(0, pose({ xM: 0, speedMps: 4 }));
    track.push(100, pose({ xM: 0, speedMps: 4 }));
    track.push(200, pose({ xM: 0.8, speedMps: 4 }));
    expect(sampled(track, 100).xM).toBeCloseTo(0.4, 9);
  });

  it("goes on for so long only", () => {
    const track = new PoseTrack();
    track.push(0, pose({ speedMps: 2 }));
    const out = pose();
    track.sample(60_000, out, 1000);
    expect(out.xM).toBe(2);
  });

  it("jumps over a correction instead of gliding across the site", () => {
    const track = new PoseTrack();
    track.push(0, pose({ xM: 0 }));
    track.push(100, pose({ xM: 300 }));
    expect(sampled(track, 40).xM).toBe(0);
    expect(sampled(track, 60).xM).toBe(300);
  });

  it("shows the container only when the frame that says so is reached", () => {
    const track = new PoseTrack();
    track.push(0, pose({ flags: 0 }));
    track.push(100, pose({ flags: 1 }));
    expect(sampled(track, 99).flags).toBe(0);
    expect(sampled(track, 100).flags).toBe(1);
  });

  it("ignores a frame that is older than the newest", () => {
    const track = new PoseTrack();
    track.push(100, pose({ xM: 1 }));
    track.push(50, pose({ xM: 9 }));
    expect(sampled(track, 100).xM).toBe(1);
  });
});
