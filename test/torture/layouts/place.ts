import {
  checkWellFormed,
  compileNetwork,
  type Lif,
  type Network,
  PoseKind,
  type RigidTransform,
  type Site,
  type SiteFile,
  type VehicleClass,
  vehicleClassIdOf,
} from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { seededRandom } from "../../../sim/src/random/seeded.ts";
import { FAMILIES } from "./families.ts";
import type { Sketch } from "./sketch.ts";

/** Where trials take place: the layout as its files have it, and the network that the product compiled from them. */
export interface Place {
  readonly name: string;
  readonly network: Network;
  readonly vehicle: VehicleClass;
  readonly safetyMarginM: number;
  /** What the judge reads instead of the network's geometry. */
  readonly lif: Lif;
  readonly mapToSite: RigidTransform;
  /** Nodes where a vehicle may rest, and nodes in the lane where it may be told to stop. */
  readonly bays: readonly string[];
  readonly stops: readonly string[];
  /** Bays that are the head of a queue, and how many may wait there: several vehicles may be on their way to one. */
  readonly heads: ReadonlyMap<string, number>;
}

export const SITES = ["mini", "1119-1120"] as const;

export function layoutNames(): readonly string[] {
  return [...Object.keys(FAMILIES), ...SITES];
}

const known = new Map<string, Promise<Place>>();

/**
 * The place of a family under a seed, or a committed site (its Vietnamese side). Compiled once a process.
 * Throws when the name is unknown, or when a family draws nothing well-formed within a few attempts.
 */
export function placeOf(name: string, seed: number): Promise<Place> {
  const isSite = SITES.some((site) => site === name);
  const key = isSite ? name : `${name}#${seed}`;
  const found = known.get(key) ?? (isSite ? sitePlace(name) : randomPlace(name, seed));
  known.set(key, found);
  return found;
}

/** Forgets compiled places: a long run meets thousands. */
export function forgetPlaces(): void {
  known.clear();
}

async function committedSite(siteId: string): Promise<Site> {
  const loaded = await loadSite(siteDirectory(siteId));
  if (!loaded.ok) throw new Error(`site ${siteId} has problems: ${JSON.stringify(loaded.problems)}`);
  return loaded.site;
}

async function sitePlace(name: string): Promise<Place> {
  const site = await committedSite(name);
  const { vn } = site.file.sides;
  const stops = vn.stations.flatMap(({ kind, nodeId }) =>
    (kind === "portal" || kind === "exit-gate" || kind === "entry-gate") && nodeId !== undefined
      ? [nodeId]
      : [],
  );
  return compiled(name, site, stops);
}

const ATTEMPTS = 12;

async function randomPlace(name: string, seed: number): Promise<Place> {
  const family = FAMILIES[name];
  if (family === undefined) throw new Error(`no layout ${name}: there are ${layoutNames().join(", ")}`);
  const template = await committedSite("mini");
  const faults: string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = seededRandom("layout", name, String(seed), String(attempt));
    const sketch = family(random);
    const place = compiled(
      `${name}#${seed}`,
      siteOf(template, sketch, random.next() * 2 * Math.PI),
      sketch.stations("stop"),
    );
    const report = checkWellFormed(place.network);
    if (report.ok && place.bays.length >= 4) return place;
    faults.push(JSON.stringify(report).slice(0, 300));
  }
  throw new Error(`${name} with seed ${seed} draws nothing well-formed: ${faults[0]}`);
}

/** A drawing as the Vietnamese side of a crossing: all of it on its own ground, turned any way. */
function siteOf(template: Site, sketch: Sketch, turnRad: number): Site {
  const vehicle = firstOf(template.file.vehicleClasses);
  const reachM = Math.max(...[...sketch.nodes.values()].map(({ pose }) => Math.hypot(pose.xM, pose.yM)));
  const lif = sketch.toLif("trial", vehicle.vehicleClassId, { turnRad, dxM: -reachM - 60, dyM: 0 });
  const station = (
    nodeId: string,
    kind: "parking" | "portal",
  ): SiteFile["sides"]["vn"]["stations"][number] => ({
    stationId: nodeId,
    kind,
    bound: kind === "portal" ? "outbound" : "yard",
    nodeId,
    deviceIds: [],
    at: sketch.poseOf(nodeId),
    sizeM: { lengthM: 17, widthM: 4, heightM: 1 },
  });
  const stations = [
    ...sketch.stations("bay").map((id) => station(id, "parking")),
    ...sketch.stations("stop").map((id) => station(id, "portal")),
  ];
  const { sides } = template.file;
  const vn = { ...sides.vn, mapToSite: { dxM: 0, dyM: 0, rotationRad: 0 }, lanes: [], stations };
  const file: SiteFile = {
    ...template.file,
    siteId: "trial",
    sides: { vn, cn: sides.cn },
    handoffPoints: [],
    strip: { ...template.file.strip, nodes: [], edges: [] },
    survey: { ...template.file.survey, sharedPoints: [] },
  };
  return { siteId: "trial", file, lif: { vn: lif, cn: template.lif.cn } };
}

function compiled(name: string, site: Site, stops: readonly string[]): Place {
  const vehicle = firstOf(site.file.vehicleClasses);
  const network = compileNetwork(site, "vn", vehicleClassIdOf(vehicle.vehicleClassId));
  return {
    name,
    network,
    vehicle,
    safetyMarginM: site.file.safetyMarginM,
    lif: site.lif.vn,
    mapToSite: site.file.sides.vn.mapToSite,
    heads: headsOf(network),
    bays: network.poses.nodeIds.filter((_, pose) => network.poses.kind[pose] === PoseKind.endpoint),
    stops: stops.filter((nodeId) =>
      network.poses.nodeIds.some((id, pose) => id === nodeId && network.poses.kind[pose] === PoseKind.way),
    ),
  };
}

function headsOf({ poses, queues }: Network): ReadonlyMap<string, number> {
  const heads = new Map<string, number>();
  for (let queue = 0; queue < (queues?.count ?? 0); queue++) {
    const from = queues?.places.offsets[queue] ?? 0;
    const to = queues?.places.offsets[queue + 1] ?? 0;
    const head = poses.nodeIds[queues?.places.values[to - 1] ?? -1];
    if (head !== undefined) heads.set(head, to - from);
  }
  return heads;
}

function firstOf<T>(values: readonly T[]): T {
  const [value] = values;
  if (value === undefined) throw new Error("the list is empty");
  return value;
}
