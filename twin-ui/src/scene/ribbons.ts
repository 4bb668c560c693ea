import type { MergedVehicle } from "../feed/merge.ts";
import { joined, type Polyline, projectOnto } from "./geometry/polyline.ts";
import { type TriangleWriter, writeBand } from "./geometry/ribbon.ts";

/** Half of a carrier: a ribbon starts at the vehicle's nose. */
export const NOSE_M = 7.5;
const GRANTED_HALF_M = 0.62;
const PLANNED_HALF_M = 0.34;
const PLANNED_DASH = { onM: 2.6, offM: 2.2 } as const;
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

/** Writes one vehicle's ribbons: granted solid from its nose on, planned dashed after that. */
export function writeRibbons(
  granted: TriangleWriter,
  planned: TriangleWriter,
  way: Way,
  vehicle: { readonly xM: number; readonly yM: number },
): void {
  if (way.granted !== undefined) {
    const { fromM } = aheadOf(way.granted, vehicle.xM, vehicle.yM);
    writeBand(granted, way.granted, {
      fromM,
      toM: way.granted.lengthM,
      rightM: -GRANTED_HALF_M,
      leftM: GRANTED_HALF_M,
      z: HEIGHT_M,
    });
  }
  if (way.planned !== undefined) {
    writeBand(
      planned,
      way.planned,
      { fromM: 0, toM: way.planned.lengthM, rightM: -PLANNED_HALF_M, leftM: PLANNED_HALF_M, z: HEIGHT_M },
      PLANNED_DASH,
    );
  }
}
