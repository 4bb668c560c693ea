import type { Side } from "@baton/maps";
import type { LineCraneView } from "@baton/orchestrator/contract";

/** Where the crane at the line and its spreader are, site frame: along the road, and over the ground. */
export interface LineCranePose {
  readonly alongM: number;
  readonly heightM: number;
  readonly carrying: boolean;
}

const UP_M = 10.4;
/** Quick enough to be where the next report says, however short the simulated world's lifts are. */
const TRAVEL_MPS = 9;
const HOIST_MPS = 1.8;

type Told = Pick<LineCraneView, "phase" | "holder">;

/**
 * Motion of the crane at the line, drawn from the phases that it reports: over whose pad it is, whether it is down, and whether the
 * container hangs under it are facts; how it gets from one to the next is an illustration. It travels only with the spreader up.
 */
export class LineCraneMotion {
  readonly #padM: Readonly<Record<Side, number>>;
  readonly #landHeightM: number;
  #alongM: number;
  #heightM = UP_M;
  #carrying = false;
  #goal: { readonly alongM: number; readonly isDown: boolean };

  /** `landHeightM`: height of the spreader when its container stands on a vehicle. */
  constructor(padM: Readonly<Record<Side, number>>, landHeightM: number) {
    this.#padM = padM;
    this.#landHeightM = landHeightM;
    this.#alongM = padM.vn;
    this.#goal = { alongM: padM.vn, isDown: false };
  }

  get pose(): LineCranePose {
    return { alongM: this.#alongM, heightM: this.#heightM, carrying: this.#carrying };
  }

  /** Until it is handed over the holder is the giver; what is free stays where it is. */
  observe({ phase, holder }: Told): void {
    if (phase === undefined || holder === undefined) return;
    const giverM = this.#padM[holder];
    const takerM = this.#padM[holder === "vn" ? "cn" : "vn"];
    this.#carrying = phase === "hanging" || phase === "landing" || phase === "landed";
    switch (phase) {
      case "free":
        this.#goal = { alongM: this.#goal.alongM, isDown: false };
        return;
      case "presented":
        this.#goal = { alongM: giverM, isDown: false };
        return;
      case "lowering":
      case "engaged":
      case "lifting":
        this.#goal = { alongM: giverM, isDown: true };
        return;
      case "hanging":
        this.#goal = { alongM: giverM, isDown: false };
        return;
      case "landing":
      case "landed":
      case "releasing":
        this.#goal = { alongM: takerM, isDown: true };
        return;
    }
  }

  /** Goes on for a while; true while it moves. `instant` jumps to the end (reduced motion). */
  advance(deltaS: number, instant: boolean): boolean {
    const { alongM, isDown } = this.#goal;
    const downM = this.#landHeightM;
    let leftS = instant ? Number.POSITIVE_INFINITY : deltaS;
    const awayM = alongM - this.#alongM;
    if (awayM !== 0) {
      leftS = this.#hoistTo(UP_M, leftS);
      const stepM = Math.min(Math.abs(awayM), TRAVEL_MPS * leftS);
      this.#alongM = stepM === Math.abs(awayM) ? alongM : this.#alongM + Math.sign(awayM) * stepM;
      leftS -= stepM / TRAVEL_MPS;
    }
    const heightM = isDown ? downM : UP_M;
    if (this.#alongM === alongM) this.#hoistTo(heightM, leftS);
    return this.#alongM !== alongM || this.#heightM !== heightM;
  }

  /** Returns the time that is left. */
  #hoistTo(heightM: number, leftS: number): number {
    const awayM = heightM - this.#heightM;
    const stepM = Math.min(Math.abs(awayM), HOIST_MPS * leftS);
    this.#heightM = stepM === Math.abs(awayM) ? heightM : this.#heightM + Math.sign(awayM) * stepM;
    return leftS - stepM / HOIST_MPS;
  }
}
