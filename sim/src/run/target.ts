import { perDayFrom } from "../demand/arrivals.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Target } from "./record.ts";

/** What the lanes of a scenario are meant to carry a day; undefined where its demand is a closed loop, which asks for nothing. */
export function targetOf(scenario: Scenario): Target | undefined {
  const { road } = scenario;
  const perDay = { export: perDayFrom(scenario, "vn"), import: perDayFrom(scenario, "cn") };
  if (road === undefined || perDay.export + perDay.import === 0) return undefined;
  return { perDay, source: road.unmanned.vehiclesPerDay.source };
}
