import type { State } from "@baton/fleet-adapter/vda5050/v3_0";
import { type Side, toMapFrame } from "@baton/maps";
import { progressOf } from "./progress.ts";
import { poseOn } from "./route.ts";
import type { Vehicle, VehicleModel } from "./vehicle.ts";

/** On curves there is a point every so often, at the same places of the route in each report. */
const STEP_M = 4;

/** The way that a vehicle of 3.0 has planned (section 6.8): to the end of its base, in the frame of the side that gave the order. */
export function plannedPath(vehicle: Vehicle, model: VehicleModel, side: Side): Pick<State, "plannedPath"> {
  const progress = progressOf(vehicle);
  if (progress === undefined || vehicle.cancelling !== undefined) return {};
  const { order, node, baseEnd } = progress;
  const { route } = order;
  const endM = route.nodeAtM[baseEnd] ?? 0;
  if (order.side !== side || order.letGo === true || vehicle.alongM >= endM) return {};
  const atM = [vehicle.alongM];
  for (let edge = Math.max(0, node); edge < baseEnd; edge++) {
    const [fromM, toM] = [route.nodeAtM[edge] ?? 0, route.nodeAtM[edge + 1] ?? 0];
    const stepM = route.curves[edge]?.isStraight === true ? toM - fromM : STEP_M;
    for (let along = fromM; along < toM; along += stepM) if (along > vehicle.alongM) atM.push(along);
  }
  atM.push(endM);
  const { mapToSite } = model.frames[side];
  const controlPoints = atM.flatMap((along) => {
    const pose = poseOn(route, along, side, model.frames);
    if (pose === undefined) return [];
    const { xM, yM } = toMapFrame(mapToSite, pose);
    return [{ x: rounded(xM), y: rounded(yM) }];
  });
  if (controlPoints.length < 2) return {};
  const traversedNodes = order.nodes.slice(node + 1, baseEnd + 1).map(({ nodeId }) => nodeId);
  return { plannedPath: { trajectory: { degree: 1, controlPoints }, traversedNodes } };
}

const rounded = (metres: number): number => Math.round(metres * 1000) / 1000;
