import type { FleetEvent } from "../../port.ts";
import { v2_1 } from "../codec/v2_1.ts";
import { reportOf } from "../codec/v2-report.ts";
import type { Action, State } from "../wire/index.ts";
import { testContext } from "./drive-order-fixture.ts";
import { ModelVehicle, type WireOrder } from "./model-vehicle.ts";
import type { CoreContext } from "./order-messages.ts";
import { step } from "./step.ts";
import { awaitsTime, type CoreEvent, newVehicle, type VehicleCore } from "./vehicle-core.ts";

type WithoutTime<E> = E extends CoreEvent ? Omit<E, "nowMs"> : never;

/** For tests: one core with its clock, and what it sent and told, as a vehicle of 2.1 has it. */
export class CoreBench {
  nowMs = 1_000_000;
  core: VehicleCore = newVehicle(true);
  orders: WireOrder[] = [];
  instants: Action[] = [];
  events: FleetEvent[] = [];
  readonly vehicle: ModelVehicle;
  readonly context: CoreContext;

  constructor(standsAt = "a", context: CoreContext = testContext) {
    this.vehicle = new ModelVehicle(standsAt);
    this.context = context;
  }

  run(event: WithoutTime<CoreEvent>): void {
    const [core, effects] = step(this.context, this.core, { ...event, nowMs: this.nowMs });
    this.core = core;
    this.#proveThatItMayBeLeftInPeace();
    for (const effect of effects) {
      if (effect.kind === "publishOrder") this.orders.push(v2_1.writeOrder(effect.body));
      else if (effect.kind === "publishInstantActions") {
        this.instants.push(...v2_1.writeInstantActions(effect.actions).actions);
      } else this.events.push(effect.event);
    }
  }

  /** Whatever has happened: one that awaits nothing of time is not told that it passes, so it must not matter. */
  #proveThatItMayBeLeftInPeace(): void {
    if (awaitsTime(this.core)) return;
    for (const laterMs of [0, 1_000, 3_600_000]) {
      const [core, effects] = step(this.context, this.core, { kind: "tick", nowMs: this.nowMs + laterMs });
      if (core !== this.core || effects.length > 0)
        throw new Error(`${laterMs} ms did something: ${JSON.stringify(effects)}`);
    }
  }

  /** The vehicle reports, changed by `change`. */
  report(change: Partial<State> = {}): void {
    this.nowMs += 1;
    this.run({ kind: "state", state: reportOf({ ...this.vehicle.state(this.nowMs), ...change }) });
  }

  /** All that was sent reaches the vehicle, which reports. */
  arrive(): void {
    for (const order of this.orders.splice(0)) this.vehicle.receiveOrder(order);
    this.vehicle.receiveInstantActions(this.instants.splice(0));
    this.report();
  }

  wait(ms: number): void {
    this.nowMs += ms;
    this.run({ kind: "tick" });
  }

  /** The adapter's process ends and another begins; what was sent is lost with it. */
  restart(): void {
    this.core = newVehicle(true);
    this.orders = [];
    this.instants = [];
    this.events = [];
  }

  told<K extends FleetEvent["kind"]>(kind: K): Extract<FleetEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<FleetEvent, { kind: K }> => event.kind === kind);
  }
}
