import { convexHull, overlaps } from "../geometry/convex.ts";
import type { ProblemCode } from "./problems.ts";
import type { Site } from "./site.ts";

type Add = (code: ProblemCode, path: string, message: string, hint: string) => void;

/** Whether each fence is one convex piece of its own side's ground, apart from the others. What roads do there the network tells. */
export function checkFences({ file: { fences = [] } }: Site, add: Add): void {
  const ids = new Set<string>();
  const hulls = fences.map(({ fenceId, side, outline }, i) => {
    const path = `/fences/${i}`;
    if (ids.has(fenceId)) {
      add(
        "site.duplicate-id",
        `${path}/fenceId`,
        `"${fenceId}" is used twice`,
        "Give each fence its own id.",
      );
    }
    ids.add(fenceId);
    const hull = convexHull(outline);
    if (hull === undefined || hull.xM.length !== outline.length) {
      add(
        "site.fence",
        `${path}/outline`,
        `the outline of ${fenceId} is not convex`,
        "Name the corners of one convex piece of ground, one after the other; divide another shape into several fences.",
      );
      return undefined;
    }
    if (side === "vn" ? hull.maxXM > 0 : hull.minXM < 0) {
      add(
        "site.fence",
        `${path}/outline`,
        `${fenceId} lies on both sides of the line`,
        "A fence ends at the line, x = 0, at the latest.",
      );
    }
    return hull;
  });
  hulls.forEach((hull, i) => {
    const other = hulls.findIndex(
      (one, j) => j < i && one !== undefined && hull !== undefined && overlaps(one, hull),
    );
    if (other < 0) return;
    add(
      "site.fence",
      `/fences/${i}/outline`,
      `${fences[i]?.fenceId} lies upon ${fences[other]?.fenceId}`,
      "Draw the two apart, or make one of them.",
    );
  });
}
