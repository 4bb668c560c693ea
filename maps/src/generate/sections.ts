import type { Section } from "../layout/site-file.ts";
import { pairSuffix } from "./lane-pairs.ts";
import type { CrossingFigures } from "./parameters.ts";
import type { SideLayout } from "./side-layout.ts";

/** The sections of a side that something is asked of: the spines of its yard, and the lanes between yard and line. */
export function sectionsOf(layout: SideLayout, crossing: CrossingFigures): Section[] {
  const { side, yard, pairs } = layout;
  const blockLengthM = crossing.blockLengthM.value;
  const atLeastPerHour = crossing.spinePerHour.value;
  return [
    { sectionId: `${side}.spine-in`, side, edgeIds: [...yard.inSpineEdges], blockLengthM, atLeastPerHour },
    { sectionId: `${side}.spine-out`, side, edgeIds: [...yard.outSpineEdges], blockLengthM, atLeastPerHour },
    ...pairs.flatMap(({ pair, out, in: inbound }) => [
      { sectionId: `${side}.strip-out${pairSuffix(pair)}`, side, edgeIds: [...out.stripEdges] },
      { sectionId: `${side}.strip-in${pairSuffix(pair)}`, side, edgeIds: [...inbound.stripEdges] },
    ]),
  ];
}
