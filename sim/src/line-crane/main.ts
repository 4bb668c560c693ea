import { join } from "node:path";
import { mqttLinks, wallClock } from "@baton/fleet-adapter";
import { fileMemory, processMemory } from "../process/memory.ts";
import { runProcess } from "../process/run.ts";
import { LineCraneSettings, readSettings } from "../process/settings.ts";
import { clockOf, scenarioOf } from "../process/world-settings.ts";
import { startLineCranes } from "./line-cranes.ts";

await runProcess("sim-line-crane", async (log) => {
  const settings = readSettings(LineCraneSettings, process.env);
  const { scenario, site } = await scenarioOf(settings);
  const { BATON_DATA: data } = settings;
  const cranes = startLineCranes({
    scenario,
    site,
    openLink: {
      vn: mqttLinks({ url: settings.BATON_MQTT_URL_VN }),
      cn: mqttLinks({ url: settings.BATON_MQTT_URL_CN }),
    },
    clock: wallClock(clockOf(settings)),
    memory: data === undefined ? processMemory() : fileMemory(join(data, "line-crane")),
    log,
  });
  log.info({ scenario: scenario.scenarioId, cranes: cranes.length }, "cranes at the line started");
  return async () => {
    await Promise.all(cranes.map((crane) => crane.stop()));
  };
});
