import { ScenarioError } from "../scenario/load.ts";
import { type Log, openLog } from "./log.ts";
import { SettingsError } from "./settings.ts";

/**
 * Runs a process of the simulated world until SIGTERM or SIGINT: `start` brings it up and returns how to end it.
 * A setting or scenario that is wrong ends it with one clear line and exit code 2.
 */
export async function runProcess(
  name: string,
  start: (log: Log) => Promise<() => Promise<void>>,
): Promise<void> {
  const log = openLog(name);
  try {
    const stop = await start(log);
    log.info("ready");
    let ending = false;
    const end = (signal: string): void => {
      if (ending) return;
      ending = true;
      log.info({ signal }, "ending");
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error: String(error) }, "did not end in order");
          process.exit(1);
        },
      );
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
  } catch (error) {
    if (error instanceof SettingsError || error instanceof ScenarioError) {
      log.error({ code: error.code }, error.message);
      process.exitCode = 2;
      return;
    }
    throw error;
  }
}
