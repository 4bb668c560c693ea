import type { DevicePosition } from "@baton/orchestrator";
import { armPosition, type Barrier, barrierAfter, loweredBarrier } from "./barrier.ts";
import type { Device, DeviceModel, Surroundings } from "./device.ts";
import { type Hoist, hoistAfter, legAt, positionOf, restingHoist } from "./hoist.ts";

/**
 * What moves at a device, between its ticks. It is not remembered over a restart: a crane that starts again is up and empty, and
 * an arm down, until what they see says otherwise.
 */
export interface Gear {
  /** Time went by: what is to be said of it, when its course is another than what was said last. */
  tick(device: Device, around: Surroundings, nowMs: number): DevicePosition | undefined;
  now(nowMs: number): DevicePosition;
  /** Until when ticks bring nothing, unless the device's jobs change. */
  idleUntilMs(device: Device): number;
}

/** The gear of a device; undefined for one of which nothing moves. */
export function gearOf({ gear, place }: DeviceModel, nowMs: number): Gear | undefined {
  if (gear === "hoist") return new HoistGear(nowMs);
  return gear === "barrier" && place !== undefined ? new BarrierGear(place, nowMs) : undefined;
}

class HoistGear implements Gear {
  #hoist: Hoist;
  #jobs: Device["jobs"] = [];
  #said: { readonly stops: Hoist["stops"]; readonly leg: number };

  constructor(nowMs: number) {
    this.#hoist = restingHoist(nowMs);
    this.#said = { stops: this.#hoist.stops, leg: 0 };
  }

  tick({ jobs }: Device, _around: Surroundings, nowMs: number): DevicePosition | undefined {
    if (jobs !== this.#jobs) {
      this.#jobs = jobs;
      this.#hoist = hoistAfter(this.#hoist, jobs, nowMs);
    }
    const { stops } = this.#hoist;
    const leg = legAt(this.#hoist, nowMs);
    if (this.#said.stops === stops && this.#said.leg === leg) return undefined;
    this.#said = { stops, leg };
    return this.now(nowMs);
  }

  now(nowMs: number): DevicePosition {
    return positionOf(this.#hoist, nowMs);
  }

  idleUntilMs({ jobs }: Device): number {
    const { stops } = this.#hoist;
    if (jobs !== this.#jobs || stops !== this.#said.stops) return Number.NEGATIVE_INFINITY;
    return stops[this.#said.leg + 1]?.atMs ?? Number.POSITIVE_INFINITY;
  }
}

class BarrierGear implements Gear {
  readonly #place: NonNullable<DeviceModel["place"]>;
  #barrier: Barrier;

  constructor(place: NonNullable<DeviceModel["place"]>, nowMs: number) {
    this.#place = place;
    this.#barrier = loweredBarrier(nowMs);
  }

  tick(_device: Device, around: Surroundings, nowMs: number): DevicePosition | undefined {
    const before = this.#barrier;
    this.#barrier = barrierAfter(before, this.#place, around, nowMs);
    return this.#barrier === before ? undefined : this.now(nowMs);
  }

  now(nowMs: number): DevicePosition {
    return armPosition(this.#barrier, nowMs);
  }

  /** It has to see who comes. */
  idleUntilMs(): number {
    return Number.NEGATIVE_INFINITY;
  }
}
