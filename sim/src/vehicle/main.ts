import { join } from "node:path";
import { mqttLinks, wallClock } from "@baton/fleet-adapter";
import { fileMemory, processMemory } from "../process/memory.ts";
import { runProcess } from "../process/run.ts";
import { readSettings, VehicleSettings } from "../process/settings.ts";
import { clockOf, scenarioOf } from "../process/world-settings.ts";
import { vehiclesOf } from "../scenario/world.ts";
import { startFleet } from "./fleet.ts";

await runProcess("sim-vehicles", async (log) => {
  const settings = readSettings(VehicleSettings, process.env);
  const { scenario, site } = await scenarioOf(settings);
  const clock = wallClock(clockOf(settings));
  const { BATON_DATA: data } = settings;
  const fleet = startFleet({
    vehicles: vehiclesOf(scenario, site, clock.nowMs()),
    openLink: {
      vn: mqttLinks({ url: settings.BATON_MQTT_URL_VN }),
      cn: mqttLinks({ url: settings.BATON_MQTT_URL_CN }),
    },
    clock,
    memory: data === undefined ? processMemory() : fileMemory(join(data, "vehicles")),
    log,
  });
  log.info({ scenario: scenario.scenarioId, vehicles: scenario.fleet.length }, "fleet started");
  return () => fleet.stop();
});
