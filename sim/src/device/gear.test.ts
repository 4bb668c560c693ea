import type { DevicePosition } from "@baton/orchestrator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WorldVehicle } from "../world/channel.ts";
import { type Device, type DeviceModel, freshDevice, type JobRecord } from "./device.ts";
import { type Gear, gearOf } from "./gear.ts";

const BOX = "BTNU0000017";
const TICK_MS = 250;
const place = { stationId: "s", standsAt: { xM: 0, yM: 0 }, headingRad: 0, extent: undefined };

function gear(kind: NonNullable<DeviceModel["gear"]>): Gear {
  const made = gearOf({ gear: kind, place } as DeviceModel, 0);
  if (made === undefined) throw new Error(`no ${kind}`);
  return made;
}

const around = (...vehicles: Partial<WorldVehicle>[]) => ({
  vehicles: new Map(vehicles.map((vehicle, i) => [String(i), { speedMps: 0, ...vehicle } as WorldVehicle])),
  trucks: new Map(),
  grossKg: () => 20_000,
});

/** Where a part is that was said to be there and on its way, so much later. */
function carriedOn(said: DevicePosition, laterMs: number): { acrossM: number; heightM: number } {
  if (said.kind !== "hoist") throw new Error("no hoist");
  const part = said.course === undefined ? 0 : Math.min(1, laterMs / said.course.inMs);
  const to = said.course ?? said;
  return {
    acrossM: said.acrossM + (to.acrossM - said.acrossM) * part,
    heightM: said.heightM + (to.heightM - said.heightM) * part,
  };
}

function lift(phase: JobRecord["phase"], way: "onto-vehicle" | "off-vehicle", dueAtMs?: number): Device {
  const job = {
    jobId: way,
    missionId: "m",
    sentAtMs: 0,
    task: { kind: "lift", containerNo: BOX, way },
  } as const;
  return { ...freshDevice, jobs: [{ job, receivedAtMs: 0, phase, dueAtMs }] };
}

describe("a crane", () => {
  it("has the container just over the deck when the lift is due, on it when it lands, and goes up without it", () => {
    const crane = gear("hoist");
    crane.tick(lift("working", "onto-vehicle", 40_000), around(), 0);
    expect(crane.now(40_000)).toMatchObject({ acrossM: 0, heightM: 4.82, containerNo: BOX });
    crane.tick(lift("hanging", "onto-vehicle"), around(), 40_000);
    expect(crane.now(45_000)).toMatchObject({ acrossM: 0, heightM: 4.32, containerNo: BOX });
    crane.tick(lift("over", "onto-vehicle"), around(), 45_000);
    expect(crane.now(45_000)).not.toHaveProperty("containerNo");
    expect(crane.now(60_000)).toEqual({ kind: "hoist", acrossM: 0, heightM: 10.4 });
  });

  it("fetches nothing for a vehicle that it unloads, and puts away what it took off", () => {
    const crane = gear("hoist");
    crane.tick(lift("working", "off-vehicle", 30_000), around(), 0);
    expect(crane.now(30_000)).toEqual({ kind: "hoist", acrossM: 0, heightM: 4.32 });
    crane.tick(lift("hanging", "off-vehicle"), around(), 30_000);
    crane.tick(lift("over", "off-vehicle"), around(), 31_000);
    expect(crane.now(38_000)).toMatchObject({ containerNo: BOX });
    expect(crane.now(90_000)).toEqual({ kind: "hoist", acrossM: 0, heightM: 10.4 });
  });

  it("says something new only when its course is new, and then is where it said before that it would be", () => {
    const phases = fc.constantFrom("waiting", "working", "hanging", "over");
    const ways = fc.constantFrom("onto-vehicle", "off-vehicle");
    const change = fc.record({ phase: phases, way: ways, forMs: fc.integer({ min: 0, max: 20_000 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const crane = gear("hoist");
        let nowMs = 0;
        let said = { atMs: 0, at: crane.now(0) };
        for (const { phase, way, forMs } of changes) {
          const device = lift(phase, way, nowMs + forMs);
          for (const endMs = nowMs + forMs; nowMs <= endMs; nowMs += TICK_MS) {
            const isIdle = nowMs < crane.idleUntilMs(device);
            const news = crane.tick(device, around(), nowMs);
            // Who is idle could as well have slept.
            if (isIdle) expect(news).toBeUndefined();
            const expected = carriedOn(said.at, nowMs - said.atMs);
            const now = carriedOn(crane.now(nowMs), 0);
            if (news === undefined) {
              expect(Math.abs(now.acrossM - expected.acrossM)).toBeLessThan(0.03);
              expect(Math.abs(now.heightM - expected.heightM)).toBeLessThan(0.03);
            } else said = { atMs: nowMs, at: news };
          }
        }
      }),
    );
  });
});

describe("a barrier", () => {
  const openAfter = (vehicle: Partial<WorldVehicle>, ms = 5_000): number => {
    const barrier = gear("barrier");
    for (let nowMs = 0; nowMs <= ms; nowMs += TICK_MS)
      barrier.tick(freshDevice, around({ yM: 0, ...vehicle }), nowMs);
    const now = barrier.now(ms);
    return now.kind === "barrier" ? now.openShare : Number.NaN;
  };

  it("is down before a vehicle that stands at its mark, or comes to stand there", () => {
    expect(openAfter({ xM: 0 })).toBe(0);
    expect(openAfter({ xM: -6, speedMps: 2 })).toBe(0);
  });

  it("goes up for one that sets out from its mark, and for one that cannot stop there any more", () => {
    expect(openAfter({ xM: 0.5, speedMps: 0.3 })).toBe(1);
    expect(openAfter({ xM: -5, speedMps: 2.8 })).toBe(1);
  });

  it("stays up while a body is under it, though it stands, and not for the lane beside", () => {
    expect(openAfter({ xM: 9 })).toBe(1);
    expect(openAfter({ xM: 18, speedMps: 3 })).toBe(0);
    expect(openAfter({ xM: 9, yM: 4.5 })).toBe(0);
  });

  it("says where its arm is and how long it takes yet, once for each way", () => {
    const barrier = gear("barrier");
    const vehicle = around({ xM: 1, yM: 0, speedMps: 1 });
    const said = [0, 250, 500, 750].map((nowMs) => barrier.tick(freshDevice, vehicle, nowMs));
    expect(said).toEqual([
      { kind: "barrier", openShare: 0, course: { openShare: 1, inMs: 1_600 } },
      undefined,
      undefined,
      undefined,
    ]);
    expect(barrier.tick(freshDevice, around(), 800)).toEqual({
      kind: "barrier",
      openShare: 0.5,
      course: { openShare: 0, inMs: 800 },
    });
  });
});
