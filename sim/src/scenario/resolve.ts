import type { Site } from "@baton/maps";
import { placedFleet } from "./placement.ts";
import type { Scenario } from "./scenario.ts";
import type { Defaults, ScenarioFile } from "./scenario-file.ts";
import { clocksOf, siteIdOf } from "./site-of.ts";

/** A checked scenario file, ready to run on its site: defaults filled in, vehicles placed, instants counted. */
export function resolved(file: ScenarioFile, site: Site, defaults: Defaults): Scenario {
  const startsAtMs = Date.parse(file.startsAt);
  return {
    scenarioId: file.scenarioId,
    title: file.title,
    question: file.question,
    sources: file.sources,
    siteId: siteIdOf(file),
    baseSiteId: file.siteId,
    layout: file.layout,
    seed: file.seed,
    startsAtMs,
    countedFromMs: startsAtMs + file.warmUpS * 1000,
    endsAtMs: startsAtMs + file.durationS * 1000,
    vehicleClassId: file.vehicleClassId,
    fleet: "count" in file.fleet ? placedFleet(file.fleet, site, file.seed) : file.fleet,
    serviceTimes: { ...defaults.serviceTimes, ...file.serviceTimes },
    demand: file.demand,
    road: file.road,
    channels: file.channels ?? defaults.channels,
    handover: { ...defaults.handover, ...file.handover },
    staff: file.staff ?? {},
    calendars: file.calendars ?? {},
    weather: file.weather ?? [],
    faults: file.faults ?? defaults.faults,
    failures: file.failures ?? {},
    zones: file.zones ?? [],
    utcOffsetMinutes: clocksOf(site),
  };
}
