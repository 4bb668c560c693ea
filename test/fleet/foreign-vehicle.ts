import type { Vendor } from "@baton/fleet-adapter";
import { AgvController, type AgvId, type Headerless, type State, VirtualAgvAdapter } from "vda-5050-lib";

/** A vehicle that is not ours: the `AgvController` of npm's vda-5050-lib 1.4.0, with its own simulated body. */

const TIME_LAPSE = 20;
/** How often its body moves, times a second: at this speed it must not step over a node's deviation. */
const TICK_RATE = 50;
const AGV_ID: AgvId = { manufacturer: "coaty", serialNumber: "7" };

/** What commissioning has found out about it. */
export const COATY: Vendor = {
  manufacturer: "coaty",
  quirks: [
    "instant-actions-key",
    "stitch-appends-actions",
    "double-action-states",
    "refusal-in-errors-only",
    "deviation-key-xy",
    "own-action-parameters",
    "empty-factsheet",
  ],
  actionParameters: {
    pick: { stationType: "floor", loadType: "EPAL", duration: 10 },
    drop: { stationType: "floor", loadType: "EPAL", duration: 10 },
  },
  factsheet: {
    typeSpecification: {
      seriesName: "VirtualAgv",
      agvKinematic: "DIFF",
      agvClass: "CARRIER",
      maxLoadMass: 40_000,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["AUTONOMOUS"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: 2,
      accelerationMax: 1,
      decelerationMax: 1,
      heightMax: 4,
      width: 3,
      length: 15,
    },
    protocolLimits: {
      maxStringLens: {},
      maxArrayLens: {},
      timing: { minOrderInterval: 0, minStateInterval: 0 },
    },
    protocolFeatures: {
      optionalParameters: [],
      agvActions: ["pick", "drop"].map((actionType) => ({ actionType, actionScopes: ["NODE"] })),
    },
    agvGeometry: {},
    loadSpecification: {},
  },
};

export class ForeignVehicle {
  readonly #controller: Watched;

  private constructor(controller: Watched) {
    this.#controller = controller;
  }

  static async connect(
    brokerUrl: string,
    at: {
      readonly mapId: string;
      readonly x: number;
      readonly y: number;
      readonly theta: number;
      readonly lastNodeId: string;
    },
  ): Promise<ForeignVehicle> {
    const controller = new Watched(
      AGV_ID,
      {
        interfaceName: "uagv",
        transport: { brokerUrl, reconnectPeriod: 100 },
        vdaVersion: "2.0.0",
      },
      { agvAdapterType: VirtualAgvAdapter, publishStateInterval: 250, publishVisualizationInterval: 0 },
      { initialPosition: { ...at }, timeLapse: TIME_LAPSE, tickRate: TICK_RATE },
    );
    await controller.start();
    return new ForeignVehicle(controller);
  }

  get state(): Headerless<State> {
    return this.#controller.currentState;
  }

  /** Every change of the status of an action, in its order. */
  get actions(): readonly string[] {
    return this.#controller.actions;
  }

  /** Cuts its connection without a word; it comes back by itself. */
  drop(): void {
    dropSession(this.#controller);
  }

  async stop(): Promise<void> {
    await this.#controller.stop();
  }
}

class Watched extends AgvController {
  readonly actions: string[] = [];

  protected override onStateChanged(changes: Partial<Headerless<State>>): void {
    for (const { actionId, actionStatus } of changes.actionStates ?? []) {
      const said = `${actionId} ${actionStatus}`;
      if (!this.actions.includes(said)) this.actions.push(said);
    }
  }
}

/** Breaks a controller's connection without a word; the library does not show its session. */
export function dropSession(controller: AgvController): void {
  const session: unknown = Reflect.get(controller, "_mqtt");
  const stream: unknown =
    typeof session === "object" && session !== null ? Reflect.get(session, "stream") : undefined;
  const destroy: unknown =
    typeof stream === "object" && stream !== null ? Reflect.get(stream, "destroy") : undefined;
  if (typeof destroy !== "function") throw new Error("the library keeps its session elsewhere");
  destroy.call(stream);
}
