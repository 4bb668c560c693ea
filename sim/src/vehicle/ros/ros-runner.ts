import type { MemoryGraph } from "@baton/fleet-adapter";
import { SIDES, type Side } from "@baton/maps";
import type { Log } from "../../process/log.ts";
import type { Memory } from "../../process/memory.ts";
import type { WorldVehicle } from "../../world/channel.ts";
import { wakesAtMs } from "../due.ts";
import { EAGER_PACE } from "../pace.ts";
import { worldVehicle } from "../report.ts";
import { stepVehicle, type VehicleEvent } from "../step.ts";
import { recall, remember } from "../store.ts";
import type { Vehicle, VehicleModel } from "../vehicle.ts";
import { RosFace } from "./ros-face.ts";
import type { Drift } from "./ros-report.ts";

export interface RosVehicleRunnerOptions {
  readonly model: VehicleModel;
  /** Used when its memory holds nothing. */
  readonly fresh: Vehicle;
  /** Each side's graph: it has a node on both. */
  readonly graphs: Readonly<Record<Side, Pick<MemoryGraph, "node">>>;
  readonly memory: Memory;
  readonly log: Log;
  /** How far to the left of its path it is, metres; on it, if not given. */
  readonly driftM?: (atMs: number) => number;
  nowMs(): number;
  /** Shows the world where the vehicle is. */
  show(vehicle: WorldVehicle): void;
}

/** Farther off its path than this it stops by itself. */
export const PATH_MARGIN_M = 0.5;

/**
 * One ROS 2 vehicle at work: the same body as the vehicles that speak VDA 5050, its memory, and a node on each side's graph. It
 * watches itself how far it is off the granted path, or whether it is inside of its fence still, and stops beyond until a person has looked.
 */
export class RosVehicleRunner {
  readonly #options: RosVehicleRunnerOptions;
  readonly #model: VehicleModel;
  readonly #faces: ReadonlyMap<Side, RosFace>;
  readonly #endNodes: readonly (() => void)[];
  #vehicle: Vehicle;
  #drift: Drift = { leftM: 0, isOff: false };
  /** Time passes without it until then. */
  #wakesAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RosVehicleRunnerOptions) {
    this.#options = options;
    const { model, memory, log, graphs } = options;
    this.#model = {
      ...model,
      speedCapMpsAt: (atMs) =>
        this.#drift.isOff ? 0 : (model.speedCapMpsAt?.(atMs) ?? Number.POSITIVE_INFINITY),
    };
    const kept = memory.load(model.vehicleId);
    const recalled = kept === undefined ? undefined : recall(kept, options.nowMs());
    if (kept !== undefined && recalled === undefined) {
      log.warn(
        { vehicleId: model.vehicleId },
        "what was kept of the vehicle cannot be read; it starts afresh",
      );
    }
    this.#vehicle = recalled ?? options.fresh;
    this.#keep();
    const nodes = SIDES.map((side) => ({ side, node: graphs[side].node() }));
    this.#endNodes = nodes.map(
      ({ node }) =>
        () =>
          node.end(),
    );
    this.#faces = new Map(
      nodes.map(({ side, node }) => [
        side,
        new RosFace({
          model,
          side,
          node,
          nowMs: () => options.nowMs(),
          vehicle: () => this.#vehicle,
          drift: () => this.#drift,
          take: (event) => this.take(event),
        }),
      ]),
    );
    for (const face of this.#faces.values()) face.report();
    this.showAgain();
  }

  get vehicle(): Vehicle {
    return this.#vehicle;
  }

  /** Time has passed; a vehicle that stands and waits need not notice. */
  tick(nowMs: number): void {
    this.#watchPath(nowMs);
    if (nowMs >= this.#wakesAtMs) this.#step({ kind: "tick", nowMs });
  }

  take(event: VehicleEvent): void {
    // One that has slept takes in how late it is first.
    if (this.#wakesAtMs > this.#vehicle.atMs) this.#step({ kind: "tick", nowMs: this.#options.nowMs() });
    this.#step(event);
  }

  /** A person has looked at it and put it back on its path. */
  clearPath(): void {
    this.#drift = { leftM: 0, isOff: false };
    this.#wakesAtMs = Number.NEGATIVE_INFINITY;
    for (const face of this.#faces.values()) face.report();
  }

  showAgain(): void {
    this.#options.show(worldVehicle(this.#vehicle, this.#model));
  }

  async stop(): Promise<void> {
    this.#keep();
    for (const end of this.#endNodes) end();
  }

  #watchPath(nowMs: number): void {
    const { driftM } = this.#options;
    if (driftM === undefined || this.#drift.isOff) return;
    const leftM = driftM(nowMs);
    const isOff =
      this.#model.plansOwnWay === true
        ? [...this.#faces.values()].some((face) => face.isOutOfFence({ leftM, isOff: false }))
        : Math.abs(leftM) > PATH_MARGIN_M;
    this.#drift = { leftM, isOff };
    if (isOff) for (const face of this.#faces.values()) face.report();
  }

  #step(event: VehicleEvent): void {
    const [next, effects] = stepVehicle(this.#vehicle, event, this.#model);
    this.#vehicle = next;
    this.#wakesAtMs = wakesAtMs(next, this.#model.pace ?? EAGER_PACE);
    for (const effect of effects) {
      if (effect.kind === "persist") this.#keep();
      else if (effect.kind === "report") for (const side of effect.sides) this.#faces.get(side)?.report();
      else if (effect.kind === "world") this.showAgain();
    }
  }

  #keep(): void {
    const { memory, model } = this.#options;
    const vehicle = this.#vehicle;
    memory.save(model.vehicleId, () => remember(vehicle));
  }
}
