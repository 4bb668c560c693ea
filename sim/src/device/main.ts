import { join } from "node:path";
import { mqttLinks, wallClock } from "@baton/fleet-adapter";
import { fileMemory, processMemory } from "../process/memory.ts";
import { runProcess } from "../process/run.ts";
import { DeviceSettings, readSettings, SettingsError } from "../process/settings.ts";
import { clockOf, scenarioOf } from "../process/world-settings.ts";
import { devicesOf } from "../scenario/world.ts";
import { startDevices } from "./devices.ts";

await runProcess("sim-devices", async (log) => {
  const settings = readSettings(DeviceSettings, process.env);
  const { BATON_SIDE: side, BATON_DATA: data } = settings;
  const brokerUrl = side === "vn" ? settings.BATON_MQTT_URL_VN : settings.BATON_MQTT_URL_CN;
  if (brokerUrl === undefined) {
    throw new SettingsError(`the environment does not fit: BATON_MQTT_URL_${side.toUpperCase()} not set`);
  }
  const { scenario, site } = await scenarioOf(settings);
  const clock = wallClock(clockOf(settings));
  const models = devicesOf(scenario, site, side);
  const devices = startDevices({
    siteId: scenario.siteId,
    side,
    seed: scenario.seed,
    models,
    openLink: mqttLinks({ url: brokerUrl }),
    clock,
    memory: data === undefined ? processMemory() : fileMemory(join(data, `devices-${side}`)),
    log,
  });
  log.info({ scenario: scenario.scenarioId, side, devices: models.length }, "devices started");
  return () => devices.stop();
});
