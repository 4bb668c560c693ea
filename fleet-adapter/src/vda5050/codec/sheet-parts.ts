import type { VehicleSheet } from "../model/factsheet.ts";

/** A limit under the model's name; nothing when it is not set, no number, or 0, which all mean that there is none. */
export function countIn<N extends string>(
  limits: Readonly<Record<string, unknown>>,
  wireName: string,
  name: N,
): Partial<Record<N, number>> {
  const limit = limits[wireName];
  const limited: Partial<Record<N, number>> = {};
  if (typeof limit === "number" && limit > 0) limited[name] = limit;
  return limited;
}

export function optionalParametersOf(
  list: readonly { readonly parameter: string; readonly support: "SUPPORTED" | "REQUIRED" }[],
): VehicleSheet["optionalParameters"] {
  return new Map(list.map(({ parameter, support }) => [parameter, support]));
}
