import type { Command, Zone } from "./zone.ts";

/** Legs that are not over, planned or not, as they were asked for: to be asked again of a zone that may have forgotten them. */
export function legsAsked(zone: Zone): Command[] {
  const legs = [...zone.vehicles.values()].flatMap(({ leg }) =>
    leg === undefined || leg.completed ? [] : [leg.request],
  );
  const pending = Array.from(zone.pending.values(), ({ request }) => request);
  return [...legs, ...pending].map((request) => ({ kind: "requestLeg", request }));
}
