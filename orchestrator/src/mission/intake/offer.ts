import { boundOf } from "@baton/maps";
import { jointOpeningAt } from "../../dispatch/calendar.ts";
import { lineNamed } from "../../dispatch/line-choice.ts";
import { Round } from "../../dispatch/round.ts";
import { vehiclesWanted } from "../../dispatch/vehicles-wanted.ts";
import { readContainerNumber } from "../../gate/iso6346.ts";
import type { Offer } from "../../handoff/port.ts";
import { inboundContext } from "../begin.ts";
import type { MissionContext } from "../context.ts";
import { consignmentOf } from "../manifest-of.ts";
import { procedureFor } from "../procedure.ts";
import type { Consignment } from "../records.ts";
import { type Declined, declined, takenAsVisitor, takenAtPad, takenWithVehicle } from "./taken.ts";
import type { IntakeView } from "./view.ts";

export type InboundIntake =
  | { readonly kind: "context"; readonly context: MissionContext }
  | { readonly kind: "known"; readonly context: MissionContext }
  | Declined;

/** The partner's offer becomes a mission of its own here, with a bay reserved, or is declined. */
export function inboundMission(view: IntakeView, offer: Offer): InboundIntake {
  const missionId = `in-${offer.handoffId}`;
  const known = view.missions.find((one) => one.missionId === missionId);
  if (known !== undefined) return { kind: "known", context: known };
  if (boundOf(view.yard.side, offer.direction) !== "inbound")
    return declined("manifest-incomplete", "that direction leaves this side");
  if (saysNothingOfCargo(offer.manifest)) return emptyVehicle(view, offer, missionId);
  const consignment = consignmentOf(offer.manifest);
  if (consignment === undefined)
    return declined(
      "manifest-incomplete",
      "a container without its consignment, or papers without a container",
    );
  const reading = readContainerNumber(consignment.containerNo);
  if (reading.kind === "invalid") return declined("manifest-incomplete", reading.reason);
  if (view.missions.some((one) => isRefusedHere(one, consignment)))
    return declined("refused", `${consignment.containerNo} of ${consignment.orderId} was refused here`);
  const procedure = procedureFor(view.procedures, view.yard.side, "inbound", view.atMs);
  if (procedure === undefined) return declined("border-closed", "no inbound procedure is in force");
  const line = lineNamed(view.yard, offer.direction, offer.handoffPointId);
  if (line === undefined) return declined("border-closed", `no hand-off point ${offer.handoffPointId}`);
  if (!isOpenFor(view, offer)) return bordersClosed;
  const seen = view.dispatchView();
  const found =
    line.mode === "container-transfers"
      ? takenAtPad(view, seen, line)
      : line.mode === "host-grants"
        ? takenAsVisitor(view, offer, line)
        : takenWithVehicle(view, seen, offer, line);
  if (found.kind === "declined") return found;
  const context = inboundContext(
    { ...view, missionId, procedure, direction: offer.direction, line },
    { ...found.places, handoffId: offer.handoffId, manifest: offer.manifest, consignment },
  );
  return context === undefined
    ? declined("border-closed", "the inbound procedure has no steps")
    : { kind: "context", context };
}

/** A vehicle with nothing aboard has no papers of any either: a manifest that has lost its container is not one of such a vehicle. */
const saysNothingOfCargo = ({ container, consignment, scan, quarantine }: Offer["manifest"]): boolean =>
  container === undefined && consignment === undefined && scan === undefined && quarantine === undefined;

const isOpenFor = ({ calendars }: IntakeView, { etaMs }: Offer): boolean => {
  const opening = jointOpeningAt(calendars, etaMs);
  return opening !== undefined && opening.fromMs <= etaMs;
};

const bordersClosed = declined("border-closed", "one of the two sides is closed when it would arrive");

/**
 * A vehicle with nothing aboard: taken when containers here wait for more vehicles than there are, or it comes home, and there is a bay
 * and a place for it.
 */
function emptyVehicle(view: IntakeView, offer: Offer, missionId: string): InboundIntake {
  const { side } = view.yard;
  const procedure = procedureFor(view.procedures, side, "inbound", view.atMs, "nothing");
  if (procedure === undefined) return declined("not-wanted", "no procedure for vehicles with nothing aboard");
  const line = lineNamed(view.yard, offer.direction, offer.handoffPointId);
  if (line?.mode !== "control-passes")
    return declined("border-closed", `no vehicle passes at ${offer.handoffPointId}`);
  if (!isOpenFor(view, offer)) return bordersClosed;
  const seen = view.dispatchView();
  if (vehiclesWanted(new Round(seen)) <= 0) return declined("not-wanted", "there are vehicles enough");
  const found = takenWithVehicle(view, seen, offer, line);
  if (found.kind === "declined") return found;
  const context = inboundContext(
    { ...view, missionId, procedure, direction: offer.direction, line },
    { ...found.places, handoffId: offer.handoffId, manifest: offer.manifest, consignment: undefined },
  );
  return context === undefined
    ? declined("border-closed", "its procedure has no steps")
    : { kind: "context", context };
}

/** A person has refused it; the same container under another order is another matter. */
const isRefusedHere = (
  { bound, status, refusal, consignment }: MissionContext,
  { orderId, containerNo }: Pick<Consignment, "orderId" | "containerNo">,
): boolean =>
  bound === "inbound" &&
  status === "returned" &&
  refusal !== undefined &&
  consignment?.orderId === orderId &&
  consignment.containerNo === containerNo;
