import type { FleetEvent } from "../../port.ts";
import {
  checkCancelOrderRequest,
  checkGrantRequest,
  checkStopRequest,
  checkTransferControlRequest,
  checkWorkRequest,
} from "../wire/check.ts";
import type { VehicleStatus } from "../wire/vehicle-status.ts";
import { ModelVehicle } from "./model-vehicle.ts";
import { testContext } from "./order-fixture.ts";
import { step } from "./step.ts";
import {
  type Answer,
  type CoreContext,
  type CoreEffect,
  type CoreEvent,
  newVehicle,
  type VehicleCore,
} from "./vehicle-core.ts";

type WithoutTime<E> = E extends CoreEvent ? Omit<E, "nowMs"> : never;
export type ToVehicle = Exclude<CoreEffect, { kind: "tell" }>;

/** For tests: one core with its clock and a model vehicle, and what was sent and told. */
export class CoreBench {
  nowMs = 1_000_000;
  core: VehicleCore = newVehicle(true);
  toVehicle: ToVehicle[] = [];
  answers: Extract<CoreEvent, { kind: "answer" }>[] = [];
  events: FleetEvent[] = [];
  readonly vehicle: ModelVehicle;

  context: CoreContext;

  constructor(standsAt = "a", context: CoreContext = testContext) {
    this.context = context;
    this.vehicle = new ModelVehicle(standsAt);
    this.run({ kind: "battery", battery: { percentage: 0.8 } });
    this.run({ kind: "odometry", odometry: this.vehicle.odometry(this.nowMs) });
  }

  run(event: WithoutTime<CoreEvent>): void {
    const [core, effects] = step(this.context, this.core, { ...event, nowMs: this.nowMs });
    this.core = core;
    for (const effect of effects) {
      if (effect.kind === "tell") this.events.push(effect.event);
      else this.toVehicle.push(effect);
    }
  }

  report(change: Partial<VehicleStatus> = {}): void {
    this.nowMs += 1;
    this.run({ kind: "status", status: { ...this.vehicle.status(this.nowMs), ...change } });
  }

  /** Hands one message to the vehicle; its answer waits in `answers`. */
  deliver(message: ToVehicle): void {
    if (message.kind === "sendGoal") {
      if (message.action === "followPath") this.vehicle.followPath(message.goal);
      else this.vehicle.navigateThroughPoses(message.goal);
      return;
    }
    const answer = this.#ask(message.service, message.request);
    this.answers.push({ kind: "answer", to: message.to, answer, nowMs: this.nowMs });
  }

  #ask(service: Extract<ToVehicle, { kind: "call" }>["service"], request: object): Answer {
    const { vehicle } = this;
    switch (service) {
      case "grant":
        return { kind: "verdict", ...vehicle.grant(wellFormed(checkGrantRequest(request))) };
      case "cancelOrder":
        return { kind: "verdict", ...vehicle.cancelOrder(wellFormed(checkCancelOrderRequest(request))) };
      case "stop":
        return { kind: "verdict", ...vehicle.stop(wellFormed(checkStopRequest(request))) };
      case "work":
        return { kind: "verdict", ...vehicle.work(wellFormed(checkWorkRequest(request))) };
      case "transferControl":
        return {
          kind: "verdict",
          ...vehicle.transferControl(wellFormed(checkTransferControlRequest(request))),
        };
      case "getStatus":
        return {
          kind: "status",
          status: vehicle.status(this.nowMs),
          odometry: vehicle.odometry(this.nowMs),
        };
    }
  }

  answer(): void {
    const next = this.answers.shift();
    if (next !== undefined) this.run({ kind: "answer", to: next.to, answer: next.answer });
  }

  /** All that was sent reaches the vehicle, all answers come back, and it reports. */
  settle(): void {
    while (this.toVehicle.length > 0 || this.answers.length > 0) {
      for (const message of this.toVehicle.splice(0)) this.deliver(message);
      while (this.answers.length > 0) this.answer();
    }
    this.report();
  }

  wait(ms: number): void {
    this.nowMs += ms;
    this.run({ kind: "tick" });
  }

  /** The adapter's process ends and another begins; what was sent is lost with it. */
  restart(): void {
    this.core = newVehicle(true);
    this.toVehicle = [];
    this.answers = [];
    this.events = [];
    this.run({ kind: "battery", battery: { percentage: 0.8 } });
    this.run({ kind: "odometry", odometry: this.vehicle.odometry(this.nowMs) });
  }

  told<K extends FleetEvent["kind"]>(kind: K): Extract<FleetEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<FleetEvent, { kind: K }> => event.kind === kind);
  }
}

function wellFormed<T>(
  checked: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string },
): T {
  if (!checked.ok) throw new Error(`a request that its schema does not allow: ${checked.reason}`);
  return checked.value;
}
