import { nodePoseInSite, type Point, SIDES, type Side, type Site } from "@baton/maps";
import { deviceUpAt } from "../scenario/outages.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type LineCraneOptions, type RunningLineCrane, startLineCrane } from "./line-crane.ts";

export type LineCranesOptions = Pick<LineCraneOptions, "openLink" | "clock" | "memory" | "log"> & {
  readonly scenario: Scenario;
  readonly site: Site;
};

/** The cranes at the line that a site names, each over its two pads; none where vehicles pass the line only. */
export function startLineCranes(options: LineCranesOptions): readonly RunningLineCrane[] {
  const { scenario, site, ...common } = options;
  const padsOf = new Map<string, Readonly<Record<Side, Point>>>();
  for (const point of site.file.handoffPoints) {
    if (point.mode !== "container-transfers" || padsOf.has(point.deviceId)) continue;
    const { giverNodeId, takerNodeId } = point.pads;
    const giver = point.direction === "export" ? "vn" : "cn";
    const padOf = (side: Side): Point => {
      const pose = nodePoseInSite(site, side, side === giver ? giverNodeId : takerNodeId);
      if (pose === undefined) throw new Error(`${point.handoffPointId} has no pad on ${side}`);
      return pose;
    };
    padsOf.set(point.deviceId, { vn: padOf("vn"), cn: padOf("cn") });
  }
  return [...padsOf].map(([deviceId, pads]) => {
    const ups = SIDES.flatMap((side) => deviceUpAt(scenario, side, deviceId) ?? []);
    return startLineCrane({
      ...common,
      siteId: site.siteId,
      deviceId,
      seed: scenario.seed,
      pads,
      lift: scenario.serviceTimes.lift,
      isUpAt: ups[0],
    });
  });
}
