import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { TransportOrderRequest } from "../contract/index.ts";
import type { Calendar } from "../dispatch/calendar.ts";
import type { DispatchCommand } from "../dispatch/decision.ts";
import type { DispatchView } from "../dispatch/view.ts";
import type { Yard } from "../dispatch/yard.ts";
import type { Offer } from "../handoff/port.ts";
import { isOver, type MissionContext } from "./context.ts";
import type { Adoption, MissionControlOptions, PlaceOutcome } from "./control-port.ts";
import { adoption } from "./intake/adoption.ts";
import { emptyRun } from "./intake/empty-run.ts";
import { inboundMission } from "./intake/offer.ts";
import { outboundMission } from "./intake/order.ts";
import type { Intake, IntakeView } from "./intake/view.ts";
import type { MissionIndex } from "./mission-index.ts";
import type { CreateOutcome } from "./store.ts";

export interface IntakeDeskPorts
  extends Pick<MissionControlOptions, "clock" | "fleet" | "handoffs" | "ids" | "log" | "procedures"> {
  readonly yard: Yard;
  /** Of both sides. */
  readonly calendars: readonly Calendar[];
  readonly missions: MissionIndex;
  dispatchView(): DispatchView;
  homeOf(vehicleId: VehicleId): Side;
  /** Begins a mission, and writes it down; `orderId` is by what it is known to whoever asks for it again. */
  begin(context: MissionContext, orderId: string | undefined): Promise<CreateOutcome>;
}

/** What becomes a mission, and what is said to whoever asked for it. To be called as events are taken in, one at a time. */
export class IntakeDesk {
  readonly #ports: IntakeDeskPorts;

  constructor(ports: IntakeDeskPorts) {
    this.#ports = ports;
  }

  place(order: TransportOrderRequest): Promise<PlaceOutcome> {
    return this.#take(outboundMission(this.#view(), order), order.orderId);
  }

  adopt(request: Adoption): Promise<PlaceOutcome> {
    return this.#take(adoption(this.#view(), request), request.order.orderId);
  }

  async takeOffer(offer: Offer): Promise<void> {
    const { handoffs, log, begin } = this.#ports;
    const intake = inboundMission(this.#view(), offer);
    if (intake.kind === "declined") {
      log.info({ handoffId: offer.handoffId, code: intake.code, reason: intake.reason }, "offer declined");
      handoffs.decline(offer.handoffId, intake.code);
    } else if (intake.kind === "known") {
      // Told again: the answer may not have been heard.
      if (!isOver(intake.context) && intake.context.handoff?.phase === "offered")
        handoffs.accept(offer.handoffId, intake.context.handoff.returnLoad);
    } else await begin(intake.context, undefined);
  }

  async sendEmptyOver(command: Extract<DispatchCommand, { kind: "send-empty-over" }>): Promise<void> {
    const { missions, log, begin } = this.#ports;
    // It was decided a moment ago.
    if (missions.ofVehicle(command.vehicleId) !== undefined) return;
    const intake = emptyRun(this.#view(), command);
    if (intake.kind === "context") await begin(intake.context, undefined);
    else if (intake.kind === "refused") log.warn({ ...intake, ...command }, "no empty run");
  }

  async #take(intake: Intake, orderId: string): Promise<PlaceOutcome> {
    if (intake.kind !== "context") return intake;
    const { context } = intake;
    // The partner's customers number their orders without asking ours; no order id has a slash.
    const known = context.bound === "outbound" ? orderId : `inbound/${orderId}`;
    const outcome = await this.#ports.begin(context, known);
    switch (outcome.kind) {
      case "created":
        return { kind: "created", missionId: context.missionId };
      case "exists":
        return outcome;
      case "fenced":
        return {
          kind: "refused",
          code: "mission.not-leading",
          detail: "another process leads this zone now: ask there",
        };
    }
  }

  #view(): IntakeView {
    const { yard, procedures, ids, clock, fleet, missions, calendars, dispatchView, homeOf } = this.#ports;
    return {
      yard,
      procedures,
      atMs: clock.nowMs(),
      missionId: `m-${ids.next().replaceAll(".", "-")}`,
      spareId: ids.next(),
      missions: missions.all(),
      calendars,
      missionOfVehicle: (vehicleId) => missions.ofVehicle(vehicleId),
      dispatchView,
      vehicleRecord: (vehicleId) => fleet.vehicles().get(vehicleId as VehicleId),
      homeOf,
    };
  }
}
