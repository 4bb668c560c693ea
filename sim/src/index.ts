import { fileURLToPath } from "node:url";

export { type Broker, type BrokerOptions, startBroker } from "./broker/broker.ts";
export { orderOf, warmOrderOf } from "./demand/orders.ts";
export { type LoadedScenario, listScenarios, loadScenario, ScenarioError } from "./scenario/load.ts";
export type { Scenario, ScenarioVehicle } from "./scenario/scenario.ts";
export { vehicleIdOf } from "./scenario/world.ts";
export { zoneSetsOf } from "./scenario/zone-sets.ts";
export { cargoOf } from "./world/cargo.ts";
export { drawContainerNo, isContainerNo } from "./world/iso6346.ts";

const entry = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The processes of the simulated world, as files to run with Node; `devices` once a side. Settings: see the room's README. */
export const PROCESS_ENTRIES = {
  broker: entry("./broker/main.ts"),
  vehicles: entry("./vehicle/main.ts"),
  devices: entry("./device/main.ts"),
  lineCrane: entry("./line-crane/main.ts"),
  demand: entry("./demand/main.ts"),
} as const;
