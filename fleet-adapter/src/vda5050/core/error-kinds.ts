import type { VehicleErrorKind } from "../../port.ts";

/** Predefined types of errors (2.1 section 6.6.4, 3.0 section 6.6.5.4, table 9) by what a person has to do about them. */
const KINDS: ReadonlyMap<string, VehicleErrorKind> = new Map([
  ["validationError", "message-not-understood"],
  ["VALIDATION_FAILURE", "message-not-understood"],
  ["UNSUPPORTED_PARAMETER", "message-not-understood"],
  ["orderError", "order-not-possible"],
  ["INVALID_ORDER", "order-not-possible"],
  ["INVALID_ORDER_ACTION", "order-not-possible"],
  ["INVALID_INSTANT_ACTION", "order-not-possible"],
  ["orderUpdateError", "order-out-of-step"],
  ["OUTDATED_ORDER_UPDATE", "order-out-of-step"],
  ["SAME_ORDER_UPDATE_ID", "order-out-of-step"],
  ["ORDER_UPDATE_FOLLOWING_CANCEL", "order-out-of-step"],
  ["OTHER_ORDER_ACTIVE", "order-out-of-step"],
  ["noRouteError", "no-way"],
  ["NO_ROUTE_TO_TARGET", "no-way"],
  ["NODE_UNREACHABLE", "no-way"],
  ["START_NODE_OUT_OF_RANGE", "not-at-start"],
  ["INSUFFICIENT_MEMORY", "order-too-long"],
  ["MOBILE_ROBOT_NOT_AVAILABLE", "not-available"],
  ["UNKNOWN_MAP_ID", "map-unknown"],
  ["LOCALIZATION_ERROR", "lost-its-place"],
  ["OUTSIDE_OF_CORRIDOR", "left-its-ground"],
  ["BLOCKED_ZONE_VIOLATION", "left-its-ground"],
  ["RELEASE_LOST", "lost-its-permission"],
  ["ZONE_ACTION_CONFLICT", "left-its-ground"],
]);

/** Undefined for a type of the maker's own. */
export const errorKindOf = (errorType: string): VehicleErrorKind | undefined => KINDS.get(errorType);
