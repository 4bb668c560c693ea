import { DIRECTIONS, SIDES } from "@baton/maps";
import { activityIndex } from "./activity.ts";
import { HANDOFF_GOALS_S, handoffSeconds, handoffSecondsBy, roundTripSeconds } from "./figures/handoffs.ts";
import {
  deliveriesOf,
  emptyCrossingsOf,
  journeysOf,
  vehicleChangesOf,
  waitForVehicleSeconds,
} from "./figures/journeys.ts";
import { countedHours, countedSamples, HOURS_A_DAY, isCounted } from "./figures/span.ts";
import { placeUse } from "./figures/stations.ts";
import { quantile, sum } from "./quantiles.ts";
import type { Activity, RunRecord } from "./record.ts";

export type KpiGroup = "throughput" | "times" | "stations" | "fleet" | "people" | "safety";
export type KpiUnit = "1/h" | "1/d" | "min" | "s" | "%" | "m" | "count";

/** One figure of a run. */
export interface Kpi {
  /** Stable. */
  readonly id: string;
  readonly group: KpiGroup;
  readonly label: string;
  readonly unit: KpiUnit;
  readonly better: "more" | "less" | "neither";
  /** Undefined when nothing happened that it could be told from. */
  readonly value: number | undefined;
}

/** What a run comes to, over the span of it that counts. Same figures for every run, in the same order, so that runs can be compared. */
export function kpisOf(record: RunRecord): Kpi[] {
  return [
    ...throughput(record),
    ...times(record),
    ...stations(record),
    ...fleet(record),
    ...people(record),
    ...safety(record),
  ];
}

function throughput(record: RunRecord): Kpi[] {
  const group = "throughput";
  const hours = countedHours(record);
  const deliveries = deliveriesOf(record);
  const perHour = (count: number): number | undefined => (hours === 0 ? undefined : count / hours);
  const found: Kpi[] = DIRECTIONS.map((direction) => ({
    id: `delivered-per-hour-${direction}`,
    group,
    label: `Delivered, ${direction}`,
    unit: "1/h",
    better: "more",
    value: perHour(deliveries.filter((one) => one.direction === direction).length),
  }));
  const both = perHour(deliveries.length);
  found.push({
    id: "delivered-per-day",
    group,
    label: "Delivered a day, both directions, at this rate",
    unit: "1/d",
    better: "more",
    value: both === undefined ? undefined : both * HOURS_A_DAY,
  });
  for (const direction of DIRECTIONS) {
    const target = record.target?.perDay[direction];
    const at = found.find(({ id }) => id === `delivered-per-hour-${direction}`)?.value;
    found.push({
      id: `target-share-${direction}`,
      group,
      label: `Of the day's mean that is asked for, ${direction}`,
      unit: "%",
      better: "more",
      value:
        target === undefined || at === undefined || target === 0
          ? undefined
          : (at * HOURS_A_DAY * 100) / target,
    });
  }
  return found;
}

function times(record: RunRecord): Kpi[] {
  const group = "times";
  const journeys = journeysOf(record);
  const less = { group, better: "less" } as const;
  const minutes = (seconds: readonly number[], share: number): number | undefined => {
    const found = quantile(seconds, share);
    return found === undefined ? undefined : found / 60;
  };
  const spread = (id: string, label: string, seconds: readonly number[]): Kpi[] => [
    { ...less, id: `${id}-p50`, label: `${label}, median`, unit: "min", value: minutes(seconds, 0.5) },
    {
      ...less,
      id: `${id}-p95`,
      label: `${label}, 95 of 100 within`,
      unit: "min",
      value: minutes(seconds, 0.95),
    },
  ];
  const handoff = handoffSeconds(record);
  const within = handoff.filter((seconds) => seconds <= HANDOFF_GOALS_S.fromStandstill).length;
  return [
    ...DIRECTIONS.flatMap((direction) =>
      spread(
        `journey-${direction}`,
        `Truck in to unloaded, ${direction}`,
        journeys.filter((one) => one.direction === direction).map((one) => (one.endMs - one.beginMs) / 1000),
      ),
    ),
    ...spread("wait-for-vehicle", "Waiting for a vehicle", waitForVehicleSeconds(record)),
    ...spread("round-trip", "Round trip of a vehicle", roundTripSeconds(record)),
    { ...less, id: "handoff-p50", label: "Hand-off, median", unit: "s", value: quantile(handoff, 0.5) },
    {
      ...less,
      id: "handoff-p95",
      label: "Hand-off, 95 of 100 within",
      unit: "s",
      value: quantile(handoff, 0.95),
    },
    ...(["rolling", "fromStandstill"] as const).flatMap((how): Kpi[] => {
      const seconds = handoffSecondsBy(record, how);
      const [id, words] = how === "rolling" ? ["rolling", "rolling"] : ["standstill", "from standstill"];
      const p95: Kpi = {
        ...less,
        id: `handoff-${id}-p95`,
        label: `Hand-off ${words}, 95 of 100 within`,
        unit: "s",
        value: quantile(seconds, 0.95),
      };
      const count: Kpi = {
        id: `handoff-${id}-count`,
        group,
        label: `Hand-offs ${words}`,
        unit: "count",
        better: "neither",
        value: seconds.length,
      };
      return [p95, count];
    }),
    {
      id: "handoff-within-goal",
      group,
      label: `Hand-offs within ${HANDOFF_GOALS_S.fromStandstill} s`,
      unit: "%",
      better: "more",
      value: handoff.length === 0 ? undefined : (within * 100) / handoff.length,
    },
  ];
}

function stations(record: RunRecord): Kpi[] {
  const uses = placeUse(record);
  const found = (kinds: readonly string[], bound: string | undefined, side: string): number | undefined => {
    const shares = uses
      .filter(
        (one) =>
          one.side === side && kinds.includes(one.kind) && (bound === undefined || one.bound === bound),
      )
      .map(({ share }) => share * 100);
    return shares.length === 0 ? undefined : Math.max(...shares);
  };
  const names = { vn: "Viet Nam", cn: "China" } as const;
  return SIDES.flatMap((side) =>
    (
      [
        ["scanner", "Scanner", ["scanner"], undefined],
        [
          "gate",
          "Busiest gate",
          ["portal", "exit-gate", "entry-gate", "hold-line", "weighbridge"],
          undefined,
        ],
        ["cranes", "Cranes", ["crane"], undefined],
        ["verdict-bays", "Bays behind the outbound scanner", ["buffer"], "outbound"],
      ] as const
    ).map(
      ([id, label, kinds, bound]): Kpi => ({
        id: `use-${id}-${side}`,
        group: "stations",
        label: `${label} in use, ${names[side]}`,
        unit: "%",
        better: "neither",
        value: found(kinds, bound, side),
      }),
    ),
  );
}

function fleet(record: RunRecord): Kpi[] {
  const group = "fleet";
  const hours = countedHours(record);
  const samples = countedSamples(record);
  const loadedM = sum(samples.map((one) => one.loadedM));
  const emptyM = sum(samples.map((one) => one.emptyM));
  const delivered = deliveriesOf(record).length;
  const allS = sum(samples.flatMap(({ activityS }) => activityS));
  const share = (...activities: readonly Activity[]): number | undefined => {
    const seconds = sum(
      samples.flatMap(({ activityS }) => activities.map((one) => activityS[activityIndex(one)] ?? 0)),
    );
    return allS === 0 ? undefined : (seconds * 100) / allS;
  };
  const out = share("charging", "stopped");
  return [
    {
      id: "empty-travel",
      group,
      label: "Metres driven empty",
      unit: "%",
      better: "less",
      value: loadedM + emptyM === 0 ? undefined : (emptyM * 100) / (loadedM + emptyM),
    },
    {
      id: "empty-crossings",
      group,
      label: "Vehicles over the line with nothing aboard, an hour",
      unit: "1/h",
      better: "less",
      value: hours === 0 ? undefined : emptyCrossingsOf(record).length / hours,
    },
    {
      id: "called-off",
      group,
      label: "Vehicles on their way to a place called off to a container, an hour",
      unit: "1/h",
      better: "neither",
      value: hours === 0 ? undefined : vehicleChangesOf(record).calledOff.length / hours,
    },
    {
      id: "vehicle-changes",
      group,
      label: "Containers given another vehicle while theirs was on its way, an hour",
      unit: "1/h",
      better: "neither",
      value: hours === 0 ? undefined : vehicleChangesOf(record).left.length / hours,
    },
    {
      id: "metres-per-container",
      group,
      label: "Metres driven a container",
      unit: "m",
      better: "less",
      value: delivered === 0 ? undefined : (loadedM + emptyM) / delivered,
    },
    {
      id: "vehicle-availability",
      group,
      label: "Vehicle time neither charging nor stopped",
      unit: "%",
      better: "more",
      value: out === undefined ? undefined : 100 - out,
    },
    {
      id: "vehicle-waiting",
      group,
      label: "Vehicle time waiting in a lane",
      unit: "%",
      better: "less",
      value: share("waiting-in-lane"),
    },
    {
      id: "vehicle-idle",
      group,
      label: "Vehicle time parked",
      unit: "%",
      better: "neither",
      value: share("parked"),
    },
  ];
}

function people(record: RunRecord): Kpi[] {
  const group = "people";
  const hours = countedHours(record);
  const alarms = record.alarms.filter(({ raisedMs }) => isCounted(record, raisedMs)).length;
  const holds = record.missions
    .flatMap((one) => one.holds)
    .filter((one) => isCounted(record, one.fromMs)).length;
  const perHour = (count: number): number | undefined => (hours === 0 ? undefined : count / hours);
  return [
    {
      id: "alarms-per-hour",
      group,
      label: "Alarms, both sides",
      unit: "1/h",
      better: "less",
      value: perHour(alarms),
    },
    {
      id: "holds-per-hour",
      group,
      label: "Missions held",
      unit: "1/h",
      better: "less",
      value: perHour(holds),
    },
  ];
}

function safety(record: RunRecord): Kpi[] {
  const { overlaps, underLoad = [], stuck, unaccounted } = record.safety;
  const count = (id: string, label: string, value: number): Kpi => ({
    id,
    group: "safety",
    label,
    unit: "count",
    better: "less",
    value,
  });
  return [
    count("overlaps", "Pairs of bodies that overlapped", overlaps.length),
    count("underLoad", "Vehicles below a crane's load", underLoad.length),
    count("stuck", "Vehicles stuck at the end", stuck.length),
    count("unaccounted", "Containers unaccounted for", unaccounted.length),
  ];
}

/** Alarms an hour by code, the most frequent first. */
export function alarmsByCode(record: RunRecord): { readonly code: string; readonly perHour: number }[] {
  const hours = countedHours(record);
  const counted = record.alarms.filter(({ raisedMs }) => isCounted(record, raisedMs));
  return [...Map.groupBy(counted, ({ code }) => code)]
    .map(([code, alarms]) => ({ code, perHour: hours === 0 ? 0 : alarms.length / hours }))
    .sort((a, b) => b.perHour - a.perHour || a.code.localeCompare(b.code));
}
