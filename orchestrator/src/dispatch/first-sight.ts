import type { Factsheet, VehicleState } from "@baton/fleet-adapter";
import { boundOf, type NodeId, type Pose, type Side, type VehicleClassId } from "@baton/maps";
import type { Yard } from "./yard.ts";

/** A vehicle stands at a node when it is this near to it, metres. */
const AT_NODE_M = 1;

export type FirstSight =
  /** Its register names the partner, or nobody: it is not for us to place. */
  | { readonly kind: "not-ours" }
  | { readonly kind: "stands-at"; readonly nodeId: NodeId; readonly vehicleClassId: VehicleClassId }
  /** Still moving, or not localised yet: to be looked at again with its next report. */
  | { readonly kind: "not-yet" }
  /** Ours, standing, and nowhere that is known: a person has to look. It is never assumed away. */
  | { readonly kind: "unplaced"; readonly detail: string };

/** Where a vehicle that nobody has told us of stands, from what it reports. */
export function placeAtFirstSight(
  yard: Yard,
  state: VehicleState,
  factsheet: Factsheet | undefined,
): FirstSight {
  if (state.control?.authority !== yard.side) return { kind: "not-ours" };
  const { pose } = state;
  if (pose === undefined || state.driving) return { kind: "not-yet" };
  if (visitsPartner(yard) && isAcross(yard.side, pose))
    return { kind: "unplaced", detail: "stands on the partner's ground, and no visit of its knows of that" };
  const vehicleClass = classOf(yard, factsheet);
  if (vehicleClass === undefined) {
    return {
      kind: "unplaced",
      detail: `no vehicle class of the site is ${factsheet?.lengthM} m by ${factsheet?.widthM} m`,
    };
  }
  let nearest: { readonly nodeId: NodeId; readonly offM: number } | undefined;
  for (const node of yard.nodes) {
    const offM = Math.hypot(node.pose.xM - pose.xM, node.pose.yM - pose.yM);
    if (offM > AT_NODE_M) continue;
    // Where two nodes lie on top of each other, the one that the vehicle itself names.
    if (node.nodeId === state.lastNodeId)
      return { kind: "stands-at", nodeId: node.nodeId, vehicleClassId: vehicleClass };
    if (nearest === undefined || offM < nearest.offM) nearest = { nodeId: node.nodeId, offM };
  }
  if (nearest !== undefined)
    return { kind: "stands-at", nodeId: nearest.nodeId, vehicleClassId: vehicleClass };
  const at = `(${pose.xM.toFixed(1)}, ${pose.yM.toFixed(1)})`;
  return {
    kind: "unplaced",
    detail: `stands at ${at}, not within ${AT_NODE_M} m of any stop of this side's network`,
  };
}

/** Whether vehicles of this side's own drive on the partner's ground: there it would be sent on without a grant of the partner's. */
const visitsPartner = ({ lines, side }: Yard): boolean =>
  lines.some(({ mode, direction }) => mode === "host-grants" && boundOf(side, direction) === "outbound");

/** Chainage grows from Viet Nam to China, and the line is where it is 0. */
const isAcross = (side: Side, { xM }: Pick<Pose, "xM">): boolean => (side === "vn" ? xM > 0 : xM < 0);

/** By its size; a vehicle that has not said yet is taken for the site's first class. */
export function classOf(yard: Yard, factsheet: Factsheet | undefined): VehicleClassId | undefined {
  if (factsheet === undefined) return yard.vehicleClasses[0]?.vehicleClassId;
  return yard.vehicleClasses.find(
    (one) => one.lengthM >= factsheet.lengthM - 0.01 && one.widthM >= factsheet.widthM - 0.01,
  )?.vehicleClassId;
}
