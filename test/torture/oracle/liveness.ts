import { type FindingKind, Found } from "../findings.ts";
import type { Driver } from "../world/driver.ts";

export interface LivenessLimits {
  /** In fair weather somebody moves within this time while a leg is open. */
  readonly quietTicks: number;
  /** In fair weather no leg is open longer than if all vehicles had to go one after the other. */
  readonly legTicks: number;
  /** So many legs of others may end while one is open. */
  readonly mostOvertaken: number;
}

/** Judges progress, by what moves and what ends. Only fair weather counts: in a storm there is always an excuse. */
export class LivenessJudge {
  readonly #limits: LivenessLimits;
  #movedTick = 0;
  longestStandTicks = 0;
  longestLegTicks = 0;

  constructor(limits: LivenessLimits) {
    this.#limits = limits;
  }

  storm(tick: number): void {
    this.#movedTick = tick;
  }

  /** One tick of fair weather. `explain` says what the product has to say of a vehicle. */
  fair(tick: number, drivers: Iterable<Driver>, explain: (vehicleId: string) => string): void {
    let open = 0;
    let moving = 0;
    let longest: Driver | undefined;
    for (const driver of drivers) {
      const { leg, vehicle } = driver;
      if (vehicle.speedMps > 0) moving++;
      if (vehicle.speedMps > 0 || leg === undefined || leg.waitsAt !== undefined || leg.held !== undefined) {
        driver.standsSinceTick = tick;
      }
      if (leg === undefined) continue;
      open++;
      leg.fairTicks++;
      this.longestStandTicks = Math.max(this.longestStandTicks, tick - driver.standsSinceTick);
      this.longestLegTicks = Math.max(this.longestLegTicks, leg.fairTicks);
      if (longest?.leg === undefined || leg.fairTicks > longest.leg.fairTicks) longest = driver;
    }
    if (open === 0 || moving > 0) this.#movedTick = tick;
    if (longest?.leg === undefined) return;
    const { vehicle, leg } = longest;
    const id = vehicle.vehicleId;
    if (tick - this.#movedTick > this.#limits.quietTicks) {
      this.#found(
        "deadlock",
        tick,
        id,
        `nobody has moved for ${tick - this.#movedTick} ticks, ${open} legs are open. ${explain(id)}`,
      );
    }
    if (leg.fairTicks > this.#limits.legTicks) {
      const kind = leg.overtaken > this.#limits.mostOvertaken ? "starvation" : "restricted-deadlock";
      this.#found(
        kind,
        tick,
        id,
        `leg ${leg.request.legId} to ${leg.request.toNodeId} is open for ${leg.fairTicks} ticks of fair weather while ${leg.overtaken} others ended. ${explain(id)}`,
      );
    }
  }

  #found(kind: FindingKind, tick: number, vehicleId: string, detail: string): never {
    throw new Found({ kind, tick, vehicleId, detail });
  }
}
