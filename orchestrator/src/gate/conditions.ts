import Type, { type Static } from "typebox";

/**
 * What must be so before a container crosses the line. Each is established by a source of its own, none follows
 * from another: customs may release what the border guard still stops.
 */
export const CONDITIONS = [
  /** Portal: container, vehicle and seal are the ones of the order. */
  "identity",
  "seal",
  /** Weighed within the tolerance of what was declared. */
  "weight",
  /** A scan with a reference and a hash is on record. */
  "scan",
  /** The analyst found the scan clear, or the container was opened and released by officers. */
  "verdict",
  "quarantine",
  "customs-release",
  "border-guard",
] as const;
export type Condition = (typeof CONDITIONS)[number];
export const Condition = Type.Unsafe<Condition>(
  Type.Union(CONDITIONS.map((condition) => Type.Literal(condition))),
);

/** One finding of one source at one time. A correction is a new fact: facts are added, never changed. */
export const Fact = Type.Object({
  condition: Condition,
  holds: Type.Boolean(),
  /** The device or agency that found it, or `override` / `adopted` when a person vouches. */
  source: Type.String(),
  atMs: Type.Number(),
  /** Who decided, where a person did. */
  account: Type.Optional(Type.String()),
  detail: Type.String(),
});
export type Fact = Static<typeof Fact>;

export type Crossing =
  | { readonly kind: "may-cross" }
  | { readonly kind: "may-not-cross"; readonly missing: readonly Condition[] };

/** The fact that counts for a condition: the newest; among equally new ones the last recorded. */
function newestFact(facts: readonly Fact[], condition: Condition): Fact | undefined {
  let newest: Fact | undefined;
  for (const fact of facts) {
    if (fact.condition === condition && (newest === undefined || fact.atMs >= newest.atMs)) newest = fact;
  }
  return newest;
}

/** The conjunction of all that the procedure asks for; says which are missing or do not hold. */
export function mayCross(
  facts: readonly Fact[],
  procedure: { readonly crossing: readonly Condition[] },
): Crossing {
  const missing = procedure.crossing.filter((condition) => newestFact(facts, condition)?.holds !== true);
  return missing.length === 0 ? { kind: "may-cross" } : { kind: "may-not-cross", missing };
}

/** Whether a weight fits what was declared, within a share of it. The scale's own class limit is part of the tolerance. */
export function weightFits(declaredKg: number, weighedKg: number, tolerancePct: number): boolean {
  return Math.abs(weighedKg - declaredKg) <= (declaredKg * tolerancePct) / 100;
}
