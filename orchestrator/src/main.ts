/** One side's orchestrator as a process: settings from the environment, logs to standard output. */

import { describeProblem } from "@baton/maps";
import { loadSite } from "@baton/maps/files";
import { pino } from "pino";
import { ConfigError, configFrom, jsonFile } from "./config.ts";
import { loadProcedures } from "./mission/procedure-files.ts";
import { startSide } from "./side.ts";

const log = pino({
  level: process.env.BATON_LOG_LEVEL ?? "info",
  base: { side: process.env.BATON_SIDE },
});

try {
  const config = configFrom(process.env);
  const loaded = await loadSite(config.BATON_SITE_DIR);
  if (!loaded.ok) {
    throw new ConfigError(`BATON_SITE_DIR: ${loaded.problems.map(describeProblem).join("\n")}`);
  }
  const running = await startSide({
    config,
    site: loaded.site,
    procedures: await loadProcedures(),
    signingKey: await jsonFile("BATON_SIGNING_KEY_FILE", config.BATON_SIGNING_KEY_FILE),
    partnerKeys: await jsonFile("BATON_PARTNER_KEYS_FILE", config.BATON_PARTNER_KEYS_FILE),
    accounts: await jsonFile("BATON_ACCOUNTS_FILE", config.BATON_ACCOUNTS_FILE),
    sharingPolicy:
      config.BATON_SHARING_POLICY_FILE === undefined
        ? {}
        : await jsonFile("BATON_SHARING_POLICY_FILE", config.BATON_SHARING_POLICY_FILE),
    vendors:
      config.BATON_VENDORS_FILE === undefined
        ? []
        : await jsonFile("BATON_VENDORS_FILE", config.BATON_VENDORS_FILE),
    zones:
      config.BATON_ZONES_FILE === undefined
        ? []
        : await jsonFile("BATON_ZONES_FILE", config.BATON_ZONES_FILE),
    log,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "ending");
      void running.stop().then(() => process.exit(0));
    });
  }
  // Keys are changed without a stop: write the files anew, then say so.
  process.on("SIGHUP", () => {
    void renewKeys().catch((error: unknown) => log.error({ err: error }, "the keys stay as they were"));
  });
  const renewKeys = async (): Promise<void> => {
    const signingKey = await jsonFile("BATON_SIGNING_KEY_FILE", config.BATON_SIGNING_KEY_FILE);
    const partnerKeys = await jsonFile("BATON_PARTNER_KEYS_FILE", config.BATON_PARTNER_KEYS_FILE);
    log.info({ keyId: running.renewKeys(signingKey, partnerKeys) }, "signing with this key from here on");
  };
  await running.begun;
} catch (error) {
  if (error instanceof ConfigError) log.fatal({ code: error.code }, error.message);
  else log.fatal({ err: error }, "cannot start");
  process.exit(1);
}
