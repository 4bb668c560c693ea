import { boundOf } from "@baton/maps";
import type { TransportOrderRequest } from "../../contract/index.ts";
import { lineFor } from "../../dispatch/line-choice.ts";
import { bookSlot } from "../../dispatch/slots.ts";
import { readContainerNumber } from "../../gate/iso6346.ts";
import { outboundContext } from "../begin.ts";
import { cargoName, isOver, type MissionContext } from "../context.ts";
import { type Procedure, procedureFor } from "../procedure.ts";
import { type Intake, type IntakeView, type Refusal, refused } from "./view.ts";

/** A customer's order becomes a mission that goes out from this side. */
export function outboundMission(view: IntakeView, order: TransportOrderRequest): Intake {
  const bound = boundOf(view.yard.side, order.direction);
  if (bound !== "outbound")
    return refused(
      "order.not-outbound",
      `an ${order.direction} order is placed on the other side of the line`,
    );
  const common = checkOrder(view, order, "outbound");
  if (common.kind !== "usable") return common;
  const line = lineFor(view.yard, order);
  if (line === undefined) return noLine(order);
  const slot = slotFor(view, common.procedure);
  if (slot === "none")
    return refused(
      "order.no-slot",
      "both sides have no opening hours in common with a free slot in two weeks",
    );
  const context = outboundContext(
    { ...view, procedure: common.procedure, direction: order.direction, line },
    order,
    slot,
  );
  return context === undefined ? noLine(order) : { kind: "context", context };
}

/** Who has which slot follows from the missions: those given back are free again. */
export function slotFor(
  view: Pick<IntakeView, "missions" | "calendars" | "atMs">,
  { slots: plan }: Pick<Procedure, "slots">,
  notBeforeMs = view.atMs,
): NonNullable<MissionContext["slot"]> | "none" | undefined {
  if (plan === undefined) return undefined;
  const taken = new Map<number, number>();
  for (const { slot, status } of view.missions) {
    if (slot === undefined || slot.toMs <= view.atMs || status === "returned") continue;
    taken.set(slot.fromMs, (taken.get(slot.fromMs) ?? 0) + 1);
  }
  const slot = bookSlot(plan, view.calendars, taken, Math.max(view.atMs, notBeforeMs));
  return slot === undefined ? "none" : { ...slot, callFromMs: slot.fromMs - plan.callAheadMs };
}

interface Usable {
  readonly kind: "usable";
  readonly procedure: Procedure;
}

export function checkOrder(
  view: IntakeView,
  order: TransportOrderRequest,
  bound: "outbound" | "inbound",
): Usable | Exclude<Intake, { kind: "context" }> {
  // Orders of the partner's customers are the partner's: their numbers may be the same as ours.
  const same = view.missions.find((one) => one.bound === bound && one.consignment?.orderId === order.orderId);
  if (same !== undefined && same.consignment?.containerNo !== order.containerNo) {
    return refused("order.conflict", `${order.orderId} is the order for ${cargoName(same)}`);
  }
  if (same !== undefined) return { kind: "exists", missionId: same.missionId };
  const reading = readContainerNumber(order.containerNo);
  if (reading.kind === "invalid") return refused("order.container-invalid", reading.reason);
  if (reading.number.containerNo !== order.containerNo) {
    return refused("order.container-invalid", `write the container number as ${reading.number.containerNo}`);
  }
  const busy = view.missions.find(
    (one) => !isOver(one) && one.consignment?.containerNo === order.containerNo,
  );
  if (busy !== undefined)
    return refused("order.container-busy", `${order.containerNo} is on mission ${busy.missionId}`);
  const procedure = procedureFor(view.procedures, view.yard.side, bound, view.atMs);
  if (procedure === undefined)
    return refused("order.no-procedure", `no ${bound} procedure of ${view.yard.side} is in force`);
  return { kind: "usable", procedure };
}

export const noLine = ({ direction, handoffPointId }: TransportOrderRequest): Refusal =>
  refused(
    "order.no-handoff-point",
    `the site has no hand-off point ${handoffPointId === undefined ? "" : `${handoffPointId} `}for ${direction}`,
  );
