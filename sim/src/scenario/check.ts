import { boundOf, nodePoseInSite, type Site, type Station, stationById, vehicleClass } from "@baton/maps";
import type { Step } from "@baton/orchestrator/contract";
import type { Scenario, ScenarioVehicle } from "./scenario.ts";

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

/** What keeps a scenario from being run on a site; empty when nothing does. */
export function scenarioProblems(scenario: Scenario, site: Site): string[] {
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
  return problems;
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
