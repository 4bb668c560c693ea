import type { WallClockOptions } from "@baton/fleet-adapter";
import { type LoadedScenario, loadScenario } from "../scenario/load.ts";
import { SettingsError } from "./settings.ts";

/** The scenario that the environment names, checked against the site that it names, if it names one. */
export async function scenarioOf(settings: {
  readonly BATON_SCENARIO: string;
  readonly BATON_SITE?: string | undefined;
}): Promise<LoadedScenario> {
  const loaded = await loadScenario(settings.BATON_SCENARIO);
  const { BATON_SITE: siteId } = settings;
  if (siteId !== undefined && siteId !== loaded.scenario.siteId) {
    throw new SettingsError(`BATON_SITE is ${siteId}, but the scenario is for ${loaded.scenario.siteId}`);
  }
  return loaded;
}

/** What the world's clock is made from. Without an origin it begins now, which only does for a process alone. */
export function clockOf(settings: {
  readonly BATON_SPEED: number;
  readonly BATON_CLOCK_ORIGIN_MS?: number | undefined;
  readonly BATON_CLOCK_SHOWN_MS?: number | undefined;
}): WallClockOptions {
  return {
    speed: settings.BATON_SPEED,
    originMs: settings.BATON_CLOCK_ORIGIN_MS,
    shownMs: settings.BATON_CLOCK_SHOWN_MS,
  };
}
