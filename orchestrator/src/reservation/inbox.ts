import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { Command } from "./core/zone.ts";
import type { Admission, Closure, ClosureId, LegId, LegRequest, Observation, Reservation } from "./port.ts";

type Asking = Pick<
  Reservation,
  | "admit"
  | "requestLeg"
  | "proceed"
  | "abandonLeg"
  | "dismiss"
  | "close"
  | "open"
  | "fail"
  | "recover"
  | "prioritise"
  | "observe"
  | "decided"
>;

/** What a tick decides: commands in the order asked, of reports the newest of each vehicle, and who waits until it is written. */
export interface Asked {
  readonly commands: readonly Command[];
  readonly observations: readonly Observation[];
  readonly whoWaits: readonly (() => void)[];
}

/** What was asked and reported since the last tick. */
export class Inbox implements Asking {
  protected commands: Command[] = [];
  protected observations = new Map<VehicleId, Observation>();
  protected whoWaits: (() => void)[] = [];

  admit(admission: Admission): void {
    this.commands.push({ kind: "admit", admission });
  }

  requestLeg(request: LegRequest): void {
    this.commands.push({ kind: "requestLeg", request });
  }

  proceed(vehicleId: VehicleId, legId: LegId, nodeId: NodeId): void {
    this.commands.push({ kind: "proceed", vehicleId, legId, nodeId });
  }

  abandonLeg(vehicleId: VehicleId, legId: LegId): void {
    this.commands.push({ kind: "abandonLeg", vehicleId, legId });
  }

  dismiss(vehicleId: VehicleId): void {
    this.commands.push({ kind: "dismiss", vehicleId });
  }

  close(closure: Closure): void {
    this.commands.push({ kind: "close", closure });
  }

  open(closureId: ClosureId): void {
    this.commands.push({ kind: "open", closureId });
  }

  fail(vehicleId: VehicleId, reason: string): void {
    this.commands.push({ kind: "fail", vehicleId, reason });
  }

  recover(vehicleId: VehicleId): void {
    this.commands.push({ kind: "recover", vehicleId });
  }

  prioritise(vehicleId: VehicleId, legId: LegId, priority: number): void {
    this.commands.push({ kind: "prioritise", vehicleId, legId, priority });
  }

  observe(observation: Observation): void {
    this.observations.set(observation.vehicleId, observation);
  }

  decided(): Promise<void> {
    return new Promise((resolve) => this.whoWaits.push(resolve));
  }

  /** All of it, for the tick that is about to be computed. */
  protected takeAll(): Asked {
    const { commands, observations, whoWaits } = this;
    this.commands = [];
    this.observations = new Map();
    this.whoWaits = [];
    return { commands, observations: [...observations.values()], whoWaits };
  }
}
