import type { EdgeId } from "@baton/maps";
import type { Chart } from "../../chart/chart.ts";
import { actionIdOf, nodeIdOf, orderIdOf } from "../../names.ts";
import type { DriveAction, DriveOrder, VehicleId } from "../../port.ts";
import { v2_1 } from "../codec/v2_1.ts";
import type { CoreContext } from "./order-messages.ts";

/** For tests: orders over nodes named by hand, on a chart that knows every node but `nowhere`. */
export function driveOrder(
  orderId: string,
  revision: number,
  nodeIds: readonly string[],
  releasedNodes: number,
  picksAt: readonly string[] = [],
): DriveOrder {
  return {
    orderId: orderIdOf(orderId),
    revision,
    nodes: nodeIds.map((nodeId, index) => ({
      nodeId: nodeIdOf(nodeId),
      released: index < releasedNodes,
      actions: picksAt.includes(nodeId) ? [pick(`${orderId}-pick-${nodeId}`)] : [],
    })),
    edges: nodeIds.slice(1).map((nodeId, index) => ({
      edgeId: `${nodeIds[index]}>${nodeId}` as EdgeId,
      released: index + 1 < releasedNodes,
      maxSpeedMps: 4,
    })),
  };
}

function pick(actionId: string): DriveAction {
  return { actionId: actionIdOf(actionId), kind: "pick", loadId: "CSQU3054383", stationId: "crane-1" };
}

/** The map is the site, shifted: 1000 m east, 500 m north. */
export const testChart: Chart = {
  mapId: "map-vn",
  nodeInMap: (nodeId) =>
    nodeId === "nowhere" ? undefined : { xM: 1000 + 10 * nodeId.length, yM: 500, headingRad: 0 },
  trajectory: () => undefined,
  edgeIds: () => [],
  toSite: (pose) => ({ ...pose, xM: pose.xM - 1000, yM: pose.yM - 500 }),
  toMap: (pose) => ({ ...pose, xM: pose.xM + 1000, yM: pose.yM + 500 }),
};

export const testContext: CoreContext = {
  vehicleId: "sim.vn-01" as VehicleId,
  side: "vn",
  chart: testChart,
  orderBytes: (body) => JSON.stringify(v2_1.writeOrder(body)).length,
};
