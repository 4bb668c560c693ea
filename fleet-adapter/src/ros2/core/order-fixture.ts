import type { EdgeId, NodeId } from "@baton/maps";
import type { Chart } from "../../chart/chart.ts";
import type { ActionId, DriveOrder, FleetOrderId, VehicleId } from "../../port.ts";
import type { CoreContext } from "./vehicle-core.ts";

/** For tests: orders over nodes named by hand, with something to pick at those of `picksAt`. */
export function driveOrder(
  orderId: string,
  revision: number,
  nodeIds: readonly string[],
  releasedNodes: number,
  picksAt: readonly string[] = [],
): DriveOrder {
  return {
    orderId: orderId as FleetOrderId,
    revision,
    nodes: nodeIds.map((nodeId, index) => ({
      nodeId: nodeId as NodeId,
      released: index < releasedNodes,
      actions: picksAt.includes(nodeId)
        ? [
            {
              actionId: `${orderId}-pick-${nodeId}` as ActionId,
              kind: "pick" as const,
              loadId: "CSQU3054383",
              stationId: "crane-1",
            },
          ]
        : [],
    })),
    edges: nodeIds.slice(1).map((nodeId, index) => ({
      edgeId: `${nodeIds[index]}>${nodeId}` as EdgeId,
      released: index + 1 < releasedNodes,
      maxSpeedMps: 4,
    })),
  };
}

/** The place of a node on the test map: 10 m for each letter of its name's sum, so that no two neighbours coincide. */
function placeOf(nodeId: string): number {
  return [...nodeId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
}

/** The map is the site, shifted: 1000 m east, 500 m north. It knows every node but `nowhere`. */
const testChart: Chart = {
  mapId: "map-vn",
  nodeInMap: (nodeId) =>
    nodeId === "nowhere" ? undefined : { xM: 1000 + placeOf(nodeId), yM: 500, headingRad: 0 },
  trajectory: () => undefined,
  edgeIds: () => [],
  toSite: (pose) => ({ ...pose, xM: pose.xM - 1000, yM: pose.yM - 500 }),
  toMap: (pose) => ({ ...pose, xM: pose.xM + 1000, yM: pose.yM + 500 }),
};

export const testContext: CoreContext = {
  vehicleId: "sim.vn-01" as VehicleId,
  side: "vn",
  chart: testChart,
};
