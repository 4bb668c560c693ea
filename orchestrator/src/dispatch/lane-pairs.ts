import type { Bound, Direction, EdgeId } from "@baton/maps";
import { passingLine } from "./line-choice.ts";
import { type PassingLine, pairOf, type Yard, type YardStation } from "./yard.ts";

/** Whether a side has more than one pair of unmanned lanes. */
export const hasPairs = ({ stations }: Pick<Yard, "stations">): boolean =>
  stations.some((station) => pairOf(station) !== 1);

/** The point where vehicles of a pair of lanes pass the line. */
export function passingLineOf(
  yard: Pick<Yard, "lines">,
  direction: Direction,
  pair: number,
): PassingLine | undefined {
  for (const line of yard.lines)
    if (line.direction === direction && line.mode === "control-passes" && pairOf(line) === pair) return line;
  return passingLine(yard, direction);
}

/** By bound: the pairs whose lane nobody passes now. */
export type ShutPairs = Readonly<Record<Bound, ReadonlySet<number>>>;

/** Which lanes are shut: ground is closed that leads to a station of theirs, or through it. */
export function shutPairsOf(
  { stations }: Pick<Yard, "stations">,
  closedEdges: ReadonlySet<EdgeId>,
): ShutPairs {
  const shut = { outbound: new Set<number>(), inbound: new Set<number>() };
  for (const station of stations) {
    const { bound, edgeIds } = station;
    if (bound === "yard" || edgeIds === undefined) continue;
    if (edgeIds.some((edgeId) => closedEdges.has(edgeId))) shut[bound].add(pairOf(station));
  }
  return shut;
}

/**
 * The bay for the next container: the first free one of the pair of lanes that has the largest part of its bays free, of those that are
 * not shut; of `only` one pair where that is settled already. Undefined when there is none.
 */
export function bayOfFreestPair(
  bays: readonly YardStation[],
  {
    isFree,
    shut,
    only,
  }: {
    readonly isFree: (bay: YardStation) => boolean;
    readonly shut?: ReadonlySet<number> | undefined;
    readonly only?: number | undefined;
  },
): YardStation | undefined {
  let best: { readonly bay: YardStation; readonly share: number } | undefined;
  for (const pair of new Set(bays.map(pairOf))) {
    // Who has no choice goes where it must, and waits before what is shut.
    if (only === undefined ? shut?.has(pair) : pair !== only) continue;
    const own = bays.filter((bay) => pairOf(bay) === pair);
    const free = own.filter(isFree);
    const [bay] = free;
    const share = free.length / own.length;
    if (bay !== undefined && (best === undefined || share > best.share)) best = { bay, share };
  }
  return best?.bay;
}
