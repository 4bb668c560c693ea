import type { Static } from "typebox";
import type { ChannelShares, Demand, Road } from "./demand-schema.ts";
import type { Calendars, Failures, Faults, SideStaff, Weather } from "./failure-schema.ts";
import type { Handover, Layout, ListedVehicle, ScenarioZone, ServiceTimes } from "./scenario-file.ts";

export type { Faults } from "./failure-schema.ts";
export type { ServiceTimes } from "./scenario-file.ts";

export type ScenarioVehicle = Static<typeof ListedVehicle>;

/**
 * A scenario that is ready to run: read from its file, whatever version that has, with its defaults filled in and its
 * vehicles placed. `siteId` is the site that it runs on, which the generator has made for it when `layout` changes one.
 */
export interface Scenario {
  readonly scenarioId: string;
  readonly title: string;
  readonly question: string;
  readonly sources: readonly string[];
  readonly siteId: string;
  /** The site it was made from; the same as `siteId` without a `layout`. */
  readonly baseSiteId: string;
  readonly layout: Layout | undefined;
  readonly seed: string;
  /** When a run in fast time begins and how long it is; what happens before `countedFromMs` is warm-up. */
  readonly startsAtMs: number;
  readonly countedFromMs: number;
  readonly endsAtMs: number;
  /** A vehicle class of the site. */
  readonly vehicleClassId: string;
  readonly fleet: readonly ScenarioVehicle[];
  readonly serviceTimes: ServiceTimes;
  readonly demand: Demand;
  readonly road: Road | undefined;
  readonly channels: ChannelShares;
  readonly handover: Handover;
  readonly staff: { readonly vn?: SideStaff; readonly cn?: SideStaff };
  readonly calendars: Calendars;
  readonly weather: readonly Weather[];
  readonly faults: Faults;
  readonly failures: Failures;
  readonly zones: readonly ScenarioZone[];
  /** The sides' clocks, minutes ahead of UTC. */
  readonly utcOffsetMinutes: { readonly vn: number; readonly cn: number };
}

/** Manufacturer of all simulated vehicles, the first part of their ids. */
export const SIM_MANUFACTURER = "sim";
