import Type, { type Static } from "typebox";
import { Header } from "./standard.ts";

/** `baton_interfaces/msg`, as the package in `fleet-adapter/ros2/` declares it. Fields keep the names of ROS. */

const Name = Type.String({ maxLength: 256 });
const Count = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const SideField = Type.Enum(["vn", "cn"]);

export const Waypoint = Type.Object({
  node_id: Name,
  sequence: Count,
  edge_id: Name,
  path_index: Count,
  max_speed_mps: Type.Union([Type.Number(), Type.Null()]),
});
export type Waypoint = Static<typeof Waypoint>;

export const WORK_KIND = { pick: 0, drop: 1, startCharging: 2, stopCharging: 3 } as const;
export const WORK_STATUS = { waiting: 0, running: 1, finished: 2, failed: 3 } as const;

const WorkState = Type.Object({
  work_id: Name,
  kind: Type.Integer({ minimum: 0, maximum: 255 }),
  status: Type.Enum([0, 1, 2, 3]),
  detail: Type.String({ maxLength: 2_048 }),
});
export type WorkState = Static<typeof WorkState>;

export const MODE = { automatic: 0, semiautomatic: 1, manual: 2, service: 3, teachIn: 4 } as const;

export const VehicleStatus = Type.Object({
  header: Header,
  sequence: Count,
  authority: SideField,
  epoch: Count,
  handoff_id: Name,
  paused_by: Type.Array(SideField, { maxItems: 4 }),
  order_id: Name,
  update_id: Count,
  cancelled: Type.Boolean(),
  last_node_id: Name,
  last_node_sequence: Count,
  ahead: Type.Array(Waypoint, { maxItems: 4_096 }),
  leads_to_end: Type.Boolean(),
  following: Type.Boolean(),
  works: Type.Array(WorkState, { maxItems: 512 }),
  driving: Type.Boolean(),
  off_path: Type.Boolean(),
  off_path_m: Type.Union([Type.Number(), Type.Null()]),
  emergency_stop: Type.Boolean(),
  charging: Type.Boolean(),
  load_ids: Type.Array(Name, { maxItems: 16 }),
  mode: Type.Enum([0, 1, 2, 3, 4]),
});
export type VehicleStatus = Static<typeof VehicleStatus>;

export const VehicleAnnouncement = Type.Object({
  header: Header,
  manufacturer: Type.String({ pattern: "^[^./+#$]+$", maxLength: 64 }),
  serial_number: Type.String({ minLength: 1, maxLength: 64 }),
  /** Absolute, without a slash at its end; names of ROS 2 (design.ros2.org, "Topic and Service name mapping to DDS"). */
  vehicle_namespace: Type.String({ pattern: "^(/[A-Za-z_][A-Za-z0-9_]*)+$", maxLength: 200 }),
  series_name: Name,
  length_m: Type.Number(),
  width_m: Type.Number(),
  max_speed_mps: Type.Number(),
  max_load_kg: Type.Number(),
  work_kinds: Type.Array(Type.Integer(), { maxItems: 32 }),
  rolling_handoff: Type.Boolean(),
  plans_own_way: Type.Boolean(),
});
export type VehicleAnnouncement = Static<typeof VehicleAnnouncement>;
