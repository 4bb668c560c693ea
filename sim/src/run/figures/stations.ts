import { sum } from "../quantiles.ts";
import type { RunRecord, StationRun } from "../record.ts";
import { countedSamples } from "./span.ts";

export interface StationUse {
  readonly station: StationRun;
  /** Share of the time that counts in which a vehicle was in it. */
  readonly share: number;
}

/** How much each station was used, in the record's order. */
export function stationUse(record: RunRecord): StationUse[] {
  const samples = countedSamples(record);
  const spanS = samples.length * 60;
  return record.stations.map((station) => ({
    station,
    share:
      spanS === 0
        ? 0
        : sum(samples.map(({ sides }) => sides[station.side].busyS[station.stationId] ?? 0)) / spanS,
  }));
}

/** Kinds of which a side has many alike, which are shown as one. */
const MANY: ReadonlySet<StationRun["kind"]> = new Set([
  "crane",
  "buffer",
  "inspection-dock",
  "parking",
  "charger",
]);

export interface PlaceUse {
  readonly side: StationRun["side"];
  readonly kind: StationRun["kind"];
  readonly bound: StationRun["bound"];
  /** How many stations are in it. */
  readonly count: number;
  /** Mean share over the stations, and that of the one used most. */
  readonly share: number;
  readonly highest: number;
}

/** Use by kind, bound and side; stations of the lane are one each, bays and cranes taken together. */
export function placeUse(record: RunRecord): PlaceUse[] {
  const groups = Map.groupBy(stationUse(record), ({ station: { side, kind, bound, stationId } }) =>
    [side, bound, kind, ...(MANY.has(kind) ? [] : [stationId])].join(" "),
  );
  return [...groups.values()].flatMap((uses) => {
    const first = uses[0]?.station;
    if (first === undefined) return [];
    const { side, kind, bound } = first;
    const shares = uses.map(({ share }) => share);
    return [
      {
        side,
        kind,
        bound,
        count: uses.length,
        share: sum(shares) / shares.length,
        highest: Math.max(...shares),
      },
    ];
  });
}
