import type { ChartFence } from "../../chart/chart.ts";
import { nodeIdOf } from "../../names.ts";
import type { DriveOrder } from "../../port.ts";
import { type NavigateThroughPosesGoal, quaternionOf, type Time } from "../wire/standard.ts";
import type { Waypoint } from "../wire/vehicle-status.ts";
import type { CoreContext } from "./vehicle-core.ts";

/**
 * Vehicles that plan their own way: nobody knows beforehand over what ground they come from one node to the next, so that they are
 * given poses only where all the ground around is theirs, in a fence.
 */

/** The fence of the vehicle's own in which a node lies. */
export function fenceAt({ chart, vehicleId }: CoreContext, nodeId: string): ChartFence | undefined {
  return chart
    .fences?.()
    .find((fence) => fence.vehicleIds.includes(vehicleId) && fence.nodeIds.has(nodeIdOf(nodeId)));
}

/** Why an order leads over ground on which such a vehicle may not be let loose; undefined for one that does not. */
export function flawOfGround({ nodes, edges }: DriveOrder, context: CoreContext): string | undefined {
  const [first] = nodes;
  if (context.plansOwnWay !== true || first === undefined) return undefined;
  const fence = fenceAt(context, first.nodeId);
  const outside =
    nodes.find(({ nodeId }) => fence?.nodeIds.has(nodeId) !== true)?.nodeId ??
    edges.find(({ edgeId }) => fence?.edgeIds.has(edgeId) !== true)?.edgeId;
  if (outside === undefined) return undefined;
  const where = fence === undefined ? "a fence of its own" : fence.fenceId;
  return `the vehicle plans its own way, and ${outside} does not lie in ${where}`;
}

/**
 * The poses of the nodes ahead, to which it finds its way: without the first of the way, where it is or was. Where nothing is
 * ahead, the pose at which it stands. Undefined when the layout does not have one of them.
 */
export function throughPoses(
  { chart }: CoreContext,
  stops: readonly Omit<Waypoint, "path_index">[],
  stamp: Time,
): { readonly goal: NavigateThroughPosesGoal; readonly indexOf: readonly number[] } | undefined {
  const places = stops.flatMap((stop) => chart.nodeInMap(nodeIdOf(stop.node_id)) ?? []);
  if (places.length < stops.length) return undefined;
  const header = { stamp, frame_id: chart.mapId };
  const poses = (places.length > 1 ? places.slice(1) : places).map(({ xM, yM, headingRad }) => ({
    header,
    pose: { position: { x: xM, y: yM, z: 0 }, orientation: quaternionOf(headingRad) },
  }));
  return {
    goal: { poses, behavior_tree: "" },
    indexOf: stops.map((_, index) => Math.max(0, index - 1)),
  };
}
