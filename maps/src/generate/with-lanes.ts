import { figure, type SiteParameters } from "./parameters.ts";

const MAX_LANES = 40;

/** A site's parameters with another number of lanes, or a sentence saying why that cannot be laid out. */
export function withLanes(
  site: SiteParameters,
  lanes: number | undefined,
  unmanned: number | undefined,
): SiteParameters | string {
  const count = lanes ?? site.crossing.lanes.value;
  const unmannedCount = unmanned ?? site.crossing.unmannedLanesADirection.value;
  if (!Number.isInteger(count) || count < 2 || count > MAX_LANES || count % 2 !== 0) {
    return `--lanes is an even number from 2 to ${MAX_LANES}: as many lanes out as in.`;
  }
  if (unmannedCount !== 1) {
    return "--unmanned is 1: the template lays out one unmanned lane a direction, the others are manned.";
  }
  if (lanes === undefined) return site;
  return {
    ...site,
    crossing: { ...site.crossing, lanes: figure(count, "lanes", "argument of the generator") },
  };
}
