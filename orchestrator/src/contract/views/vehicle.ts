import Type, { type Static } from "typebox";
import { ExplanationView } from "./waiting.ts";
import { SideSchema } from "./words.ts";

/** How a vehicle is driven, in the words of VDA 5050 3.0. */
const OperatingMode = Type.Enum([
  "automatic",
  "intervened",
  "semiautomatic",
  "manual",
  "service",
  "teach-in",
  "startup",
]);

/** Of the way that a vehicle has planned itself; what lies beyond is not shown. */
export const MAX_WAY_POINTS = 100;

export const VehicleView = Type.Object({
  vehicleId: Type.String(),
  /** The vehicle's place in pose frames; stable while the orchestrator runs. */
  slot: Type.Integer({ minimum: 0 }),
  connection: Type.Enum(["online", "offline", "broken", "asleep"]),
  authority: Type.Optional(SideSchema),
  epoch: Type.Optional(Type.Integer()),
  batteryPct: Type.Number(),
  charging: Type.Boolean(),
  loadIds: Type.Array(Type.String()),
  missionId: Type.Optional(Type.String()),
  /** Missing before it has reported, as is the next. */
  operatingMode: Type.Optional(OperatingMode),
  /** It knows where it is, on a map of this side's. */
  isLocalised: Type.Optional(Type.Boolean()),
  lastReportAtMs: Type.Number(),
  /** Edges of this side's layout, granted (solid) and planned (dashed), in driving order. */
  grantedEdgeIds: Type.Array(Type.String()),
  plannedEdgeIds: Type.Array(Type.String()),
  waitingFor: Type.Optional(Type.Object({ blockId: Type.String(), heldBy: Type.String() })),
  /** Why it waits, when it does; looked at once a second, times to the second. */
  explanation: Type.Optional(Type.Pick(ExplanationView, ["chain", "head"])),
  /** Sides whose stop request it obeys: it stands until each of them has lifted its own. Missing when there are none. */
  stoppedBy: Type.Optional(Type.Array(SideSchema)),
  /**
   * The way that the vehicle itself says it will drive, site frame, both lists as long: where it turns, and where the way
   * ends; it begins at the vehicle. Missing for one that tells none.
   */
  plannedWay: Type.Optional(
    Type.Object({
      xM: Type.Array(Type.Number(), { maxItems: MAX_WAY_POINTS }),
      yM: Type.Array(Type.Number(), { maxItems: MAX_WAY_POINTS }),
    }),
  ),
  /** Why a person has marked it as failed: it does not drive on by itself, and others are planned around it. */
  failed: Type.Optional(Type.String()),
});
export type VehicleView = Static<typeof VehicleView>;
