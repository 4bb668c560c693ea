import { describe, expect, test } from "vitest";
import { CoreWorld } from "../testing/core-world.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { StaleEvents } from "./stale-events.ts";
import { ENDLESS } from "./ticks.ts";
import { createTiming, type Leg, type VehicleRecord } from "./vehicle.ts";

/** A vehicle whose leg has a run for each of these ticks, at which it is expected; nothing of it is timed yet. */
function vehicleWith(entryTick: readonly number[]): VehicleRecord & { readonly leg: Leg } {
  const ids = ["start", ...entryTick.map((_, run) => `after-${run}`)];
  const poses = ids.map((id, i) => ({ id, xM: 40 * i, yM: 0, kind: "way" as const, blocks: [id] }));
  const moves = poses.slice(1).map(({ id }, i) => ({ from: ids[i] ?? "", to: id }));
  const world = new CoreWorld(smallNetwork(poses, moves));
  const car = world.admit("car", "start");
  world.request(car, "leg", ids.at(-1) ?? "");
  world.tick();
  const leg = world.leg(car);
  expect(leg.runs).toHaveLength(entryTick.length);
  return {
    ...world.vehicle(car),
    leg: { ...leg, entryTick: [...entryTick], etaTick: ENDLESS },
    timing: createTiming(),
  };
}

function runsTaken(events: StaleEvents, take = () => events.take()): number[] {
  const runs: number[] = [];
  while (take()) runs.push(events.run);
  return runs;
}

describe("events to be timed again", () => {
  test("come once each, first what may come soonest by all that was said of it", () => {
    const events = new StaleEvents();
    const vehicle = vehicleWith([40, 50, 60]);
    events.mark(vehicle, 2, 30);
    events.mark(vehicle, 1, 20);
    events.mark(vehicle, 0, 25);
    events.mark(vehicle, 2, 12);
    events.mark(vehicle, 2, 40);
    events.beginAll();
    expect(runsTaken(events)).toEqual([2, 1, 0]);
    events.mark(vehicle, 1, 20);
    events.beginAll();
    expect(runsTaken(events)).toEqual([1]);
  });

  test("that are late are taken by themselves up to a tick, in the order in which they are expected, and are not taken again", () => {
    const events = new StaleEvents();
    const vehicle = vehicleWith([10, 20, 30, 40]);
    events.mark(vehicle, 0, 10);
    events.markLate(vehicle, 3, 41);
    events.markLate(vehicle, 2, 32);
    events.markLate(vehicle, 1, 50);
    expect([events.hasLate(19), events.hasLate(20)]).toEqual([false, true]);
    expect(runsTaken(events, () => events.takeLate(30))).toEqual([1, 2]);
    events.beginAll();
    expect(events.hasLate(ENDLESS)).toBe(false);
    expect(runsTaken(events)).toEqual([0, 3]);
  });

  test("wait for others when they turn out to come later, but not beyond when they are expected, as long as all are timed", () => {
    const events = new StaleEvents();
    const vehicle = vehicleWith([30, 40]);
    const { leg } = vehicle;
    events.mark(vehicle, 0, 10);
    events.mark(vehicle, 1, 20);
    events.beginAll();
    events.take();
    expect([events.putOff(vehicle, leg, 0, 10), events.putOff(vehicle, leg, 0, 50)]).toEqual([false, true]);
    expect(runsTaken(events, () => events.take() && events.run === 1)).toEqual([1]);
    expect(events.putOff(vehicle, leg, 0, 50)).toBe(false);
    events.markLate(vehicle, 0, 30);
    events.takeLate(ENDLESS);
    expect(events.putOff(vehicle, leg, 0, 50)).toBe(false);
  });
});
