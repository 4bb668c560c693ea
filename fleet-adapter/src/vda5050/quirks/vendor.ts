import Type, { type Static } from "typebox";

/** Deviations from the standard that Baton knows how to live with; `quirks.ts` says what each is. */
export const QuirkName = Type.Enum([
  "instant-actions-key",
  "stitch-appends-actions",
  "double-action-states",
  "refusal-in-errors-only",
  "deviation-key-xy",
  "own-action-parameters",
  "empty-factsheet",
]);
export type QuirkName = Static<typeof QuirkName>;

/** What is known of the vehicles of a manufacturer: kept by whoever commissions them. */
export const Vendor = Type.Object({
  manufacturer: Type.String(),
  /** Only these of its vehicles; all if not given. */
  serialNumbers: Type.Optional(Type.Array(Type.String())),
  quirks: Type.Array(QuirkName),
  /** Parameters that an action has besides those of Baton, or in place of them, by action type (`own-action-parameters`). */
  actionParameters: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    ),
  ),
  /** What a vehicle that says nothing of itself is, as the factsheet of its version (`empty-factsheet`). */
  factsheet: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Vendor = Static<typeof Vendor>;

/** The entry for a vehicle: one that names its serial number before one that names none. */
export function vendorOf(
  vendors: readonly Vendor[],
  vehicle: { readonly manufacturer: string; readonly serialNumber: string },
): Vendor | undefined {
  const ofMaker = vendors.filter(({ manufacturer }) => manufacturer === vehicle.manufacturer);
  return (
    ofMaker.find(({ serialNumbers }) => serialNumbers?.includes(vehicle.serialNumber) === true) ??
    ofMaker.find(({ serialNumbers }) => serialNumbers === undefined)
  );
}
