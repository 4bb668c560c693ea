import type { Step } from "../../contract/index.ts";
import {
  decision,
  driveToBuffer,
  identify,
  inspection,
  quarantine,
  scan,
  verdict,
  weigh,
} from "./lane-steps.ts";
import { accept, cross, driveToHold, guardEntry, guardExit, handoff, offer } from "./line-steps.ts";
import type { StepLogic } from "./step-logic.ts";
import {
  admitTruck,
  armSeal,
  assignVehicle,
  close,
  driveToCrane,
  driveToYard,
  load,
  registerOrder,
  unload,
} from "./yard-steps.ts";

/** What each step of a procedure means. The procedure says which of them there are, and in which order. */
export const STEP_LOGIC: Readonly<Record<Step, StepLogic>> = {
  "register-order": registerOrder,
  "admit-truck": admitTruck,
  "assign-vehicle": assignVehicle,
  "drive-to-crane": driveToCrane,
  load,
  "arm-seal": armSeal,
  identify,
  weigh,
  scan,
  "drive-to-buffer": driveToBuffer,
  verdict,
  quarantine,
  decision,
  inspection,
  offer,
  "guard-exit": guardExit,
  "drive-to-hold": driveToHold,
  handoff,
  cross,
  accept,
  "guard-entry": guardEntry,
  "drive-to-yard": driveToYard,
  unload,
  close,
};
