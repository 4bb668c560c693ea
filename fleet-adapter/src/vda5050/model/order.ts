import type { Action } from "./action.ts";
import type { Trajectory } from "./trajectory.ts";

/** What a vehicle is to drive, base and horizon, before a version's codec writes it (VDA 5050 2.1 6.6, 3.0 6.1). */
export interface OrderBody {
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

export interface OrderNode {
  readonly nodeId: string;
  /** Even for nodes, odd for edges, counted through one order and all its updates. */
  readonly sequenceId: number;
  /** True: part of the base; false: of the horizon. */
  readonly released: boolean;
  readonly position?: NodePosition;
  readonly actions: readonly Action[];
}

/** Map frame, metres and radians. Within the deviations the node counts as reached. */
export interface NodePosition {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad?: number;
  readonly deviationM?: number;
  readonly deviationRad?: number;
  readonly mapId: string;
}

export interface OrderEdge {
  readonly edgeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
  readonly startNodeId: string;
  readonly endNodeId: string;
  readonly maxSpeedMps?: number;
  /** Always the same object for the same edge: readers may keep what they worked out of it. */
  readonly trajectory?: Trajectory;
  readonly actions: readonly Action[];
}
