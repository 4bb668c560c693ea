import { curveOf, nodePoseInMap, SIDES, type Side, type Site, toSiteFrame, trajectoryOf } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import type { SiteView } from "@baton/orchestrator/contract";
import type { Plugin } from "vite";

/**
 * For development without an orchestrator (`BATON_STAND_IN=mini vite`): answers `GET /api/v1/site` from a site's
 * files. Never part of a build.
 */
export function standInSite(siteId: string): Plugin {
  return {
    name: "baton-stand-in-site",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/api/v1/site", (_request, response) => {
        void loadSite(siteDirectory(siteId)).then((result) => {
          const body =
            "site" in result ? siteViewOf(result.site) : { problem: `site ${siteId} does not load` };
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify(body));
        });
      });
    },
  };
}

function siteViewOf(site: Site): SiteView {
  return {
    siteId: site.siteId,
    side: "vn",
    name: site.file.name,
    lanes: SIDES.flatMap((side) =>
      site.file.sides[side].lanes.map(({ laneId, direction, kind, widthM, centreLine }) => ({
        ...{ laneId, side, direction, kind, widthM },
        xM: centreLine.map(({ xM }) => xM),
        yM: centreLine.map(({ yM }) => yM),
      })),
    ),
    stations: SIDES.flatMap((side) =>
      site.file.sides[side].stations.map(({ stationId, kind, bound, at, sizeM }) => ({
        stationId,
        side,
        kind,
        bound,
        ...at,
        ...sizeM,
      })),
    ),
    roads: SIDES.flatMap((side) => roadsOf(site, side)),
    vehicleClasses: site.file.vehicleClasses.map(({ vehicleClassId, lengthM, widthM, heightM }) => ({
      vehicleClassId,
      lengthM,
      widthM,
      heightM,
    })),
    feeds: SIDES.map((side) => ({ side, url: "/api/v1/feed" })),
  };
}

function roadsOf(site: Site, side: Side): SiteView["roads"] {
  const { mapToSite } = site.file.sides[side];
  return site.lif[side].layouts.flatMap((layout) =>
    layout.edges.flatMap((edge) => {
      const trajectory = trajectoryOf(site, side, edge.edgeId);
      const from = nodePoseInMap(site, side, edge.startNodeId);
      const to = nodePoseInMap(site, side, edge.endNodeId);
      if (from === undefined || to === undefined) return [];
      const curve = curveOf(
        trajectory === undefined ? { kind: "straight", from, to } : { kind: "trajectory", trajectory },
      );
      const pieces = curve.isStraight ? 1 : Math.max(1, Math.ceil(curve.lengthM));
      const poses = Array.from({ length: pieces + 1 }, (_, i) =>
        toSiteFrame(mapToSite, curve.poseAt((curve.lengthM * i) / pieces)),
      );
      return [{ edgeId: edge.edgeId, side, xM: poses.map(({ xM }) => xM), yM: poses.map(({ yM }) => yM) }];
    }),
  );
}
