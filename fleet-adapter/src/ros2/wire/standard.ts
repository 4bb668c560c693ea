import Type, { type Static } from "typebox";

/**
 * The standard messages of ROS 2 that vehicles and Baton exchange, by the fields that are read. JSON has no NaN: rosbridge
 * writes null for it, so that a figure which a vehicle need not know may be null.
 */

/** builtin_interfaces/msg/Time */
export const Time = Type.Object({
  sec: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  nanosec: Type.Integer({ minimum: 0, maximum: 999_999_999 }),
});
export type Time = Static<typeof Time>;

/** std_msgs/msg/Header */
export const Header = Type.Object({ stamp: Time, frame_id: Type.String({ maxLength: 128 }) });
export type Header = Static<typeof Header>;

const Metres = Type.Number({ minimum: -1e7, maximum: 1e7 });
/** geometry_msgs/msg/Point */
export const Point = Type.Object({ x: Metres, y: Metres, z: Type.Optional(Type.Number()) });
const Part = Type.Number({ minimum: -1.01, maximum: 1.01 });
const Quaternion = Type.Object({ x: Part, y: Part, z: Part, w: Part });
const Speed = Type.Object({ x: Type.Number(), y: Type.Number() });

/** nav_msgs/msg/Odometry: pose in the frame that the header names, speeds in the vehicle's own (REP 105). */
export const Odometry = Type.Object({
  header: Header,
  pose: Type.Object({ pose: Type.Object({ position: Point, orientation: Quaternion }) }),
  twist: Type.Object({ twist: Type.Object({ linear: Speed }) }),
});
export type Odometry = Static<typeof Odometry>;

/** geometry_msgs/msg/TransformStamped: where `child_frame_id` lies in the frame that the header names. */
export const TransformStamped = Type.Object({
  header: Header,
  child_frame_id: Type.String({ maxLength: 128 }),
  transform: Type.Object({ translation: Point, rotation: Quaternion }),
});
export type TransformStamped = Static<typeof TransformStamped>;

/** tf2_msgs/msg/TFMessage */
export const TfMessage = Type.Object({ transforms: Type.Array(TransformStamped, { maxItems: 256 }) });
export type TfMessage = Static<typeof TfMessage>;

/** sensor_msgs/msg/BatteryState: `percentage` is 0 to 1, NaN when it is not known. */
export const BatteryState = Type.Object({
  percentage: Type.Union([Type.Number({ minimum: 0, maximum: 1.01 }), Type.Null()]),
});
export type BatteryState = Static<typeof BatteryState>;

export const DIAGNOSTIC_LEVEL = { ok: 0, warn: 1, error: 2, stale: 3 } as const;

/** diagnostic_msgs/msg/DiagnosticArray: each array says anew how the parts named in it are. */
export const DiagnosticArray = Type.Object({
  status: Type.Array(
    Type.Object({
      level: Type.Integer({ minimum: 0, maximum: 255 }),
      name: Type.String({ maxLength: 256 }),
      message: Type.String({ maxLength: 2_048 }),
    }),
    { maxItems: 256 },
  ),
});
export type DiagnosticArray = Static<typeof DiagnosticArray>;

const PoseStamped = Type.Object({
  header: Header,
  pose: Type.Object({ position: Point, orientation: Quaternion }),
});

/** nav_msgs/msg/Path */
const Path = Type.Object({
  header: Header,
  poses: Type.Array(PoseStamped, { minItems: 1, maxItems: 50_000 }),
});
export type Path = Static<typeof Path>;

/** nav2_msgs/action/FollowPath, by the fields that all its versions have. */
export const FollowPathGoal = Type.Object({
  path: Path,
  controller_id: Type.String(),
  goal_checker_id: Type.String(),
});
export type FollowPathGoal = Static<typeof FollowPathGoal>;

/** nav2_msgs/action/NavigateThroughPoses, by the fields that its versions from Humble to Jazzy have. */
export const NavigateThroughPosesGoal = Type.Object({
  poses: Type.Array(PoseStamped, { minItems: 1, maxItems: 4_096 }),
  behavior_tree: Type.String(),
});
export type NavigateThroughPosesGoal = Static<typeof NavigateThroughPosesGoal>;

export function timeOf(ms: number, moreNanosec = 0): Time {
  const sec = Math.floor(ms / 1000);
  return { sec, nanosec: Math.floor((ms - sec * 1000) * 1e6) + moreNanosec };
}

export function msOf(time: Time): number {
  return time.sec * 1000 + time.nanosec / 1e6;
}

/** The heading of a vehicle that stands on level ground. */
export function headingOf({ x, y, z, w }: Static<typeof Quaternion>): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

export function quaternionOf(headingRad: number): Static<typeof Quaternion> {
  return { x: 0, y: 0, z: Math.sin(headingRad / 2), w: Math.cos(headingRad / 2) };
}
