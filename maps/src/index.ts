export * from "./ids.ts";
export * from "./geometry/pose.ts";
export * from "./network/network.ts";
export type { HandoffPoint, Lane, RigidTransform, SiteFile, Station, StationKind, VehicleClass } from "./layout/site-file.ts";
