import type { VehicleId } from "@baton/fleet-adapter";
import type { Observation } from "../../../orchestrator/src/reservation/port.ts";
import type { Random } from "../../../sim/src/random/seeded.ts";
import type { TrialPlan, Weather } from "../trial-plan.ts";
import { Channel } from "./channel.ts";
import type { Driver } from "./driver.ts";

/** How far a reported position may be off, a little less than the core is told. */
const UNCERTAIN_M = 0.09;
const UNCERTAIN_RAD = 0.02;
const LATEST_MS = 4000;
/** A wild report is at least this far from any way that the vehicle could be on. */
const WILD_M = 3;

/** What vehicles say of themselves, and what becomes of it on the way. */
export class Reports {
  readonly #random: Random;
  readonly #plan: TrialPlan;
  readonly #channel = new Channel<Observation>();

  constructor(random: Random, plan: TrialPlan) {
    this.#random = random;
    this.#plan = plan;
  }

  /**
   * Lies are told only by a vehicle that knows its way: one that does not yet might name by chance a place on ground that was
   * granted to it and has been told to nobody, and nothing could tell that from the truth.
   */
  send(tick: number, driver: Driver, weather: Weather, knowsItsWay: boolean): void {
    const { reportEvery, tickMs } = this.#plan;
    if (tick % reportEvery !== 0 || tick < driver.silentUntilTick) return;
    const random = this.#random;
    const might = (probability: number): boolean => probability > 0 && random.chance(probability);
    if (might(weather.lostReports)) return;
    const report = this.#report(tick, driver, might(weather.wildReports) && knowsItsWay);
    const late = might(weather.lateReports) ? random.integer(Math.ceil(LATEST_MS / tickMs)) : 0;
    this.#channel.send(report, tick + late);
    if (might(weather.repeatedReports)) this.#channel.send(report, tick + late + random.integer(6));
  }

  arrivals(tick: number): readonly Observation[] {
    return this.#channel.arrivals(tick);
  }

  #report(tick: number, { vehicle }: Driver, wild: boolean): Observation {
    const random = this.#random;
    let { xM, yM } = vehicle.spot;
    const turn = 2 * Math.PI * random.next();
    if (wild) {
      // The first place of a few that is clearly off the way.
      for (let i = 0; i < 8; i++) {
        const offM = 4 + 26 * random.next();
        const x = vehicle.spot.xM + offM * Math.cos(turn + i);
        const y = vehicle.spot.yM + offM * Math.sin(turn + i);
        if (vehicle.offWayM(x, y) < WILD_M) continue;
        xM = x;
        yM = y;
        break;
      }
    } else {
      const offM = UNCERTAIN_M * random.next();
      xM += offM * Math.cos(turn);
      yM += offM * Math.sin(turn);
    }
    return {
      vehicleId: vehicle.vehicleId as VehicleId,
      pose: { xM, yM, headingRad: vehicle.spot.headingRad + UNCERTAIN_RAD * (2 * random.next() - 1) },
      speedMps: vehicle.speedMps,
      driving: vehicle.speedMps > 0,
      atMs: tick * this.#plan.tickMs,
    };
  }
}
