import type { Fact } from "../gate/conditions.ts";
import type { StepRule } from "./procedure.ts";
import type { MissionContext } from "./context.ts";
export const a: Fact["condition"] = 5;
export const b: StepRule["step"] = 5;
export const d: StepRule["establishes"] = 5;
export const c: MissionContext["step"] = 5;
export const e: MissionContext["facts"] = 5;
