import { Compile } from "typebox/compile";
import { angleBetweenRad } from "../geometry/angle.ts";
import { composed, inverseOf, pointToSiteFrame } from "../geometry/frames.ts";
import { SIDES, type Side } from "../ids.ts";
import { checkBends } from "./check-bends.ts";
import { checkFences } from "./check-fences.ts";
import { checkLif } from "./check-lif.ts";
import type { Lif } from "./lif.ts";
import type { MapProblem, ProblemCode } from "./problems.ts";
import { schemaProblems } from "./schema-problems.ts";
import { lifIndex, type Site } from "./site.ts";
import { SiteFile } from "./site-file.ts";

export type ParseResult =
  | { readonly ok: true; readonly site: Site }
  | { readonly ok: false; readonly problems: readonly MapProblem[] };

export interface SiteInput {
  readonly siteFile: unknown;
  readonly lif: Record<Side, unknown>;
  /** What the files are called, for the problems. */
  readonly where: { readonly siteFile: string; readonly vn: string; readonly cn: string };
}

const siteValidator = Compile(SiteFile);

/** The recorded residual may differ from the recomputed one by what rounding makes. */
const RESIDUAL_ROUNDING_M = 0.001;
const TRANSFORM_TOLERANCE_M = 0.01;
const TRANSFORM_TOLERANCE_RAD = 1e-5;

/**
 * Reads a crossing from the parsed JSON of its three files. All problems that can be found are told
 * together; a site that is returned has passed every check.
 */
export function parseSite(input: SiteInput): ParseResult {
  const problems: MapProblem[] = [];
  const file = input.siteFile;
  const fileIsSite = siteValidator.Check(file);
  if (!fileIsSite) {
    const hint =
      "Compare with a committed site file, or generate one: npm run maps -- generate --site mini --out DIR.";
    problems.push(...schemaProblems("site.invalid", input.where.siteFile, siteValidator.Errors(file), hint));
  }
  const vn = checkLif(input.lif.vn, input.where.vn);
  const cn = checkLif(input.lif.cn, input.where.cn);
  if (!vn.ok) problems.push(...vn.problems);
  if (!cn.ok) problems.push(...cn.problems);
  if (!fileIsSite || !vn.ok || !cn.ok) return { ok: false, problems };

  const site: Site = { siteId: file.siteId, file, lif: { vn: vn.lif, cn: cn.lif } };
  const add = (code: ProblemCode, path: string, message: string, hint: string): void => {
    problems.push({ code, file: input.where.siteFile, path, message, hint });
  };
  checkReferences(site, add);
  checkZones(site, add);
  checkTargets(site, add);
  checkFences(site, add);
  if (problems.length === 0) {
    checkSurvey(site, add);
    checkHandoffPoints(site, add);
    for (const side of SIDES) problems.push(...checkBends(site, side, input.where[side]));
  }
  return problems.length === 0 ? { ok: true, site } : { ok: false, problems };
}

function checkTargets({ file: { targets = [] } }: Site, add: Add): void {
  targets.forEach(({ year, vehiclesADay, unmannedAnHourADirection }, i) => {
    if (i > 0 && year <= (targets[i - 1]?.year ?? 0))
      add(
        "site.targets",
        `/targets/${i}/year`,
        `${year} is not after the year before`,
        "Order targets by year.",
      );
    for (const [name, { from, to }] of Object.entries({ vehiclesADay, unmannedAnHourADirection })) {
      if (from > to)
        add("site.targets", `/targets/${i}/${name}`, `from ${from} is above to ${to}`, "Swap the two ends.");
    }
  });
}

type Add = (code: ProblemCode, path: string, message: string, hint: string) => void;

function checkReferences(site: Site, add: Add): void {
  const { file } = site;
  const need = (side: Side, what: "nodes" | "edges", id: string | undefined, path: string): void => {
    if (id === undefined || lifIndex(site.lif[side])[what].has(id)) return;
    const noun = what === "nodes" ? "node" : "edge";
    add(
      "site.unknown-reference",
      path,
      `the layout of ${side} has no ${noun} ${JSON.stringify(id)}`,
      `Name a ${noun} of ${file.sides[side].lifFile}, or add it there.`,
    );
  };
  const stationIds = new Set<string>();
  const deviceIds = new Set<string>();
  for (const side of SIDES) {
    file.sides[side].stations.forEach((station, i) => {
      const path = `/sides/${side}/stations/${i}`;
      need(side, "nodes", station.nodeId, `${path}/nodeId`);
      station.throughEdgeIds?.forEach((id, j) => {
        need(side, "edges", id, `${path}/throughEdgeIds/${j}`);
      });
      once(stationIds, station.stationId, `${path}/stationId`, add);
      station.deviceIds.forEach((id, j) => {
        once(deviceIds, id, `${path}/deviceIds/${j}`, add);
      });
    });
    file.strip.nodes.forEach((pair, i) => {
      need(side, "nodes", pair[side], `/strip/nodes/${i}/${side}`);
    });
    file.strip.edges.forEach((pair, i) => {
      need(side, "edges", pair[side], `/strip/edges/${i}/${side}`);
    });
    file.survey.sharedPoints.forEach((point, i) => {
      const id = side === "vn" ? point.vnNodeId : point.cnNodeId;
      need(side, "nodes", id, `/survey/sharedPoints/${i}/${side}NodeId`);
    });
  }
  const pointIds = new Set<string>();
  file.handoffPoints.forEach((point, i) => {
    const giver: Side = point.direction === "export" ? "vn" : "cn";
    const taker: Side = giver === "vn" ? "cn" : "vn";
    const places = placesOf(point);
    for (const [place, { giverNodeId, takerNodeId }] of Object.entries(places)) {
      need(giver, "nodes", giverNodeId, `/handoffPoints/${i}/${place}/giverNodeId`);
      need(taker, "nodes", takerNodeId, `/handoffPoints/${i}/${place}/takerNodeId`);
    }
    if (point.mode === "container-transfers" && point.loadWay !== undefined) {
      need(giver, "edges", point.loadWay.giverEdgeId, `/handoffPoints/${i}/loadWay/giverEdgeId`);
      need(taker, "edges", point.loadWay.takerEdgeId, `/handoffPoints/${i}/loadWay/takerEdgeId`);
    }
    if (point.mode === "host-grants") {
      once(pointIds, point.homePointId, `/handoffPoints/${i}/homePointId`, add);
      for (const way of ["in", "out"] as const)
        point[way].takerEdgeIds.forEach((id, j) => {
          need(taker, "edges", id, `/handoffPoints/${i}/${way}/takerEdgeIds/${j}`);
        });
    }
    once(pointIds, point.handoffPointId, `/handoffPoints/${i}/handoffPointId`, add);
  });
  const sectionIds = new Set<string>();
  const edgesTaken = new Set<string>();
  file.sections?.forEach((section, i) => {
    once(sectionIds, section.sectionId, `/sections/${i}/sectionId`, add);
    section.edgeIds.forEach((id, j) => {
      need(section.side, "edges", id, `/sections/${i}/edgeIds/${j}`);
      once(edgesTaken, id, `/sections/${i}/edgeIds/${j}`, add, "Let each edge be in one section at most.");
    });
  });
  file.zones.forEach((zone, i) => {
    need(zone.side, "nodes", zone.nodeId, `/zones/${i}/nodeId`);
  });
  file.borders?.forEach((border, i) => {
    need(border.side, "nodes", border.placeNodeId, `/borders/${i}/placeNodeId`);
    border.edgeIds?.forEach((id, j) => {
      need(border.side, "edges", id, `/borders/${i}/edgeIds/${j}`);
    });
  });
  const queueIds = new Set<string>();
  file.queues?.forEach((queue, i) => {
    once(queueIds, queue.queueId, `/queues/${i}/queueId`, add);
    queue.nodeIds.forEach((id, j) => {
      need(queue.side, "nodes", id, `/queues/${i}/nodeIds/${j}`);
    });
  });
  file.vehicleClasses.forEach((vehicle, i) => {
    for (const side of SIDES) {
      if (hasRoadsFor(site.lif[side], vehicle.vehicleClassId)) continue;
      add(
        "site.vehicle-class",
        `/vehicleClasses/${i}/vehicleClassId`,
        `the layout of ${side} has no roads for ${JSON.stringify(vehicle.vehicleClassId)}`,
        "Name a vehicleTypeId of the LIF files, or add the class to their nodes and edges.",
      );
    }
  });
}

function once(
  seen: Set<string>,
  id: string,
  path: string,
  add: Add,
  hint = "Give each station, device, hand-off point, section and queue of the site its own id.",
): void {
  if (seen.has(id)) add("site.duplicate-id", path, `${JSON.stringify(id)} is used twice`, hint);
  seen.add(id);
}

function hasRoadsFor(lif: Lif, vehicleClassId: string): boolean {
  return lifIndex(lif).layout.edges.some((edge) =>
    edge.vehicleTypeEdgeProperties.some((properties) => properties.vehicleTypeId === vehicleClassId),
  );
}

function checkZones(site: Site, add: Add): void {
  const zoneIds = new Set<string>();
  site.file.zones.forEach((zone, i) => {
    once(zoneIds, zone.zoneId, `/zones/${i}/zoneId`, add, "Give each zone of the site its own id.");
  });
  for (const side of SIDES) {
    const zones = site.file.zones.filter((zone) => zone.side === side);
    const isOwn = (zone: (typeof zones)[number]): boolean =>
      side === "vn" ? zone.toXM <= 0 : zone.fromXM >= 0;
    if (zones.length === 0 || !zones.every(isOwn)) {
      add(
        "site.zones",
        "/zones",
        `${side} needs a zone, on its own ground (${side === "vn" ? "x <= 0" : "x >= 0"}); there are ${zones.length}`,
        "Zones end at the line, x = 0.",
      );
      continue;
    }
    const borders = site.file.borders?.filter((border) => border.side === side) ?? [];
    if (zones.length > 1 && (borders.length === 0 || zones.some((zone) => zone.nodeId === undefined))) {
      add(
        "site.zones",
        "/zones",
        `${side} has ${zones.length} zones, and it is not said where they meet`,
        "Name each zone by one of its nodes (nodeId), and the places where vehicles go over in /borders.",
      );
    }
    if (zones.length === 1 && borders.length > 0) {
      add("site.zones", "/borders", `${side} has borders and one zone`, "Name the zones that they divide.");
    }
  }
}

function checkSurvey(site: Site, add: Add): void {
  const { survey, sides } = site.file;
  survey.sharedPoints.forEach((point, i) => {
    const path = `/survey/sharedPoints/${i}`;
    const vn = nodePlace(site.lif.vn, point.vnNodeId);
    const cn = nodePlace(site.lif.cn, point.cnNodeId);
    const expected = pointToSiteFrame(survey.vnToCn, vn);
    const residualM = Math.hypot(cn.xM - expected.xM, cn.yM - expected.yM);
    if (residualM > survey.toleranceM) {
      add(
        "site.transform-residual",
        path,
        `shared point ${point.pointId} (${point.vnNodeId}, ${point.cnNodeId}) is ${residualM.toFixed(3)} m off; at most ${survey.toleranceM} m is allowed`,
        "The two maps do not fit together: survey the point again on both sides, and compute survey.vnToCn anew.",
      );
    } else if (Math.abs(residualM - point.residualM) > RESIDUAL_ROUNDING_M) {
      add(
        "site.residual-stale",
        `${path}/residualM`,
        `says ${point.residualM} m for ${point.pointId}, but the files give ${residualM.toFixed(4)} m`,
        "The layout or the transform changed after the survey: record the new residuals with a new survey version.",
      );
    }
  });
  const expected = composed(inverseOf(sides.cn.mapToSite), sides.vn.mapToSite);
  const offRad = angleBetweenRad(expected.rotationRad, survey.vnToCn.rotationRad);
  const [point] = survey.sharedPoints;
  if (point === undefined) return;
  const vn = nodePlace(site.lif.vn, point.vnNodeId);
  const a = pointToSiteFrame(expected, vn);
  const b = pointToSiteFrame(survey.vnToCn, vn);
  const offM = Math.hypot(a.xM - b.xM, a.yM - b.yM);
  if (offM > TRANSFORM_TOLERANCE_M || offRad > TRANSFORM_TOLERANCE_RAD) {
    add(
      "site.transform-disagrees",
      "/survey/vnToCn",
      `is ${offM.toFixed(3)} m and ${offRad.toFixed(6)} rad away from what the two mapToSite transforms give`,
      "Compute survey.vnToCn as the inverse of cn.mapToSite after vn.mapToSite.",
    );
  }
}

function checkHandoffPoints(site: Site, add: Add): void {
  checkTransferPoints(site, add);
  checkVisitPoints(site, add);
  site.file.handoffPoints.forEach((point, i) => {
    if (point.mode === "container-transfers") return;
    for (const [place, { giverNodeId, takerNodeId }] of Object.entries(placesOf(point))) {
      const vn = point.direction === "export" ? giverNodeId : takerNodeId;
      const cn = point.direction === "export" ? takerNodeId : giverNodeId;
      if (site.file.strip.nodes.some((pair) => pair.vn === vn && pair.cn === cn)) continue;
      add(
        "site.handoff-unpaired",
        `/handoffPoints/${i}/${place}`,
        `${vn} and ${cn} are not paired in /strip/nodes`,
        "A hand-off happens at one place: name the two nodes that the strip pairs.",
      );
    }
  });
}

/** A visitor stands at an exchange pad of the host's; each stretch has a name of its own. */
function checkVisitPoints(site: Site, add: Add): void {
  const stretchIds = new Set<string>();
  site.file.handoffPoints.forEach((point, i) => {
    if (point.mode !== "host-grants") return;
    const path = `/handoffPoints/${i}`;
    const host: Side = point.direction === "export" ? "cn" : "vn";
    for (const way of ["in", "out"] as const)
      once(stretchIds, point[way].stretchId, `${path}/${way}/stretchId`, add, "Name each stretch once.");
    const { takerNodeId } = point.pad;
    const isPad = site.file.sides[host].stations.some(
      ({ kind, nodeId }) => kind === "exchange-pad" && nodeId === takerNodeId,
    );
    if (isPad) return;
    add(
      "site.exchange-pad",
      `${path}/pad`,
      `${takerNodeId} is not the node of an exchange pad of ${host}`,
      "Name the node of a station of the kind exchange-pad of the side that is visited.",
    );
  });
}

/** A crane at the line stands over one pad on each side, and is no station's device. */
function checkTransferPoints(site: Site, add: Add): void {
  const { sides, handoffPoints } = site.file;
  const ofStations = new Set(
    SIDES.flatMap((side) => sides[side].stations.flatMap(({ deviceIds }) => deviceIds)),
  );
  const padsOf = new Map<string, Record<Side, string>>();
  handoffPoints.forEach((point, i) => {
    if (point.mode !== "container-transfers") return;
    const { deviceId, pads } = point;
    const path = `/handoffPoints/${i}`;
    const isExport = point.direction === "export";
    const nodes: Record<Side, string> = {
      vn: isExport ? pads.giverNodeId : pads.takerNodeId,
      cn: isExport ? pads.takerNodeId : pads.giverNodeId,
    };
    for (const side of SIDES) {
      const isPad = sides[side].stations.some(
        ({ kind, nodeId }) => kind === "transfer-pad" && nodeId === nodes[side],
      );
      if (isPad) continue;
      add(
        "site.transfer-pad",
        `${path}/pads`,
        `${nodes[side]} is not the node of a transfer pad of ${side}`,
        "Name the nodes of two stations of the kind transfer-pad, one on each side.",
      );
    }
    if (ofStations.has(deviceId)) {
      add(
        "site.duplicate-id",
        `${path}/deviceId`,
        `${JSON.stringify(deviceId)} is a device of a station, too`,
        "A crane at the line answers to both sides: give it an id that no station has.",
      );
    }
    const known = padsOf.get(deviceId) ?? nodes;
    padsOf.set(deviceId, known);
    if (known.vn === nodes.vn && known.cn === nodes.cn) return;
    add(
      "site.transfer-pad",
      `${path}/pads`,
      `${deviceId} has ${known.vn} and ${known.cn} below it elsewhere`,
      "A crane has one pad on each side: name the same two, or another crane.",
    );
  });
}

/** The places of a hand-off point, each by both sides' names. */
function placesOf(
  point: Site["file"]["handoffPoints"][number],
): Readonly<Record<string, { readonly giverNodeId: string; readonly takerNodeId: string }>> {
  switch (point.mode) {
    case "container-transfers":
      return { pads: point.pads };
    case "host-grants":
      return { hold: point.hold, pad: point.pad, home: point.home };
    case "control-passes":
      return { hold: point.hold, beyond: point.beyond };
  }
}

function nodePlace(lif: Lif, nodeId: string): { readonly xM: number; readonly yM: number } {
  const node = lifIndex(lif).nodes.get(nodeId);
  if (node === undefined) throw new Error(`node ${nodeId} was checked to be there`);
  return { xM: node.nodePosition.x, yM: node.nodePosition.y };
}
