import type { StationId } from "@baton/maps";
import type { Yard, YardStation } from "./yard.ts";

/** A yard's stations by what dispatch does with them, made once a yard. */
export interface YardIndex {
  readonly cranes: readonly YardStation[];
  readonly parkings: readonly YardStation[];
  readonly chargers: readonly YardStation[];
  readonly outboundBays: readonly YardStation[];
  readonly inboundBays: readonly YardStation[];
  readonly docks: readonly YardStation[];
  readonly byId: ReadonlyMap<StationId, YardStation>;
}

const made = new WeakMap<Yard, YardIndex>();

export function indexOf(yard: Yard): YardIndex {
  const known = made.get(yard);
  if (known !== undefined) return known;
  const of = (kind: YardStation["kind"], bound?: YardStation["bound"]): readonly YardStation[] =>
    yard.stations.filter((one) => one.kind === kind && (bound === undefined || one.bound === bound));
  const index: YardIndex = {
    cranes: of("crane"),
    parkings: of("parking"),
    chargers: of("charger"),
    outboundBays: of("buffer", "outbound"),
    inboundBays: of("buffer", "inbound"),
    docks: of("inspection-dock", "outbound"),
    byId: new Map(yard.stations.map((one) => [one.stationId, one])),
  };
  made.set(yard, index);
  return index;
}
