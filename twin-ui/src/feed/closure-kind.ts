/**
 * Why ground is out of use. `closed`: a person has closed it. `stray`: a vehicle that nobody knows reports itself there. `kept`: in
 * normal work, below the load of a crane at the line or for a vehicle of the partner; it opens by itself.
 */
export type ClosureKind =
  | { readonly kind: "closed" }
  | { readonly kind: "stray"; readonly vehicleId: string }
  | { readonly kind: "kept" };

const STRAY = /^stray:(.+):\d+$/;
const KEPT = /^(loads-way|visitor):/;

/** By its id, which the orchestrator makes of what it closes ground for. */
export function closureKind(closureId: string): ClosureKind {
  const vehicleId = STRAY.exec(closureId)?.[1];
  if (vehicleId !== undefined) return { kind: "stray", vehicleId };
  return { kind: KEPT.test(closureId) ? "kept" : "closed" };
}
