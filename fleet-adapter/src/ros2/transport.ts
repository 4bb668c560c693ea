import type { RosAction, RosService, RosTopic } from "./interfaces.ts";

/**
 * A graph of ROS 2 as a fleet control needs it, whatever carries it: rosbridge, rclnodejs, or memory. Nothing that it is
 * asked for throws, blocks, or is kept for later: what cannot be done now is answered with `not-connected`, and whoever
 * still means it asks again. Messages are plain data as JSON carries it, and unchecked.
 */
export interface RosTransport {
  /** Resolves when the first session stands; rejects with `RosUnreachableError` when none does in time, or `end` comes first. */
  whenOpen(): Promise<void>;
  /** Holds for as long as it is wanted, through sessions that come and go; the returned function ends it. */
  subscribe(topic: RosTopic, onMessage: (message: unknown) => void): () => void;
  /** Exactly one outcome, never from inside this call. */
  call(
    service: RosService,
    request: object,
    withinMs: number,
    onOutcome: (outcome: CallOutcome) => void,
  ): void;
  /** Sends a goal, which takes the place of the one before it; at most one outcome, never from inside this call. */
  sendGoal(action: RosAction, goal: object, onOutcome: (outcome: GoalOutcome) => void): void;
  end(): Promise<void>;
}

export type CallOutcome =
  | { readonly kind: "answered"; readonly response: unknown }
  | { readonly kind: "failed"; readonly detail: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "not-connected" };

/** `action_msgs/msg/GoalStatus` of a goal that is over. */
export type GoalOutcome =
  | { readonly kind: "succeeded" | "canceled" }
  | { readonly kind: "aborted"; readonly detail: string }
  | { readonly kind: "not-connected" };

export interface RosTransportListener {
  onOpen(): void;
  onClose(): void;
  /** Something that passes or that a person has to look at; the transport goes on trying. */
  onTrouble(detail: string): void;
}

export type OpenRos = (listener: RosTransportListener) => RosTransport;

/** No graph could be reached in time, or none can be on this machine. What to do stands in the message. */
export class RosUnreachableError extends Error {
  override readonly name = "RosUnreachableError";
  readonly code = "ros-unreachable";
}
