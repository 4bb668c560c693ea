/**
 * Actions and what became of them, in the words that all versions share: 2.0, 2.1 (sections 6.8 to 6.12) and 3.0
 * (sections 6.2 and 6.6.9) differ in field names only.
 */

/**
 * What an action does to the rest of the vehicle: `NONE` runs beside driving and other actions, `SINGLE` (3.0)
 * beside driving only, `SOFT` beside other actions only, `HARD` alone.
 */
export type BlockingType = "NONE" | "SINGLE" | "SOFT" | "HARD";

export interface ActionParameter {
  readonly key: string;
  readonly value: unknown[] | boolean | number | string | Record<string, unknown>;
}

/** Something that a vehicle is to do, at a node, on an edge, or at once. */
export interface Action {
  readonly actionType: string;
  readonly actionId: string;
  readonly blockingType: BlockingType;
  readonly actionParameters?: readonly ActionParameter[];
  /** It may wait in `RETRIABLE` when it fails (3.0). */
  readonly retriable?: boolean;
}

/** `RETRIABLE` is of 3.0: failed, and waiting for `retry` or `skipRetry`. */
export type ActionStatus =
  | "WAITING"
  | "INITIALIZING"
  | "RUNNING"
  | "PAUSED"
  | "RETRIABLE"
  | "FINISHED"
  | "FAILED";

export interface ActionState {
  readonly actionId: string;
  readonly actionType?: string;
  readonly actionStatus: ActionStatus;
  readonly resultDescription?: string;
}
