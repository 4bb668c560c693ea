import type { BlockingType } from "./action.ts";
import type { Sender } from "./report.ts";

/** Where an action may stand: asked for at once, at a node, on an edge, in a zone (3.0). */
export type ActionScope = "INSTANT" | "NODE" | "EDGE" | "ZONE";

/** One action that a vehicle can do, as its factsheet lists it (VDA 5050 2.1 section 7.8, 3.0 section 7.10). */
export interface ActionAbility {
  readonly actionType: string;
  readonly scopes: readonly ActionScope[];
  /** Undefined: any that the standard knows. */
  readonly blockingTypes: readonly BlockingType[] | undefined;
  /** Keys of the parameters that it takes; undefined when the factsheet does not say. */
  readonly parameters: readonly { readonly key: string; readonly isOptional: boolean }[] | undefined;
}

/** An optional part of a node or an edge. */
export type OrderField =
  | "position"
  | "heading"
  | "deviation"
  | "deviationOfHeading"
  | "maxSpeed"
  | "trajectory"
  /** Of actions (3.0). */
  | "retriable";

/** Limits of a vehicle's protocol side; a limit that is not set, or 0, is none. */
export interface ProtocolLimits {
  /** Of a whole message, header included. */
  readonly maxMessageBytes?: number;
  readonly maxIdLength?: number;
  readonly idNumericalOnly: boolean;
  readonly maxLoadIdLength?: number;
  /** Of words of the standard: types of actions, keys of parameters. */
  readonly maxEnumLength?: number;
  readonly maxOrderNodes?: number;
  readonly maxOrderEdges?: number;
  readonly maxNodeActions?: number;
  readonly maxActionParameters?: number;
  readonly maxKnots?: number;
  readonly maxControlPoints?: number;
  /** Between two orders or updates. */
  readonly minOrderIntervalMs: number;
}

/** What a vehicle is and can do, whichever version it speaks. */
export interface VehicleSheet extends Sender {
  readonly seriesName: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly maxHeightM: number;
  readonly maxSpeedMps: number;
  readonly maxAccelerationMps2: number;
  readonly maxBrakingMps2: number;
  readonly maxLoadKg: number;
  /** Load types of its load sets; undefined when it lists none. */
  readonly loadTypes: readonly string[] | undefined;
  readonly limits: ProtocolLimits;
  /** Optional fields of an order that it takes, of those that Baton sends; undefined when it lists none at all. */
  readonly orderFields: ReadonlySet<OrderField> | undefined;
  readonly actions: ReadonlyMap<string, ActionAbility>;
  /** Zone types that it knows (3.0). */
  readonly zoneTypes: readonly string[];
  /** Baton's extension: it can be handed over while it rolls (`wire/baton-control.ts`). */
  readonly rollingHandoff?: boolean;
}
