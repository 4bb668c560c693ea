import type { MergedVehicle } from "../feed/merge.ts";
import { joined, type Polyline, projectOnto } from "./geometry/polyline.ts";
import { type TriangleWriter, writeBand } from "./geometry/ribbon.ts";

/** Half of a carrier: a ribbon starts at the vehicle's nose. */
export const NOSE_M = 7.5;
const GRANTED_HALF_M = 0.62;
const PLANNED_HALF_M = 0.34;
const PLANNED_DASH = { onM: 2.6, offM: 2.2 } as const;
/** Closed ground is barred across the whole lane: a pattern of its own, not a colour alone. */
const CLOSED_HALF_M = 1.6;
const CLOSED_DASH = { onM: 0.9, offM: 0.9 } as const;
const HEIGHT_M = 0.08;
/** A vehicle farther than this from its granted ways is not on them: nothing is cut off. */
const ON_WAY_M = 6;

/** The ways of one vehicle, as lines: what it may drive, and what it hopes for after that. */
export interface Way {
  readonly vehicleId: string;
  readonly granted: Polyline | undefined;
  readonly planned: Polyline | undefined;
}

/** The ways of all vehicles out of their edges; edges that the site does not know are left out. */
export function waysOf(
  vehicles: readonly MergedVehicle[],
  roads: ReadonlyMap<string, Polyline>,
): readonly Way[] {
  const lineOf = (edgeIds: readonly string[]): Polyline | undefined =>
    joined(edgeIds.map((id) => roads.get(id)).filter((line) => line !== undefined));
  return vehicles.map(({ vehicleId, view }) => ({
    vehicleId,
    granted: lineOf(view.grantedEdgeIds),
    planned: lineOf(view.plannedEdgeIds),
  }));
}

/**
 * How much of a granted way still lies ahead of a vehicle's nose: from `fromM` to the line's end.
 * The last metres of a way are driven by the vehicle's centre, so its nose ends half a body beyond the line's end.
 */
export function aheadOf(
  granted: Polyline,
  xM: number,
  yM: number,
): { readonly fromM: number; readonly leftM: number } {
  const { alongM, offM } = projectOnto(granted, xM, yM);
  if (offM > ON_WAY_M) return { fromM: 0, leftM: granted.lengthM };
  return { fromM: alongM + NOSE_M, leftM: Math.max(0, granted.lengthM - alongM) };
}

/** Writes what a vehicle is granted, solid, from its nose on. */
export function writeGranted(
  writer: TriangleWriter,
  way: Way,
  at: { readonly xM: number; readonly yM: number },
): void {
  if (way.granted === undefined) return;
  const { fromM } = aheadOf(way.granted, at.xM, at.yM);
  const toM = way.granted.lengthM;
  writeBand(writer, way.granted, { fromM, toM, rightM: -GRANTED_HALF_M, leftM: GRANTED_HALF_M, z: HEIGHT_M });
}

/** Writes what a vehicle is planned to drive after its grant, dashed. */
export function writePlanned(writer: TriangleWriter, way: Way): void {
  if (way.planned === undefined) return;
  const toM = way.planned.lengthM;
  const extent = { fromM: 0, toM, rightM: -PLANNED_HALF_M, leftM: PLANNED_HALF_M, z: HEIGHT_M };
  writeBand(writer, way.planned, extent, PLANNED_DASH);
}

/** Writes the bars over closed edges; edges that the site does not know are left out. */
export function writeClosed(
  writer: TriangleWriter,
  edgeIds: Iterable<string>,
  roads: ReadonlyMap<string, Polyline>,
): void {
  for (const edgeId of new Set(edgeIds)) {
    const line = roads.get(edgeId);
    if (line === undefined) continue;
    const extent = {
      fromM: 0,
      toM: line.lengthM,
      rightM: -CLOSED_HALF_M,
      leftM: CLOSED_HALF_M,
      z: HEIGHT_M,
    };
    writeBand(writer, line, extent, CLOSED_DASH);
  }
}
