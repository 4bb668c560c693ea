import type { Qos, RosAction, RosService, RosTopic } from "./interfaces.ts";

/**
 * What a vehicle does on a graph, whatever carries it: the other end of `RosTransport`. A graph belongs to one side, so a vehicle
 * that is to cross has a node on each side's.
 */
export interface RosNode {
  advertise(topic: RosTopic): RosPublisher;
  /** `answer` is called for each request and says the response; a request that throws is answered as failed. */
  serve(service: RosService, answer: (request: unknown) => object): void;
  /** `onGoal` is called for each goal and says whether it is taken. */
  serveAction(action: RosAction, onGoal: (goal: unknown, handle: GoalHandle) => boolean): void;
  /** All that it offers is gone, as when its process ends. */
  end(): void;
}

export interface RosPublisher {
  publish(message: object): void;
}

/** A goal that was taken; ended once. */
export interface GoalHandle {
  succeed(): void;
  abort(errorCode: number, words: string): void;
  cancel(): void;
}

/** Whether a reader hears a writer (docs.ros.org, "Quality of Service settings", compatibilities). */
export function isCompatible(offered: Qos, asked: Qos): boolean {
  const reliable = asked.reliability === "best-effort" || offered.reliability === "reliable";
  const durable = asked.durability === "volatile" || offered.durability === "transient-local";
  return reliable && durable;
}
