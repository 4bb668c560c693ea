import { SIDES, type Side, type Site, stationsOf } from "@baton/maps";
import type { LineCraneView } from "../contract/index.ts";
import type { LineCrane } from "../handoff/line-cranes.ts";
import type { HandoffSummary } from "../handoff/port.ts";

/** What a viewer sees of the cranes at a site's line: over which pads, what they do, and for which container. */
export function lineCraneViews(
  site: Site,
  cranes: { all(): readonly LineCrane[] },
): (open: readonly HandoffSummary[]) => readonly LineCraneView[] {
  const padsOf = new Map<string, Record<Side, string>>();
  for (const point of site.file.handoffPoints) {
    if (point.mode !== "container-transfers") continue;
    const nodes: readonly string[] = [point.pads.giverNodeId, point.pads.takerNodeId];
    const [vn = "", cn = ""] = SIDES.map(
      (side) =>
        stationsOf(site, side, "transfer-pad").find(({ nodeId = "" }) => nodes.includes(nodeId))?.stationId,
    );
    padsOf.set(point.deviceId, { vn, cn });
  }
  return (open) =>
    cranes.all().flatMap(({ deviceId, isFit, silentSinceMs, report }) => {
      const padStationIds = padsOf.get(deviceId);
      if (padStationIds === undefined) return [];
      const below = open.find(({ handoffId }) => handoffId === report?.register.handoffId)?.containerNo;
      return [
        {
          deviceId,
          padStationIds,
          isFit,
          ...(silentSinceMs === undefined ? {} : { silentSinceMs }),
          ...(report === undefined ? {} : { phase: report.phase, holder: report.register.authority }),
          ...(below === undefined ? {} : { containerNo: below }),
          ...(report?.spreader === undefined ? {} : { spreader: { atMs: report.atMs, at: report.spreader } }),
        },
      ];
    });
}
