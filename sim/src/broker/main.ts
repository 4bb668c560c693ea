import { runProcess } from "../process/run.ts";
import { BrokerSettings, readSettings } from "../process/settings.ts";
import { startBroker } from "./broker.ts";

await runProcess("sim-broker", async (log) => {
  const settings = readSettings(BrokerSettings, process.env);
  const broker = await startBroker({ port: settings.BATON_MQTT_PORT });
  log.info({ url: broker.url }, "listening");
  return () => broker.stop();
});
