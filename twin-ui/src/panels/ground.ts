import type { ClosureView, SiteView } from "@baton/orchestrator/contract";
import { polylineOf, projectOnto } from "../scene/geometry/polyline.ts";

/** A lane that unmanned vehicles drive, as ground that can be closed. */
export interface LaneGround {
  readonly laneId: string;
  readonly direction: "export" | "import";
  /** The last number of its id: what people call it. */
  readonly number: string;
  /** Edges of the lane's own side that lie on it from end to end. */
  readonly edgeIds: readonly string[];
}

/**
 * The unmanned lanes of one side with the roads that lie on them: roads within half the lane's width of its centre line
 * along their whole length. Bays and yards beside the lane are not in it. Lanes without roads are left out.
 */
export function lanesToClose(
  { lanes, roads }: Pick<SiteView, "lanes" | "roads">,
  side: SiteView["side"],
): readonly LaneGround[] {
  return lanes.flatMap((lane): LaneGround[] => {
    if (lane.side !== side || lane.kind !== "unmanned") return [];
    const centre = polylineOf(lane.xM, lane.yM);
    if (centre === undefined) return [];
    const isOn = ({ xM, yM }: SiteView["roads"][number]): boolean =>
      xM.every((x, i) => projectOnto(centre, x, yM[i] ?? 0).offM <= lane.widthM / 2);
    const edgeIds = roads.filter((road) => road.side === side && isOn(road)).map(({ edgeId }) => edgeId);
    const { laneId, direction } = lane;
    return edgeIds.length === 0
      ? []
      : [{ laneId, direction, number: /(\d+)$/.exec(laneId)?.[1] ?? laneId, edgeIds }];
  });
}

/** The roads of one side that lead over the line: closed, no vehicle gets a way across, from here or from there. */
export function roadsOverLine({ roads }: Pick<SiteView, "roads">, side: SiteView["side"]): readonly string[] {
  return roads
    .filter((road) => road.side === side && Math.min(...road.xM) <= 0 && Math.max(...road.xM) >= 0)
    .map(({ edgeId }) => edgeId);
}

/** How much of a piece of ground is closed, by whichever closures. */
export function closedPart(
  edgeIds: readonly string[],
  closures: readonly ClosureView[],
): "open" | "partly" | "closed" {
  const closed = new Set(closures.flatMap((closure) => closure.edgeIds));
  const count = edgeIds.filter((edgeId) => closed.has(edgeId)).length;
  return count === 0 ? "open" : count === edgeIds.length ? "closed" : "partly";
}
