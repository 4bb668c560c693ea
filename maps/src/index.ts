export { angleBetweenRad, normaliseRad } from "./geometry/angle.ts";
export { type Curve, type CurveSource, curveOf, nurbsCurve, straightCurve } from "./geometry/curve.ts";
export { toMapFrame, toSiteFrame } from "./geometry/frames.ts";
export { type ControlPoint, nurbsEvaluator, type Trajectory } from "./geometry/nurbs.ts";
export { reachesOver } from "./geometry/outline.ts";
export * from "./geometry/pose.ts";
export * from "./ids.ts";
export type { Lif } from "./layout/lif.ts";
export { type ParseResult, parseSite, type SiteInput } from "./layout/parse-site.ts";
export { describeProblem, type MapProblem, type ProblemCode } from "./layout/problems.ts";
export {
  handoffPointFor,
  lanePairsOf,
  nodePoseInMap,
  nodePoseInSite,
  pairOf,
  type Site,
  stationById,
  stationsOf,
  trajectoryOf,
  transferPointFor,
  vehicleClass,
  visitPoints,
} from "./layout/site.ts";
export type {
  HandoffPoint,
  Lane,
  LocalisedText,
  RigidTransform,
  SiteFile,
  Station,
  StationKind,
  VehicleClass,
  VisitPoint,
} from "./layout/site-file.ts";
export { capacityPerHour, type FollowingFigures } from "./network/capacity.ts";
export { compileNetwork, compileNetworks } from "./network/compile.ts";
export { rowOf } from "./network/csr.ts";
export { type FencedPlaces, fencedPlaces } from "./network/fenced-places.ts";
export * from "./network/network.ts";
export { checkWellFormed, type WellFormedReport } from "./network/well-formed.ts";
export { bordersIn } from "./zones/borders-in.ts";
export { checkBorders } from "./zones/check-borders.ts";
export { bodyAt, sweptBy } from "./zones/ground.ts";
export {
  type Border,
  type Borders,
  type CrossingPlace,
  type Partition,
  partition,
  type ZoneName,
} from "./zones/partition.ts";
export { zoneView } from "./zones/zone-view.ts";
