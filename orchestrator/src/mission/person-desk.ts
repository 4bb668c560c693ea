import type { FleetAdapter, VehicleId } from "@baton/fleet-adapter";
import type { MissionActName } from "../contract/index.ts";
import { assignByHand, type ByHand, parkByHand } from "../dispatch/by-hand.ts";
import type { Calendar } from "../dispatch/calendar.ts";
import type { DispatchCommand } from "../dispatch/decision.ts";
import type { DispatchView } from "../dispatch/view.ts";
import type { Reservation } from "../reservation/port.ts";
import { mayBeReslotted } from "./absorb.ts";
import { isOver, type MissionContext } from "./context.ts";
import type { MissionActOutcome, MissionControl } from "./control-port.ts";
import type { Happening } from "./events.ts";
import { backBar, canBeRecalled, canReturn } from "./having-back.ts";
import { slotFor } from "./intake/order.ts";
import type { MissionIndex } from "./mission-index.ts";
import { type PersonsWord, possibleActs } from "./person-acts.ts";
import type { Procedure } from "./procedure.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface PersonDeskPorts {
  readonly missions: Pick<MissionIndex, "all" | "get">;
  readonly queue: Pick<WorkQueue, "ask">;
  readonly reservation: Pick<Reservation, "prioritise" | "outOfUse">;
  readonly fleet: Pick<FleetAdapter, "vehicles">;
  /** Of both sides. */
  readonly calendars: readonly Calendar[];
  readonly nowMs: () => number;
  readonly procedureOf: (context: MissionContext) => Procedure;
  readonly dispatchView: () => DispatchView;
  readonly carryOut: (command: DispatchCommand) => void;
  /** Takes an event in and stores what came of it; resolves when that is done. Only from a task of the queue. */
  readonly apply: (missionId: string, happening: Happening) => Promise<void>;
}

type Acts = Pick<
  MissionControl,
  "resume" | "prioritise" | "reslot" | "recall" | "byPerson" | "assign" | "park"
>;

/** What people say of missions and vehicles: each in its turn among the events, refused where it is not possible then, with why. */
export class PersonDesk implements Acts {
  readonly #ports: PersonDeskPorts;

  constructor(ports: PersonDeskPorts) {
    this.#ports = ports;
  }

  resume(
    missionId: string,
    account: string,
    how: "retry" | "override" | "return",
  ): ReturnType<Acts["resume"]> {
    return this.#of(missionId, "unknown", async (context) => {
      if (context.status !== "held" || context.held === undefined) return "not-held";
      if (how === "override" && !context.held.overridable) return "not-possible";
      if (how === "return" && !canReturn(context)) return "not-possible";
      await this.#ports.apply(missionId, { type: how === "retry" ? "resume" : how, account });
      return "resumed";
    });
  }

  prioritise(missionId: string, priority: number): ReturnType<Acts["prioritise"]> {
    const { apply, reservation } = this.#ports;
    return this.#of(missionId, "unknown", async (context) => {
      if (isOver(context)) return "over";
      await apply(missionId, { type: "prioritised", priority });
      for (const { legId, state } of Object.values(context.legs)) {
        if (state === "requested" && context.vehicle !== undefined)
          reservation.prioritise(context.vehicle.vehicleId, legId, priority);
      }
      return "prioritised";
    });
  }

  reslot(missionId: string, notBeforeMs: number): ReturnType<Acts["reslot"]> {
    const { apply, calendars, missions, nowMs, procedureOf } = this.#ports;
    return this.#of(missionId, UNKNOWN, async (context) => {
      if (!mayBeReslotted(context)) return notPossible("its truck was called already, or it has no slot");
      const others = missions.all().filter((each) => each !== context);
      const view = { missions: others, calendars, atMs: nowMs() };
      const slot = slotFor(view, procedureOf(context), notBeforeMs);
      if (slot === undefined || slot === "none") return notPossible("no slot is free in two weeks");
      await apply(missionId, { type: "reslotted", slot });
      return { kind: "given", fromMs: slot.fromMs };
    });
  }

  recall(missionId: string, account: string): Promise<MissionActOutcome> {
    return this.#of(missionId, UNKNOWN, async (context) => {
      if (!canBeRecalled(context))
        return notPossible(backBar(context) ?? `${context.status} at ${context.step}`);
      await this.#ports.apply(missionId, { type: "recall", account });
      return { kind: "done" };
    });
  }

  byPerson(missionId: string, act: MissionActName, word: PersonsWord): Promise<MissionActOutcome> {
    return this.#of(missionId, UNKNOWN, async (context) => {
      if (!possibleActs(context, this.#ports.procedureOf(context)).includes(act))
        return notPossible(`${context.status} at ${context.step}`);
      const why = act === "towed" ? this.#whyNotTowed(context.vehicle?.vehicleId) : undefined;
      if (why !== undefined) return notPossible(why);
      await this.#ports.apply(missionId, word);
      return { kind: "done" };
    });
  }

  assign(missionId: string, vehicleId: string): Promise<MissionActOutcome> {
    return this.#of(missionId, UNKNOWN, async () =>
      this.#byHand(assignByHand(this.#ports.dispatchView(), missionId, vehicleId)),
    );
  }

  park(vehicleId: string, to: "charger" | "parking"): Promise<MissionActOutcome> {
    const { dispatchView, queue } = this.#ports;
    return queue.ask(async () => this.#byHand(parkByHand(dispatchView(), vehicleId, to)));
  }

  /** The mission as it is when it is this act's turn. */
  #of<Outcome>(
    missionId: string,
    unknown: Outcome,
    act: (context: MissionContext) => Promise<Outcome>,
  ): Promise<Outcome> {
    return this.#ports.queue.ask(async () => {
      const context = this.#ports.missions.get(missionId);
      return context === undefined ? unknown : act(context);
    });
  }

  /** People's word stands for a vehicle that is switched off; one that speaks says itself where it is, and may yet move. */
  #whyNotTowed(vehicleId: VehicleId | undefined): "not-failed" | "not-switched-off" | undefined {
    const { reservation, fleet } = this.#ports;
    if (!reservation.outOfUse().failed.some((each) => each.vehicleId === vehicleId)) return "not-failed";
    const connection = vehicleId === undefined ? undefined : fleet.vehicles().get(vehicleId)?.connection;
    // One that sleeps may be woken, and drive.
    return connection === "online" || connection === "asleep" ? "not-switched-off" : undefined;
  }

  #byHand(asked: ByHand<DispatchCommand["kind"]>): MissionActOutcome {
    if (asked.kind !== "command") return asked;
    this.#ports.carryOut(asked.command);
    return { kind: "done" };
  }
}

const UNKNOWN: MissionActOutcome = { kind: "unknown" };

const notPossible = (why: string): MissionActOutcome => ({ kind: "not-possible", why });
