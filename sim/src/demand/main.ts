import { join } from "node:path";
import { mqttLinks, wallClock } from "@baton/fleet-adapter";
import { fileMemory, processMemory } from "../process/memory.ts";
import { runProcess } from "../process/run.ts";
import { DemandSettings, readSettings } from "../process/settings.ts";
import { clockOf, scenarioOf } from "../process/world-settings.ts";
import { apiClient } from "./api-client.ts";
import { startSideDemand } from "./side-demand.ts";

await runProcess("sim-demand", async (log) => {
  const settings = readSettings(DemandSettings, process.env);
  const { scenario } = await scenarioOf(settings);
  const clock = wallClock(clockOf(settings));
  const { BATON_DATA: data } = settings;
  const memory = data === undefined ? processMemory() : fileMemory(join(data, "demand"));
  const sides = [
    startSideDemand({
      scenario,
      side: "vn",
      api: apiClient(settings.BATON_API_URL_VN, settings.BATON_API_TOKEN_VN),
      openLink: mqttLinks({ url: settings.BATON_MQTT_URL_VN }),
      clock,
      memory,
      log,
    }),
    startSideDemand({
      scenario,
      side: "cn",
      api: apiClient(settings.BATON_API_URL_CN, settings.BATON_API_TOKEN_CN),
      openLink: mqttLinks({ url: settings.BATON_MQTT_URL_CN }),
      clock,
      memory,
      log,
    }),
  ];
  log.info({ scenario: scenario.scenarioId }, "demand started");
  return async () => {
    await Promise.all(sides.map((side) => side.stop()));
  };
});
