import { edgeIdOf, nodeIdOf, type Side, zoneIdOf } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import type { Border, Borders, ZoneName } from "./partition.ts";

/** How a site file divides a side into zones; `undefined` when the side is one zone, whole. */
export function bordersIn(site: Site, side: Side): Borders | undefined {
  const zones = site.file.zones.filter((zone) => zone.side === side);
  if (zones.length < 2) return undefined;
  const borders = site.file.borders?.filter((border) => border.side === side) ?? [];
  return {
    zones: zones.flatMap(({ zoneId, nodeId }): ZoneName[] =>
      nodeId === undefined ? [] : [{ zoneId: zoneIdOf(zoneId), nodeId: nodeIdOf(nodeId) }],
    ),
    borders: borders.map(
      ({ placeNodeId, edgeIds }): Border => ({
        placeNodeId: nodeIdOf(placeNodeId),
        ...(edgeIds === undefined ? {} : { edgeIds: edgeIds.map(edgeIdOf) }),
      }),
    ),
  };
}
