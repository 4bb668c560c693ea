import { boundOf, DIRECTIONS } from "@baton/maps";
import type { DispatchCommand } from "../../dispatch/decision.ts";
import { passingLineOf } from "../../dispatch/lane-pairs.ts";
import { pairOf, stationOf } from "../../dispatch/yard.ts";
import { emptyRunContext } from "../begin.ts";
import { procedureFor } from "../procedure.ts";
import { type Intake, type IntakeView, missionVehicle, refused } from "./view.ts";

/** A vehicle of ours goes over the line with nothing aboard. Refused when that is not provided for here. */
export function emptyRun(
  view: IntakeView,
  run: Extract<DispatchCommand, { readonly kind: "send-empty-over" }>,
): Intake {
  const { yard } = view;
  const direction = DIRECTIONS.find((one) => boundOf(yard.side, one) === "outbound");
  const procedure = procedureFor(view.procedures, yard.side, "outbound", view.atMs, "nothing");
  const vehicle = missionVehicle(view, run.vehicleId);
  const bay = stationOf(yard, run.bufferStationId);
  const line =
    direction === undefined || bay === undefined ? undefined : passingLineOf(yard, direction, pairOf(bay));
  if (
    direction === undefined ||
    line === undefined ||
    procedure === undefined ||
    vehicle === undefined ||
    bay === undefined
  )
    return refused("empty-run.not-possible", `${run.vehicleId} by ${run.bufferStationId}`);
  const context = emptyRunContext({ ...view, procedure, direction, line }, vehicle, bay);
  return context === undefined
    ? refused("empty-run.not-possible", "its procedure has no steps")
    : { kind: "context", context };
}
