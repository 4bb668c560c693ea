/** Where a crane's trolley and spreader are, in the crane's own frame: across the bay, and over the ground. */
export interface Hook {
  readonly acrossM: number;
  readonly heightM: number;
  readonly carrying: boolean;
}

/** What the vehicle under a crane tells about the work: a container is to come on, to come off, or nothing. */
export interface CraneWork {
  readonly kind: "load" | "unload" | "none";
  readonly loaded: boolean;
}

interface Move {
  readonly acrossM: number;
  readonly heightM: number;
  /** What the spreader holds once it is there. */
  readonly carrying: boolean;
}

const IDLE_HEIGHT_M = 10.4;
const STACK_ACROSS_M = 3.75;
const HOIST_MPS = 0.9;
const TROLLEY_MPS = 0.8;

/**
 * Motion of one yard crane, drawn from what is known: the mission's step and whether the vehicle is loaded.
 * The crane's own encoder is not in the contract: between pick and landing the motion is an illustration, while
 * *that* it loads, and *when* the container is on the vehicle, are facts.
 */
export class CraneMotion {
  readonly #landHeightM: number;
  #acrossM = 0;
  #heightM = IDLE_HEIGHT_M;
  #carrying = false;
  #moves: Move[] = [];
  #phase = "none";

  /** `landHeightM`: height of the spreader when its container stands on a vehicle. */
  constructor(landHeightM: number) {
    this.#landHeightM = landHeightM;
  }

  get hook(): Hook {
    return { acrossM: this.#acrossM, heightM: this.#heightM, carrying: this.#carrying };
  }

  /** Tells what goes on below. A new phase of the work plans new moves; the same one changes nothing. */
  observe(work: CraneWork): void {
    const phase = work.kind === "none" ? "none" : `${work.kind}-${work.loaded ? "loaded" : "empty"}`;
    if (phase === this.#phase) return;
    const before = this.#phase;
    this.#phase = phase;
    this.#moves = this.#plan(phase, before);
  }

  /** Goes on for a while; true while it moves. `instant` jumps to the end (reduced motion). */
  advance(deltaS: number, instant: boolean): boolean {
    let leftS = instant ? Number.POSITIVE_INFINITY : deltaS;
    let move = this.#moves[0];
    while (move !== undefined && leftS > 0) {
      const needS = Math.max(
        Math.abs(move.acrossM - this.#acrossM) / TROLLEY_MPS,
        Math.abs(move.heightM - this.#heightM) / HOIST_MPS,
      );
      const part = needS === 0 ? 1 : Math.min(1, leftS / needS);
      this.#acrossM += (move.acrossM - this.#acrossM) * part;
      this.#heightM += (move.heightM - this.#heightM) * part;
      if (part < 1) return true;
      leftS -= needS;
      this.#carrying = move.carrying;
      this.#moves.shift();
      move = this.#moves[0];
    }
    return move !== undefined;
  }

  #plan(phase: string, before: string): Move[] {
    const up = (acrossM: number, carrying: boolean): Move => ({ acrossM, heightM: IDLE_HEIGHT_M, carrying });
    const stack = (carrying: boolean): Move => ({ acrossM: STACK_ACROSS_M, heightM: 6.2, carrying });
    const land = (carrying: boolean): Move => ({ acrossM: 0, heightM: this.#landHeightM, carrying });
    switch (phase) {
      case "load-empty":
        return [
          up(STACK_ACROSS_M, false),
          stack(true),
          up(STACK_ACROSS_M, true),
          up(0, true),
          { ...land(true), heightM: this.#landHeightM + 0.5 },
        ];
      case "load-loaded":
        return [land(false), up(0, false)];
      case "unload-loaded":
        return [up(0, false), land(false)];
      case "unload-empty":
        return [land(true), up(0, true), up(STACK_ACROSS_M, true), stack(false), up(0, false)];
      default:
        // The vehicle has left: what hung over it at the end of an unloading is still put away.
        return before === "unload-empty" ? this.#moves : [up(0, false)];
    }
  }
}
