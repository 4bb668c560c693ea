import {
  boundOf,
  nodePoseInSite,
  SIDES,
  type Side,
  type Site,
  type Station,
  stationById,
  vehicleClass,
} from "@baton/maps";
import { AGENCIES } from "@baton/orchestrator";
import type { Step } from "@baton/orchestrator/contract";
import { type Distribution, distributionProblem } from "./distribution.ts";
import { restingPlaces } from "./placement.ts";
import type { Scenario, ScenarioVehicle } from "./scenario.ts";
import type { ScenarioFile } from "./scenario-file.ts";

/** Steps at which a mission can be adopted, by where its vehicle stands and which way its container goes. */
const WARM_STEPS: readonly {
  readonly kind: Station["kind"];
  readonly bound: Station["bound"];
  readonly going: "outbound" | "inbound";
  readonly steps: readonly Step[];
}[] = [
  { kind: "crane", bound: "yard", going: "outbound", steps: ["arm-seal", "identify"] },
  { kind: "buffer", bound: "outbound", going: "outbound", steps: ["quarantine", "decision", "offer"] },
  { kind: "buffer", bound: "inbound", going: "inbound", steps: ["unload"] },
];

/** Where a vehicle may stand without a mission. */
const IDLE_KINDS: readonly Station["kind"][] = ["parking", "charger", "crane"];

/** What the schema of a scenario file cannot say, each with its place in the file; empty when all is well. */
export function fileProblems(file: ScenarioFile): string[] {
  const problems: string[] = [];
  for (const [path, distribution] of distributionsIn(file, "")) {
    const problem = distributionProblem(distribution);
    if (problem !== undefined) problems.push(`${path}: ${problem}`);
  }
  if (Number.isNaN(Date.parse(file.startsAt))) problems.push(`/startsAt: ${file.startsAt} is no instant`);
  if (file.warmUpS >= file.durationS) problems.push("/warmUpS: longer than the whole run");
  const { channels, road, demand, fleet } = file;
  if (channels !== undefined && Math.abs(channels.green + channels.yellow + channels.red - 1) > 1e-9) {
    problems.push("/channels: the shares do not add up to 1");
  }
  if (road !== undefined && road.unmanned.vehiclesPerDay.value > road.vehiclesPerDay.value) {
    problems.push("/road/unmanned: the unmanned lanes carry more than the whole road");
  }
  if (demand.kind === "arrivals") {
    if (road === undefined)
      problems.push("/road: missing; with arrivals it says how many vehicles there are");
    for (const side of SIDES) {
      const { hours, pattern } = demand[side];
      if (hours.every((weight) => weight === 0)) problems.push(`/demand/${side}/hours: no hour has a weight`);
      if (pattern.kind === "batches" && pattern.minSize > pattern.maxSize) {
        problems.push(`/demand/${side}/pattern: minSize is more than maxSize`);
      }
    }
  }
  if ("count" in fleet) {
    if (fleet.atVn !== undefined && fleet.atVn > fleet.count)
      problems.push("/fleet/atVn: more than there are");
    if (fleet.batteryPct.min > fleet.batteryPct.max) problems.push("/fleet/batteryPct: min is more than max");
  }
  if (file.handover?.mode !== undefined && file.handover.transferShare !== undefined) {
    problems.push(
      "/handover/transferShare: not with a mode; it is the part of those that do not pass in the site's",
    );
  }
  return problems;
}

/** Every distribution in a value of JSON, with its path. */
function distributionsIn(value: unknown, path: string): (readonly [string, Distribution])[] {
  if (typeof value !== "object" || value === null) return [];
  if (isTriangular(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, below]) => distributionsIn(below, `${path}/${name}`));
}

function isTriangular(value: object): value is Distribution & { readonly kind: "triangular" } {
  return "kind" in value && value.kind === "triangular" && "modeS" in value;
}

/** What keeps a scenario from being run on a site; empty when nothing does. */
export function scenarioProblems(scenario: Scenario, site: Site, file?: ScenarioFile): string[] {
  const problems: string[] = [];
  if (scenario.siteId !== site.siteId) problems.push(`it is for site ${scenario.siteId}, not ${site.siteId}`);
  if (vehicleClass(site, scenario.vehicleClassId) === undefined) {
    problems.push(`the site has no vehicle class ${scenario.vehicleClassId}`);
  }
  const serials = new Set<string>();
  const bays = new Map<string, string>();
  for (const vehicle of scenario.fleet) {
    const { serialNumber } = vehicle;
    if (serials.has(serialNumber)) problems.push(`two vehicles are named ${serialNumber}`);
    serials.add(serialNumber);
    const other = bays.get(vehicle.at.stationId);
    if (other !== undefined)
      problems.push(`${serialNumber} and ${other} both start at ${vehicle.at.stationId}`);
    bays.set(vehicle.at.stationId, serialNumber);
    const problem = startProblem(vehicle, site);
    if (problem !== undefined) problems.push(`${serialNumber}: ${problem}`);
  }
  const wanted = file !== undefined && "count" in file.fleet ? file.fleet.count : scenario.fleet.length;
  if (scenario.fleet.length < wanted) {
    problems.push(`${wanted} vehicles, but only ${scenario.fleet.length} find a place to begin`);
  }
  return [
    ...problems,
    ...SIDES.flatMap((side) => restProblems(scenario, site, side)),
    ...nameProblems(scenario, site),
  ];
}

/** Through a day vehicles gather where the work was last: each side has to have a place for all that are ever there. */
function restProblems(scenario: Scenario, site: Site, side: Side): string[] {
  if (scenario.demand.kind !== "arrivals") return [];
  const places = restingPlaces(site, side).length;
  return scenario.fleet.length <= places
    ? []
    : [
        `${scenario.fleet.length} vehicles, but ${side} has ${places} parking bays and chargers: ` +
          "give it more with layout.parkingBays, or have fewer vehicles",
      ];
}

/** Devices and lanes that failures name and the site does not have. */
function nameProblems(scenario: Scenario, site: Site): string[] {
  const sides = SIDES.map((side) => site.file.sides[side]);
  const devices = new Set([
    ...sides.flatMap(({ stations }) => stations.flatMap((station) => station.deviceIds)),
    ...SIDES.flatMap((side) => AGENCIES.map((agency) => `${side}.${agency}`)),
    ...site.file.handoffPoints.flatMap((point) => ("deviceId" in point ? [point.deviceId] : [])),
  ]);
  const lanes = new Set(
    sides.flatMap((one) => one.lanes.filter((lane) => lane.kind === "unmanned").map((lane) => lane.laneId)),
  );
  const { devices: outages = [], laneClosures = [] } = scenario.failures;
  const zoned = scenario.zones.map(({ stationId }) => stationId);
  return [
    ...zoned
      .filter((stationId) => stationById(site, stationId) === undefined)
      .map((stationId) => `zones: the site has no station ${stationId}`),
    ...zoned
      .filter((stationId, at) => zoned.indexOf(stationId) !== at)
      .map((stationId) => `zones: ${stationId} is there twice`),
    ...outages
      .filter((outage) => !devices.has(outage.deviceId))
      .map((outage) => `failures.devices: the site has no device ${outage.deviceId}`),
    ...laneClosures
      .filter((closure) => !lanes.has(closure.laneId))
      .map((closure) => `failures.laneClosures: the site has no unmanned lane ${closure.laneId}`),
  ];
}

function startProblem(vehicle: ScenarioVehicle, site: Site): string | undefined {
  const { at, warm } = vehicle;
  const station = stationById(site, at.stationId);
  if (station === undefined || !site.file.sides[at.side].stations.includes(station)) {
    return `${at.side} has no station ${at.stationId}`;
  }
  if (station.nodeId === undefined || nodePoseInSite(site, at.side, station.nodeId) === undefined) {
    return `no vehicle can stand at ${at.stationId}`;
  }
  if (vehicle.charging === true && station.kind !== "charger") return `${at.stationId} is no charger`;
  if (warm === undefined) {
    return IDLE_KINDS.includes(station.kind)
      ? undefined
      : `an empty vehicle has no business at ${at.stationId}`;
  }
  const going = boundOf(at.side, warm.direction);
  const allowed = WARM_STEPS.find(
    (rule) => rule.kind === station.kind && rule.bound === station.bound && rule.going === going,
  );
  return allowed?.steps.includes(warm.step) === true
    ? undefined
    : `a mission going ${going} cannot begin at ${at.stationId} with step ${warm.step}`;
}
