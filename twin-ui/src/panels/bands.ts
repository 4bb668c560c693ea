/** Where a figure lies against what is asked for. */
export type BandPlace = "below" | "within" | "above";

export function placeIn(
  { from, to }: { readonly from: number; readonly to: number },
  value: number,
): BandPlace {
  return value < from ? "below" : value > to ? "above" : "within";
}
