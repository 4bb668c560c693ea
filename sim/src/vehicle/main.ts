import { join } from "node:path";
import { memoryGraph, mqttLinks, wallClock } from "@baton/fleet-adapter";
import { fileMemory, processMemory } from "../process/memory.ts";
import { runProcess } from "../process/run.ts";
import { readSettings, SettingsError, VehicleSettings } from "../process/settings.ts";
import { clockOf, scenarioOf } from "../process/world-settings.ts";
import { seededRandom } from "../random/seeded.ts";
import { startRosbridge } from "../ros/rosbridge-server.ts";
import { vehiclesOf } from "../scenario/world.ts";
import { startFleet } from "./fleet.ts";

await runProcess("sim-vehicles", async (log) => {
  const settings = readSettings(VehicleSettings, process.env);
  const { scenario, site } = await scenarioOf(settings);
  const clock = wallClock(clockOf(settings));
  const { BATON_DATA: data, BATON_ROS_PORT_VN: vnPort, BATON_ROS_PORT_CN: cnPort } = settings;
  const vehicles = vehiclesOf(scenario, site, clock.nowMs());
  const speaksRos = vehicles.some(({ model }) => model.speaksRos === true);
  if (speaksRos && (vnPort === undefined || cnPort === undefined)) {
    throw new SettingsError(
      "BATON_ROS_PORT_VN and BATON_ROS_PORT_CN: the scenario has vehicles that speak ROS 2",
    );
  }
  const graphFor = (side: "vn" | "cn") =>
    memoryGraph({ timers: clock, random: seededRandom(scenario.seed, "graph", side) });
  const graphs = { vn: graphFor("vn"), cn: graphFor("cn") };
  const fleet = startFleet({
    vehicles,
    openLink: {
      vn: mqttLinks({ url: settings.BATON_MQTT_URL_VN }),
      cn: mqttLinks({ url: settings.BATON_MQTT_URL_CN }),
    },
    graphs,
    clock,
    memory: data === undefined ? processMemory() : fileMemory(join(data, "vehicles")),
    log,
  });
  const bridges =
    vnPort === undefined || cnPort === undefined
      ? []
      : [
          await startRosbridge({ graph: graphs.vn, port: vnPort, log }),
          await startRosbridge({ graph: graphs.cn, port: cnPort, log }),
        ];
  log.info({ scenario: scenario.scenarioId, vehicles: scenario.fleet.length }, "fleet started");
  return async () => {
    await fleet.stop();
    for (const bridge of bridges) await bridge.stop();
  };
});
