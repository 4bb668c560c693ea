import type { Section } from "../layout/site-file.ts";
import type { CrossingFigures } from "./parameters.ts";
import type { SideLayout } from "./side-layout.ts";

/** The sections of a side that something is asked of: the spines of its yard, and the lanes between yard and line. */
export function sectionsOf(layout: SideLayout, crossing: CrossingFigures): Section[] {
  const { side, yard, out, in: inbound } = layout;
  const blockLengthM = crossing.blockLengthM.value;
  const atLeastPerHour = crossing.spinePerHour.value;
  return [
    { sectionId: `${side}.spine-in`, side, edgeIds: [...yard.inSpineEdges], blockLengthM, atLeastPerHour },
    { sectionId: `${side}.spine-out`, side, edgeIds: [...yard.outSpineEdges], blockLengthM, atLeastPerHour },
    { sectionId: `${side}.strip-out`, side, edgeIds: [...out.stripEdges] },
    { sectionId: `${side}.strip-in`, side, edgeIds: [...inbound.stripEdges] },
  ];
}
