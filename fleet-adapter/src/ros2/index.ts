/** What a vehicle's end of the contract needs (`docs/ros2.md`): `@baton/fleet-adapter/ros2`. */
export { ANNOUNCEMENTS, interfacesOf } from "./interfaces.ts";
export type { GoalHandle, RosNode, RosPublisher } from "./vehicle-side.ts";
export {
  checkCancelOrderRequest,
  checkFollowPathGoal,
  checkGetStatusRequest,
  checkGrantRequest,
  checkNavigateThroughPosesGoal,
  checkStopRequest,
  checkTransferControlRequest,
  checkWorkRequest,
} from "./wire/check.ts";
export type { GrantRequest, Verdict, WorkRequest } from "./wire/services.ts";
export {
  headingOf,
  msOf,
  type Odometry,
  type Path,
  quaternionOf,
  type TfMessage,
  timeOf,
} from "./wire/standard.ts";
export {
  MODE,
  type VehicleAnnouncement,
  type VehicleStatus,
  WORK_KIND,
  WORK_STATUS,
  type WorkState,
} from "./wire/vehicle-status.ts";
