import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Checked } from "../../link/json.ts";
import {
  CancelOrderRequest,
  GetStatusRequest,
  GetStatusResponse,
  GrantRequest,
  StopRequest,
  TransferControlRequest,
  Verdict,
  WorkRequest,
} from "./services.ts";
import {
  BatteryState,
  DiagnosticArray,
  FollowPathGoal,
  NavigateThroughPosesGoal,
  Odometry,
  TfMessage,
} from "./standard.ts";
import { VehicleAnnouncement, VehicleStatus } from "./vehicle-status.ts";

/** Problems named in a reason at most; the rest are counted. */
const MAX_PROBLEMS = 3;

export const checkOdometry = checkerOf(Odometry);
export const checkTfMessage = checkerOf(TfMessage);
export const checkBatteryState = checkerOf(BatteryState);
export const checkDiagnosticArray = checkerOf(DiagnosticArray);
export const checkVehicleStatus = checkerOf(VehicleStatus);
export const checkVehicleAnnouncement = checkerOf(VehicleAnnouncement);
export const checkVerdict = checkerOf(Verdict);
export const checkGetStatusResponse = checkerOf(GetStatusResponse);
export const checkGrantRequest = checkerOf(GrantRequest);
export const checkCancelOrderRequest = checkerOf(CancelOrderRequest);
export const checkStopRequest = checkerOf(StopRequest);
export const checkWorkRequest = checkerOf(WorkRequest);
export const checkTransferControlRequest = checkerOf(TransferControlRequest);
export const checkFollowPathGoal = checkerOf(FollowPathGoal);
export const checkNavigateThroughPosesGoal = checkerOf(NavigateThroughPosesGoal);
export const checkGetStatusRequest = checkerOf(GetStatusRequest);

/** Checks what came from elsewhere; the reason of a refusal reads `/header/stamp must be object; ...`. Never throws. */
function checkerOf<S extends TSchema>(schema: S): (value: unknown) => Checked<Static<S>> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return { ok: true, value };
    const problems = validator
      .Errors(value)
      .map(({ instancePath, message }) => `${instancePath === "" ? "the message" : instancePath} ${message}`);
    const more = problems.length - MAX_PROBLEMS;
    const named = problems.slice(0, MAX_PROBLEMS).join("; ");
    return { ok: false, reason: more > 0 ? `${named}; and ${more} more` : named };
  };
}
