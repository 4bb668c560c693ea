import { ScenarioError } from "../scenario/load.ts";
import { type Override, readOverride } from "../scenario/override.ts";

/**
 * What `--set path=value` asked for, once or several times.
 * @throws {ScenarioError} for one that is no such pair.
 */
export function overridesFrom(set: unknown): Override[] {
  const texts = set === undefined ? [] : Array.isArray(set) ? set.map(String) : [String(set)];
  return texts.map((text) => {
    const override = readOverride(text);
    if (override !== undefined) return override;
    throw new ScenarioError("scenario.invalid", `--set ${text} is no path=value, as fleet.count=46`);
  });
}
