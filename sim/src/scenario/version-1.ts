import Type, { type Static } from "typebox";
import type { Distribution } from "./distribution.ts";
import { Faults } from "./failure-schema.ts";
import { ListedVehicle } from "./scenario-file.ts";

/** Scenario files of version 1: read for ever, written no more. */

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" });

/** A time in seconds, drawn from a triangle of `value` plus or minus `spread` (a part of it). */
const Duration = Type.Object({
  value: Type.Number({ minimum: 0, maximum: 86_400 }),
  unit: Type.Literal("s"),
  spread: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  source: Type.String({ minLength: 1 }),
});
type Duration = Static<typeof Duration>;

const SideDemand = Type.Object({
  openOrders: Type.Integer({ minimum: 0, maximum: 500 }),
  interval: Duration,
});

export const ScenarioFileV1 = Type.Object({
  scenarioVersion: Type.Literal(1),
  scenarioId: Id,
  title: Type.String({ minLength: 1, maxLength: 200 }),
  siteId: Id,
  seed: Type.String({ minLength: 1, maxLength: 64 }),
  vehicleClassId: Id,
  fleet: Type.Array(ListedVehicle, { minItems: 1, maxItems: 200 }),
  serviceTimes: Type.Record(Type.String(), Duration),
  demand: Type.Object({ vn: SideDemand, cn: SideDemand }),
  faults: Faults,
});
export type ScenarioFileV1 = Static<typeof ScenarioFileV1>;

/** Version 1 never said when it begins or how long it is: a day, from a Monday's midnight in Viet Nam. */
const STARTS_AT = "2026-06-01T00:00:00+07:00";
const DURATION_S = 86_400;

/** The same world as a file of version 2, to be checked like any other. */
export function migrated(file: ScenarioFileV1): unknown {
  const { scenarioId, title, siteId, seed, vehicleClassId, fleet, faults } = file;
  return {
    scenarioVersion: 2,
    scenarioId,
    title,
    question: "What does the crossing look like at work?",
    sources: ["a scenario file of version 1"],
    siteId,
    seed,
    startsAt: STARTS_AT,
    durationS: DURATION_S,
    warmUpS: 0,
    vehicleClassId,
    fleet,
    demand: {
      kind: "open-orders",
      vn: { openOrders: file.demand.vn.openOrders, interval: distributionOf(file.demand.vn.interval) },
      cn: { openOrders: file.demand.cn.openOrders, interval: distributionOf(file.demand.cn.interval) },
    },
    serviceTimes: Object.fromEntries(
      Object.entries(file.serviceTimes).map(([name, duration]) => [name, distributionOf(duration)]),
    ),
    faults,
  };
}

function distributionOf(duration: Duration): Distribution {
  const { value, spread = 0, source } = duration;
  return spread === 0
    ? { kind: "constant", valueS: value, source }
    : {
        kind: "triangular",
        minS: value * (1 - spread),
        modeS: value,
        maxS: value * (1 + spread),
        source,
      };
}
