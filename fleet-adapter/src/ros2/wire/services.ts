import Type, { type Static } from "typebox";
import { Odometry, Point, Time } from "./standard.ts";
import { VehicleStatus, Waypoint } from "./vehicle-status.ts";

/** `baton_interfaces/srv`: requests are written by Baton and read by vehicles, responses the other way round. */

const SideField = Type.Enum(["vn", "cn"]);
const Name = Type.String({ maxLength: 256 });
const Count = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const AsHolder = { side: SideField, epoch: Count };

export const GrantRequest = Type.Object({
  ...AsHolder,
  order_id: Name,
  update_id: Count,
  way: Type.Array(Waypoint, { minItems: 1, maxItems: 4_096 }),
  leads_to_end: Type.Boolean(),
  path_stamp: Time,
  /** Of a vehicle that plans its own way; else empty. */
  fence: Type.Array(Point, { maxItems: 64 }),
});
export type GrantRequest = Static<typeof GrantRequest>;

export const CancelOrderRequest = Type.Object({ ...AsHolder, order_id: Name });
export type CancelOrderRequest = Static<typeof CancelOrderRequest>;

export const StopRequest = Type.Object({ side: SideField, stop: Type.Boolean(), stamp: Time });
export type StopRequest = Static<typeof StopRequest>;

export const WorkRequest = Type.Object({
  ...AsHolder,
  work_id: Name,
  kind: Type.Integer({ minimum: 0, maximum: 255 }),
  load_id: Name,
  station_id: Name,
});
export type WorkRequest = Static<typeof WorkRequest>;

export const TransferControlRequest = Type.Object({
  from_side: SideField,
  expected_epoch: Count,
  to_side: SideField,
  handoff_id: Name,
  base_ends_at_node_id: Name,
});
export type TransferControlRequest = Static<typeof TransferControlRequest>;

export const GetStatusRequest = Type.Object({ side: SideField });
export type GetStatusRequest = Static<typeof GetStatusRequest>;

/** Of every service but `get_status`. */
export const Verdict = Type.Object({ accepted: Type.Boolean(), reason: Type.String({ maxLength: 2_048 }) });
export type Verdict = Static<typeof Verdict>;

export const GetStatusResponse = Type.Object({ status: VehicleStatus, odometry: Odometry });
